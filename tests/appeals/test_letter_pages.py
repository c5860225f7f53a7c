"""The letter's page and its files, in every state of the case and of the worker."""

import datetime
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appeals import letters, pieces, press, printing
from appeals.models import LetterFile
from appeals.pdf import Printed, Sheet
from appeals.pieces import Kind, Made, Paper, Piece
from cases import publishing
from cases.models import ContactChannel, CountryAdvice, Person, UrgentAction
from cases.models.case import Outcome
from tests.factories import add_language, make_case, make_notice, make_published, today
from ua_tracker import heartbeats

CONTENT = b"%PDF-1.7 a letter"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages themselves are tested in test_pdf.py."""

    def render(sheets: Sequence[Sheet]) -> Printed:
        return Printed(CONTENT, (1,) * len(sheets))

    monkeypatch.setattr(press, "render", render)


def make_63(days: int = 30, officials: int = 1, **fields: Any) -> UrgentAction:
    """UA 63/20 to the director, who has an email address and a fax, with letters in English and Chinese."""
    case = make_case(number=63)
    notice = make_notice(case, officials, act_by=today() + datetime.timedelta(days=days), **fields)
    official = notice.targets.all()[0].official
    official.slug = "director"
    official.save()
    ContactChannel.objects.create(official=official, kind="fax", value="+1 202 495 2138")
    add_language(notice, "zh", "尊敬的王江局长：", "请释放{names}。")
    publishing.publish(notice, by=None, now=timezone.now() - datetime.timedelta(days=9))
    return notice


def make_ready(notice: UrgentAction, language: str = "en", **fields: Any) -> LetterFile:
    file = printing.ask(Piece(notice, notice.targets.all()[0], language, **fields))
    printing.make(file.pk)
    file.refresh_from_db()
    return file


PAGE = "/cases/ua-63-20/letters/director/en/"
PDF = f"{PAGE}letter.pdf"
TEXT = f"{PAGE}letter.txt"
WORD = f"{PAGE}letter.docx"
OWN_WORDS = f"{PAGE}own-words/"
FILES = [*Kind.values, "letter.txt"]


def read(client: Client, address: str = PAGE, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


# --- The file ---------------------------------------------------------------------------------------------------------


def test_a_ready_letter_is_handed_out_whole_and_named(client: Client) -> None:
    file = make_ready(make_63())

    response = client.get(PDF)

    assert (response.status_code, body(response)) == (200, CONTENT)
    assert {name: response.headers[name] for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control")} == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(CONTENT)),
        "ETag": f'"{file.content_hash}"',
        "Cache-Control": "public, max-age=60",
    }
    assert response.headers["Content-Disposition"] == 'attachment; filename="UA-63-20-director-en.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers


def test_a_reader_who_has_it_gets_it_not_again(client: Client) -> None:
    file = make_ready(make_63())

    known = client.get(PDF, headers={"if-none-match": f'"{file.content_hash}"'})
    other = client.get(PDF, headers={"if-none-match": '"another"'})

    assert (known.status_code, known.content) == (304, b"")
    assert (other.status_code, body(other)) == (200, CONTENT)


def test_a_changed_letter_is_another_file(client: Client) -> None:
    notice = make_63()
    old = make_ready(notice)
    notice.letters.filter(language="en").update(body="New words.")
    new = make_ready(UrgentAction.objects.get())

    response = client.get(PDF, headers={"if-none-match": f'"{old.content_hash}"'})

    assert response.status_code == 200
    assert response.headers["ETag"] == f'"{new.content_hash}"' != f'"{old.content_hash}"'


def test_head_has_no_body(client: Client) -> None:
    make_ready(make_63())

    response = client.head(PDF)

    assert (response.status_code, response.headers["Content-Length"]) == (200, str(len(CONTENT)))


NAMES = {
    "letter.pdf": ("UA-63-20-director-en.pdf", "application/pdf"),
    "letter.docx": (
        "UA-63-20-director-en.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "fax.pdf": ("UA-63-20-director-en-fax.pdf", "application/pdf"),
    "by-hand.pdf": ("UA-63-20-director-en-by-hand.pdf", "application/pdf"),
    "envelope-dl.pdf": ("UA-63-20-director-en-envelope-dl.pdf", "application/pdf"),
    "envelope-c5.pdf": ("UA-63-20-director-en-envelope-c5.pdf", "application/pdf"),
    "envelope-10.pdf": ("UA-63-20-director-en-envelope-10.pdf", "application/pdf"),
    "labels-l7160.pdf": ("UA-63-20-director-en-labels-l7160.pdf", "application/pdf"),
    "labels-5160.pdf": ("UA-63-20-director-en-labels-5160.pdf", "application/pdf"),
}


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_is_handed_out_under_its_own_name(client: Client, kind: str) -> None:
    file = make_ready(make_63(), kind=Kind(kind))

    response = client.get(f"{PAGE}{kind}")

    name, content_type = NAMES[kind]
    assert (response.status_code, len(body(response))) == (200, file.size)
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["ETag"] == f'"{file.content_hash}"'


@pytest.mark.parametrize("name", ["letter.exe", "letter", "letter.PDF", "pdf", "envelope-c4.pdf", "letter.pdf/"])
def test_no_other_kind_is_there(client: Client, name: str) -> None:
    make_63()

    assert client.get(f"{PAGE}{name}").status_code == 404


def test_a_fax_is_only_for_an_official_who_has_one(client: Client) -> None:
    notice = make_63()
    make_ready(notice, kind=Kind.FAX)
    assert client.get(f"{PAGE}fax.pdf").status_code == 200

    notice.targets.get().official.channels.filter(kind="fax").update(works=False)

    assert client.get(f"{PAGE}fax.pdf").status_code == 404


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("?paper=letter", {"paper": Paper.LETTER}),
        ("?from=US", {"paper": Paper.LETTER}),  # as people there print
        ("?from=US&paper=a4", {}),
        ("?from=CN", {"is_domestic": True}),
        ("?with=zh", {"readers_language": "zh"}),
        ("?paper=x&from=ZZ&with=x", {}),
    ],
)
def test_the_address_says_for_whom_the_file_is(client: Client, query: str, asked: dict[str, Any]) -> None:
    file = make_ready(make_63(), **asked)

    assert client.get(f"{PDF}{query}").headers["ETag"] == f'"{file.content_hash}"'


def test_each_official_and_language_is_a_file_of_its_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = make_63(officials=3)
    monkeypatch.setattr(pieces, "make", lambda piece: Made(piece.letter.as_text().encode(), pages=1))
    printing.ask_for_notice(notice)
    printing.make_waiting(timezone.now())
    for target in notice.targets.all():
        for language in ("en", "zh"):
            response = client.get(f"/cases/ua-63-20/letters/{target.slug}/{language}/letter.pdf")

            assert body(response).decode() == letters.compose(notice, target, language).as_text()
            assert f"UA-63-20-{target.slug}-{language}.pdf" in response.headers["Content-Disposition"]


def test_while_a_worker_makes_it_a_page_looks_again_by_itself(client: Client) -> None:
    notice = make_63()
    heartbeats.beat("worker")

    response = client.get(PDF)

    assert response.status_code == 202
    assert (response.headers["Refresh"], response.headers["Cache-Control"]) == ("2", "no-store")
    page = response.content.decode()
    assert "Your file is being made" in page
    assert f'href="{PAGE}"' in page
    assert LetterFile.objects.get().official == notice.targets.get().official
    printing.make(LetterFile.objects.get().pk)
    assert client.get(PDF).status_code == 200


def redirected(response: Any) -> bool:
    return (response.status_code, response.headers.get("Location"), response.headers.get("Cache-Control")) == (
        302,
        f"{PAGE}?later=1",
        "no-store",
    )


def test_where_no_worker_lives_the_letter_itself_is_shown(client: Client) -> None:
    make_63()

    assert redirected(client.get(PDF))
    page = read(client, f"{PAGE}?later=1")
    assert "The file cannot be made just now. The letter is below" in page
    assert "I write about Nagyz Muhammed." in page
    assert "The file cannot be made" not in read(client)


def test_who_is_led_back_to_the_letter_stays_who_they_are(client: Client) -> None:
    make_63()

    response = client.get(f"{PDF}?from=FR&paper=letter")

    assert (response.status_code, response.headers["Location"]) == (302, f"{PAGE}?from=FR&paper=letter&later=1")


def test_a_worker_that_fell_silent_counts_as_dead(client: Client) -> None:
    make_63()
    with time_machine.travel(timezone.now() - datetime.timedelta(seconds=heartbeats.FRESH_SECONDS + 1), tick=False):
        heartbeats.beat("worker")

    assert redirected(client.get(PDF))


def test_nobody_waits_for_ever(client: Client) -> None:
    make_63()
    heartbeats.beat("worker")
    assert client.get(PDF).status_code == 202

    LetterFile.objects.update(wanted_at=timezone.now() - datetime.timedelta(seconds=21))

    assert redirected(client.get(PDF))


def test_nobody_waits_for_a_letter_that_failed(client: Client) -> None:
    make_63()
    heartbeats.beat("worker")
    client.get(PDF)

    LetterFile.objects.update(state="failed", error="The libraries that make PDFs are missing on the worker.")

    assert redirected(client.get(PDF))
    assert "libraries" not in read(client, f"{PAGE}?later=1")


# --- The text ---------------------------------------------------------------------------------------------------------


def test_the_text_is_what_was_composed(client: Client) -> None:
    notice = make_63()

    response = client.get(TEXT)

    assert response.status_code == 200
    assert response.content.decode() == letters.compose(notice, notice.targets.get(), "en").as_text()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="UA-63-20-director-en.txt"'


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_letter_and_how_to_send_it(client: Client) -> None:
    notice = make_63()
    official = notice.targets.get().official
    ContactChannel.objects.create(official=official, kind="phone", value="+1 202 495 2266")
    ContactChannel.objects.create(official=official, kind="phone", value="+1 202 495 2277")
    publishing.take_addresses_again(notice)
    official.channels.filter(value="+1 202 495 2277").update(works=False)
    ContactChannel.objects.create(official=official, kind="phone", value="+1 202 495 2288")
    page = read(client)

    for words in (
        "Dear Director Wang,",
        "I write about Nagyz Muhammed.",
        "Please release him.",
        "Yours sincerely,",
        "CHINA",
        'href="mailto:office@example.org?subject=Nagyz%20Muhammed&amp;body=Dear%20Director%20Wang%2C%0D%0A',
        'href="tel:+12024952266"',
        "+1 202 495 2138",
        *(f'href="{PAGE}{name}"' for name in FILES),
        f'href="{OWN_WORDS}"',
        'href="/cases/ua-63-20/report/"',
    ):
        assert words in page, words
    assert "495 2277" not in page  # it stopped working
    assert "495 2288" not in page  # staff have not taken it into this notice


def test_a_ready_file_says_its_size(client: Client) -> None:
    notice = make_63()
    assert "bytes" not in read(client)

    make_ready(notice)

    assert f"{len(CONTENT)}\xa0bytes" in client.get(PAGE).content.decode()


def test_the_readers_own_language_stands_beside_the_officials(client: Client) -> None:
    make_63()
    chinese = read(client, PAGE.replace("/en/", "/zh/"))

    assert "尊敬的王江局长：" in chinese
    assert "For you to read, do not send" in chinese
    assert "Dear Director Wang," in chinese
    assert chinese.index("尊敬的王江局长：") < chinese.index("Dear Director Wang,")
    english = read(client)
    assert "For you to read, do not send" not in english
    assert "尊敬的王江局长：" not in english


def test_a_reader_whose_language_has_no_letter_gets_the_english_beside(client: Client) -> None:
    make_63()
    page = read(client, f"{PAGE.replace('/en/', '/zh/')}?lang=ar")

    assert '<html lang="ar" dir="rtl">' in page
    assert "Dear Director Wang," in page


def test_where_no_post_goes_the_page_says_so(client: Client) -> None:
    make_63()
    advice = CountryAdvice.objects.create(country="CN", days_by_post=9, risk="Think twice.", checked_on=today())
    page = read(client)
    assert "about 9 days by post" in page
    assert "envelope-dl.pdf" in page
    assert "labels-l7160.pdf" in page
    assert "Think twice." in page

    advice.post_suspended = "Ask the embassy."
    advice.save()

    page = read(client)
    assert "No post is delivered there now.</strong> <bdi>Ask the embassy.</bdi>" in page
    assert "days by post" not in page
    assert "envelope-dl.pdf" not in page
    assert "labels-l7160.pdf" not in page


def test_what_staff_wrote_is_shown_as_text(client: Client) -> None:
    notice = make_63()
    notice.letters.filter(language="en").update(body="<script>alert(1)</script> {{ x }} {nobody}", subject="<b>x</b>")
    page = read(client)

    assert re.findall(r"<script\b[^>]*>", page) == ['<script src="/static/js/copy.js" defer>']
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ x }} {nobody}" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_after_the_deadline_the_letter_stays_with_a_warning(client: Client) -> None:
    make_63(days=-1)
    page = read(client)

    assert "The date has passed. Check with your national office before you write." in page
    assert "Ask first" in page
    assert "Dear Director Wang," in page
    assert [name for name in FILES if f"{PAGE}{name}" in page and name != "letter.pdf"] == []
    assert OWN_WORDS not in page


@pytest.mark.parametrize("name", FILES)
def test_after_the_deadline_a_file_is_for_who_has_asked(client: Client, name: str) -> None:
    notice = make_63(days=-1)
    if name != "letter.txt":
        make_ready(notice, kind=Kind(name))
    plain = client.get(f"{PAGE}{name}")
    asked = client.get(f"{PAGE}{name}?asked=1")

    page = " ".join(plain.content.decode().split())
    assert (plain.status_code, plain.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Content-Disposition" not in plain.headers
    assert "The date has passed. Check with your national office before you write." in page
    assert f'href="{name}?asked=1"' in page
    assert "Dear Director Wang," not in page
    assert (asked.status_code, asked.headers["Content-Disposition"].partition(";")[0]) == (200, "attachment")


def test_who_has_asked_gets_the_file_for_their_own_paper_and_language(client: Client) -> None:
    make_63(days=-1)

    assert 'href="letter.pdf?from=FR&amp;paper=letter&amp;with=zh&amp;asked=1"' in read(
        client, f"{PDF}?from=FR&paper=letter&with=zh"
    )


@pytest.mark.parametrize("name", FILES)
def test_before_the_deadline_nobody_need_ask(client: Client, name: str) -> None:
    notice = make_63(days=0)
    if name != "letter.txt":
        make_ready(notice, kind=Kind(name))

    assert client.get(f"{PAGE}{name}").headers["Content-Disposition"].startswith("attachment;")


# --- No letter --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/cases/ua-63-20/letters/director/fr/",
        "/cases/ua-63-20/letters/director/xx/",
        "/cases/ua-63-20/letters/director/EN/",
        "/cases/ua-63-20/letters/nobody/en/",
        "/cases/ua-64-20/letters/director/en/",
    ],
)
@pytest.mark.parametrize("file", ["", "own-words/", *FILES])
def test_what_was_never_written_is_not_there(client: Client, address: str, file: str) -> None:
    make_63()
    make_published(make_case(number=65))

    assert client.get(address + file).status_code == 404
    assert LetterFile.objects.count() == 0


@pytest.mark.parametrize("file", ["", "own-words/", *FILES])
def test_an_official_of_another_case_gets_no_letter_of_this_one(client: Client, file: str) -> None:
    make_63()
    other = make_published(make_case(number=64)).targets.get().slug

    assert client.get(f"/cases/ua-63-20/letters/{other}/en/{file}").status_code == 404


@pytest.mark.parametrize("address", [PAGE, PDF, TEXT, WORD])
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_letters_are_read_only(client: Client, address: str, method: str) -> None:
    make_63()

    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", [PDF, TEXT, WORD, OWN_WORDS])
def test_only_the_page_itself_takes_a_letter_in_own_words(client: Client, address: str) -> None:
    make_63()

    assert client.post(address, {"words": "x"}).status_code == 405


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


STOPPED = "UA 63/20 was stopped. Please do not send any more letters."
CLOSED = "UA 63/20 is closed. No further letters are needed. Thank you to all who wrote."


@pytest.mark.parametrize("name", ["", "own-words/", *FILES])
@pytest.mark.parametrize(("end", "words"), [(stop, STOPPED), (close, CLOSED)])
@pytest.mark.parametrize("is_known", [True, False])
def test_when_nobody_should_write_every_letter_is_gone(
    client: Client, name: str, end: Callable[[UrgentAction], None], words: str, is_known: bool
) -> None:
    """At once, even while the file is still in the storage and in the reader's own store."""
    notice = make_63()
    kind = Kind(name) if name in Kind.values else Kind.PDF
    etag = f'"{make_ready(notice, kind=kind).content_hash}"'
    assert client.get(f"{PAGE}{name}").status_code == 200

    end(notice)
    response = client.get(f"{PAGE}{name}?asked=1", headers={"if-none-match": etag} if is_known else {})

    assert response.status_code == 410
    page = response.content.decode()
    assert words in page
    assert "Dear Director Wang" not in page
    assert CONTENT.decode() not in page


def test_a_letter_to_an_official_who_left_the_notice_is_not_there(client: Client) -> None:
    first = make_63()
    make_published(first.case, sequence=2, kind="update")

    assert [client.get(f"{PAGE}{name}").status_code for name in ("", "own-words/", *FILES)] == [404] * 12


def test_three_people_and_officials_take_as_many_queries_as_one(client: Client) -> None:
    notice = make_63(officials=3)
    official = notice.targets.all()[0].official
    ContactChannel.objects.create(official=official, kind="phone", value="+1 202 495 2266")
    publishing.take_addresses_again(notice)
    with CaptureQueriesContext(connection) as three:
        assert "+1 202 495 2266" in read(client)
    official.channels.exclude(kind="email").delete()
    Person.objects.filter(case=notice.case).delete()
    notice.targets.exclude(official__slug="director").delete()
    Person.objects.create(case=notice.case, name="Aygul", role="writer")
    with CaptureQueriesContext(connection) as one:
        read(client)

    assert len(three) == len(one)
