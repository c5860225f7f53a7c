"""What is made of a letter: a file of its own for whatever differs in it, and none for who should not write."""

import datetime
import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import zxingcpp
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from appeals import pieces, press, printing
from appeals.models import LetterFile
from appeals.pdf import Printed, Sheet
from appeals.pieces import Kind, NotOffered, Paper, Piece
from cases import publishing
from cases.models import ContactChannel, Official, UrgentAction
from cases.models.case import Outcome
from tests.factories import add_language, make_case, make_notice, make_official, today

PAGE = "/cases/ua-63-20/letters/cui/en/"
FILES = [*Kind.values, "letter.txt"]

pytestmark = pytest.mark.django_db


def make_63(days: int = 30) -> UrgentAction:
    """To the ambassador in Washington, who has a fax, in English and Chinese."""
    notice = make_notice(make_case(number=63), officials=0, act_by=today() + datetime.timedelta(days=days))
    official = make_official(
        role="Ambassador", name="Cui Tiankai", slug="cui", country="US", address="3505 Place NW\nWashington DC 20008"
    )
    ContactChannel.objects.create(official=official, kind="fax", value="+1 202 495 2138")
    notice.targets.create(official=official)
    add_language(notice, "zh", "尊敬的崔天凯大使：", "请释放{names}。")
    publishing.publish(notice, by=None, now=timezone.now() - datetime.timedelta(days=9))
    return notice


def piece(notice: UrgentAction, language: str = "en", **parts: Any) -> Piece:
    fresh = UrgentAction.objects.prefetched_for_letters().get(pk=notice.pk)
    return Piece(fresh, fresh.targets.all()[0], language, **parts)


def pages_of(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def millimetres(content: bytes) -> list[tuple[int, int]]:
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(content)).pages]
    return [(round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)) for box in boxes]


# --- The same content, the same file ----------------------------------------------------------------------------------

OTHER_PARTS: list[dict[str, Any]] = [
    {"paper": Paper.LETTER},
    {"language": "zh"},
    {"language": "zh", "readers_language": "en"},
    {"readers_language": "zh"},
    {"readers_language": "fr"},  # no translation, but the page is there
    {"readers_language": "ar"},
    {"is_domestic": True},
    *({"kind": kind} for kind in Kind if kind != Kind.PDF),
]


def test_whatever_is_asked_for_otherwise_is_another_file() -> None:
    notice = make_63()

    hashes = [piece(notice, **parts).content_hash for parts in ({}, *OTHER_PARTS)]

    assert len(set(hashes)) == len(OTHER_PARTS) + 1
    assert hashes == [piece(notice, **parts).content_hash for parts in ({}, *OTHER_PARTS)]


def test_what_a_kind_has_not_on_it_makes_no_other_file_of_it() -> None:
    """Envelopes and labels have their own paper, and only the letter itself comes with a page for its reader."""
    notice = make_63()
    plain = {kind: piece(notice, kind=kind).content_hash for kind in Kind}

    def differing(**parts: Any) -> list[LetterFile.Kind]:
        return [kind for kind in Kind if piece(notice, kind=kind, **parts).content_hash != plain[kind]]

    assert differing(paper=Paper.LETTER) == [Kind.PDF, Kind.DOCX, Kind.FAX, Kind.BY_HAND]
    assert differing(readers_language="zh") == [Kind.PDF, Kind.DOCX]
    assert differing(is_domestic=True) == list(Kind)


def change_words(notice: UrgentAction) -> None:
    notice.letters.filter(language="en").update(body="New words.")


def change_subject(notice: UrgentAction) -> None:
    notice.letters.filter(language="en").update(subject="New")


def change_closing(notice: UrgentAction) -> None:
    notice.letters.filter(language="en").update(closing="Yours,")


def change_greeting(notice: UrgentAction) -> None:
    Official.objects.get(slug="cui").salutations.filter(language="en").update(text="Your Excellency,")
    publishing.take_addresses_again(notice)


def change_address(notice: UrgentAction) -> None:
    Official.objects.filter(slug="cui").update(address="Elsewhere 1")
    publishing.take_addresses_again(notice)


def change_a_name(notice: UrgentAction) -> None:
    notice.case.people.update(name="Nagyz Muhamed")


@pytest.mark.parametrize(
    "change", [change_words, change_subject, change_closing, change_greeting, change_address, change_a_name]
)
def test_whatever_is_printed_otherwise_is_another_file(change: Callable[[UrgentAction], None]) -> None:
    notice = make_63()
    before = [piece(notice, **parts).content_hash for parts in ({}, *OTHER_PARTS)]

    change(notice)

    after = [piece(notice, **parts).content_hash for parts in ({}, *OTHER_PARTS)]
    is_chinese = [parts == {"language": "zh"} for parts in ({}, *OTHER_PARTS)]
    touches_all = change in (change_address, change_a_name)
    assert [old == new for old, new in zip(before, after, strict=True)] == [
        only_chinese and not touches_all for only_chinese in is_chinese
    ]


def test_a_new_fax_number_is_another_fax_and_nothing_else() -> None:
    notice = make_63()
    before = {kind: piece(notice, kind=kind).content_hash for kind in Kind}
    Official.objects.get(slug="cui").channels.filter(kind="fax").update(value="+1 202 495 2139")
    publishing.take_addresses_again(notice)

    changed = [kind for kind in Kind if piece(notice, kind=kind).content_hash != before[kind]]

    assert changed == [Kind.FAX]


def test_what_nobody_prints_changes_no_file() -> None:
    notice = make_63()
    before = [piece(notice, **parts).content_hash for parts in ({}, *OTHER_PARTS)]

    notice.letters.update(short_email="Short.", post_text="Post.", call_script="Hello.")
    notice.case.notes = "for staff"
    notice.case.save()
    UrgentAction.objects.update(headline="Another headline")
    ContactChannel.objects.filter(kind="email").delete()

    assert [piece(notice, **parts).content_hash for parts in ({}, *OTHER_PARTS)] == before


def test_where_the_site_moves_the_readers_page_says_so(settings: LazySettings) -> None:
    notice = make_63()
    plain, with_page = piece(notice).content_hash, piece(notice, readers_language="zh").content_hash

    settings.SITE_URL = "https://urgent.example.org"

    moved = piece(notice, readers_language="zh")
    assert moved.report_url == "https://urgent.example.org/cases/ua-63-20/report/"
    assert (piece(notice).content_hash == plain, moved.content_hash == with_page) == (True, False)


# --- Fax --------------------------------------------------------------------------------------------------------------


def test_without_a_fax_number_there_is_no_fax(client: Client) -> None:
    notice = make_63()
    assert f'href="{PAGE}fax.pdf"' in client.get(PAGE).content.decode()
    assert printing.ask(piece(notice, kind=Kind.FAX)).kind == Kind.FAX

    ContactChannel.objects.filter(kind="fax").update(works=False)

    assert "fax.pdf" not in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}fax.pdf").status_code == 404
    without = piece(notice, kind=Kind.FAX)
    for use in (lambda: without.fax, lambda: without.content_hash, lambda: printing.ask(without)):
        with pytest.raises(NotOffered):
            use()


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (210, 297)), (Paper.LETTER, (216, 279))])
@pytest.mark.parametrize("is_domestic", [False, True])
def test_a_fax_cover_has_the_whole_address_on_the_paper_of_the_letter(
    paper: LetterFile.Paper, size: tuple[int, int], is_domestic: bool
) -> None:
    made = pieces.make(piece(make_63(), kind=Kind.FAX, paper=paper, is_domestic=is_domestic))

    cover, letter = pages_of(made.content)
    assert (millimetres(made.content), made.pages) == ([size, size], 1)
    for words in ("Ambassador Cui Tiankai", "3505 Place NW", "Washington DC 20008", "+1 202 495 2138"):
        assert words in cover
    assert ("UNITED STATES" in cover, "UNITED STATES" in letter) == (False, not is_domestic)


# --- For the reader ---------------------------------------------------------------------------------------------------


def test_the_second_page_is_for_the_reader_with_translation_and_code() -> None:
    notice = make_63()
    made = pieces.make(piece(notice, "zh", readers_language="en"))

    letter, readers = pages_of(made.content)
    assert (made.pages, "请释放" in letter, "do not send" in letter) == (1, True, False)
    for words in ("For you, do not send", "What the letter says", "Dear Director Wang,", "Please release him."):
        assert words in readers
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    picture = subprocess.run(
        ["pdftoppm", "-r", "150", "-gray", "-f", "2", "-l", "2", "-"],
        input=made.content,
        capture_output=True,
        check=True,
    ).stdout
    codes = [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]
    assert codes == ["http://testserver/cases/ua-63-20/report/"]


def test_without_a_readers_language_there_is_no_second_page() -> None:
    assert len(pages_of(pieces.make(piece(make_63(), "zh")).content)) == 1


@pytest.mark.parametrize(
    ("language", "readers_language", "has_translation"), [("zh", "en", True), ("zh", "fr", False), ("en", "en", False)]
)
def test_only_a_letter_that_there_is_is_its_translation(
    language: str, readers_language: str, has_translation: bool
) -> None:
    found = piece(make_63(), language, readers_language=readers_language)

    assert (found.translation is not None) is has_translation
    assert ("What the letter says" in pieces.readers_sheet(found).html) is has_translation


@pytest.mark.parametrize(("tag", "root"), [("en", "en ltr"), ("ar", "ar rtl"), ("zh", "en ltr"), ("fa", "en ltr")])
def test_what_we_say_is_marked_with_the_language_that_it_is_in(tag: str, root: str) -> None:
    language, direction = root.split()

    html = pieces.readers_sheet(piece(make_63(), readers_language=tag)).html

    assert f'<html lang="{language}" dir="{direction}">' in html
    assert ("For you, do not send" in html) is (language == "en")


# --- Names, and who gets it -------------------------------------------------------------------------------------------


def test_files_are_named_after_case_official_language_and_kind() -> None:
    notice = make_63()

    assert [piece(notice, "zh", kind=kind).filename for kind in Kind] == [
        "UA-63-20-cui-zh.pdf",
        "UA-63-20-cui-zh.docx",
        "UA-63-20-cui-zh-fax.pdf",
        "UA-63-20-cui-zh-by-hand.pdf",
        "UA-63-20-cui-zh-envelope-dl.pdf",
        "UA-63-20-cui-zh-envelope-c5.pdf",
        "UA-63-20-cui-zh-envelope-10.pdf",
        "UA-63-20-cui-zh-labels-l7160.pdf",
        "UA-63-20-cui-zh-labels-5160.pdf",
    ]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    def render(sheets: Sequence[Sheet]) -> Printed:
        return Printed(b"%PDF-1.7 Cui Tiankai", (1,) * len(sheets))

    monkeypatch.setattr(press, "render", render)


def make_ready(notice: UrgentAction, name: str, **parts: Any) -> None:
    if name != "letter.txt":
        printing.make(printing.ask(piece(notice, kind=Kind(name), **parts)).pk)


def test_the_size_that_a_page_says_is_that_of_the_file_behind_its_link(client: Client, quick: None) -> None:
    notice = make_63()
    chinese = PAGE.replace("/en/", "/zh/")
    make_ready(notice, "letter.pdf", language="zh")
    page = " ".join(client.get(chinese).content.decode().split())
    assert (f'href="{chinese}letter.pdf?with=en">Download the letter (PDF)</a>' in page) is True

    make_ready(notice, "letter.pdf", language="zh", readers_language="en")

    assert "Download the letter (PDF, <bdi>20\xa0bytes</bdi>)" in client.get(chinese).content.decode()


@pytest.mark.parametrize("name", FILES)
def test_after_the_deadline_a_file_is_for_who_says_that_they_have_asked(client: Client, quick: None, name: str) -> None:
    make_ready(make_63(days=-1), name)

    unasked, asked = client.get(f"{PAGE}{name}"), client.get(f"{PAGE}{name}?asked=1")

    assert (unasked.status_code, "<h1>Ask first</h1>" in unasked.content.decode()) == (200, True)
    assert (unasked.has_header("Content-Disposition"), asked.has_header("Content-Disposition")) == (False, True)
    assert (asked.status_code, asked.headers["Content-Type"].startswith("text/html")) == (200, False)


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("end", "status"), [(stop, 410), (close, 410), (publishing.withdraw, 410)])
def test_no_file_is_left_where_nobody_should_write(
    client: Client,
    quick: None,
    django_capture_on_commit_callbacks: Callable,
    name: str,
    end: Callable[[UrgentAction], object],
    status: int,
) -> None:
    """Nor is anybody told whom it was about; before the signal came and after it."""
    notice = make_63()
    make_ready(notice, name)
    assert client.get(f"{PAGE}{name}").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        end(notice)
        answers = [client.get(f"{PAGE}{name}?asked=1")]
    answers.append(client.get(f"{PAGE}{name}?asked=1"))

    assert [answer.status_code for answer in answers] == [status, status]
    assert [b"Cui Tiankai" in answer.content for answer in answers] == [False, False]
    assert LetterFile.objects.count() == 0


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.PDF, Kind.DOCX)])
def test_a_file_for_the_official_alone_is_one_whatever_its_reader_reads(kind: LetterFile.Kind) -> None:
    """Else anybody could have the same file made and kept once for each language."""
    notice = make_63()
    readers = [Piece(notice, notice.targets.get(), "en", kind, readers_language=tag) for tag in ("", "en", "zh")]

    assert len({piece.content_hash for piece in readers}) == 1


@pytest.mark.parametrize("kind", [Kind.ENVELOPE_DL, Kind.LABELS_5160])
def test_what_has_a_size_of_its_own_is_one_whatever_the_paper(kind: LetterFile.Kind) -> None:
    notice = make_63()
    papers = [Piece(notice, notice.targets.get(), "en", kind, paper) for paper in LetterFile.Paper]

    assert len({piece.content_hash for piece in papers}) == 1
