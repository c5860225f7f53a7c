"""What goes with a letter on paper: envelopes, address labels, a fax cover, a sheet to write on by hand, a tally sheet.

Every text that comes in is plain text and is printed as such. Lengths are in millimetres, type sizes in points.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any, NamedTuple

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from appeals.letters import Letter
from appeals.pdf import Sheet
from cases import languages, plain_text

_STYLESHEET = "stationery.css"

ENVELOPES = {"dl": (220, 110), "c5": (229, 162), "10": (241.3, 104.8)}  # width, height
# The Universal Postal Union wants the address parallel to the length, within 140 mm of the right edge and 15 mm away
# from it, with 40 mm free above for stamp and marks; the US Postal Service wants 16 mm below for its bar code.
_RIGHT, _ABOVE, _BELOW, _REACH = 15, 40, 16, 140
_CORNER = 10  # from the top left to the sender
_SENDER = (95, 29)  # width and height


@dataclass(frozen=True)
class LabelSheet:
    paper: str
    columns: int
    rows: int
    width: float
    height: float
    top: float
    side: float
    gap: float  # between columns; there is none between rows

    @property
    def count(self) -> int:
        return self.columns * self.rows


LABELS = {
    "l7160": LabelSheet("a4", columns=3, rows=7, width=63.5, height=38.1, top=15.15, side=7.25, gap=2.5),
    "5160": LabelSheet("letter", columns=3, rows=10, width=66.675, height=25.4, top=12.7, side=4.7625, gap=3.175),
}
_PADDING = (3, 1.5)  # at the sides of a label, above and below: printers do not feed to the millimetre

# On the ruled sheet, the sender and below it the address, in the window of an envelope (DIN 5008, form B).
_RULED_SENDER, _WINDOW = (80, 25), (80, 41)
_SIGNATURE = 32  # from the closing to the page's end
_MOST_RULES, _FEWEST_RULES = 20, 3

_PAPERS = {"a4": "A4", "letter": "letter"}
_SIZES = (11, 10, 9, 8, 7, 6, 5)  # each has its class in the style sheet
_LINE_HEIGHT = 1.2
_INDENT = 1.0  # of what wraps, in ems
_POINT = 25.4 / 72


@dataclass(frozen=True)
class TallyCase:
    """A case for which letters are written on one evening, and where their number is reported."""

    number: str
    headline: str
    last_day: str
    report_url: str
    officials: tuple[str, ...]


class _Line(NamedTuple):
    text: str
    direction: str


class _Block(NamedTuple):
    """Lines, and the largest type in which they should fit where they go."""

    lines: tuple[_Line, ...]
    size: int


def paper_size(paper: str) -> str:
    """The paper's name in CSS. Raises KeyError for paper we do not know."""
    return _PAPERS[paper]


def envelope(size: str, to: Sequence[str], sender: Sequence[str] = ()) -> Sheet:
    """An envelope, "dl", "c5" or "10" (US), with the address where the post looks for it. KeyError for another size.

    Nothing stands for a sender that is not given: for some it is safer to leave it out.
    """
    width, height = ENVELOPES[size]
    context = {"to": lines(to), "sender": _fitted(sender, *_SENDER, _SIZES[2:])}
    setups = [_on_envelope(width, height, 12, above=0.45 * height, reach=120)]
    setups += [_on_envelope(width, height, points, _ABOVE, _REACH) for points in (11, 10, 9, 8, 7, 6)]
    return Sheet(_html("envelope", context), _STYLESHEET, tuple(setups))


def _on_envelope(width: float, height: float, points: int, above: float, reach: int) -> str:
    """The page's own area is the zone of the address, so that what does not fit there is seen as a second page."""
    left = width - reach
    return (
        f"@page {{ size: {width}mm {height}mm; margin: {above:g}mm {_RIGHT}mm {_BELOW}mm {left:g}mm }} "
        f".to {{ font-size: {points}pt }} "
        f".sender {{ top: {_CORNER - above:g}mm; left: {_CORNER - left:g}mm; width: {_SENDER[0]}mm }}"
    )


def labels(kind: str, addresses: Sequence[Sequence[str]]) -> Sheet:
    """Address labels, "l7160" (Avery, A4) or "5160" (Avery, US Letter), on as many pages as they take.

    Raises KeyError for another kind. An address that no legible type can hold is cut, visibly, before its last line.
    """
    sheet = LABELS[kind]
    beside, above = _PADDING
    blocks = [_fitted(address, sheet.width - 2 * beside, sheet.height - 2 * above) for address in addresses]
    pages = [blocks[start : start + sheet.count] for start in range(0, len(blocks), sheet.count)]
    setup = (
        f"@page {{ size: {paper_size(sheet.paper)}; margin: {sheet.top}mm 0 0 {sheet.side}mm }} "
        f".label {{ width: {sheet.width}mm; height: {sheet.height}mm; margin-right: {sheet.gap}mm; "
        f"padding: {above}mm {beside}mm }}"
    )
    return Sheet(_html("labels", {"pages": pages}), _STYLESHEET, (setup,))


def fax_cover(
    to: Sequence[str],
    fax: str,
    sender: Sequence[str],
    subject: str,
    pages: int,
    date: str,
    language: str,
    paper: str = "a4",
) -> Sheet:
    """The page that goes before a faxed letter, in the letter's language where the form has it, else in English.

    `pages` counts this one. What is not given is left to be filled in by hand.
    """
    words = language if language in dict(settings.LANGUAGES) else "en"
    context = {
        "to": lines(to),
        "fax": _line(fax),
        "sender": lines(sender),
        "subject": _line(subject),
        "pages": str(pages),
        "date": _line(date),
        "text_language": language,
    }
    page = f"@page {{ size: {paper_size(paper)}; margin: 20mm }}"
    setups = tuple(f"{page} html {{ font-size: {points}pt }}" for points in (19, 16, 13, 10, 8))
    with override(words):
        return Sheet(_html("fax_cover", context), _STYLESHEET, setups)


def ruled(letter: Letter, paper: str) -> Sheet:
    """A sheet to write `letter` on by hand: what must be exact is printed, the rest is lines as far as the page goes.

    The address shows in the window of an envelope.
    """
    context = {
        "title": letter.title,
        "sender": _fitted(letter.sender, *_RULED_SENDER, _SIZES[1:]),
        "to": _fitted(letter.addressee, *_WINDOW),
        "date": letter.date,
        "subject": letter.subject,
        "salutation": letter.salutation,
        "closing": letter.closing,
        "rules": range(_MOST_RULES),
    }
    page = f"@page {{ size: {paper_size(paper)}; margin: 20mm 20mm {_SIGNATURE}mm 25mm }}"
    fewer = range(_MOST_RULES, _FEWEST_RULES - 1, -1)
    setups = tuple(f"{page} .rule:nth-child(n + {rules + 1}) {{ display: none }}" for rules in fewer)
    return Sheet(_html("ruled", context, letter.language), _STYLESHEET, setups)


def tally(group: str, cases: Sequence[TallyCase], paper: str, language: str) -> Sheet:
    """What the organiser of a letter-writing evening fills in, with each case's address to report the sum at.

    A case never breaks over two pages. Pages are numbered where there are several.
    """
    context = {
        "group": _line(group),
        "cases": [
            {
                "number": _line(case.number).text,
                "headline": _line(case.headline),
                "last_day": _line(case.last_day),
                "officials": lines(case.officials),
                "report_url": case.report_url.partition("?")[0].removeprefix("https://"),
                "code": qr_code(case.report_url),
            }
            for case in cases
        ],
        "strokes": range(8),
    }
    page = f"@page {{ size: {paper_size(paper)}; margin: 15mm"
    number = "@bottom-center { content: counter(page) ' / ' counter(pages); font-size: 9pt }"
    with override(language):
        return Sheet(_html("tally", context, language), _STYLESHEET, (f"{page} }}", f"{page}; {number} }}"))


def _html(name: str, context: dict[str, Any], language: str | None = None) -> str:
    language = language or get_language() or "en"
    page = {"language": language, "direction": languages.direction(language)}
    return render_to_string(f"pdf/{name}.html", {**context, **page})


def _line(text: str) -> _Line:
    """On one line, with the direction of its first letter: WeasyPrint does not know dir="auto"."""
    text = " ".join(plain_text.clean(text).split())
    letters = (unicodedata.bidirectional(sign) for sign in text)
    first = next((kind for kind in letters if kind in ("L", "R", "AL")), "L")
    return _Line(text, "ltr" if first == "L" else "rtl")


def lines(texts: Sequence[str]) -> tuple[_Line, ...]:
    return tuple(line for line in map(_line, texts) if line.text)


def _fitted(texts: Sequence[str], width: float, height: float, sizes: Sequence[int] = _SIZES) -> _Block:
    """The lines in the first of `sizes` in which they should fit; cut before the last line if they fit in none."""
    found = lines(texts)
    for size in sizes:
        if sum(_rows(line.text, width, size) for line in found) <= _room(height, size):
            return _Block(found, size)
    room = _room(height, size) - 1 - _rows(found[-1].text, width, size)
    kept: list[_Line] = []
    for line in found[:-1]:
        room -= _rows(line.text, width, size)
        if room < 0:
            break
        kept.append(line)
    return _Block((*kept, _Line("…", "ltr"), found[-1]), size)


def _room(height: float, size: int) -> int:
    return int(height / (size * _LINE_HEIGHT * _POINT))


def _rows(text: str, width: float, size: int) -> int:
    """How many rows `text` may take, rather one too many: it is measured by rule of thumb, without the font."""
    row = width / (size * _POINT) - _INDENT
    rows, used = 1, -_INDENT
    for word in text.split():
        length = sum(map(_width, word))
        if used > 0 and used + length > row:
            rows, used = rows + 1, 0.0
        used += length
        if used > row:  # a word longer than a row, or a script without spaces
            rows, used = rows + ceil(used / row) - 1, used % row
        used += _width(" ")
    return rows


def _width(sign: str) -> float:
    """Of a letter, in ems of our serif."""
    if sign in " .,:;'()fijlrtIJ":
        return 0.37
    if sign in "mwMW@%жшщюЖМШЩЮ" or unicodedata.east_asian_width(sign) in "WF":
        return 1.1
    return 0.8 if sign.isupper() else 0.61


def qr_code(url: str) -> dict[str, Any]:
    """The QR code of `url`: the side in modules with the quiet zone of four, and its black as an SVG path."""
    quiet = 4
    matrix = segno.make(url, error="m", micro=False).matrix
    path = ""
    for y, row in enumerate(matrix, quiet):
        x = quiet
        for is_black, run in groupby(row):
            length = len(list(run))
            path += f"M{x} {y}h{length}v1h-{length}z" if is_black else ""
            x += length
    return {"side": len(matrix) + 2 * quiet, "path": path}
