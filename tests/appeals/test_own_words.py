"""A letter in the reader's own words: from the form to the file, or to the reason why not with the text kept."""

import datetime
import html
import io
import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from appeals import handovers, letters, press
from appeals.handovers import Receipt
from appeals.models import Handover
from appeals.pdf import CannotRender, Printed, Sheet
from appeals.press import NoPress
from cases import publishing
from cases.models import Official, Salutation, UrgentAction
from tests.appeals.test_handovers import at_once
from tests.appeals.test_printing import close, stop
from tests.factories import add_language, make_case, make_notice, today
from ua_tracker.celery import app

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/cases/ua-63-20/letters/director/en/"
EDITOR = f"{PAGE}own-words/"
KINDS = ["letter.pdf", "letter.docx", "letter.txt"]
WORDS = "I write about a quokkafeather.\n\nLet him go,\nand soon."
NAME, ADDRESS, TOWN = "Ada Reader", "1 Road\n69001 Lyon\nFRANCE", "Lyon"
SIGNED = {"name": NAME, "address": ADDRESS, "town": TOWN}


@pytest.fixture(autouse=True)
def notice() -> UrgentAction:
    """UA 63/20 with letters in English and Chinese to the director, and to a minister who is greeted in another way."""
    notice = make_notice(make_case(number=63), officials=2)
    add_language(notice, "zh", "尊敬的王江局长：", "请释放{names}。")
    for target, slug in zip(notice.targets.all(), ("director", "minister"), strict=True):
        Official.objects.filter(pk=target.official_id).update(slug=slug)
    Salutation.objects.filter(official__slug="minister", language="en").update(text="Your Excellency,")
    publishing.publish(notice, by=None)
    return UrgentAction.objects.get()


@pytest.fixture(autouse=True)
def quick_worker(notice: UrgentAction, messages_run: None) -> None:
    """From when the letters that publishing asks for are behind it."""


@pytest.fixture
def slow_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has done nothing yet when the reader is led on."""
    app.conf.task_always_eager = False
    monkeypatch.setattr(handovers, "WATCH_SECONDS", 0)


def write(client: Client, address: str = PAGE, /, **fields: str) -> Any:
    return client.post(address, {"words": WORDS, "kind": "letter.txt", **fields})


def read(response: Any) -> str:
    """What is written in the file, without its space."""
    assert response.status_code == 200
    content, kind = response.content, response.headers["Content-Disposition"].rpartition(".")[2]
    if kind == 'pdf"':
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif kind == 'docx"':
        text = "".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
    else:
        text = content.decode()
    return squeezed(text)


def squeezed(text: str) -> str:
    return "".join(text.split())


def kept(response: Any) -> str:
    """The text in the form, as a browser would send it again."""
    found = re.search(r'<textarea name="words"[^>]*>\n(.*?)</textarea>', response.content.decode(), re.DOTALL)
    assert found is not None
    return html.unescape(found[1]).replace("\r\n", "\n")


def page(response: Any) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


# --- The file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("sign", "sender"),
    [
        ("full", f"{NAME}\n{ADDRESS}"),
        ("town", f"{NAME}\n{TOWN}"),
        ("initials", f"A. R.\n{TOWN}"),
        ("hand", ""),
        ("", ""),
    ],
)
def test_the_file_has_all_that_was_written_and_of_the_writer_what_they_chose(
    client: Client, notice: UrgentAction, kind: str, sign: str, sender: str
) -> None:
    response = write(client, kind=kind, opening="I am a teacher in Lyon.", sign=sign, **SIGNED)

    addressee = "\n".join(letters.envelope_lines(notice.targets.all()[0].addressee))
    assert addressee.endswith("\nCHINA")
    text, lines = read(response), squeezed(sender)  # which are beside the rest, and in a PDF after it
    assert (lines in text, text.replace(lines, "", 1)) == (
        True,
        squeezed(f"{addressee} Nagyz Muhammed Dear Director Wang, I am a teacher in Lyon. {WORDS} Yours sincerely,"),
    )
    assert response.headers["Content-Disposition"] == f'attachment; filename="UA-63-20-director-en.{kind[7:]}"'
    assert "no-store" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    assert Handover.objects.count() == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("language", "date"), [("en", "October3,2026"), ("zh", "2026年10月3日")])
def test_the_date_is_in_the_language_of_the_letter_and_only_when_asked_for(
    client: Client, monkeypatch: pytest.MonkeyPatch, kind: str, language: str, date: str
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: datetime.date(2026, 10, 3))
    address = PAGE.replace("/en/", f"/{language}/")

    assert date in read(write(client, address, kind=kind, is_dated="on"))
    assert "2026" not in read(write(client, address, kind=kind))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sample_as_it_is_will_do(client: Client, notice: UrgentAction, language: str) -> None:
    address = PAGE.replace("/en/", f"/{language}/")
    sample = kept(client.get(f"{address}own-words/"))

    response = write(client, address, words=sample.replace("\n", "\r\n"))  # as browsers send it

    assert sample
    assert response.content.decode() == letters.compose(notice, notice.targets.all()[0], language).as_text()


def test_the_form_runs_as_the_letter_does_and_not_as_the_page(client: Client) -> None:
    form = client.get(f"{EDITOR}?lang=ar").content.decode()

    assert '<html lang="ar" dir="rtl">' in form
    assert re.findall(r'<(?:textarea|input type="text") name="(\w+)".*? dir="(\w+)"', form) == [
        ("opening", "ltr"),
        ("words", "ltr"),
        ("name", "auto"),
        ("address", "auto"),
        ("town", "auto"),
    ]
    assert form.count('lang="en" dir="ltr"') >= 4  # with the greeting and the closing


@pytest.mark.parametrize("kind", KINDS)
def test_each_official_is_greeted_as_themselves_once(client: Client, kind: str) -> None:
    director, minister = (
        read(write(client, PAGE.replace("director", slug), kind=kind)) for slug in ("director", "minister")
    )

    greeting = re.compile("DearDirectorWang,|YourExcellency,")
    assert (greeting.findall(director), greeting.findall(minister)) == (["DearDirectorWang,"], ["YourExcellency,"])


@pytest.mark.parametrize("kind", KINDS)
def test_post_within_the_country_needs_no_country(client: Client, kind: str) -> None:
    assert "CHINA" not in read(write(client, f"{PAGE}?from=CN", kind=kind))
    assert "CHINA" in read(write(client, f"{PAGE}?from=FR", kind=kind))


@pytest.mark.parametrize(
    ("query", "width"), [("", 210), ("?paper=letter", 216), ("?from=US", 216), ("?from=US&paper=a4", 210)]
)
def test_it_is_on_the_readers_paper(client: Client, query: str, width: int) -> None:
    pdf = PdfReader(io.BytesIO(write(client, PAGE + query, kind="letter.pdf").content)).pages[0].mediabox.width
    word = Document(io.BytesIO(write(client, PAGE + query, kind="letter.docx").content)).sections[0].page_width

    assert word is not None
    assert (round(float(pdf) * 25.4 / 72), round(word.mm)) == (width, width)


def test_without_a_kind_it_is_a_pdf(client: Client) -> None:
    assert write(client, kind="").headers["Content-Type"] == "application/pdf"


# --- When it takes longer ---------------------------------------------------------------------------------------------


def receipt_in(address: str) -> Receipt:
    receipt = Receipt.read(address.partition("?")[0].rstrip("/").rpartition("/")[2])
    assert receipt is not None
    return receipt


@pytest.mark.usefixtures("slow_worker")
def test_a_page_waits_and_hands_it_over_once(client: Client) -> None:
    sent = write(client, f"{PAGE}?from=FR", kind="letter.docx")
    address = sent.headers["Location"]
    assert sent.status_code == 302
    assert address == f"{EDITOR}{receipt_in(address)}/?from=FR"
    for ask in (client.get, client.head, client.post):
        waiting = ask(address)
        assert (waiting.status_code, waiting.headers["Refresh"]) == (202, "3")
        assert "no-store" in waiting.headers["Cache-Control"]
        assert "Set-Cookie" not in waiting.headers
    assert "Your letter is being made" in page(waiting)

    handovers.make(receipt_in(address))
    for ask in (client.get, client.head, client.get):
        ready = ask(address)
        assert (ready.status_code, "Refresh" in ready.headers, Handover.objects.count()) == (200, False, 1)
    assert "Your letter is ready" in page(ready)
    assert '<form method="post">' in page(ready)
    assert f'href="{EDITOR}?from=FR"' in page(ready)
    taken = client.post(address)
    assert squeezed(WORDS) in read(taken)
    assert taken.headers["Content-Disposition"] == 'attachment; filename="UA-63-20-director-en.docx"'
    assert "no-store" in taken.headers["Cache-Control"]

    for ask in (client.get, client.post):
        gone = ask(address)
        assert gone.status_code == 410
        assert "This letter is not here any more" in page(gone)
        assert "It was handed over, or nobody fetched it within five minutes." in page(gone)


@pytest.mark.usefixtures("slow_worker")
def test_the_page_that_waits_tells_the_worker_again(client: Client) -> None:
    address = write(client).headers["Location"]
    app.conf.task_always_eager = True

    assert client.get(address).status_code == 202
    assert squeezed(WORDS) in read(client.post(address))


@pytest.mark.usefixtures("slow_worker")
def test_nothing_but_the_receipt_opens_it(client: Client) -> None:
    mine, other = (receipt_in(write(client).headers["Location"]) for _number in range(2))
    handovers.make(mine)
    forged = [str(Receipt(mine.pk, other.key)), str(Receipt(other.pk, mine.key)), str(mine)[:-1], str(mine.pk), "x"]

    answers = [ask(f"{EDITOR}{receipt}/") for receipt in forged for ask in (client.get, client.post)]

    assert [answer.status_code for answer in answers] == [410] * 10
    assert {"This letter is not here any more" in page(answer) for answer in answers} == {True}
    assert Handover.objects.count() == 2
    assert squeezed(WORDS) in read(client.post(f"{EDITOR}{mine}/"))


@pytest.mark.usefixtures("slow_worker")
def test_of_four_fetches_at_once_one_gets_it(client: Client) -> None:
    address = write(client).headers["Location"]
    handovers.make(receipt_in(address))

    assert sorted(at_once(lambda: Client().post(address).status_code), key=str) == [200, 410, 410, 410]


@pytest.mark.usefixtures("slow_worker")
def test_the_page_that_waits_says_when_it_cannot_be_made(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    break_press(monkeypatch, CannotRender("It took too long."))
    address = write(client, kind="letter.pdf").headers["Location"]
    handovers.make(receipt_in(address))

    for ask in (client.get, client.post):
        answer = ask(address)
        assert answer.status_code == 503
        assert "The file could not be made" in page(answer)
        assert "<p>It took too long.</p>" in page(answer)
        assert "<button" not in page(answer)


# --- What stands in the way -------------------------------------------------------------------------------------------


def break_press(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[bool]:
    """Returns whether the press had to be confined, for each letter that went there."""
    asked: list[bool] = []

    def render(sheets: Sequence[Sheet], is_confined: bool = False) -> Printed:
        asked.append(is_confined)
        raise error

    monkeypatch.setattr(press, "render", render)
    return asked


@pytest.mark.usefixtures("slow_worker")
def test_when_too_many_wait_the_text_stays_in_the_form(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handovers, "MOST_WAITING", 2)
    waiting = [receipt_in(write(client).headers["Location"]) for _number in range(2)]
    response = write(client)

    assert (response.status_code, kept(response), Handover.objects.count()) == (503, WORDS, 2)
    assert "Many letters are being made just now. Yours is still in the form" in page(response)
    assert "no-store" in response.headers["Cache-Control"]
    handovers.make(waiting[0])  # what is ready makes nobody wait
    assert write(client).status_code == 302


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NoPress(press.UNCONFINED), "The letter could not be made just now."),
        (CannotRender("It took too long."), "It took too long."),
        (ValueError(WORDS), "The letter could not be made just now."),
    ],
)
def test_where_no_press_can_be_confined_the_text_stays_in_the_form(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    settings.EMBEDDED = False
    settings.ADMINS = [("Admin", "admin@example.org")]
    asked = break_press(monkeypatch, error)

    response = write(client, kind="letter.pdf", sign="town", **SIGNED)

    assert (response.status_code, kept(response), asked) == (503, WORDS, [True])
    assert "The file could not be made. Your text is still in the form." in page(response)
    assert f"<p>{reason}</p>" in page(response)
    assert f'value="{NAME}"' in page(response)
    assert "landlock" not in page(response).lower()
    assert Handover.objects.count() == 0
    (report,) = mail.outbox  # what Django tells the keepers of the site
    assert [text for text in ("quokkafeather", NAME, TOWN) if text in str(report.message())] == []
    assert read(write(client))  # no press is needed for plain text


@pytest.mark.usefixtures("slow_worker")
def test_a_stop_that_comes_before_the_worker_is_heeded(
    client: Client, notice: UrgentAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop_meanwhile(receipt: Receipt) -> bool:
        stop(notice)
        handovers.make(receipt)
        return True

    monkeypatch.setattr(handovers, "wait_for", stop_meanwhile)
    response = write(client)

    assert (response.status_code, kept(response), Handover.objects.count()) == (503, WORDS, 0)
    assert "No more letters are wanted in this case." in page(response)


@pytest.mark.usefixtures("slow_worker")
@pytest.mark.parametrize("end", [stop, close])
@pytest.mark.parametrize("is_made", [True, False])
def test_when_nobody_should_write_form_and_letter_are_gone(
    client: Client, notice: UrgentAction, end: Any, is_made: bool
) -> None:
    address = write(client).headers["Location"]
    if is_made:
        handovers.make(receipt_in(address))
    assert client.get(EDITOR).status_code == 200
    end(notice)

    answers = [write(client), client.get(EDITOR), client.get(address), client.post(address)]

    assert [answer.status_code for answer in answers] == [410] * 4
    assert {"Please do not write any more" in page(answer) for answer in answers} == {True}
    assert {"quokkafeather" in page(answer) for answer in answers} == {False}
    assert handovers.forget_leftover(timezone.now() + handovers.LIVES) == 1


def test_after_the_deadline_who_has_not_asked_gets_no_letter(client: Client) -> None:
    """An editor that was open when the day ended keeps the text, and goes on once its writer has asked."""
    warning = "The date has passed. Check with your national office before you write."
    assert warning not in page(client.get(EDITOR))

    UrgentAction.objects.update(act_by=today() - datetime.timedelta(days=1))

    first = client.get(EDITOR)
    assert ("I have asked: go on" in page(first), "<textarea" in page(first)) == (True, False)
    late = write(client)
    assert (late.status_code, warning in page(late), kept(late)) == (200, True, WORDS)
    assert Handover.objects.count() == 0
    assert f'action="{PAGE}?asked=1"' in page(late)
    assert warning in page(client.get(f"{EDITOR}?asked=1"))
    assert squeezed(WORDS) in read(write(client, f"{PAGE}?asked=1"))


def test_no_cookie_is_set_and_none_is_needed(client: Client) -> None:
    editor = client.get(EDITOR)

    assert (editor.status_code, "Set-Cookie" in editor.headers) == (200, False)
    assert squeezed(WORDS) in read(write(Client(enforce_csrf_checks=True)))


@pytest.mark.usefixtures("slow_worker")
@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://x.test"}]
)
def test_a_form_of_another_site_is_refused(client: Client, headers: dict[str, str]) -> None:
    address = write(client).headers["Location"]
    handovers.make(receipt_in(address))

    answers = [client.post(PAGE, {"words": WORDS}, headers=headers), client.post(address, headers=headers)]

    assert [(answer.status_code, answer.content) for answer in answers] == [
        (403, b"This form was sent from another site.")
    ] * 2
    assert Handover.objects.count() == 1
    assert client.post(address, headers={"sec-fetch-site": "same-origin"}).status_code == 200


# --- What is written --------------------------------------------------------------------------------------------------

LONG_LINE = "word " * 2400
WRONG: list[tuple[dict[str, str], str]] = [
    ({"words": ""}, "Write what the letter should say."),
    ({"words": " \n\u202e\n"}, "Write what the letter should say."),
    ({"words": "word " * 40_000}, "The letter has 200,000 characters in 1 lines. At most 12,000 in 300"),
    ({"words": "🙂 " * 20_000}, "The letter has 40,000 characters"),  # nobody looks at each sign of it
    ({"words": f"{LONG_LINE}x"}, "The letter has 12,001 characters"),
    ({"words": "\n".join(["line"] * 301)}, "in 301 lines"),
    ({"words": f"a {'x' * 401} b"}, "There is a word of 401 letters. Put spaces into it."),
    ({"words": "null \x00 byte"}, "Null characters are not allowed."),
    ({"words": "Free him 🙂 now"}, "These signs cannot be printed. Please take them out: 🙂 (SLIGHTLY SMILING FACE)"),
    ({"opening": "🙂"}, "🙂 (SLIGHTLY SMILING FACE)"),
    ({"opening": "x" * 201}, "at most 200 characters (it has 201)"),
    ({"sign": "town", "town": TOWN}, "Write the name to sign with, or choose to sign by hand."),
    ({"sign": "initials", "name": "\u202e", "town": TOWN}, "Write the name to sign with"),
    ({"sign": "initials", "name": NAME}, "Write your town, or choose another way to sign."),
    ({"sign": "full", "name": NAME, "address": " \n "}, "Write your address, or choose another way to sign."),
    ({"sign": "town", "name": "x" * 500, "town": TOWN}, "at most 120 characters (it has 500)"),
    ({"sign": "full", "name": NAME, "address": "line\n" * 40}, "Write the address in at most 8 lines"),
    ({"sign": "full", "name": NAME, "address": "x" * 121}, "lines of at most 120 characters."),
    ({"sign": "seal"}, "seal is not one of the available choices."),
    ({"kind": "letter.exe"}, "letter.exe is not one of the available choices."),
    ({"words": "<script>alert(1)</script></textarea><b>", "kind": "<b>"}, "<b> is not one of the available choices."),
]


@pytest.mark.parametrize(("fields", "reason"), WRONG, ids=[reason[:30] for _fields, reason in WRONG])
def test_what_cannot_be_printed_is_told_with_the_reason_and_stays_in_the_form(
    client: Client, fields: dict[str, str], reason: str
) -> None:
    response = write(client, **fields)

    assert (response.status_code, Handover.objects.count()) == (200, 0)
    assert reason in page(response)
    assert kept(response) == fields.get("words", WORDS)
    assert 'class="problems"' in page(response)
    assert b"<script>" not in response.content
    assert response.content.count(b"</textarea>") == 2
    assert "no-store" in response.headers["Cache-Control"]


MARKUP = (
    '<img src=file:///etc/passwd> <link href="file:///etc/passwd" rel=attachment> @import "http://127.0.0.1/x"; '
    '<svg onload=alert(1)><image href="file:///etc/passwd"/></svg> & &amp; {{ x }} {% y %} </p></w:t>'
)
PRINTED = [
    (MARKUP, MARKUP),
    ("e" + "\u0301" * 4, "e" + "\u0301" * 4),
    ("e" + "\u0301" * 40, "e" + "\u0301" * 4),
    ("a\u202eb\u2066c\u200fd\ufeff", "abc\u200fd"),
    (f"{LONG_LINE.strip()}", f"{LONG_LINE.strip()}"),
    ("\n".join(["line"] * 300), "\n".join(["line"] * 300)),
    (f"a {'x' * 400} b", f"a {'x' * 400} b"),
]


@pytest.mark.parametrize(("words", "printed"), PRINTED, ids=[words[:20] for words, _printed in PRINTED])
def test_what_can_be_printed_is_printed_as_text(client: Client, words: str, printed: str) -> None:
    assert f"\n\n{printed}\n\nYours sincerely," in write(client, words=words).content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_markup_is_printed_and_opens_nothing(client: Client, kind: str) -> None:
    response = write(client, words=MARKUP, kind=kind)

    assert squeezed(MARKUP) in read(response)
    assert b"root:" not in response.content


def test_a_word_of_chinese_may_be_as_long_as_the_letter(client: Client) -> None:
    address = PAGE.replace("/en/", "/zh/")

    assert read(write(client, address, words="请" * 5000, kind="letter.pdf")).count("请") == 5000


@pytest.mark.parametrize("bad", [b"\xed\xa0\x80", b"%ED%A0%80", b"\xff\xfe", b"%FF", b"%"])
@pytest.mark.parametrize("kind", KINDS)
def test_bytes_that_are_no_text_break_nothing(client: Client, bad: bytes, kind: str) -> None:
    body = b"words=before " + bad + b" after&kind=" + kind.encode()

    text = read(client.post(PAGE, body, content_type="application/x-www-form-urlencoded"))

    assert "before" in text
    assert "after" in text
    assert not any("\ud800" <= sign <= "\udfff" for sign in text)
