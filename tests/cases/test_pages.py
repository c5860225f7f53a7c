"""The pages on which a case is read: what each state says, every spelling of the address, languages, no traces."""

import datetime
import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appeals import reports, tokens
from cases import publishing
from cases.models import ContactChannel, CountryAdvice, NoticeText, Person, UrgentAction
from cases.models.case import Outcome
from tests.factories import add_language, make_case, make_published, make_subscription, today

ADDRESS = "/cases/ua-63-20/"

pytestmark = pytest.mark.django_db


def make_63(days: int = 30, **fields: object) -> UrgentAction:
    return make_published(make_case(number=63), act_by=today() + datetime.timedelta(days=days), **fields)  # type: ignore[arg-type]


def read(client: Client, address: str = ADDRESS) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


# --- What each state says ---------------------------------------------------------------------------------------------

WRITE, REPORT = "Write the letter", "I have written"
STOPPED = "Please do not send any more letters"
PASSED = "The date has passed. Check with your national office before you write."
LATE = "Post may arrive too late: email, call or fax if you can."
NO_MORE = "No further action is needed. Thank you to all who wrote."
OLDER = "There is a newer notice. This one is kept for the record."
OFFICIALS = "Who to write to"
REMIND = "Get an email before the deadline"
ALL = {WRITE, REPORT, STOPPED, PASSED, LATE, NO_MORE, OLDER, OFFICIALS, REMIND}


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


def nothing(notice: UrgentAction) -> None:
    pass


@pytest.mark.parametrize(
    ("days", "act", "said"),
    [
        (30, nothing, {WRITE, REPORT, OFFICIALS, REMIND}),
        (8, nothing, {WRITE, REPORT, OFFICIALS, REMIND}),
        (7, nothing, {WRITE, REPORT, OFFICIALS, REMIND, LATE}),
        (0, nothing, {WRITE, REPORT, OFFICIALS, REMIND, LATE}),
        (-1, nothing, {PASSED, REPORT, OFFICIALS}),
        (30, stop, {STOPPED}),
        (-1, stop, {STOPPED}),
        (30, close, {NO_MORE}),
    ],
)
def test_a_page_says_what_its_state_asks_for(
    client: Client, days: int, act: Callable[[UrgentAction], None], said: set[str]
) -> None:
    act(make_63(days))
    page = read(client)

    assert {words for words in ALL if words in page} == said


def test_an_older_notice_says_so_and_offers_no_letter(client: Client) -> None:
    first = make_63()
    make_published(first.case, sequence=2, kind="update", headline="Sentenced in secret")
    page = read(client, f"{ADDRESS}1/")

    assert {words for words in ALL if words in page} == {OLDER}
    assert f'<a href="{ADDRESS}">Go to the newest</a>' in page
    assert "<h1>Sentenced in secret</h1>" in read(client)


def test_the_newest_notice_has_one_address(client: Client) -> None:
    make_63()

    response = client.get(f"{ADDRESS}1/")

    assert (response.status_code, response.headers["Location"]) == (302, ADDRESS)


@pytest.mark.parametrize("sequence", ["0", "2", "65536", "99999999999999999999"])
def test_a_notice_that_was_never_issued_is_not_there(client: Client, sequence: str) -> None:
    make_63()

    assert client.get(f"{ADDRESS}{sequence}/").status_code == 404


def test_a_stopped_case_still_tells_what_happened_and_why_it_was_stopped(client: Client) -> None:
    publishing.stop(make_63().case, by=None, reason="He is free.")
    page = read(client)

    assert "He is free." in page
    assert "He was sentenced to life imprisonment." in page


@pytest.mark.parametrize(("outcome", "is_good"), [(Outcome.RELEASED, True), (Outcome.DIED, False)])
def test_good_news_is_called_good_only_where_it_is(client: Client, outcome: Outcome, is_good: bool) -> None:
    publishing.close(make_63().case, outcome, datetime.date(2020, 11, 1), text="Told by <b>his</b> lawyer.")
    page = read(client)

    assert ("Good news:" in page) is is_good
    assert f"{outcome.label}, 1 November 2020" in page
    assert "<p>Told by &lt;b&gt;his&lt;/b&gt; lawyer.</p>" in page


def test_a_page_has_all_that_a_writer_needs(client: Client) -> None:
    notice = make_63(officials=2, index="ASA 17/3279/2020")
    official = notice.targets.all()[0].official
    ContactChannel.objects.create(official=official, kind="phone", value="+1 202 495 2266")
    publishing.take_addresses_again(notice)
    ContactChannel.objects.create(official=official, kind="phone", value="+1 202 495 2277")
    CountryAdvice.objects.create(country="CN", risk="Think twice.", post_suspended="Use email.", checked_on=today())
    page = read(client)

    for target in notice.targets.all():
        assert str(target.addressee) in page
        for name in ("", "letter.pdf", "letter.docx", "letter.txt"):
            assert f'href="/cases/ua-63-20/letters/{target.slug}/en/{name}"' in page
    for words in (
        "China · Urgent Action 63/20 · First UA",
        "<li>Release him.</li><li>Let him see a doctor.</li>",
        "He worked in Altay.",
        "Nagyz Muhammed (he/him), writer",
        "Dear Director Wang,",
        'href="mailto:office@example.org"',
        'href="tel:+12024952266"',
        "ASA 17/3279/2020",
        "Think twice.",
        "Use email.",
        "Nobody has reported a letter yet.",
        'href="/packs/?case=ua-63-20"',
    ):
        assert words in page
    assert "495 2277" not in page  # staff have not taken it into this notice


def test_a_person_who_is_not_to_be_named_is_called_by_the_role(client: Client) -> None:
    case = make_63().case
    person = {"name": "Aygul Secret", "role": "her sister", "pronouns": "zz/zzs", "published_at": timezone.now()}
    Person.objects.create(case=case, order=2, **person)
    page = read(client)

    assert "<li>her sister</li>" in page
    assert "Aygul" not in page
    assert "zz/zzs" not in page


def test_staff_text_is_data(client: Client) -> None:
    words = "<script>alert(1)</script>{{ settings.SECRET_KEY }}{% now 'Y' %}\u202e"
    notice = make_63()
    UrgentAction.objects.update(headline=words)
    notice.texts.update(summary=words, demands=words, additional_information=words)
    page = read(client)

    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;{{ settings.SECRET_KEY }}{% now &#x27;Y&#x27; %}") >= 4


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["63.20", "63/20", "UA-63-20", "ua-063-2020", "UA 63/20", "au-63-20", "63-2020"])
@pytest.mark.parametrize("rest", ["/", "/?lang=ar", "/totals.json", "/letters/x/en/letter.pdf?a=1&b=%C3%A9", "/1/"])
def test_every_spelling_leads_to_the_one_address_with_whatever_follows(
    client: Client, spelling: str, rest: str
) -> None:
    response = client.get(f"/cases/{spelling}{rest}")

    prefix = "/ar" if "lang=ar" in rest else ""
    assert (response.status_code, response.headers["Location"]) == (302, f"{prefix}/cases/ua-63-20{rest}")


@pytest.mark.parametrize(
    "address",
    ["/cases/63/", "/cases/x/", "/cases/0.20/", "/cases/63.202/", "/cases/ua-63-20/nothing", "/cases/EX-63-20/"],
)
def test_what_is_no_number_is_not_there(client: Client, address: str) -> None:
    make_63()

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("address", ["/", ADDRESS, "/about/", "/robots.txt", "/cases/63.20/"])
def test_pages_that_are_read_take_nothing(client: Client, method: str, address: str) -> None:
    make_63()

    assert getattr(client, method)(address).status_code == 405


def test_a_page_that_is_not_there_helps_on(client: Client) -> None:
    make_63()
    response = client.get("/cases/ua-64-20/")
    page = response.content.decode()

    assert response.status_code == 404
    assert "There is no public Urgent Action with the number 64/20." in page
    assert f'<a href="{ADDRESS}">Life imprisonment for missing writer</a>' in page
    assert client.get("/nothing").status_code == 404
    assert "Resolver404" not in client.get("/nothing").content.decode()


def test_robots_are_told_what_to_leave_alone(client: Client) -> None:
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"] == "text/plain"
    assert response.content == b"User-agent: *\nDisallow: /admin/\nDisallow: /subscriptions/\nDisallow: /packs/\n"


def test_about_says_how_totals_are_made(client: Client, settings: object) -> None:
    settings.HOLD_REPORTS_OVER = 123  # type: ignore[attr-defined]

    assert "Reports of more than 123 at once" in read(client, "/about/")


# --- Languages --------------------------------------------------------------------------------------------------------


def test_the_address_chooses_the_language_of_text_and_page(client: Client) -> None:
    notice = make_63()
    NoticeText.objects.create(
        urgent_action=notice, language="ar", state="checked", translated_headline="كاتب", summary="حُكم عليه."
    )

    assert '<html lang="en" dir="ltr">' in read(client)
    assert "He was sentenced" in read(client)
    arabic = read(client, f"{ADDRESS}?lang=ar")
    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<div lang="ar" dir="rtl"><h1>كاتب</h1></div>' in arabic
    assert '<html lang="ar" dir="rtl">' in " ".join(
        client.get(ADDRESS, headers={"accept-language": "ar"}).content.decode().split()
    )


def test_a_text_in_a_language_that_the_site_does_not_speak_is_shown_on_an_english_page(client: Client) -> None:
    NoticeText.objects.create(urgent_action=make_63(), language="fr", state="checked", summary="Il est condamné.")
    page = read(client, f"{ADDRESS}?lang=fr")

    assert '<html lang="en" dir="ltr">' in page
    assert '<div class="lede" lang="fr" dir="ltr"><p>Il est condamné.</p></div>' in page


def test_an_unknown_language_gives_the_english_text(client: Client) -> None:
    make_63()

    assert read(client, f"{ADDRESS}?lang=%00<xx>") == read(client)


# --- Every page -------------------------------------------------------------------------------------------------------


def every_address(notice: UrgentAction) -> dict[str, int]:
    """Each public page, with the status that it answers with."""
    key = uuid.uuid4()
    reports.record(notice, reports.Action("post", 3, today(), list(notice.targets.all())), key)
    stopped = make_published(make_case(number=64))
    publishing.stop(stopped.case, by=None)
    closed = make_published(make_case(number=65))
    publishing.close(closed.case, Outcome.RELEASED, today())
    passed = make_published(make_case(number=66), act_by=today() - datetime.timedelta(days=1))
    wish = make_subscription(state="unconfirmed", confirmed_at=None)
    letter = f"{ADDRESS}letters/{notice.targets.get().slug}"
    gone = f"/cases/ua-64-20/letters/{stopped.targets.get().slug}/en"
    late = f"/cases/ua-66-20/letters/{passed.targets.get().slug}/en"
    return {
        "/": 200,
        "/cases/?q=kitten": 200,
        ADDRESS: 200,
        f"{ADDRESS}?lang=ar": 200,
        "/cases/ua-64-20/": 200,
        "/cases/ua-64-20/1/": 200,
        "/cases/ua-65-20/": 200,
        "/cases/ua-99-20/": 404,
        "/nothing/": 404,
        f"{letter}/en/": 200,
        f"{letter}/zh/?later=1": 200,
        f"{letter}/en/?from=FR&paper=letter": 200,
        f"{letter}/en/own-words/": 200,
        f"{letter}/en/own-words/x/": 410,
        f"{letter}/en/problem/post/": 200,
        f"{letter}/en/problem/email/?value=office@example.org": 200,
        f"{letter}/en/problem/phone/": 404,
        f"{gone}/": 410,
        f"{gone}/letter.pdf": 410,
        f"{gone}/own-words/": 410,
        f"{gone}/problem/post/": 410,
        f"{late}/": 200,
        f"{late}/letter.pdf": 200,
        f"{late}/letter.txt": 200,
        "/packs/": 200,
        "/packs/?next=": 200,
        "/packs/?case=ua-63-20&case=ua-64-20": 200,
        f"/packs/{key}/": 410,
        f"{ADDRESS}report/": 200,
        f"{ADDRESS}report/thanks/{tokens.receipt(key)}/": 200,
        f"{ADDRESS}totals/": 200,
        "/subscriptions/": 200,
        "/subscriptions/?case=ua-63-20": 200,
        "/subscriptions/asked/": 200,
        f"/subscriptions/confirm/{tokens.subscription(wish.pk, 'confirm')}/": 200,
        f"/subscriptions/leave/{tokens.subscription(wish.pk, 'leave')}/": 200,
        "/subscriptions/confirm/x/": 410,
        "/about/": 200,
    }


def test_every_page_has_one_heading_and_leaves_no_trace(client: Client) -> None:
    notice = make_63()
    add_language(notice, "zh", "尊敬的局长：", "请释放。")
    publishing.take_addresses_again(notice)

    for address, status in every_address(notice).items():
        response = client.get(address)
        page = response.content.decode()

        assert response.status_code == status, address
        assert len(re.findall(r"<h1\b", page)) == 1, address
        assert len(re.findall(r"<title>[^<]*\S[^<]* – Urgent Actions</title>", page)) == 1, address
        assert "Cookie" not in response.headers.get("Vary", ""), address
        assert response.cookies == {}, address
        assert "default-src 'none'" in response.headers["Content-Security-Policy"], address
        assert not re.search(r"(src|<link[^>]*href)=[\"'](https?:)?//", page), address


@pytest.mark.parametrize("path", ["letter.txt", "letter.pdf", "letter.docx", "envelope-dl.pdf", "by-hand.pdf"])
def test_files_leave_no_trace(client: Client, path: str) -> None:
    notice = make_63()

    assert client.get(f"{ADDRESS}letters/{notice.targets.get().slug}/en/{path}").cookies == {}
    assert client.get(f"{ADDRESS}totals.csv").cookies == client.get(f"{ADDRESS}totals.json").cookies == {}


def test_three_officials_take_as_many_queries_as_one(client: Client) -> None:
    def queries(number: int, officials: int) -> int:
        notice = make_published(make_case(number=number), officials=officials)
        for target in notice.targets.all():
            ContactChannel.objects.create(official=target.official, kind="phone", value="+1 202 495 2266")
        publishing.take_addresses_again(notice)
        for _number in range(officials):
            Person.objects.create(case=notice.case, name="x", role="y")
        with CaptureQueriesContext(connection) as captured:
            read(client, f"/cases/ua-{number}-20/")
        return len(captured)

    assert queries(1, officials=1) == queries(2, officials=3)
