"""The embassy in the reader's own country, in place of those elsewhere: on pages, and in every letter to it."""

import datetime
import io
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from appeals import letters, printing
from appeals.models import LetterFile
from appeals.pieces import Piece
from cases import embassies, publishing
from cases.models import ContactChannel, Official, Salutation, Target, UrgentAction
from cases.models.case import Outcome
from tests.factories import add_language, make_case, make_notice, make_official, make_published, today

pytestmark = pytest.mark.django_db

CASE = "/cases/ua-63-20/"
LONDON = f"{CASE}letters/london/en/"


def make_embassy(slug: str, host: str, represents: str = "CN", greeting: str = "Your Excellency,") -> Official:
    embassy = make_official(
        role="Ambassador",
        name="",
        institution=f"Embassy in {slug.title()}",
        address="49-51 Portland Place\nLondon W1B 1JL",
        country=host,
        represents=represents,
        accredited_to=host,
        slug=slug,
    )
    embassy.salutations.update(text=greeting)
    return embassy


def make_63(*embassies_published: Official, number: int = 63, country: str = "CN") -> UrgentAction:
    """To a director, and to those embassies that the notice itself addresses."""
    notice = make_notice(make_case(number=number, country=country), officials=0)
    director = Official.objects.filter(slug="director").first() or make_official(slug="director", name="Wang Jiang")
    for order, official in enumerate((director, *embassies_published)):
        notice.targets.create(official=official, order=order)
    publishing.publish(notice, by=None, now=timezone.now() - datetime.timedelta(days=9))
    return notice


def shown(notice: UrgentAction, writing_from: str) -> list[tuple[str, bool]]:
    """Whom a reader there writes to, and whether as a copy."""
    return [(target.slug, target.is_copy) for target in embassies.officials_for(notice, writing_from)]


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


# --- Whom a reader writes to ------------------------------------------------------------------------------------------


def test_the_embassy_in_the_readers_country_comes_in_place_of_those_elsewhere() -> None:
    notice = make_63(make_embassy("washington", "US"))
    make_embassy("london", "GB")

    assert {country: shown(notice, country) for country in ("", "GB", "US", "FR")} == {
        "": [("director", False), ("washington", False)],
        "GB": [("director", False), ("london", True)],
        "US": [("director", False), ("washington", False)],  # as it was published
        "FR": [("director", False), ("washington", False)],  # none is known there
    }


def test_an_embassy_may_be_for_a_country_where_it_is_not() -> None:
    """As one in London that is accredited to Ireland as well: where it stands does not matter."""
    notice = make_63()
    Official.objects.filter(pk=make_embassy("london", "GB").pk).update(accredited_to="IE")

    assert shown(notice, "IE") == [("director", False), ("london", True)]
    assert shown(notice, "GB") == [("director", False)]


def test_one_entry_serves_every_case_of_its_country_and_no_other() -> None:
    notices = [make_63(number=63), make_63(number=64), make_63(number=65, country="IR")]
    make_embassy("london", "GB")
    make_embassy("london-of-iran", "GB", represents="IR")

    assert [shown(notice, "GB")[1:] for notice in notices] == [
        [("london", True)],
        [("london", True)],
        [("london-of-iran", True)],
    ]
    assert [embassies.find(notice, "london") is not None for notice in notices] == [True, True, False]


def test_an_official_that_is_no_embassy_is_not_found_by_its_name() -> None:
    notice = make_63()
    make_official(slug="stranger", country="GB")
    make_official(slug="stranger-in-china")
    make_embassy("london", "GB")

    found = {slug: embassies.find(notice, slug) for slug in ("director", "london", "stranger", "stranger-in-china", "")}

    assert {slug: target and target.slug for slug, target in found.items()} == {
        "director": "director",
        "london": "london",
        "stranger": None,
        "stranger-in-china": None,
        "": None,
    }


def test_asking_stores_nothing() -> None:
    notice = make_63()
    make_embassy("london", "GB")

    target = embassies.find(notice, "london")

    assert target is not None
    assert (target._state.adding, target.is_copy, target.urgent_action) == (True, True, notice)
    assert Target.objects.count() == 1


def test_a_case_page_shows_it_to_who_writes_from_there(client: Client) -> None:
    make_63(make_embassy("washington", "US"))
    make_embassy("london", "GB")

    everybody, british, unknown = (read(client, f"{CASE}{query}") for query in ("", "?from=GB", "?from=XX"))

    assert ("Embassy in Washington" in everybody, "Embassy in London" in everybody) == (True, False)
    assert ("Embassy in Washington" in british, "Embassy in London" in british) == (False, True)
    assert everybody == unknown
    assert f'href="{LONDON}?from=GB"' in british
    assert '<option value="GB" selected>' in british


def test_five_embassies_take_as_many_queries_as_one(client: Client) -> None:
    make_63()
    counts = []
    for number in (1, 5):
        while Official.objects.filter(represents="CN").count() < number:
            embassy = make_embassy(f"london-{Official.objects.count()}", "GB")
            ContactChannel.objects.create(official=embassy, kind="phone", value="+44 20 7299 4049")
        with CaptureQueriesContext(connection) as queries:
            page = read(client, f"{CASE}?from=GB")
        assert page.count("tel:+442072994049") == number
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- Letters to it ----------------------------------------------------------------------------------------------------


def test_page_text_and_pdf_address_the_embassy(client: Client) -> None:
    notice = make_63()
    make_embassy("london", "GB")
    target = embassies.find(notice, "london")
    assert target is not None

    page = read(client, LONDON)
    text = client.get(f"{LONDON}letter.txt").content.decode()
    file = printing.ask(Piece(notice, target, "en"))
    printing.make(file.pk)
    file.refresh_from_db()
    with default_storage.open(file.path) as stored:
        pdf = " ".join(PdfReader(io.BytesIO(stored.read())).pages[0].extract_text().split())

    assert text == letters.compose(notice, target, "en").as_text()
    assert text.startswith("Ambassador\nEmbassy in London\n49-51 Portland Place\nLondon W1B 1JL\nUNITED KINGDOM\n\n")
    for words in (page, pdf, " ".join(text.split())):
        assert [each in words for each in ("Embassy in London", "Your Excellency,", "UNITED KINGDOM")] == [True] * 3
        assert [each in words for each in ("Wang Jiang", "Dear Director", "CHINA")] == [False] * 3
    served = client.get(f"{LONDON}letter.pdf")
    assert (served.status_code, served.headers["ETag"]) == (200, f'"{file.content_hash}"')
    assert served.headers["Content-Disposition"] == 'attachment; filename="UA-63-20-london-en.pdf"'
    assert "UNITED KINGDOM" not in client.get(f"{LONDON}letter.txt?from=GB").content.decode()


def test_without_a_greeting_in_a_language_there_is_no_letter_in_it(client: Client) -> None:
    notice = make_63()
    embassy = make_embassy("london", "GB")
    add_language(notice, "zh", "尊敬的王江局长：", "请释放{names}。")
    publishing.take_addresses_again(notice)
    chinese = LONDON.replace("/en/", "/zh/")
    assert f'href="{CASE}letters/director/zh/?from=GB"' in read(client, f"{CASE}?from=GB")
    assert chinese not in read(client, f"{CASE}?from=GB")
    assert [client.get(f"{chinese}{name}").status_code for name in ("", "letter.txt", "letter.pdf")] == [404] * 3

    Salutation.objects.create(official=embassy, language="zh", text="尊敬的大使阁下：")

    assert f'href="{chinese}?from=GB"' in read(client, f"{CASE}?from=GB")
    assert "尊敬的大使阁下：" in read(client, chinese)


def test_a_letter_that_was_written_for_one_official_is_not_sent_to_the_embassy(client: Client) -> None:
    notice = make_63()
    make_embassy("london", "GB")
    notice.letters.create(
        language="en", state="checked", target=notice.targets.get(), body="You alone can free {them}."
    )

    assert "You alone can free him." in read(client, f"{CASE}letters/director/en/")
    assert "You alone can free him." not in read(client, LONDON)

    notice.letters.filter(target=None).delete()

    assert client.get(LONDON).status_code == 404


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


def be_a_draft(notice: UrgentAction) -> None:
    UrgentAction.objects.filter(pk=notice.pk).update(status="draft")


@pytest.mark.parametrize(("end", "status"), [(stop, 410), (close, 410), (publishing.withdraw, 410), (be_a_draft, 404)])
def test_an_embassy_gets_no_letter_where_the_others_get_none(
    client: Client, end: Callable[[UrgentAction], object], status: int
) -> None:
    notice = make_63()
    make_embassy("london", "GB")
    target = embassies.find(notice, "london")
    assert target is not None
    file = printing.ask(Piece(notice, target, "en"))
    names = ("", "letter.txt", "letter.pdf?asked=1", "envelope-dl.pdf", "own-words/", "problem/email/")
    assert client.get(LONDON).status_code == 200

    end(notice)

    for name in names:
        assert "Your Excellency" not in read(client, f"{LONDON}{name}", status)
    printing.make(file.pk)
    assert LetterFile.objects.count() == 0


def test_an_embassy_of_another_country_is_not_there(client: Client) -> None:
    make_63()
    make_published(make_case(number=64, country="IR"))
    make_embassy("london", "GB", represents="IR")

    for name in ("", "letter.txt", "letter.pdf", "own-words/", "problem/email/"):
        assert client.get(f"{LONDON}{name}").status_code == 404
    assert LetterFile.objects.count() == 0
    assert client.get("/cases/ua-64-20/letters/london/en/").status_code == 200
