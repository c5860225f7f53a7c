"""Letters as Word files, for readers who change them. The only module that knows python-docx.

A letter is plain text in named styles: what staff or readers wrote brings no markup, link or file with it, and the
file tells nothing about who made it or when.
"""

import io
import re
import unicodedata
import zipfile
from datetime import datetime
from typing import NamedTuple

from babel.core import get_global
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from appeals.letters import Letter
from cases import languages, plain_text


class Paper(NamedTuple):
    """Millimetres; the address stands so far below the top edge that the window of an envelope shows it."""

    width: float
    height: float
    address: float


PAPERS = {"a4": Paper(210, 297, 45), "letter": Paper(215.9, 279.4, 52)}
MARGIN = 25  # millimetres
WINDOW = 85  # the widest that an address may be
GAP = 3  # between an address and the sender beside it
WINDOW_HEIGHT = 33  # the date stands below it, so that the window shows the address alone

# Named, not embedded: Word has them everywhere, and other programs know what to put in their place.
FONT, CHINESE_FONT = "Times New Roman", "SimSun"
SIZE = Pt(11)
CHINESE_INDENT = 2 * SIZE  # two characters before a paragraph and before the first line of the closing
SMALL = Pt(10)
ARABIC_SIZE = Pt(13)  # Arabic is small on its body: this makes it as large to the eye as the Latin beside it
ARABIC_SMALL = Pt(12)
LINE_SPACING, LOOSE_LINE_SPACING = 1.15, 1.3
LINE = 4.5  # millimetres of an address or a date
BELOW_DATE = 8

# By language, else by direction. All are Word's own and change with Body Text.
BODY_STYLES = {"zh": "Body Text First Indent", "rtl": "Body Text 2", "ltr": "Body Text"}

READ_DO_NOT_SEND = _("For you to read, do not send")

# The only time in the file, and that of every part of it.
NO_TIME = datetime(1980, 1, 1)  # noqa: DTZ001  # Word and zip know no time zones

_LONGEST_PROPERTY = 255

# Word knows no language without its country, and some not without their script; for all others Babel knows the country.
_WORD_TAGS = {"az": "az-Latn-AZ", "en": "en-GB", "sr": "sr-Cyrl-RS", "tg": "tg-Cyrl-TJ", "uz": "uz-Latn-UZ"}

_TO_THE_LEFT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
_TO_THE_RIGHT = r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
# Direction of a text -> the stretches in it that run the other way, from a letter of theirs to the last before one of
# the text's own.
_AGAINST = {
    "rtl": re.compile(rf"({_TO_THE_RIGHT}(?:(?:(?!{_TO_THE_LEFT})[^\n])*(?:{_TO_THE_RIGHT}|[0-9]))?)"),
    "ltr": re.compile(rf"({_TO_THE_LEFT}(?:(?:(?!{_TO_THE_RIGHT})[^\n])*{_TO_THE_LEFT})?)"),
}
_OPPOSITE = {"ltr": "rtl", "rtl": "ltr"}


def render(letter: Letter, paper: str = "a4", translation: Letter | None = None) -> bytes:
    """The letter as a .docx on `paper` ("a4" or "letter"); the same letter is the same bytes.

    `translation` is the letter in the reader's language. It follows on a page of its own that says it is not to be
    sent, so that nobody signs what they cannot read.
    """
    document = Document()
    _throw_out_what_the_template_brought(document)
    _describe(document, letter)
    _set_page(document, PAPERS[paper])
    _define_styles(document, letter.language, PAPERS[paper])
    _write_head(document, letter, PAPERS[paper])
    _write_body(document, letter, "Heading 1")
    if translation is not None:
        with override(translation.language):
            _write(document, "Reading Copy", str(READ_DO_NOT_SEND), translation.language)
        _write_body(document, translation, "Heading 2")
    return _packed(document)


# --- The file ---------------------------------------------------------------------------------------------------------


def _throw_out_what_the_template_brought(document: WordDocument) -> None:
    """All but styles and settings, and what those say: its fonts, its languages, its thumbnail, its Macintosh."""
    kept = {
        RELATIONSHIP_TYPE.OFFICE_DOCUMENT,
        RELATIONSHIP_TYPE.CORE_PROPERTIES,
        RELATIONSHIP_TYPE.STYLES,
        RELATIONSHIP_TYPE.SETTINGS,
    }
    package = document.part.package
    assert package is not None
    for relationships in (package.rels, document.part.rels):
        for name in [name for name, relationship in relationships.items() if relationship.reltype not in kept]:
            del relationships[name]
    for element in (document.styles.element, document.settings.element):
        for child in list(element):
            element.remove(child)


def _describe(document: WordDocument, letter: Letter) -> None:
    properties = document.core_properties
    properties.title = plain_text.clean(letter.title)[:_LONGEST_PROPERTY]
    properties.language = letter.language
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = NO_TIME
    compatibility = _element("w:compat")
    compatibility.append(
        _element("w:compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val="15")
    )
    # Word, too, then forgets who saved the file, and when.
    for element in (_element("w:removePersonalInformation"), _element("w:removeDateAndTime"), compatibility):
        document.settings.element.append(element)


def _packed(document: WordDocument) -> bytes:
    """The file, with the time of day taken out of the zip as well."""
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, NO_TIME.timetuple()[:6])
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


# --- Page and styles --------------------------------------------------------------------------------------------------


def _set_page(document: WordDocument, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(paper.width), Mm(paper.height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)


def _define_styles(document: WordDocument, language: str, paper: Paper) -> None:
    """Word's own names wherever Word has one, so that a reader finds them and may change their looks."""
    _set_defaults(document, language)

    normal = _style(document, "Normal")
    normal.element.set(qn("w:default"), "1")
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = LINE_SPACING
    normal.paragraph_format.widow_control = True

    sender = _style(document, "envelope return")
    _set_size(sender, SMALL, ARABIC_SMALL)

    address = _style(document, "envelope address")
    address.paragraph_format.line_spacing = 1.0
    address.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    address.paragraph_format.space_before = Mm(paper.address - MARGIN)
    address.paragraph_format.right_indent = Mm(paper.width - 2 * MARGIN - WINDOW)
    address.paragraph_format.keep_together = True

    date = _style(document, "Date")
    date.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT  # Word's word for the end of the line, whichever side
    date.paragraph_format.space_after = Mm(BELOW_DATE)

    for name in ("Heading 1", "Heading 2"):
        subject = _style(document, name)
        subject.font.bold = subject.font.cs_bold = True
        subject.paragraph_format.space_after = Pt(10)
        subject.paragraph_format.keep_with_next = subject.paragraph_format.keep_together = True
        _set_outline_level(subject, int(name[-1]))

    note = _style(document, "Reading Copy", based_on="Heading 1", builtin=False)
    note.paragraph_format.page_break_before = True
    note.paragraph_format.space_after = Pt(18)
    _set_size(note, Pt(14), Pt(16))

    salutation = _style(document, "Salutation")
    salutation.paragraph_format.space_after = Pt(8)
    salutation.paragraph_format.keep_with_next = True

    body = _style(document, "Body Text")
    body.paragraph_format.space_after = Pt(8)

    chinese = _style(document, "Body Text First Indent", based_on="Body Text")
    chinese.paragraph_format.first_line_indent = CHINESE_INDENT
    chinese.paragraph_format.line_spacing = LOOSE_LINE_SPACING
    chinese.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    arabic = _style(document, "Body Text 2", based_on="Body Text")
    arabic.paragraph_format.line_spacing = LOOSE_LINE_SPACING

    closing = _style(document, "Closing")
    closing.paragraph_format.space_after = Mm(15)  # for the signature
    closing.paragraph_format.keep_together = True

    closing.next_paragraph_style = _style(document, "Signature")


def _set_defaults(document: WordDocument, language: str) -> None:
    fonts = _element("w:rFonts", ascii=FONT, hAnsi=FONT, eastAsia=CHINESE_FONT, cs=FONT)
    sizes = [_element(name, val=_half_points(size)) for name, size in (("w:sz", SIZE), ("w:szCs", ARABIC_SIZE))]
    look = _element("w:rPr")
    look.extend([fonts, *sizes, _language(language)])
    runs, paragraphs, defaults = _element("w:rPrDefault"), _element("w:pPrDefault"), _element("w:docDefaults")
    runs.append(look)
    defaults.extend([runs, paragraphs])
    document.styles.element.append(defaults)


def _style(document: WordDocument, name: str, based_on: str = "Normal", builtin: bool = True) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=builtin)
    assert isinstance(style, ParagraphStyle)
    if name != based_on:
        style.base_style = document.styles[based_on]
    style.quick_style = True
    return style


def _set_size(style: ParagraphStyle, size: Length, complex_script: Length) -> None:
    style.font.size = size
    style.font.element.rPr.sz.addnext(_element("w:szCs", val=_half_points(complex_script)))


def _set_outline_level(style: ParagraphStyle, level: int) -> None:
    style.paragraph_format.element.get_or_add_pPr().append(_element("w:outlineLvl", val=str(level - 1)))


def _sender_frame(paper: Paper) -> BaseOxmlElement:
    """The upper right corner, whichever way the letter runs: a long sender then cannot push the address, which is on
    the left in every letter, out of the window."""
    width = Mm(paper.width - 2 * MARGIN - WINDOW - GAP)
    return _element(
        "w:framePr",
        w=str(width.twips),
        wrap="around",
        hAnchor="margin",
        vAnchor="page",
        xAlign="right",
        y=str(Mm(MARGIN).twips),
    )


# --- The text ---------------------------------------------------------------------------------------------------------


def _write_head(document: WordDocument, letter: Letter, paper: Paper) -> None:
    sender = "\n".join(letter.sender)
    if sender:
        direction = _direction_of(sender) or letter.direction
        paragraph = _write(document, "envelope return", sender, letter.language, direction)
        _insert(paragraph.paragraph_format.element, _sender_frame(paper))
        if direction == "ltr":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    address = _write(document, "envelope address", "\n".join(letter.addressee), "en")
    below = max(WINDOW_HEIGHT - LINE * len(letter.addressee), LINE)
    if letter.date:
        _write(document, "Date", letter.date, letter.language)
    else:
        below += LINE + BELOW_DATE
    address.paragraph_format.space_after = Mm(below)


def _write_body(document: WordDocument, letter: Letter, subject_style: str) -> None:
    body = BODY_STYLES.get(letter.language, BODY_STYLES[letter.direction])
    if letter.subject:
        _write(document, subject_style, letter.subject, letter.language)
    last = _write(document, "Salutation", letter.salutation, letter.language)
    for text in letter.paragraphs:
        last = _write(document, body, text, letter.language)
    last.paragraph_format.keep_with_next = True
    closing = _write(document, "Closing", "\n".join(letter.closing), letter.language)
    if letter.language == "zh":
        closing.paragraph_format.first_line_indent = CHINESE_INDENT


def _write(document: WordDocument, style: str, text: str, language: str, direction: str | None = None) -> Paragraph:
    direction = direction or languages.direction(language)
    paragraph = document.add_paragraph(style=style)
    if direction == "rtl":
        _insert(paragraph.paragraph_format.element, _element("w:bidi"))
    for number, stretch in enumerate(_AGAINST[direction].split(plain_text.clean(text))):
        if stretch:
            _mark(paragraph.add_run(stretch), language, direction if number % 2 == 0 else _OPPOSITE[direction])
    return paragraph


def _mark(run: Run, language: str, direction: str) -> None:
    look = run.font.element.get_or_add_rPr()
    if language == "zh":  # quotation marks and dashes are of two minds; here they are Chinese
        look.append(_element("w:rFonts", hint="eastAsia"))
    if direction == "rtl":
        run.font.rtl = True
    look.append(_language(language))


def _direction_of(text: str) -> str | None:
    """That of the first letter that has one."""
    kinds = map(unicodedata.bidirectional, text)
    return next(("ltr" if kind == "L" else "rtl" for kind in kinds if kind in ("L", "R", "AL")), None)


# --- What python-docx has no words for --------------------------------------------------------------------------------


def _element(name: str, /, **attributes: str) -> BaseOxmlElement:
    return OxmlElement(name, {qn(f"w:{key}"): value for key, value in attributes.items()})


def _insert(owner: BaseOxmlElement, element: BaseOxmlElement) -> None:
    """Into the properties of a paragraph or style, whose order Word insists on."""
    owner.get_or_add_pPr().insert_element_before(element, "w:bidi", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _language(language: str) -> BaseOxmlElement:
    tag = _word_tag(language)
    right_to_left = languages.direction(language) == "rtl"
    return _element("w:lang", val=tag, eastAsia="zh-CN", bidi=tag if right_to_left else "ar-SA")


def _word_tag(language: str) -> str:
    """`kk` is kk-KZ."""
    if language in _WORD_TAGS:
        return _WORD_TAGS[language]
    tag, _script, country = get_global("likely_subtags")[language].split("_")
    return f"{tag}-{country}"


def _half_points(size: Length) -> str:
    return str(round(size.pt * 2))
