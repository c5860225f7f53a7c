"""Packs as a group meets them: what may be chosen, what is refused and why, and what is gone."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appeals import letters, packs
from appeals.models import LetterFile, Pack
from appeals.packs import Choice
from cases import publishing
from cases.models import Official, UrgentAction
from cases.models.case import Outcome
from tests.factories import make_case, make_notice, make_official, make_published, today

CONTENT = b"%PDF-1.7 a pack"
PACKS = "/packs/"
ASKED = "/packs/?case=ua-63-20"
LETTER = "ua-63-20:wang:en"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in them is tested in test_packs.py."""
    monkeypatch.setattr(packs, "_made", lambda pack: CONTENT)


def make_63(days: int = 30) -> UrgentAction:
    notice = make_notice(make_case(number=63), officials=0, act_by=today() + datetime.timedelta(days=days))
    notice.targets.create(official=make_official(slug="wang", name="Wang Jiang"))
    publishing.publish(notice, by=None, now=timezone.now() - datetime.timedelta(days=9))
    return notice


def make_embassy(host: str, represents: str = "CN") -> None:
    make_official(role="Ambassador", name=host, slug=f"in-{host}", represents=represents, accredited_to=host)


def filled(**changed: Any) -> dict[str, Any]:
    return {
        "letters": [LETTER],
        "copies": "30",
        "group": "Class 7b",
        "country": "FR",
        "paper": "a4",
        "form": "pdf",
        **changed,
    }


def ask(notice: UrgentAction) -> Pack:
    return packs.ask([Choice(notice.pk, "wang", "en")], 2, "", "en", LetterFile.Paper.A4, "", Pack.Form.PDF)


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert (response.status_code, "Set-Cookie" in response.headers) == (status, False)
    return " ".join(response.content.decode().split())


# --- Choosing ---------------------------------------------------------------------------------------------------------


def test_a_group_chooses_waits_and_fetches(client: Client) -> None:
    make_63()
    assert 'href="/packs/?case=ua-63-20"' in read(client, "/cases/ua-63-20/")
    assert 'name="case" value="ua-63-20"' in read(client, PACKS)
    assert f'name="letters" value="{LETTER}"' in read(client, ASKED)

    asked = client.post(ASKED, filled())
    pack = Pack.objects.get()
    page, file = f"/packs/{pack.pk}/", f"/packs/{pack.pk}/file"
    assert (asked.status_code, asked.headers["Location"], "Set-Cookie" in asked.headers) == (302, page, False)
    assert (pack.copies, pack.group, pack.writing_from, pack.paper, pack.form) == (30, "Class 7b", "FR", "a4", "pdf")

    waiting = client.get(page)
    assert (waiting.status_code, waiting.headers["Refresh"]) == (202, "2")
    assert '<progress max="2" value="0">0 / 2</progress>' in read(client, page, 202)
    early = client.get(file)
    assert (early.status_code, early.headers["Location"]) == (302, page)

    packs.make(pack.pk)
    assert f'href="{file}"' in read(client, page)
    fetched: Any = client.get(file)
    assert (fetched.status_code, b"".join(fetched.streaming_content)) == (200, CONTENT)
    assert {name: fetched.headers[name] for name in ("Content-Type", "Content-Length", "Content-Disposition")} == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(CONTENT)),
        "Content-Disposition": 'attachment; filename="letters.pdf"',
    }
    for response in (waiting, early, fetched, client.get(page)):
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in response.headers
    assert "Disallow: /packs/\n" in client.get("/robots.txt").content.decode()


def test_a_folder_is_called_one(client: Client) -> None:
    make_63()
    client.post(ASKED, filled(form="zip"))
    packs.make(Pack.objects.get().pk)

    response = client.get(f"/packs/{Pack.objects.get().pk}/file")

    assert (response.headers["Content-Type"], response.headers["Content-Disposition"]) == (
        "application/zip",
        'attachment; filename="letters.zip"',
    )


def test_the_pages_are_there_in_arabic_too(client: Client) -> None:
    notice = make_63()
    pack = ask(notice)
    packs.make(pack.pk)
    notice.texts.create(language="ar", state="checked", translated_headline="السجن المؤبد لكاتب")
    for address in (PACKS, ASKED):
        assert ("السجن المؤبد" in read(client, f"/ar{address}"), "السجن" in read(client, address)) == (True, False)

    assert client.post(f"/ar{ASKED}", filled()).headers["Location"].startswith("/ar/packs/")
    for address in ("/ar/packs/", f"/ar{ASKED}", f"/ar/packs/{pack.pk}/"):
        assert '<html lang="ar" dir="rtl">' in read(client, address)
    assert Pack.objects.get(group="Class 7b").language == "ar"


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("", ["wang", "in-US"]),
        ("&from=FR", ["wang", "in-FR"]),
        ("&from=US", ["wang", "in-US"]),
        ("&from=DE", ["wang", "in-US"]),  # no embassy is known there
        ("&from=XX", ["wang", "in-US"]),
    ],
)
def test_a_group_writes_to_the_embassy_in_its_own_country(client: Client, query: str, offered: list[str]) -> None:
    notice = make_63()
    for host in ("US", "FR"):
        make_embassy(host)
    make_embassy("DE", represents="IR")
    notice.targets.create(official=Official.objects.get(slug="in-US"), order=2)
    publishing.take_addresses_again(notice)

    response = client.get(f"{ASKED}{query}")

    values = [value for value, _label in response.context["form"].fields["letters"].choices]
    assert values == [f"ua-63-20:{slug}:en" for slug in offered]
    country = query.removeprefix("&from=").replace("XX", "")
    assert response.context["form"]["country"].value() == country
    page = response.content.decode()
    assert ('<option value="" selected>' in page, page.count(f'<option value="{country}" selected>')) == (
        not country,
        2 if country else 1,
    )


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"letters": []}, "Choose at least one letter."),
        ({"letters": ["ua-63-20:nobody:en"]}, "Select a valid choice. ua-63-20:nobody:en is not one of the available"),
        ({"letters": ["ua-63-20:wang:fr"]}, "Select a valid choice. ua-63-20:wang:fr is not one of the available"),
        ({"letters": ["ua-64-20:other:en"]}, "Select a valid choice. ua-64-20:other:en is not one of the available"),
        ({"letters": [LETTER, "<b>"]}, "Select a valid choice. &lt;b&gt; is not one of the available choices."),
        ({"copies": ""}, "Say how many copies."),
        ({"copies": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"copies": "-1"}, "Ensure this value is greater than or equal to 1."),
        ({"copies": "61"}, "Ensure this value is less than or equal to 60."),
        ({"copies": "thirty"}, "How many must be a whole number, like 30."),
        ({"copies": "9" * 5000}, "How many must be a whole number, like 30."),
        ({"group": "x" * 121}, "Ensure this value has at most 120 characters (it has 121)."),
        ({"group": "7b 🙂"}, "These signs cannot be printed. Please take them out: 🙂 (SLIGHTLY SMILING FACE)"),
        ({"country": "XX"}, "Select a valid choice. XX is not one of the available choices."),
        ({"paper": "tabloid"}, "Select a valid choice. tabloid is not one of the available choices."),
        ({"form": ""}, "Choose one of the two."),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(client: Client, changed: dict[str, Any], reason: str) -> None:
    make_63()
    other = make_published(make_case(number=64))
    Official.objects.filter(pk=other.targets.get().official_id).update(slug="other")

    response = client.post(ASKED, filled(**changed))

    page = response.content.decode()
    assert (response.status_code, Pack.objects.count()) == (200, 0)
    assert page.count(reason) == 2  # above, with a link, and beside the field
    assert "<title>Error: " in " ".join(page.split())


@pytest.mark.parametrize("changed", [{"copies": "1"}, {"copies": "60"}, {"group": "x" * 120}, {"country": ""}])
def test_what_can_just_be_is_taken(client: Client, changed: dict[str, Any]) -> None:
    make_63()

    assert client.post(ASKED, filled(**changed)).status_code == 302


def publish_many(number: int, officials: int = 1) -> str:
    """The address of the second step for so many cases."""
    slugs = [make_published(make_case(), officials).case.ua_number.slug for _number in range(number)]
    return f"{PACKS}?{'&'.join(f'case={slug}' for slug in slugs)}"


def letters_offered(client: Client, address: str) -> list[str]:
    return [value for value, _label in client.get(address).context["form"].fields["letters"].choices]


@pytest.mark.parametrize(
    ("officials", "copies", "reason"),
    [
        (24, "41", ""),
        (24, "42", "These would be 1,008 pages; at most 1,000 are made at once."),
        (25, "1", "At most 24 letters in one pack."),
    ],
)
def test_a_pack_has_its_limits(client: Client, officials: int, copies: str, reason: str) -> None:
    address = publish_many(1, officials)
    wanted = letters_offered(client, address)
    assert len(wanted) == officials

    response = client.post(address, filled(letters=wanted, copies=copies))

    assert (response.status_code, Pack.objects.count()) == ((200, 0) if reason else (302, 1))
    assert reason in response.content.decode()


def test_a_thirteenth_case_is_refused_with_the_reason(client: Client) -> None:
    assert len(letters_offered(client, publish_many(12))) == 12

    page = read(client, publish_many(13))

    assert "At most 12 cases in one pack." in page
    assert (page.count(" checked"), 'name="letters"' in page) == (13, False)


def test_the_first_step_without_a_choice_asks_for_one(client: Client) -> None:
    make_63()

    assert "Choose at least one case." in read(client, f"{PACKS}?next=1")
    assert "Choose at least one case." not in read(client, PACKS)
    UrgentAction.objects.update(status="draft")
    assert "No case asks for letters just now." in read(client, PACKS)


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


def pass_by(notice: UrgentAction) -> None:
    UrgentAction.objects.filter(pk=notice.pk).update(act_by=today() - datetime.timedelta(days=1))


def be_a_draft(notice: UrgentAction) -> None:
    UrgentAction.objects.filter(pk=notice.pk).update(status="draft")


@pytest.mark.parametrize("end", [stop, close, publishing.withdraw, pass_by, be_a_draft])
def test_a_case_that_asks_for_no_letters_is_not_offered(client: Client, end: Callable[[UrgentAction], object]) -> None:
    notice = make_63()
    make_published(make_case(number=64), headline="The other case")
    end(notice)

    alone, beside = read(client, ASKED), read(client, f"{ASKED}&case=ua-64-20&case=ua-9-99")

    assert 'name="letters"' not in alone
    assert notice.headline not in alone + beside
    assert (beside.count('name="letters"'), "ua-63-20:" in beside) == (1, False)
    assert client.post(f"{ASKED}&case=ua-64-20", filled()).status_code == 200
    assert client.post(ASKED, filled()).status_code == 200
    assert Pack.objects.count() == 0
    with pytest.raises(letters.NoLetter):
        packs.ask([Choice(notice.pk, "nobody", "en")], 1, "", "en", LetterFile.Paper.A4, "", Pack.Form.PDF)


@pytest.mark.parametrize("limit", ["MOST_WAITING", "MOST_KEPT"])
def test_when_too_many_are_wanted_the_form_stays_filled(
    client: Client, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    pack = ask(make_63())
    if limit == "MOST_KEPT":
        packs.make(pack.pk)
    monkeypatch.setattr(packs, limit, 2)
    assert client.post(ASKED, filled()).status_code == 302

    if limit == "MOST_KEPT":
        Pack.objects.update(state="failed")
    response = client.post(f"{ASKED}&from=FR", filled())

    page = response.content.decode()
    assert (response.status_code, Pack.objects.count()) == (503, 2)
    assert "Many packs are being made just now." in page
    for kept in ('value="Class 7b"', f'value="{LETTER}" id="id_letters_0" checked', '<option value="FR" selected>'):
        assert kept in page


def test_a_form_sent_from_another_site_is_refused(client: Client) -> None:
    make_63()

    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post(ASKED, filled(), headers=headers).status_code == 403
    assert Pack.objects.count() == 0
    assert client.post(ASKED, filled(), headers={"sec-fetch-site": "same-origin"}).status_code == 302


def test_three_cases_take_as_many_queries_as_one(client: Client) -> None:
    counts = []
    for number in (1, 3):
        second_step = publish_many(number)
        with CaptureQueriesContext(connection) as queries:
            read(client, PACKS)
            read(client, second_step)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_pack_that_failed_says_what_to_do_and_nothing_of_the_machine(client: Client) -> None:
    pack = ask(make_63())
    Pack.objects.update(state="failed", error="The libraries that make PDFs are missing on the worker.")

    page = read(client, f"/packs/{pack.pk}/")

    assert "<h1>The pack could not be made</h1> <p>Try fewer letters or fewer copies at once" in page
    assert ("libraries" in page, 'href="/packs/"' in page) == (False, True)
    assert client.get(f"/packs/{pack.pk}/file").headers["Location"] == f"/packs/{pack.pk}/"
