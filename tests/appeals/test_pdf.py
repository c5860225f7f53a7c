"""Real letters, rendered and read back: whole, accessible, the same each time, and fetching nothing from anywhere."""

import dataclasses
import difflib
import hashlib
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from appeals import pdf, pieces, press
from appeals.demo import arabic_letter, spanish_letter, ua_63_20_words
from appeals.letters import CLOSINGS, Letter
from appeals.models import LetterFile
from appeals.pdf import CannotRender, Printed, Sheet
from appeals.pieces import Kind, NotOffered, Paper, Piece
from cases import plain_text, publishing
from cases.checks import LONGEST_LETTER, MOST_LINES
from cases.models import ContactChannel, UrgentAction
from tests.factories import add_language, make_notice, make_published

LIMIT = 20.0  # seconds

FRENCH = """
Je vous écris au sujet de Nagyz Muhammed, poète et écrivain kazakh d’Altay, condamné à la prison à perpétuité.

« Ce n’est pas un crime », disent ses proches : il n’a fait qu’exercer sa liberté d’expression. Œuvrez à sa libération.
"""
RUSSIAN = """
Пишу Вам о Нагызе Мухаммеде, казахском поэте и писателе из Алтая, приговорённом к пожизненному заключению.

Прошу Вас сделать всё возможное, чтобы он был освобождён; «признание» получено под пытками, объём дела неизвестен.
"""
KAZAKH = """
Мен сізге алтайлық қазақ ақыны әрі жазушысы Нағыз Мұхаммед туралы жазып отырмын. Ол өмір бойына бас бостандығынан
айырылды.

Оны босатуға күш салуыңызды өтінемін: ұлттық мәдениет, ғылым, һәм өнер – қылмыс емес. Іңір, үміт, өмір.
"""
BODIES = {
    "en": ua_63_20_words.SECOND_LETTER,
    "es": spanish_letter.LETTER_ES,
    "fr": FRENCH,
    "ru": RUSSIAN,
    "kk": KAZAKH,
    "zh": ua_63_20_words.SECOND_LETTER_ZH,
    "ar": arabic_letter.LETTER_AR,
}
GREETINGS = {
    "en": "Dear Director Wang,",
    "es": "Señor Director:",
    "fr": "Monsieur le Directeur,",
    "ru": "Уважаемый господин Директор!",
    "kk": "Құрметті директор мырза!",
    "zh": "尊敬的王江局长：",
    "ar": "معالي الوزير، تحية طيبة وبعد،",
}


def make(language: str = "en", body: str | None = None, **parts: Any) -> Letter:
    letter = Letter(
        language=language,
        sender=(),
        date="",
        addressee=("Director Wang Jiang", "Prison Administration Bureau", "No 380, Huanghe lu", "CHINA"),
        subject="Nagyz Muhammed",
        salutation=GREETINGS[language],
        paragraphs=tuple(plain_text.paragraphs(BODIES[language] if body is None else body)),
        closing=tuple(CLOSINGS[language].split("\n")),
        title="Nagyz Muhammed – Director Wang Jiang",
        filename="UA-63-20-director-wang-en",
    )
    return dataclasses.replace(letter, **parts)


def render(letter: Letter, paper: LetterFile.Paper = Paper.A4) -> bytes:
    return pdf.render([pieces.letter_sheet(letter, paper)]).content


@cache
def rendered(language: str) -> bytes:
    return render(make(language))


def open_pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


def pdftotext(content: bytes, *options: str) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True, timeout=60).stdout.decode()


def read(content: bytes) -> list[str]:
    """The text of each page, as poppler extracts it: what a reader copies or hears."""
    return pdftotext(content).removesuffix("\f").split("\f")


class Placed(NamedTuple):
    """A word, and its edges in millimetres from the top left of the page."""

    word: str
    left: float
    top: float
    bottom: float


def placed(content: bytes) -> list[Placed]:
    """The words of the first page."""
    tree = ElementTree.fromstring(pdftotext(content, "-bbox"))
    page = next(tree.iter("{http://www.w3.org/1999/xhtml}page"))
    return [
        Placed(word.text or "", *(float(word.attrib[edge]) * 25.4 / 72 for edge in ("xMin", "yMin", "yMax")))
        for word in page.iter("{http://www.w3.org/1999/xhtml}word")
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- The text is all there --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es", "fr", "ru", "kk", "zh"])
def test_the_text_comes_out_as_it_went_in(language: str) -> None:
    source, copy = squeezed(make(language).as_text()), squeezed("".join(read(rendered(language))))

    assert difflib.SequenceMatcher(None, source, copy, autojunk=False).ratio() >= 0.97


def words(text: str) -> list[str]:
    """Without vowel marks, invisible direction marks and ligatures of shape."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Mn", "Cf"))
    return re.findall(r"\w+", plain)


def test_arabic_words_come_out_as_they_went_in() -> None:
    """Poppler opens gaps beside vowel marks, so with it the letters are compared, and the words with pypdf."""
    source = words(make("ar").as_text())
    letters = words("".join(read(rendered("ar"))))
    copy = words(open_pdf(rendered("ar")).pages[0].extract_text())

    assert difflib.SequenceMatcher(None, "".join(source), "".join(letters), autojunk=False).ratio() >= 0.99
    assert len([word for word in source if word in copy]) >= 0.97 * len(source) > 90


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("language", sorted(BODIES))
def test_a_sample_letter_is_one_page_with_its_closing(language: str, paper: LetterFile.Paper) -> None:
    printed = pdf.render([pieces.letter_sheet(make(language), paper)])
    pages = read(printed.content)

    assert printed.pages == (1,)
    assert len(open_pdf(printed.content).pages) == len(pages) == 1
    if language != "ar":
        assert squeezed(pages[0]).endswith(squeezed("".join(make(language).closing)))


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_it_is_on_the_paper_that_was_asked_for(paper: LetterFile.Paper, size: tuple[int, int]) -> None:
    box = open_pdf(render(make(), paper)).pages[0].mediabox

    assert (round(float(box.width)), round(float(box.height))) == size


def test_sender_and_date_are_printed() -> None:
    letter = make(sender=("Ada Reader", "1 Road"), date="1 ноября 2020\u202fг.")
    text = squeezed(read(render(letter))[0])

    assert text.startswith("AdaReader1Road")
    assert "1ноября2020г." in text


def test_a_letter_too_long_for_a_page_has_numbered_pages_and_its_closing_is_not_alone() -> None:
    paragraphs = [f"Paragraph {number} asks for the release of Nagyz Muhammed. " * 4 for number in range(1, 15)]
    printed = pdf.render([pieces.letter_sheet(make(body="\n\n".join(paragraphs)), Paper.A4)])
    first, second = read(printed.content)

    assert printed.pages == (2,)
    assert first.split()[-1] == "1/2"
    assert second.split()[-1] == "2/2"
    assert "Paragraph 14 asks" in " ".join(second.split())
    assert "Yours sincerely," in second
    assert "1/1" not in squeezed("".join(read(rendered("en"))))


def test_a_closing_never_stands_alone() -> None:
    """Tried with every length around the one at which a letter does not fit one page any more."""
    lengths = set()
    for count in range(15, 24):
        pages = read(render(make(body="\n\n".join(f"Line {number} of it." for number in range(1, count + 1)))))
        lengths.add(len(pages))

        assert f"Line {count} of it." in pages[-1]
        assert "Yours sincerely," in pages[-1]

    assert lengths == {1, 2}


# --- In an envelope ---------------------------------------------------------------------------------------------------

PAPERS = pytest.mark.parametrize(("paper", "window"), [(Paper.A4, 45), (Paper.LETTER, 52)])


SENDERS = [("Ada Reader", "1 Road"), ("Ada Reader", *(f"Line {number} of a long address" for number in range(1, 9)))]


def seen_through(window: float, content: bytes) -> list[Placed]:
    """What lies within the 33 millimetres from `window` on, and within 110 millimetres from the left edge."""
    return [word for word in placed(content) if word.bottom > window and word.top < window + 33 and word.left < 110]


@PAPERS
@pytest.mark.parametrize("sender", SENDERS, ids=["short", "long"])
@pytest.mark.parametrize("language", sorted(BODIES))
def test_the_address_alone_shows_in_the_window(
    language: str, sender: tuple[str, ...], paper: LetterFile.Paper, window: float
) -> None:
    letter = make(language, sender=sender, date="November 1, 2020")

    seen = seen_through(window, render(letter, paper))

    assert [word.word for word in seen] == " ".join(letter.addressee).split()
    assert abs(min(word.top for word in seen) - window) < 0.5


@PAPERS
@pytest.mark.parametrize("fit", range(5))
def test_the_address_stays_in_its_place_at_every_size(fit: int, paper: LetterFile.Paper, window: float) -> None:
    letter = make()
    sheet = pieces.letter_sheet(letter, paper)
    assert len(sheet.setups) == 5

    seen = seen_through(window, pdf.render([dataclasses.replace(sheet, setups=(sheet.setups[fit],))]).content)

    assert [word.word for word in seen] == " ".join(letter.addressee).split()
    assert abs(min(word.top for word in seen) - window) < 0.5
    assert round(min(word.left for word in seen)) == (25, 25, 25, 20, 20)[fit]


# --- For everybody to read --------------------------------------------------------------------------------------------


def fonts(reader: PdfReader) -> dict[str, bool]:
    """Each font with whether it is embedded."""
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            for part in font.get_object().get("/DescendantFonts", [font]):
                part = part.get_object()
                descriptor = part["/FontDescriptor"].get_object()
                found[str(part["/BaseFont"])] = bool({"/FontFile2", "/FontFile3"} & set(descriptor))
    return found


@pytest.mark.parametrize("language", sorted(BODIES))
def test_only_our_own_fonts_are_used_and_embedded(language: str) -> None:
    used = fonts(open_pdf(rendered(language)))

    assert used
    assert all(used.values())
    assert {name for name in used if not re.match(r"/[A-Z]{6}\+UA-?Letter", name)} == set()


@pytest.mark.parametrize("language", sorted(BODIES))
def test_it_is_tagged_and_says_its_title_and_language(language: str) -> None:
    reader = open_pdf(rendered(language))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert "/StructTreeRoot" in root  # type: ignore[operator]
    assert root["/Lang"] == language  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data() or b"<pdfuaid:part>1<" in root["/Metadata"].get_data()  # type: ignore[index]
    assert reader.metadata is not None
    assert reader.metadata.title == "Nagyz Muhammed – Director Wang Jiang"


# --- The same each time -----------------------------------------------------------------------------------------------


def test_the_same_letter_is_the_same_file() -> None:
    assert render(make()) == rendered("en")


def test_the_press_makes_the_same_file() -> None:
    """In its own process, with another environment, and from the second letter on in a process that is warm."""
    sheets = [pieces.letter_sheet(make(), Paper.A4)]

    assert [press.render(sheets) for _again in range(2)] == [Printed(rendered("en"), (1,))] * 2


def test_it_is_the_same_file_in_another_process() -> None:
    code = (
        "import django, hashlib; django.setup()\n"
        "from tests.appeals.test_pdf import rendered\n"
        "print(hashlib.sha256(rendered('en')).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "tests.settings", "TZ": "Asia/Almaty"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60
    )

    assert done.stdout.strip() == hashlib.sha256(rendered("en")).hexdigest(), done.stderr


def name_of(**fields: Any) -> str:
    """The name of a file of the one notice that there is, as the database has it now."""
    notice = UrgentAction.objects.get()
    return Piece(notice, notice.targets.get(), "en", **fields).content_hash


def make_reachable() -> UrgentAction:
    """A notice with letters in English and Chinese to an official who has a fax."""
    notice = make_notice()
    add_language(notice, "zh", "尊敬的王江局长：", "请释放{names}。")
    ContactChannel.objects.create(official=notice.targets.get().official, kind="fax", value="+1 202 495 2138")
    publishing.publish(notice, by=None)
    return notice


@pytest.mark.django_db
def test_its_name_changes_with_text_and_with_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = make_reachable()
    before = name_of()

    assert name_of() == before
    notice.letters.filter(language="en").update(body="x")
    changed = name_of()
    assert changed != before
    monkeypatch.setattr(pieces, "looks", lambda: "another style")
    assert name_of() not in (before, changed)


@pytest.mark.django_db
def test_whatever_is_asked_for_otherwise_has_another_name() -> None:
    make_reachable()
    asked: list[dict[str, Any]] = [
        *({"kind": kind} for kind in Kind),
        {"paper": Paper.LETTER},
        {"readers_language": "en"},
        {"readers_language": "zh"},
        {"is_domestic": True},
    ]

    assert len({name_of(**fields) for fields in asked}) == len(asked) == len(Kind) + 4


@pytest.mark.django_db
def test_the_name_changes_with_what_only_some_kinds_show() -> None:
    notice = make_reachable()
    letter, fax, translated = name_of(), name_of(kind=Kind.FAX), name_of(readers_language="zh")

    notice.letters.filter(language="zh").update(body="x")
    assert (name_of(), name_of(kind=Kind.FAX)) == (letter, fax)
    assert name_of(readers_language="zh") != translated

    ContactChannel.objects.filter(kind="fax").update(value="+1 202 495 2139")
    publishing.take_addresses_again(notice)
    assert name_of() == letter
    assert name_of(kind=Kind.FAX) != fax


@pytest.mark.django_db
def test_without_a_fax_there_is_no_name_for_one() -> None:
    make_published()

    with pytest.raises(NotOffered):
        name_of(kind=Kind.FAX)


def test_looks_change_with_every_style_template_and_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("STYLES", "TEMPLATES", "FONTS"):
        monkeypatch.setattr(pdf, folder, Path(shutil.copytree(getattr(pdf, folder), tmp_path / folder)))
    used = [pdf.STYLES / name for name in pdf.PRINTED] + [pdf.FONTS / name for name in pdf.FONT_NAMES]
    used += pdf.TEMPLATES.glob("*.html")
    before = pdf.fingerprint.__wrapped__()
    after = set()

    for path in used:
        content = path.read_bytes()
        path.write_bytes(content + b" ")
        after.add(pdf.fingerprint.__wrapped__())
        path.write_bytes(content)

    assert before == pdf.fingerprint()
    assert len(after - {before}) == len(used) > 10
    monkeypatch.setattr(pdf, "fingerprint", lambda: "another style")
    assert pieces.looks.__wrapped__() != pieces.looks()


# --- Text stays text, and nothing is fetched --------------------------------------------------------------------------

LEAKS = (
    '<img src="{url}"><link rel="stylesheet" href="{url}"><style>@import "{url}";</style>'
    "<style>p {{ background: url({url}) }} a::after {{ content: url({url}) }}</style>"
    '<link rel="attachment" href="{url}"><a rel="attachment" href="{url}">a</a><object data="{url}"></object>'
    '<embed src="{url}"><svg><image href="{url}"/></svg><base href="{url}"><iframe src="{url}"></iframe>'
    '<p style="content: url({url}); list-style-image: url({url})">p</p><a href="{url}">link</a>'
)
NEW_FONT = "<style>@font-face {{ font-family: x; src: url({url}) }} p {{ font-family: x }}</style>"


@pytest.fixture
def listening() -> Iterator[tuple[str, socket.socket]]:
    """An address on this machine, and the socket that would hear whoever asks it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x.css", server


def heard(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


def forbidden(reader: PdfReader) -> set[str]:
    """What could do something, fetch something or carry something, anywhere in the file."""
    seen: set[tuple[int, int]] = set()
    found: set[str] = set()

    def walk(thing: Any) -> None:
        if isinstance(thing, IndirectObject):
            if (thing.idnum, thing.generation) in seen:
                return
            seen.add((thing.idnum, thing.generation))
            thing = thing.get_object()
        if isinstance(thing, DictionaryObject):
            found.update(str(key) for key in thing)
            found.update(str(thing[key]) for key in ("/S", "/Type", "/Subtype") if key in thing)
            for value in thing.values():
                walk(value)
        elif isinstance(thing, ArrayObject):
            for value in thing:
                walk(value)

    walk(reader.trailer)
    assert "/StructTreeRoot" in found  # it did walk
    return found & {
        *(
            "/URI",
            "/JavaScript",
            "/JS",
            "/EmbeddedFile",
            "/EmbeddedFiles",
            "/Filespec",
            "/AF",
            "/Launch",
            "/OpenAction",
        ),
        *("/AA", "/RichMedia", "/GoToR", "/SubmitForm", "/AcroForm", "/Link", "/Annots"),
    }


def test_markup_in_a_letter_is_printed_and_not_obeyed(listening: tuple[str, socket.socket]) -> None:
    url, server = listening
    markup = (LEAKS + NEW_FONT).format(url=url)
    everywhere: dict[str, Any] = {
        "subject": markup[:150],
        "salutation": "<b>Dear</b>",
        "closing": ("<script>x</script>",),
    }
    content = render(make(body=markup, title="</title><img src=x>", sender=("<img src=x>",), **everywhere))

    copy = squeezed("".join(read(content)))
    assert squeezed("<b>Dear</b>") in copy
    assert squeezed("<script>x</script>") in copy
    assert squeezed(f'<link rel="attachment" href="{url}">') in copy
    assert forbidden(open_pdf(content)) == set()
    assert not heard(server)


def test_addresses_in_a_letter_do_not_become_links() -> None:
    body = "https://evil.example/ javascript:alert(1) file:///etc/passwd mailto:a@example.org \\\\host\\share www.x.org"

    assert forbidden(open_pdf(render(make(body=body)))) == set()


@pytest.mark.parametrize(
    ("render_sheets", "leaks"),
    [(pdf.render, LEAKS + NEW_FONT), (press.render, LEAKS)],
    ids=["here", "in the press"],
)
def test_even_markup_of_our_own_could_fetch_nothing(
    render_sheets: Callable[[Sequence[Sheet]], Printed],
    leaks: str,
    listening: tuple[str, socket.socket],
    tmp_path: Path,
) -> None:
    """Were the template ever to let markup through, the fetcher would still refuse."""
    url, server = listening
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'zzsecret' }")
    document = f"<html lang='en'><title>x</title><p>p</p>{leaks.format(url=url)}{leaks.format(url=secret.as_uri())}"

    content = render_sheets([Sheet(document, "letter.css", ("@page { size: A4 }",))]).content

    assert not heard(server)
    assert "zzsecret" not in "".join(read(content))
    assert b"zzsecret" not in content
    assert forbidden(open_pdf(content)) & {"/EmbeddedFile", "/EmbeddedFiles", "/Filespec"} == set()


def test_the_press_takes_no_font_that_it_did_not_begin_with(listening: tuple[str, socket.socket]) -> None:
    """It may not even look for one, so such a piece is refused as a whole."""
    url, server = listening
    document = f"<html lang='en'><title>x</title><p>p</p>{NEW_FONT.format(url=url)}"

    with pytest.raises(CannotRender, match=r"^The renderer gave up \(PermissionError\)\.$"):
        press.render([Sheet(document, "letter.css", ("@page { size: A4 }",))])

    assert not heard(server)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file:///proc/self/environ",
        "http://127.0.0.1/",
        "https://example.org/",
        "data:text/css,p{}",
        "ftp://example.org/",
        "//host/share",
        "\\\\host\\share",
        "",
        "css/letter.css",
        f"{pdf.OURS}css/letter.css",
        f"{pdf.OURS}fonts/../../ua_tracker/settings.py",
        f"{pdf.OURS}fonts/%2e%2e/css/letter.css",
        f"{pdf.OURS}fonts/UALetterSerif-Regular.woff2?x",
        "http://ours.invalid/fonts/UALetterSerif-Regular.woff2",
    ],
)
def test_the_fetcher_refuses_whatever_is_not_our_font(url: str) -> None:
    with pytest.raises(ValueError, match="Refused to fetch"):
        pdf._fetcher().fetch(url)


def test_the_fetcher_hands_out_our_fonts() -> None:
    path = pdf.FONTS / "UALetterSerif-Regular.woff2"

    assert pdf._fetcher().fetch(f"{pdf.OURS}fonts/{path.name}").read() == path.read_bytes()


# --- Bombs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("line\n" * 10_000, "lines"),
        ("a\n\n" * 5_000, "lines"),
        ("word " * 10_000, "characters"),
        ("x" * (LONGEST_LETTER + 2001), "characters"),
        ("a" + "\u0301" * 10_000, "a word of more than 400"),
        ("x" * 401, "a word of more than 400"),
    ],
    ids=["lines", "paragraphs", "words", "one word", "marks", "long word"],
)
def test_what_nobody_would_print_is_refused_at_once(body: str, why: str) -> None:
    started = time.monotonic()

    with pytest.raises(CannotRender, match=why):
        pieces.refuse_bombs(make(paragraphs=(body,)))

    assert time.monotonic() - started < 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_begun_of_what_nobody_would_print(kind: LetterFile.Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    make_published().letters.update(body="x" * 401)
    notice = UrgentAction.objects.get()
    monkeypatch.setattr(press, "render", lambda sheets: pytest.fail("It was rendered."))
    monkeypatch.setattr("appeals.word.render", lambda *letter: pytest.fail("It was written."))

    with pytest.raises(CannotRender, match="a word of more than 400"):
        pieces.make(Piece(notice, notice.targets.get(), "en", kind))


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "a\n\n" * (MOST_LINES // 2)),
        ("en", "a\n" * MOST_LINES),
        ("en", ("a" + "\u0301" * 4) * 80 + " "),
        ("en", ("ab " * (LONGEST_LETTER // 3))),
        ("en", ("x" * 400 + " ") * 29),
        ("ar", "كلمة " * (LONGEST_LETTER // 5)),
        ("zh", "释" * LONGEST_LETTER),
        ("zh", "x" * LONGEST_LETTER),
    ],
    ids=["paragraphs", "lines", "marks", "words", "long words", "arabic", "chinese", "no breaks"],
)
def test_what_may_be_published_can_be_printed_in_time(language: str, body: str) -> None:
    """By the press, which ends whatever takes more time or memory than it allows."""
    letter = make(language, body=body)
    pieces.refuse_bombs(letter)
    started = time.monotonic()

    printed = press.render([pieces.letter_sheet(letter, Paper.A4)])

    assert time.monotonic() - started < LIMIT
    assert printed.content.startswith(b"%PDF-")
