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
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from appeals import pdf
from appeals.demo import arabic_letter, spanish_letter, ua_63_20_words
from appeals.letters import CLOSINGS, Letter
from appeals.pdf import CannotRender
from cases import plain_text
from cases.checks import LONGEST_LETTER, MOST_LINES

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


@cache
def rendered(language: str) -> bytes:
    return pdf.render(make(language))


def open_pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


def read(content: bytes) -> list[str]:
    """The text of each page, as poppler extracts it: what a reader copies or hears."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True, timeout=60)
    return done.stdout.decode().removesuffix("\f").split("\f")


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


@pytest.mark.parametrize("language", sorted(BODIES))
def test_a_sample_letter_is_one_page_with_its_closing(language: str) -> None:
    pages = read(rendered(language))

    assert len(open_pdf(rendered(language)).pages) == len(pages) == 1
    if language != "ar":
        assert squeezed(pages[0]).endswith(squeezed("".join(make(language).closing)))


def test_it_is_on_a4() -> None:
    box = open_pdf(rendered("en")).pages[0].mediabox

    assert (round(float(box.width)), round(float(box.height))) == (595, 842)


def test_sender_and_date_are_printed() -> None:
    letter = make(sender=("Ada Reader", "1 Road"), date="1 ноября 2020\u202fг.")
    text = squeezed(read(pdf.render(letter))[0])

    assert text.startswith("AdaReader1Road")
    assert "1ноября2020г." in text


def test_a_letter_too_long_for_a_page_has_numbered_pages_and_its_closing_is_not_alone() -> None:
    paragraphs = [f"Paragraph {number} asks for the release of Nagyz Muhammed. " * 4 for number in range(1, 15)]
    first, second = read(pdf.render(make(body="\n\n".join(paragraphs))))

    assert first.split()[-1] == "1/2"
    assert second.split()[-1] == "2/2"
    assert "Paragraph 14 asks" in " ".join(second.split())
    assert "Yours sincerely," in second
    assert "1/1" not in squeezed("".join(read(rendered("en"))))


@pytest.mark.parametrize("count", range(22, 34, 2))
def test_a_closing_never_stands_alone(count: int) -> None:
    pages = read(pdf.render(make(body="\n\n".join(f"Line {number} of it." for number in range(1, count + 1)))))

    assert f"Line {count} of it." in pages[-1]
    assert "Yours sincerely," in pages[-1]


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
    assert pdf.render(make()) == rendered("en")


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


def test_its_name_changes_with_text_and_with_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pdf.content_hash(make())

    assert pdf.content_hash(make()) == before
    assert pdf.content_hash(make(body="x")) != before
    monkeypatch.setattr(pdf, "fingerprint", lambda: "another style")
    assert pdf.content_hash(make()) != before


# --- Text stays text, and nothing is fetched --------------------------------------------------------------------------

LEAKS = (
    '<img src="{url}"><link rel="stylesheet" href="{url}"><style>@import "{url}";</style>'
    "<style>p {{ background: url({url}) }} a::after {{ content: url({url}) }}</style>"
    '<link rel="attachment" href="{url}"><a rel="attachment" href="{url}">a</a><object data="{url}"></object>'
    '<embed src="{url}"><svg><image href="{url}"/></svg><base href="{url}"><iframe src="{url}"></iframe>'
    '<p style="content: url({url}); list-style-image: url({url})">p</p><a href="{url}">link</a>'
    "<style>@font-face {{ font-family: x; src: url({url}) }} p {{ font-family: x }}</style>"
)


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
    markup = LEAKS.format(url=url)
    everywhere: dict[str, Any] = {
        "subject": markup[:150],
        "salutation": "<b>Dear</b>",
        "closing": ("<script>x</script>",),
    }
    content = pdf.render(make(body=markup, title="</title><img src=x>", sender=("<img src=x>",), **everywhere))

    copy = squeezed("".join(read(content)))
    assert squeezed("<b>Dear</b>") in copy
    assert squeezed("<script>x</script>") in copy
    assert squeezed(f'<link rel="attachment" href="{url}">') in copy
    assert forbidden(open_pdf(content)) == set()
    assert not heard(server)


def test_addresses_in_a_letter_do_not_become_links() -> None:
    body = "https://evil.example/ javascript:alert(1) file:///etc/passwd mailto:a@example.org \\\\host\\share www.x.org"

    assert forbidden(open_pdf(pdf.render(make(body=body)))) == set()


def test_even_markup_of_our_own_could_fetch_nothing(
    listening: tuple[str, socket.socket], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the template ever to let markup through, the fetcher would still refuse."""
    url, server = listening
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'zzsecret' }")
    document = f"<html lang='en'><title>x</title><p>p</p>{LEAKS.format(url=url)}{LEAKS.format(url=secret.as_uri())}"

    content = pdf._fitting(document).write_pdf(pdf_variant="pdf/ua-1")

    assert not heard(server)
    assert "zzsecret" not in "".join(read(content))
    assert b"zzsecret" not in content
    assert forbidden(open_pdf(content)) & {"/EmbeddedFile", "/EmbeddedFiles", "/Filespec"} == set()


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
        pdf.render(make(paragraphs=(body,)))

    assert time.monotonic() - started < 1


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
    started = time.monotonic()

    content = pdf.render(make(language, body=body))

    assert time.monotonic() - started < LIMIT
    assert content.startswith(b"%PDF-")
