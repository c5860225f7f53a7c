"""Finding a case: the questions that public pages may ask, and the list with its filters, groups and pages."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import listing, publishing
from cases.models import Case, NoticeText, Person, Topic, UrgentAction
from cases.models.case import Outcome
from cases.numbers import Number
from cases.views import PER_PAGE
from tests.factories import add_language, make_case, make_notice, make_published, today

HIDDEN = ["draft", "in_review", "approved", "withdrawn"]

pytestmark = pytest.mark.django_db


def hide(notice: UrgentAction, status: str) -> None:
    UrgentAction.objects.filter(pk=notice.pk).update(status=status)


def in_days(days: int) -> datetime.date:
    return today() + datetime.timedelta(days=days)


def shown(client: Client, query: str = "") -> list[str]:
    """The cases on the list, in their order."""
    page = client.get(f"/cases/{query}").content.decode()
    return re.findall(r'<h3><a href="/cases/(ua-\d+-\d+)/">', page)


def groups(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/cases/{query}").content.decode()
    return re.findall(r'<section class="group \w+">\s*<h2>([^<]+)', page)


# --- Questions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", HIDDEN)
def test_no_public_question_finds_a_hidden_notice(status: str) -> None:
    notice = make_published(make_case(number=63))
    assert list(UrgentAction.objects.newest().matching("missing writer")) == [notice]

    hide(notice, status)

    found = UrgentAction.objects
    assert list(found.public()) == list(found.newest()) == list(found.accepting_letters()) == []
    assert list(found.open_on(today())) == list(found.public().matching("missing writer")) == []
    assert (list(Case.objects.public()), list(NoticeText.objects.public())) == ([], [])
    assert not Case.objects.public().numbered(Number(63, 2020)).exists()


@pytest.mark.parametrize("status", HIDDEN)
def test_the_newest_notice_is_the_newest_public_one(status: str) -> None:
    first = make_published()
    second = make_published(first.case, sequence=2, kind="update")
    assert list(UrgentAction.objects.newest()) == [second]

    hide(second, status)

    assert list(UrgentAction.objects.newest()) == [first]


def test_a_case_with_two_public_notices_is_found_once() -> None:
    first = make_published()
    make_published(first.case, sequence=2, kind="update")

    assert list(Case.objects.public()) == [first.case]


def test_letters_are_taken_until_stop_or_outcome_and_asked_for_until_the_deadline() -> None:
    live, last, passed = (make_published(act_by=in_days(days)) for days in (5, 0, -1))
    closed, stopped = make_published(), make_published()
    publishing.close(closed.case, Outcome.RELEASED, today())
    publishing.stop(stopped.case, by=None)

    assert set(UrgentAction.objects.accepting_letters()) == {live, last, passed}
    assert set(UrgentAction.objects.open_on(today())) == {live, last}


def test_a_draft_text_is_neither_shown_nor_searched() -> None:
    notice = make_published()
    draft = NoticeText.objects.create(urgent_action=notice, language="fr", state="draft", summary="emprisonné")

    assert draft not in NoticeText.objects.public()
    assert list(UrgentAction.objects.newest().matching("emprisonné")) == []
    NoticeText.objects.filter(pk=draft.pk).update(state="checked")
    assert list(UrgentAction.objects.newest().matching("emprisonné")) == [notice]


def test_a_person_is_found_by_name_only_where_the_name_is_public() -> None:
    case = make_case()
    person = Person.objects.create(case=case, name="Aygul Secret", role="her sister")
    notice = make_published(case)

    assert list(UrgentAction.objects.newest().matching("Aygul")) == []
    assert list(UrgentAction.objects.newest().matching("Nagyz Aygul")) == []
    Person.objects.filter(pk=person.pk).update(may_be_named=True, consent="herself")
    assert list(UrgentAction.objects.newest().matching("aygul")) == [notice]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("writer", True),
        ("MISSING writer", True),
        ("nagyz", True),
        ("imprisonment Muhammed", True),
        ("torture", True),
        ("writer kitten", False),
        ("%", False),
        ("_", False),
        ("'; DROP TABLE", False),
        ("", True),
    ],
)
def test_all_words_must_be_found(words: str, is_found: bool) -> None:
    notice = make_published()
    notice.case.topics.add(Topic.objects.create(name="Torture", slug="torture"))
    notice.case.topics.add(Topic.objects.create(name="Other torture", slug="other"))

    assert list(UrgentAction.objects.newest().matching(words)) == ([notice] if is_found else [])


# --- The list ---------------------------------------------------------------------------------------------------------


def test_cases_are_grouped_by_what_a_reader_can_do(client: Client) -> None:
    later = make_published(make_case(number=1), act_by=in_days(30))
    soon = make_published(make_case(number=2), act_by=in_days(7))
    last = make_published(make_case(number=3), act_by=in_days(0))
    passed = make_published(make_case(number=4), act_by=in_days(-1))
    good, bad, stopped = (make_published(make_case(number=number)) for number in (5, 6, 7))
    publishing.close(good.case, Outcome.RELEASED, today())
    publishing.close(bad.case, Outcome.DIED, today())
    publishing.stop(stopped.case, by=None)

    found = listing.grouped(listing.find({}, timezone.now()), timezone.now())

    assert [(group.heading, group.kind, {notice.case for notice in group.notices}) for group in found] == [
        ("Ending soon", "soon", {last.case, soon.case}),
        ("Open", "later", {later.case}),
        ("Good news", "good", {good.case}),
        ("Ended", "past", {passed.case, bad.case, stopped.case}),
    ]
    assert shown(client)[:4] == ["ua-3-20", "ua-2-20", "ua-1-20", "ua-5-20"]
    assert groups(client) == ["Ending soon", "Open", "Good news", "Ended"]


def test_a_fresh_stop_is_said_above_everything_for_thirty_days(client: Client) -> None:
    notice = make_published(make_case(number=63))
    publishing.stop(notice.case, by=None)
    assert "Please do not send any more letters" in client.get("/cases/").content.decode()
    assert "<strong>Stop:</strong>" not in client.get("/cases/?country=CN").content.decode()

    UrgentAction.objects.filter(kind="stop").update(published_at=timezone.now() - datetime.timedelta(days=31))

    assert "<strong>Stop:</strong>" not in client.get("/cases/").content.decode()


def test_filters_find_what_they_say(client: Client) -> None:
    chinese = make_published(make_case(number=1, country="CN"))
    french = make_published(make_case(number=2, country="FR"))
    topic = Topic.objects.create(name="Torture", slug="torture")
    french.case.topics.add(topic)
    add_language(chinese, "zh", "尊敬的局长：", "请释放。")

    assert sorted(shown(client)) == ["ua-1-20", "ua-2-20"]
    assert shown(client, "?country=FR") == ["ua-2-20"]
    assert shown(client, "?topic=torture") == ["ua-2-20"]
    assert shown(client, "?language=zh") == ["ua-1-20"]
    assert shown(client, "?q=Nagyz&country=CN") == ["ua-1-20"]
    assert shown(client, "?country=FR&language=zh") == []


def test_filters_offer_only_what_public_cases_have(client: Client) -> None:
    make_published(make_case(number=1, country="CN"))
    draft = make_notice(make_case(number=2, country="IS"))
    draft.case.topics.add(Topic.objects.create(name="Zeugma", slug="zeugma"))
    add_language(draft, "fi", "Hyvä herra", "Vapauttakaa hänet.")
    page = client.get("/cases/").content.decode()

    assert re.findall(r'<option value="(\w*)"', page) == ["", "CN", "", "", "en"]


@pytest.mark.parametrize(
    "query",
    [
        "?country=XX",
        "?country=",
        "?topic=nothing",
        "?topic=%00",
        "?language=tlh",
        "?q=%00",
        "?q=" + "x" * 101,
        "?country=CN%27--",
        "?page=0",
        "?page=-1",
        "?page=x",
        "?page=99999999999999999999999",
        "?country[]=CN&q[]=x",
        "?lang=xx",
    ],
)
def test_what_is_not_on_offer_counts_as_not_asked(client: Client, query: str) -> None:
    make_published(make_case(number=1))

    assert shown(client, query) == ["ua-1-20"]


@pytest.mark.parametrize("words", ["63/20", "UA 63/20", "63.20", "ua-063-2020"])
def test_a_number_leads_straight_to_its_case(client: Client, words: str) -> None:
    make_published(make_case(number=63))

    response = client.get("/cases/", {"q": words})

    assert (response.status_code, response.headers["Location"]) == (302, "/cases/ua-63-20/")


def test_a_number_that_is_not_public_is_said_not_to_be_there(client: Client) -> None:
    make_notice(make_case(number=63))
    page = client.get("/cases/?q=63/20")

    assert page.status_code == 200
    assert "There is no public Urgent Action with the number 63/20." in page.content.decode()


def test_an_empty_list_says_so(client: Client) -> None:
    page = client.get("/cases/").content.decode()
    assert "Nothing fits." in page
    assert "Show all cases" not in page

    make_published()
    page = client.get("/cases/?q=kitten").content.decode()
    assert "Nothing fits." in page
    assert '<a href="/cases/">Show all cases</a>' in page


def test_a_long_list_has_pages_that_keep_the_filter(client: Client) -> None:
    for number in range(1, PER_PAGE + 2):
        make_published(make_case(number=number), act_by=in_days(number + 10))

    first, second = shown(client, "?country=CN"), shown(client, "?country=CN&page=2")

    assert first == [f"ua-{number}-20" for number in range(1, PER_PAGE + 1)]
    assert second == [f"ua-{PER_PAGE + 1}-20"]
    page = client.get("/cases/?country=CN").content.decode()
    assert 'rel="next" href="?country=CN&amp;page=2"' in page
    assert 'rel="prev"' not in page
    page = client.get("/cases/?country=CN&page=2").content.decode()
    assert 'rel="prev" href="?country=CN&amp;page=1"' in page
    assert 'rel="next"' not in page


def test_a_list_of_one_page_has_no_pages(client: Client) -> None:
    make_published()

    assert 'rel="next"' not in client.get("/cases/").content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("query", ["", "?country=CN", "?q=nagyz", "?language=en"])
def test_three_cases_take_as_many_queries_as_one(client: Client, query: str) -> None:
    make_published()
    stopped = make_published()
    publishing.stop(stopped.case, by=None)
    one = queries(client, f"/cases/{query}")

    for _number in range(2):
        publishing.stop(make_published(officials=2).case, by=None)
        add_language(make_published(), "zh", "尊敬的局长：", "请释放。")

    assert queries(client, f"/cases/{query}") == one
