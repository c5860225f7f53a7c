"""Sheets of HTML as PDF. The only module that knows WeasyPrint, and one that needs neither Django nor the database.

Nothing but our own fonts is ever fetched, and what comes in is plain text in a fixed page: it cannot bring markup,
styles or links with it. WeasyPrint itself is imported when the first sheet is made, so that everything but PDFs works
on a machine without its system libraries.
"""

import atexit
import ctypes
import hashlib
import logging
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

LINUX = sys.platform == "linux"
BASE = Path(__file__).resolve().parent.parent
FONTS = BASE / "static" / "fonts"
STYLES = BASE / "static" / "css"
TEMPLATES = BASE / "templates" / "pdf"
PRINTED = ("letter.css", "stationery.css")  # those of the stylesheets that are for paper
FONT_NAMES = (
    "UALetterSerif-Regular.woff2",
    "UALetterSerif-Bold.woff2",
    "UALetterArabic-Regular.woff2",
    "UALetterArabic-Bold.woff2",
    "UALetterChinese-Regular.woff2",
)
OURS = "https://ours.invalid/"  # stands for the project's static folder; nothing answers there but our own fetcher


# One sheet for each stylesheet and language, with every font that they have.
_WARM_UP = (
    '<html lang="{language}"><head><title>x</title></head><body><h1>aяقب国</h1><p>aяقب<b>aяقب</b>国</p></body></html>'
)
_LANGUAGES = ("en", "ar", "zh")


class CannotRender(Exception):
    """The piece cannot be made into a file; the message says plainly why, and repeats nothing of the text."""


@dataclass(frozen=True)
class Sheet:
    """HTML of one piece, with the page set-ups to try: the first in which it is one page is taken, else the last."""

    html: str
    stylesheet: str  # a file in static/css
    setups: tuple[str, ...]  # CSS such as "@page { size: A4; margin: 25mm }"


@dataclass(frozen=True)
class Printed:
    """A PDF (tagged, PDF/UA-1), and how many pages each of its sheets took."""

    content: bytes
    pages: tuple[int, ...]


# The shared library, and the Debian package that has it. Without the third, fonts are cut to size in Python: a Chinese
# letter then takes ten times as long.
_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libseccomp.so.2": "libseccomp2",
}


def missing_libraries() -> list[str]:
    """The Debian packages that letters need and this Linux machine lacks; empty elsewhere."""
    return [package for library, package in _LIBRARIES.items() if not _can_load(library)] if LINUX else []


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@cache
def fingerprint() -> str:
    """Changes with anything but the text that decides how a sheet looks."""
    digest = hashlib.sha256(version("weasyprint").encode())
    styles, fonts = [STYLES / name for name in PRINTED], [FONTS / name for name in FONT_NAMES]
    for path in (*styles, *sorted(TEMPLATES.glob("*.html")), *fonts):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def load() -> None:
    """All fonts and styles, and then their unpacked files are put away: from here on rendering opens no file.

    Raises OSError for what is not there: without one of its fonts a letter would be boxes, so then there is none.
    """
    for name in FONT_NAMES:
        (FONTS / name).stat()
    log, refusing = logging.getLogger("weasyprint"), _NoFontMayFail()
    log.addHandler(refusing)
    try:
        for stylesheet in PRINTED:
            for language in _LANGUAGES:
                render([Sheet(_WARM_UP.format(language=language), stylesheet, ("@page { size: A4 }",))])
    finally:
        log.removeHandler(refusing)
    shutil.rmtree(_fonts()._folder)  # else it stays when this process is killed


class _NoFontMayFail(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith("Font-face"):
            raise OSError(record.getMessage())


def render(sheets: Sequence[Sheet]) -> Printed:
    """The sheets as one PDF in their order, with the title and the language of the first."""
    documents = [_fitting(sheet) for sheet in sheets]
    pages = [page for document in documents for page in document.pages]
    content: bytes = documents[0].copy(pages).write_pdf(pdf_variant="pdf/ua-1")
    return Printed(content, tuple(len(document.pages) for document in documents))


def _fitting(sheet: Sheet) -> "Document":
    from weasyprint import HTML

    source = HTML(string=sheet.html, base_url=None, url_fetcher=_fetcher())
    for setup in sheet.setups:
        styles = [_stylesheet(sheet.stylesheet), _setup(setup)]
        document = source.render(stylesheets=styles, font_config=_fonts())
        if len(document.pages) == 1:
            break
    return document


@cache
def _fonts() -> "FontConfiguration":
    """One for the life of the process: a new one would unpack every font again for each letter."""
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_fonts.cache_clear)  # it cannot clean up after itself once the interpreter is half gone
    return FontConfiguration()


@cache
def _stylesheet(name: str) -> "CSS":
    return _css((STYLES / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=100)
def _setup(text: str) -> "CSS":
    return _css(text)


def _css(text: str) -> "CSS":
    from weasyprint import CSS

    return CSS(string=text, base_url=f"{OURS}css/", font_config=_fonts(), url_fetcher=_fetcher())


@cache
def _fetcher() -> "URLFetcher":
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFontsOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Answers for the fonts that lie in the project and refuses everything else."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.fonts = {f"{OURS}fonts/{name}": FONTS / name for name in FONT_NAMES}

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            path = self.fonts.get(url)
            if path is None:
                raise ValueError(f"Refused to fetch {url[:80]}")
            return URLFetcherResponse(url, body=path.read_bytes(), headers={"Content-Type": "font/woff2"})

    return OurFontsOnly()
