"""What is made of a letter: a PDF or a Word file, and the envelope, the labels, the fax cover that go with it."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils.functional import cached_property
from django.utils.translation import override

from appeals import letters, pdf, press, stationery
from appeals.letters import Letter
from appeals.models import LetterFile
from appeals.pdf import CannotRender, Sheet
from cases import checks
from cases.models import ContactChannel, Target, UrgentAction

Kind, Paper = LetterFile.Kind, LetterFile.Paper

# Tried in this order until the letter fits one page: font size in points, margin in millimetres.
FITS = ((11, 25), (10.5, 25), (10, 25), (10, 20))
PAGE = {Paper.A4: "A4", Paper.LETTER: "letter"}
# Where the address begins below the edge, in millimetres, so that it shows in the window of a DL and a #10 envelope.
WINDOW = {Paper.A4: 45, Paper.LETTER: 52}
WINDOW_ENDS = 105  # from the left edge
WIDTH = {Paper.A4: 210, Paper.LETTER: 216}

FOR_TWO = (Kind.PDF, Kind.DOCX)  # those with a page for the reader alone
ENVELOPES = {Kind.ENVELOPE_DL: "dl", Kind.ENVELOPE_C5: "c5", Kind.ENVELOPE_10: "10"}
LABELS = {Kind.LABELS_L7160: ("l7160", 21), Kind.LABELS_5160: ("5160", 30)}  # and how many are on a sheet


class NotOffered(LookupError):
    """The official has no channel for this kind of piece."""


@dataclass(frozen=True)
class Piece:
    """What is wanted: which letter, as what, on what paper, and for which reader."""

    notice: UrgentAction
    target: Target
    language: str
    kind: LetterFile.Kind = Kind.PDF
    paper: LetterFile.Paper = Paper.A4
    readers_language: str = ""  # of the page that is for the reader alone; empty: no such page
    is_domestic: bool = False  # posted within the official's country

    @cached_property
    def letter(self) -> Letter:
        """Raises letters.NoLetter."""
        return self._composed(self.language)

    @cached_property
    def translation(self) -> Letter | None:
        """The same letter as its reader can read it."""
        tag = self.readers_language
        offered = tag and tag != self.language and tag in self.notice.letter_languages(self.target)
        return self._composed(tag) if offered else None

    def _composed(self, language: str) -> Letter:
        home = self.target.addressee.country if self.is_domestic else ""
        return letters.compose(self.notice, self.target, language, writing_from=home)

    @property
    def fax(self) -> str:
        """The number that the official is faxed at. Raises NotOffered."""
        for channel in self.target.channels:
            if channel.kind == ContactChannel.Kind.FAX:
                return channel.value
        raise NotOffered(self.kind)

    @cached_property
    def content_hash(self) -> str:
        """The name under which the file is kept: same content and same looks, same file.

        Raises letters.NoLetter and NotOffered.
        """
        what = [self.letter.content_hash, self.kind, looks()]
        if self.kind not in (*ENVELOPES, *LABELS):
            what.append(self.paper)
        if self.kind in FOR_TWO and self.readers_language:
            translation = self.translation.content_hash if self.translation else ""
            what += [self.readers_language, translation, self.report_url]
        if self.kind == Kind.FAX:
            what.append(self.fax)
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()

    @property
    def filename(self) -> str:
        stem, _dot, ending = self.kind.partition(".")
        middle = "" if stem == "letter" else f"-{stem}"
        return f"{self.letter.filename}{middle}.{ending}"

    @property
    def report_url(self) -> str:
        """Where its reader reports, as a whole address without the page's language in it."""
        return f"{settings.SITE_URL}{_plain_address('appeals:report', self.notice.case.ua_number)}"


@dataclass(frozen=True)
class Made:
    """A finished file, and the pages of the letter in it: what has to be posted."""

    content: bytes
    pages: int = 0


@cache
def looks() -> str:
    """Changes with anything but the text that decides how a piece looks."""
    digest = hashlib.sha256(f"{pdf.fingerprint()} {version('python-docx')}".encode())
    for name in ("pdf.py", "pieces.py", "stationery.py", "word.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


def make(piece: Piece) -> Made:
    """Raises letters.NoLetter, NotOffered, CannotRender for what the renderer might not survive, and press.NoPress."""
    letter, kind = piece.letter, piece.kind
    refuse_bombs(letter)
    if kind == Kind.DOCX:
        from appeals import word  # here, because no web process ever needs it

        return Made(word.render(letter, piece.paper, piece.translation))
    if kind in ENVELOPES:
        return _printed([stationery.envelope(ENVELOPES[kind], letter.addressee)])
    if kind in LABELS:
        sheet, number = LABELS[kind]
        return _printed([stationery.labels(sheet, [letter.addressee] * number)])
    if kind == Kind.BY_HAND:
        return _printed([stationery.ruled(letter, piece.paper)])
    sheets = [letter_sheet(letter, piece.paper)]
    if kind == Kind.FAX:
        pages = press.render(sheets).pages[0]
        addressee = piece.target.addressee
        to = letters.envelope_lines(addressee, writing_from=addressee.country)
        cover = stationery.fax_cover(
            to, piece.fax, letter.sender, letter.subject, pages + 1, letter.date, letter.language, piece.paper
        )
        return Made(press.render([cover, *sheets]).content, pages)
    if piece.readers_language:
        sheets.append(readers_sheet(piece))
    return _printed(sheets)


def _printed(sheets: list[Sheet]) -> Made:
    printed = press.render(sheets)
    return Made(printed.content, printed.pages[0])


def letter_sheet(letter: Letter, paper: LetterFile.Paper) -> Sheet:
    """The letter itself: on one page where it fits at 10 points or more, else on numbered pages."""
    setups = [_setup(paper, points, margin) for points, margin in FITS]
    numbered = "@page { @bottom-center { content: counter(page) ' / ' counter(pages); font-size: 9pt } }"
    context = {"letter": letter, "sender": stationery.lines(letter.sender)}
    return Sheet(render_to_string("pdf/letter.html", context), "letter.css", (*setups, setups[-1] + numbered))


def readers_sheet(piece: Piece) -> Sheet:
    """What is for the reader alone: the letter in a language that they can read, and where to report.

    What we say about it is in that language too where the site has it, else in English.
    """
    words = piece.readers_language if piece.readers_language in dict(settings.LANGUAGES) else "en"
    with override(words):
        context = {
            "letter": piece.letter,
            "translation": piece.translation,
            "case": piece.notice.case,
            "report_url": piece.report_url,
            "code": stationery.qr_code(piece.report_url),
        }
        html = render_to_string("pdf/for_the_reader.html", context)
    return Sheet(html, "letter.css", tuple(_setup(piece.paper, points, 25) for points in (10.5, 9.5)))


def _setup(paper: LetterFile.Paper, points: float, margin: int) -> str:
    below, beside = WINDOW[paper] - margin, WIDTH[paper] - margin - WINDOW_ENDS
    return (
        f"@page {{ size: {PAGE[paper]}; margin: {margin}mm }} html {{ font-size: {points}pt }} "
        f".to {{ margin: {below}mm {beside}mm 0 0 }}"
    )


def refuse_bombs(letter: Letter) -> None:
    """Raises CannotRender for a text that no reader would print and the renderer might not survive."""
    text = letter.as_text()
    lines = text.count("\n")
    if len(text) > checks.LONGEST_LETTER + 2000 or lines > checks.MOST_LINES + 100:
        raise CannotRender(
            f"The letter has {len(text):,} characters in {lines:,} lines; "
            f"at most {checks.LONGEST_LETTER:,} in {checks.MOST_LINES:,} can be printed."
        )
    if letter.language != "zh" and any(len(each) > checks.LONGEST_WORD for each in text.split()):
        raise CannotRender(f"The letter has a word of more than {checks.LONGEST_WORD} characters.")


def _plain_address(name: str, *arguments: object) -> str:
    prefix = get_script_prefix()
    set_script_prefix("/")
    try:
        return reverse(name, args=arguments)
    finally:
        set_script_prefix(prefix)
