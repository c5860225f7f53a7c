"""The letter's page and its files, in every state of the case and of the worker."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appeals import letters, pdf, printing
from appeals.models import LetterFile
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
    monkeypatch.setattr(pdf, "render", lambda letter: CONTENT)


def make_63(days: int = 30, officials: int = 1, **fields: Any) -> UrgentAction:
    """UA 63/20 to the director, with letters in English and Chinese."""
    case = make_case(number=63)
    notice = make_notice(case, officials, act_by=today() + datetime.timedelta(days=days), **fields)
    official = notice.targets.all()[0].official
    official.slug = "director"
    official.save()
    add_language(notice, "zh", "尊敬的王江局长：", "请释放{names}。")
    publishing.publish(notice, by=None, now=timezone.now() - datetime.timedelta(days=9))
    return notice


def make_ready(notice: UrgentAction, language: str = "en") -> LetterFile:
    file = printing.ask(notice, notice.targets.all()[0], language)
    printing.make(file.pk)
    file.refresh_from_db()
    return file


PAGE = "/cases/ua-63-20/letters/director/en/"
PDF = f"{PAGE}letter.pdf"
TEXT = f"{PAGE}letter.txt"
ALL = pytest.mark.parametrize("address", [PAGE, PDF, TEXT])


def read(client: Client, address: str = PAGE, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


# --- The PDF ----------------------------------------------------------------------------------------------------------


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


def test_each_official_and_language_is_a_file_of_its_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = make_63(officials=3)
    monkeypatch.setattr(pdf, "render", lambda letter: letter.as_text().encode())
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
    assert "Your letter is being made" in page
    assert f'href="{PAGE}"' in page
    assert LetterFile.objects.get().target == notice.targets.get()
    printing.make(LetterFile.objects.get().pk)
    assert client.get(PDF).status_code == 200


def redirected(response: Any) -> bool:
    return (response.status_code, response.headers.get("Location"), response.headers.get("Cache-Control")) == (
        302,
        f"{PAGE}?pdf=later",
        "no-store",
    )


def test_where_no_worker_lives_the_letter_itself_is_shown(client: Client) -> None:
    make_63()

    assert redirected(client.get(PDF))
    page = read(client, f"{PAGE}?pdf=later")
    assert "The PDF cannot be made just now." in page
    assert "I write about Nagyz Muhammed." in page
    assert "The PDF cannot be made" not in read(client)


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
    assert "libraries" not in read(client, f"{PAGE}?pdf=later")


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
    ContactChannel.objects.create(official=notice.targets.get().official, kind="fax", value="+1 202 495 2138")
    ContactChannel.objects.create(official=notice.targets.get().official, kind="phone", value="+1 1", works=False)
    page = read(client)

    for words in (
        "Dear Director Wang,",
        "I write about Nagyz Muhammed.",
        "Please release him.",
        "Yours sincerely,",
        "CHINA",
        'href="mailto:office@example.org"',
        "+1 202 495 2138",
        f'href="{PDF}"',
        f'href="{TEXT}"',
        'href="/cases/ua-63-20/report/"',
    ):
        assert words in page
    assert "+1 1<" not in page


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
    assert "Think twice." in page

    advice.post_suspended = "Ask the embassy."
    advice.save()

    page = read(client)
    assert "No post is delivered there now.</strong> <bdi>Ask the embassy.</bdi>" in page
    assert "By post" not in page


def test_what_staff_wrote_is_shown_as_text(client: Client) -> None:
    notice = make_63()
    notice.letters.filter(language="en").update(body="<script>alert(1)</script> {{ x }} {nobody}", subject="<b>x</b>")
    page = read(client)

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ x }} {nobody}" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_after_the_deadline_the_letter_stays_with_a_warning(client: Client) -> None:
    make_63(days=-1)
    page = read(client)

    assert "The date has passed. Check with your national office before you write." in page
    assert "Download all the same" in page
    assert client.get(TEXT).status_code == 200


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
@pytest.mark.parametrize("file", ["", "letter.pdf", "letter.txt"])
def test_what_was_never_written_is_not_there(client: Client, address: str, file: str) -> None:
    make_63()
    make_published(make_case(number=65))

    assert client.get(address + file).status_code == 404
    assert LetterFile.objects.count() == 0


@pytest.mark.parametrize("file", ["", "letter.pdf", "letter.txt"])
def test_an_official_of_another_case_gets_no_letter_of_this_one(client: Client, file: str) -> None:
    make_63()
    other = make_published(make_case(number=64)).targets.get().slug

    assert client.get(f"/cases/ua-63-20/letters/{other}/en/{file}").status_code == 404


@ALL
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_letters_are_read_only(client: Client, address: str, method: str) -> None:
    make_63()

    assert getattr(client, method)(address).status_code == 405


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


STOPPED = "UA 63/20 was stopped. Please do not send any more letters."
CLOSED = "UA 63/20 is closed. No further letters are needed. Thank you to all who wrote."


@ALL
@pytest.mark.parametrize(("end", "words"), [(stop, STOPPED), (close, CLOSED)])
@pytest.mark.parametrize("is_known", [True, False])
def test_when_nobody_should_write_every_letter_is_gone(
    client: Client, address: str, end: Callable[[UrgentAction], None], words: str, is_known: bool
) -> None:
    """At once, even while the file is still in the storage and in the reader's own store."""
    notice = make_63()
    etag = f'"{make_ready(notice).content_hash}"'
    assert client.get(address).status_code == 200

    end(notice)
    response = client.get(address, headers={"if-none-match": etag} if is_known else {})

    assert response.status_code == 410
    page = response.content.decode()
    assert words in page
    assert "Dear Director Wang" not in page
    assert CONTENT.decode() not in page


def test_a_letter_to_an_official_who_left_the_notice_is_not_there(client: Client) -> None:
    first = make_63()
    make_published(first.case, sequence=2, kind="update")

    assert [client.get(address).status_code for address in (PAGE, PDF, TEXT)] == [404, 404, 404]


def test_three_people_and_officials_take_as_many_queries_as_one(client: Client) -> None:
    notice = make_63(officials=3)
    with CaptureQueriesContext(connection) as three:
        read(client)
    Person.objects.filter(case=notice.case).delete()
    notice.targets.exclude(official__slug="director").delete()
    Person.objects.create(case=notice.case, name="Aygul", role="writer")
    with CaptureQueriesContext(connection) as one:
        read(client)

    assert len(three) == len(one)
