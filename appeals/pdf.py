"""Letters as PDF. The only module that knows WeasyPrint.

Nothing but our own fonts is ever fetched, and a letter is plain text in a fixed page: what staff wrote cannot bring
markup, styles or links with it. WeasyPrint itself is imported when the first letter is made, so that everything but
PDFs works on a machine without its system libraries.
"""

import atexit
import ctypes
import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string

from appeals.letters import Letter
from cases.checks import LONGEST_LETTER, LONGEST_WORD, MOST_LINES

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

LINUX = sys.platform == "linux"
FONTS = Path(settings.BASE_DIR) / "static" / "fonts"
STYLES = Path(settings.BASE_DIR) / "static" / "css" / "letter.css"
TEMPLATE = "pdf/letter.html"
OURS = "https://ours.invalid/"  # stands for the project's static folder; nothing answers there but our own fetcher

# Tried in this order until the letter fits one page: font size in points, margin in millimetres.
FITS = ((11, 25), (10.5, 25), (10, 20))


class CannotRender(Exception):
    """The letter cannot be made into a PDF; the message says plainly why."""


# The shared library, and the Debian package that has it. Without the last, fonts are cut to size in Python: a Chinese
# letter then takes seconds instead of a fiftieth of one.
_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
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
    """Changes with anything but the text that decides how a letter looks."""
    digest = hashlib.sha256(version("weasyprint").encode())
    for path in (STYLES, Path(settings.BASE_DIR) / "templates" / TEMPLATE, *sorted(FONTS.glob("*.woff2"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def content_hash(letter: Letter) -> str:
    """The name under which the letter's PDF is kept: same text and same looks, same file."""
    return hashlib.sha256(f"{letter.content_hash} {fingerprint()}".encode()).hexdigest()


def render(letter: Letter) -> bytes:
    """The letter as a tagged PDF (PDF/UA-1), on one A4 page where it fits at 10 points or more.

    Raises CannotRender for a text that no reader would print and the renderer might not survive.
    """
    _refuse_bombs(letter)
    html = render_to_string(TEMPLATE, {"letter": letter})
    document = _fitting(html)
    content: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return content


def _refuse_bombs(letter: Letter) -> None:
    text = letter.as_text()
    lines = text.count("\n")
    if len(text) > LONGEST_LETTER + 2000 or lines > MOST_LINES + 100:
        raise CannotRender(
            f"The letter has {len(text):,} characters in {lines:,} lines; "
            f"at most {LONGEST_LETTER:,} in {MOST_LINES:,} can be printed."
        )
    if letter.language != "zh" and any(len(word) > LONGEST_WORD for word in text.split()):
        raise CannotRender(f"The letter has a word of more than {LONGEST_WORD} characters.")


def _fitting(html: str) -> "Document":
    from weasyprint import HTML

    source = HTML(string=html, base_url=None, url_fetcher=_fetcher())
    for points, margin in FITS:
        document = source.render(stylesheets=[_styles(points, margin, False)], font_config=_fonts())
        if len(document.pages) == 1:
            return document
    return source.render(stylesheets=[_styles(*FITS[-1], True)], font_config=_fonts())


@cache
def _fonts() -> "FontConfiguration":
    """One for the life of the process: a new one would unpack every font again for each letter."""
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_fonts.cache_clear)  # it cannot clean up after itself once the interpreter is half gone
    return FontConfiguration()


@cache
def _styles(points: float, margin: float, numbered: bool) -> "CSS":
    from weasyprint import CSS

    page = f"@page {{ margin: {margin}mm }} html {{ font-size: {points}pt }}"
    if numbered:
        page += " @page { @bottom-center { content: counter(page) ' / ' counter(pages); font-size: 9pt } }"
    return CSS(
        string=STYLES.read_text(encoding="utf-8") + page,
        base_url=f"{OURS}css/",
        font_config=_fonts(),
        url_fetcher=_fetcher(),
    )


@cache
def _fetcher() -> "URLFetcher":
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFontsOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Answers for the fonts that lie in the project and refuses everything else."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.fonts = {f"{OURS}fonts/{path.name}": path for path in FONTS.glob("*.woff2")}

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            path = self.fonts.get(url)
            if path is None:
                raise ValueError(f"Refused to fetch {url[:80]}")
            return URLFetcherResponse(url, body=path.read_bytes(), headers={"Content-Type": "font/woff2"})

    return OurFontsOnly()
