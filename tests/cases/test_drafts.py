"""A draft names a person in danger. Nothing of it leaves the admin, on any path, in any format, at any time."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from appeals import letters, printing, reports
from appeals.models import ActionReport, ContactProblem, Handover, LetterFile, OutgoingMail, Pack, Subscription
from appeals.pieces import Kind, Piece
from cases import publishing
from cases.models import (
    Case,
    ContactChannel,
    LetterText,
    NoticeText,
    Official,
    Person,
    Salutation,
    Target,
    UrgentAction,
)
from tests.factories import make_case, make_notice, make_published, today

WORD = "zzcanary"
DRAFTS = ["draft", "in_review", "approved"]
HIDDEN = [*DRAFTS, "withdrawn"]
ANSWERS = {**dict.fromkeys(DRAFTS, 404), "withdrawn": 410}  # what was public once says that it is no more

pytestmark = pytest.mark.django_db


def make_secret(status: str, case: Case | None = None, **fields: Any) -> UrgentAction:
    """A notice that could be published, with the word in every field that takes one."""
    if case is None:
        case = Case.objects.create(
            number=41, year=2019, country="IS", outcome="released", outcome_text=WORD, outcome_on=today(), notes=WORD
        )
        Person.objects.create(case=case, name=WORD, role=WORD, pronouns=WORD, may_be_named=True, consent=WORD)
    notice = UrgentAction.objects.create(
        case=case,
        index=f"EUR {WORD}",
        headline=WORD,
        issued_on=today(),
        act_by=today() + datetime.timedelta(days=20),
        preferred_languages="fi",
        reason=WORD,
        published_at=timezone.now(),
        **fields,
    )
    official = Official.objects.create(
        role=WORD, name=WORD, institution=WORD, address=WORD, country="IS", slug=f"{WORD}-{notice.sequence}"
    )
    ContactChannel.objects.create(official=official, kind="email", value=f"{WORD}@example.org", note=WORD)
    ContactChannel.objects.create(official=official, kind="fax", value="+354 545 9900", note=WORD)
    target = Target.objects.create(urgent_action=notice, official=official, why=WORD)
    for language in ("fi", "en"):
        Salutation.objects.create(official=official, language=language, text=WORD)
        NoticeText.objects.create(
            urgent_action=notice,
            language=language,
            state="checked",
            translated_headline=WORD,
            summary=WORD,
            demands=WORD,
            additional_information=WORD,
        )
        LetterText.objects.create(
            urgent_action=notice,
            language=language,
            state="checked",
            subject=WORD,
            body=WORD,
            closing=WORD,
            short_email=WORD,
            post_text=WORD,
            call_script=WORD,
        )
    target.take_snapshot()
    target.save()
    UrgentAction.objects.filter(pk=notice.pk).update(status=status)
    return notice


# Below the address of a letter: its page, its files, its editor, and the form for an address that did not work.
LETTER_NAMES = ["", *Kind.values, "letter.txt", "own-words/", "own-words/x/", "problem/email/", "problem/post/"]


def letter(number: str, language: str, name: str = "", sequence: int = 1) -> str:
    return f"/cases/{number}/letters/{WORD}-{sequence}/{language}/{name}"


def addresses(number: str, sequence: int = 1) -> list[str]:
    """Every address below a case's own."""
    return [
        f"/cases/{number}/",
        f"/cases/{number}/{sequence}/",
        *(letter(number, language, name, sequence) for language in ("en", "fi") for name in LETTER_NAMES),
        f"/cases/{number}/report/",
        f"/cases/{number}/report/thanks/x/",
        f"/cases/{number}/totals/",
        f"/cases/{number}/totals.json",
        f"/cases/{number}/totals.csv",
    ]


SHARED = [
    "/",
    "/cases/",
    "/cases/?q=41/19",
    f"/cases/?q={WORD}",
    "/cases/?country=IS",
    "/cases/?language=fi",
    f"/cases/?topic={WORD}",
    "/cases/?page=2",
    "/subscriptions/?case=ua-41-19",
    "/subscriptions/?case=41/19",
    "/subscriptions/",
    "/packs/",
    "/packs/?case=ua-41-19",
    "/packs/?case=ua-41-19&from=FR&next=",
    "/about/",
    "/robots.txt",
]


def everything(response: Any) -> str:
    """The whole answer: body and headers, without the address that was asked for."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers!r}{body.decode()}".lower()


@pytest.fixture(params=["get", "head"])
def ask(request: pytest.FixtureRequest, client: Client) -> Callable[..., Any]:
    return getattr(client, request.param)  # type: ignore[no-any-return]


def test_the_word_would_be_found(client: Client) -> None:
    """The proof that the tests below can fail: published, the same notice shows the word on all these pages."""
    UrgentAction.objects.filter(pk=make_secret("draft").pk).update(status="published")
    for address in (
        "/cases/",
        "/cases/ua-41-19/",
        f"/cases/?q={WORD}",
        "/packs/",
        "/packs/?case=ua-41-19",
        *(
            letter("ua-41-19", language, name)
            for language in ("en", "fi")
            for name in ("", "letter.txt", "own-words/", "problem/email/")
        ),
    ):
        assert WORD in everything(client.get(address)), address
    for address in addresses("ua-41-19"):
        assert client.get(address).status_code in (200, 302, 410) or "/thanks/" in address, address


@pytest.mark.parametrize("status", HIDDEN)
@pytest.mark.parametrize("suffix", ["", "?lang=ar", "?lang=fi", "?later=1&asked=1&from=IS&with=fi&paper=letter"])
def test_no_address_of_a_hidden_case_answers(ask: Callable[..., Any], status: str, suffix: str) -> None:
    make_secret(status)

    for address in addresses("ua-41-19"):
        response = ask(address + suffix)

        assert response.status_code == ANSWERS[status], address
        assert WORD not in everything(response), address


@pytest.mark.parametrize("status", HIDDEN)
def test_no_shared_page_shows_a_hidden_notice(ask: Callable[..., Any], status: str) -> None:
    make_secret(status)
    make_published()

    for address in SHARED:
        response = ask(address)
        body = everything(response)
        if address.endswith(WORD):  # what was asked for stands in the search field again
            body = body.replace(f'value="{WORD}"', "")

        assert response.status_code == 200, address
        assert WORD not in body, address
        assert "iceland" not in body or "subscriptions" in address, address
        assert 'value="fi"' not in body or "subscriptions" in address, address
        assert "/cases/ua-41-19/" not in body, address


@pytest.mark.parametrize("spelling", ["41.19", "41/19", "UA-41-19", "ua-041-2019", "au-41-19"])
def test_another_spelling_tells_nothing(client: Client, spelling: str) -> None:
    make_secret("draft")

    found = client.get(f"/cases/{spelling}/", follow=True)
    never = client.get(f"/cases/{spelling.replace('41', '42')}/", follow=True)

    assert (found.status_code, never.status_code) == (404, 404)
    assert found.redirect_chain == [("/cases/ua-41-19/", 302)]
    assert never.redirect_chain == [("/cases/ua-42-19/", 302)]
    assert WORD not in everything(found)


@pytest.mark.parametrize("status", DRAFTS)
def test_a_hidden_case_and_a_number_never_used_answer_alike(client: Client, status: str) -> None:
    make_secret(status)
    make_published()

    for hidden, never in zip(addresses("ua-41-19"), addresses("ua-42-19"), strict=True):
        for address in ("", "?lang=ar"):
            left, right = client.get(hidden + address), client.get(never + address)
            body = left.content.replace(b"41/19", b"42/19").replace(b"ua-41-19", b"ua-42-19")

            assert (left.status_code, body, left.headers) == (404, right.content, right.headers), hidden
    for query in ("/cases/?q=", "/subscriptions/?case="):
        left, right = client.get(query + "41/19"), client.get(query + "42/19")
        assert left.content.replace(b"41/19", b"42/19") == right.content


@pytest.mark.parametrize("status", HIDDEN)
def test_nothing_can_be_reported_for_a_hidden_case(client: Client, status: str) -> None:
    make_secret(status)

    response = client.post("/cases/ua-41-19/report/", {"channel": "post", "quantity": "1", "day": today().isoformat()})

    assert response.status_code == ANSWERS[status]
    assert WORD not in everything(response)
    assert ActionReport.objects.count() == 0


@pytest.mark.parametrize("status", HIDDEN)
def test_nothing_can_be_written_to_an_official_of_a_hidden_case(client: Client, status: str) -> None:
    make_secret(status)

    for address, data in (
        (letter("ua-41-19", "en"), {"words": "I write.", "kind": "letter.txt"}),
        (letter("ua-41-19", "en", "own-words/x/"), {}),
        (letter("ua-41-19", "en", "problem/email/"), {"problem": "silent"}),
    ):
        response = client.post(address, data)

        assert response.status_code == ANSWERS[status], address
        assert WORD not in everything(response), address
    assert (Handover.objects.count(), ContactProblem.objects.count()) == (0, 0)


@pytest.mark.parametrize("status", HIDDEN)
@pytest.mark.parametrize("cases", ["case=ua-41-19", "case=ua-41-19&case=ua-40-19"])
def test_no_pack_is_made_of_a_hidden_case(client: Client, status: str, cases: str) -> None:
    make_secret(status)
    make_published(make_case(number=40, year=2019))
    data = {"letters": f"ua-41-19:{WORD}-1:en", "copies": "1", "paper": "a4", "form": "pdf"}

    response = client.post(f"/packs/?{cases}", data)

    assert response.status_code == 200
    assert WORD not in everything(response).replace(f"ua-41-19:{WORD}-1:en", "")
    assert Pack.objects.count() == 0


@pytest.mark.parametrize("status", HIDDEN)
def test_nobody_can_subscribe_to_a_hidden_case(client: Client, status: str) -> None:
    make_secret(status)

    response = client.post("/subscriptions/", {"case": "ua-41-19", "scope": "case", "email": "reader@example.org"})

    assert response.status_code == 200
    assert WORD not in everything(response)
    assert Subscription.objects.count() == OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("status", HIDDEN)
def test_a_hidden_update_does_not_show_in_its_public_case(ask: Callable[..., Any], status: str) -> None:
    case = make_case(number=41, year=2019)
    first = make_published(case)
    make_secret(status, case, sequence=2, kind="update", previous=first)
    slug = first.targets.get().slug

    for address in (
        *SHARED[1:4],
        f"/cases/ua-41-19/letters/{slug}/en/",
        f"/cases/ua-41-19/letters/{slug}/en/letter.txt",
        f"/cases/ua-41-19/letters/{slug}/en/own-words/",
        f"/cases/ua-41-19/letters/{slug}/en/problem/post/",
        "/packs/",
        "/packs/?case=ua-41-19",
        *(address for address in addresses("ua-41-19", 2) if "letters" not in address),
    ):
        body = everything(ask(address, follow=True)).replace(f'value="{WORD}"', "")
        assert WORD not in body, address
    for address in (address for address in addresses("ua-41-19", 2) if "letters" in address):
        assert ask(address).status_code == 404


def test_a_hidden_update_and_one_never_written_answer_alike(client: Client) -> None:
    case = make_case(number=41, year=2019)
    make_secret("draft", case, sequence=2, kind="update", previous=make_published(case))

    draft, never = client.get("/cases/ua-41-19/2/"), client.get("/cases/ua-41-19/3/")

    assert (draft.status_code, draft.content, draft.headers) == (404, never.content, never.headers)


def test_what_only_staff_may_see_is_not_on_a_public_case(client: Client) -> None:
    case = make_case(number=41, year=2019, notes=WORD)
    Person.objects.create(case=case, name=WORD, role="her sister", pronouns=WORD, consent=WORD)
    notice = make_notice(case)
    target = notice.targets.get()
    ContactChannel.objects.create(official=target.official, kind="fax", value=f"+1 202 {WORD}")
    publishing.publish(notice, by=None)
    target.official.channels.filter(kind="fax").update(works=False)
    ContactChannel.objects.create(official=target.official, kind="handle", value=f"@{WORD}")
    target.official.channels.update(note=WORD)
    Case.objects.update(outcome_text=WORD)
    NoticeText.objects.create(urgent_action=notice, language="fr", state="draft", summary=WORD)
    LetterText.objects.create(urgent_action=notice, language="fr", state="draft", body=WORD)
    Salutation.objects.create(official=target.official, language="fr", text=WORD)
    below = f"/cases/ua-41-19/letters/{target.slug}"

    for address in (
        *("/cases/", f"/cases/?q={WORD}", "/cases/ua-41-19/", "/packs/", "/packs/?case=ua-41-19"),
        *(f"{below}/{language}/{name}" for language in ("en", "fr") for name in LETTER_NAMES),
    ):
        body = everything(client.get(address)).replace(f'value="{WORD}"', "")
        assert WORD not in body, address
    assert "her sister" in everything(client.get("/cases/ua-41-19/"))
    assert [client.get(f"{below}/fr/{name}").status_code for name in LETTER_NAMES] == [404] * len(LETTER_NAMES)
    assert [client.get(f"{below}/en/{name}").status_code for name in ("fax.pdf", "problem/fax/")] == [404, 404]


def test_a_withdrawn_notice_goes_everywhere_at_once(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    notice = make_secret("published")
    target = notice.targets.get()
    reports.record(notice, reports.Action("post", 3, today(), [target]), uuid.uuid4())
    for kind in Kind:
        printing.make(printing.ask(Piece(notice, target, "en", kind)).pk)
        assert client.get(letter("ua-41-19", "en", kind)).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        publishing.withdraw(notice)

    assert {address: client.get(address).status_code for address in addresses("ua-41-19")} == dict.fromkeys(
        addresses("ua-41-19"), 410
    )
    assert LetterFile.objects.count() == 0


def test_no_letter_file_is_made_of_a_draft() -> None:
    notice = make_notice()
    file = printing.ask(Piece(notice, notice.targets.get(), "en"))

    printing.make(file.pk)

    assert letters.compose(notice, notice.targets.get(), "en").subject == "Nagyz Muhammed"
    assert LetterFile.objects.count() == 0
