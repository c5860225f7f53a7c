"""Stationery, rendered and read back: everything lies where the post, the sheet of labels or a phone looks for it."""

import io
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from appeals import stationery
from appeals.letters import Letter
from appeals.pdf import Printed, Sheet, render
from appeals.stationery import LABELS, TallyCase

WANG = (
    "Director Wang Jiang",
    "Prison Administration Bureau of Xinjiang Uyghur Autonomous Region",
    "No 380, Huanghe lu, Urumqi",
    "830000, Xinjiang Uyghur Autonomous Region",
    "CHINA",
)
EMBASSY = (
    "Ambassador Cui Tiankai",
    "Embassy of the People's Republic of China",
    "3505 International Place NW",
    "Washington DC 20008",
    "UNITED STATES OF AMERICA",
)
ADA = ("Ada Reader", "12 Rue de la République", "69002 Lyon", "FRANCE")
CHINESE = ("王江局长", "新疆维吾尔自治区监狱管理局", "乌鲁木齐市黄河路380号", "CHINA")
LONG = tuple(f"{line} the line of an address that has sixty characters in all of it"[:60] for line in range(1, 10))
WIDE = tuple(f"{line} MINISTRY WITH MANY WIDE WORDS, WARDEN WILHELM WAMBUGU MWANGI"[:60] for line in range(1, 10))
ENDLESS = tuple(f"line{number}" for number in range(1, 41))
HOSTILE = "<img src=http://127.0.0.1:9/x> & </title></p>"

LETTER = Letter(
    language="en",
    sender=(),
    date="",
    addressee=WANG,
    subject="Nagyz Muhammed",
    salutation="Dear Director Wang,",
    paragraphs=("This is left out: it is written by hand.",),
    closing=("Yours sincerely,",),
    title="Nagyz Muhammed – Director Wang Jiang",
    filename="UA-63-20-director-wang-en",
)
ARABIC_LETTER = replace(LETTER, language="ar", salutation="تحية طيبة وبعد،", closing=("التوقيع،",))

MILLIMETRES = 25.4 / 72
SLACK = 0.5  # a word's box is a little taller than its line


class Word(NamedTuple):
    text: str
    left: float
    top: float
    right: float
    bottom: float


def tool(name: str, *arguments: str, content: bytes) -> bytes:
    if shutil.which(name) is None:
        pytest.skip(f"{name} (poppler-utils) is not installed")
    return subprocess.run([name, *arguments], input=content, capture_output=True, check=True, timeout=60).stdout


def words(printed: Printed) -> list[list[Word]]:
    """The words of each page, with their edges in millimetres from the top left."""
    tree = ElementTree.fromstring(tool("pdftotext", "-bbox", "-", "-", content=printed.content))
    edges = ("xMin", "yMin", "xMax", "yMax")
    return [
        [
            Word(word.text or "", *(float(word.attrib[edge]) * MILLIMETRES for edge in edges))
            for word in page.iter("{http://www.w3.org/1999/xhtml}word")
        ]
        for page in tree.iter("{http://www.w3.org/1999/xhtml}page")
    ]


def text(printed: Printed) -> list[str]:
    """The text of each page as it is copied or heard, its spaces evened."""
    pages = tool("pdftotext", "-", "-", content=printed.content).decode().removesuffix("\f").split("\f")
    return [" ".join(page.split()) for page in pages]


def pictures(printed: Printed) -> list[Image.Image]:
    """Each page in greys, at 150 dots to the inch."""
    numbers = (str(number) for number in range(1, sum(printed.pages) + 1))
    pages = [
        tool("pdftoppm", "-r", "150", "-gray", "-f", number, "-l", number, "-", content=printed.content)
        for number in numbers
    ]
    return [Image.open(io.BytesIO(page)) for page in pages]


def sizes(printed: Printed) -> list[tuple[float, float]]:
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(printed.content)).pages]
    return [(round(float(box.width) * MILLIMETRES, 1), round(float(box.height) * MILLIMETRES, 1)) for box in boxes]


def outside(found: Sequence[Word], left: float, top: float, right: float, bottom: float) -> list[Word]:
    return [
        word
        for word in found
        if word.left < left - SLACK
        or word.top < top - SLACK
        or word.right > right + SLACK
        or word.bottom > bottom + SLACK
    ]


def joined(found: Sequence[Word]) -> str:
    return " ".join(word.text for word in found)


# --- Envelopes --------------------------------------------------------------------------------------------------------

ENVELOPES = {"dl": (220.0, 110.0), "c5": (229.0, 162.0), "10": (241.3, 104.8)}


@pytest.mark.parametrize("size", ENVELOPES)
@pytest.mark.parametrize("address", [WANG, EMBASSY, CHINESE, LONG, WIDE], ids=["w", "e", "zh", "long", "wide"])
def test_address_lies_where_the_post_looks_for_it(size: str, address: Sequence[str]) -> None:
    width, height = ENVELOPES[size]

    printed = render([stationery.envelope(size, address)])

    assert (sizes(printed), printed.pages) == ([(width, height)], (1,))
    (page,) = words(printed)
    assert joined(page).replace(" ", "") == "".join(address).replace(" ", "")
    assert outside(page, width - 140, 40, width - 15, height - 15) == []


@pytest.mark.parametrize("size", ENVELOPES)
def test_short_address_lies_right_of_the_middle_line_or_close_to_it(size: str) -> None:
    (page,) = words(render([stationery.envelope(size, EMBASSY)]))

    assert min(word.left for word in page) >= ENVELOPES[size][0] - 120
    assert min(word.top for word in page) >= 0.45 * ENVELOPES[size][1] - SLACK


@pytest.mark.parametrize("size", ENVELOPES)
@pytest.mark.parametrize("sender", [ADA, LONG, (" ".join(LONG[:2]),), ENDLESS], ids=["ada", "long", "row", "endless"])
def test_sender_stands_small_at_the_top_left(size: str, sender: Sequence[str]) -> None:
    printed = render([stationery.envelope(size, EMBASSY, sender)])

    (page,) = words(printed)
    length = len(" ".join(EMBASSY).split())
    assert joined(page[-length:]) == " ".join(EMBASSY)
    kept, cut, last = joined(page[:-length]).partition("… line40")
    assert (kept == " ".join(sender)) or (cut and not last and " ".join(sender).startswith(kept))
    assert outside(page[:-length], 10, 10, 105, 40) == []
    assert page[0].bottom - page[0].top < page[-1].bottom - page[-1].top


def test_what_wraps_is_indented() -> None:
    (page,) = words(render([stationery.envelope("dl", WANG)]))

    rows: dict[float, Word] = {}
    for word in page:
        rows.setdefault(word.top, word)
    left = {first.text: round(first.left, 1) for first in rows.values()}
    edge = left["Director"]
    indented = left.pop("Autonomous")
    assert left == dict.fromkeys(("Director", "Prison", "No", "830000,", "CHINA"), edge)
    assert 3 < indented - edge < 6


def test_address_without_end_goes_on_in_its_zone() -> None:
    printed = render([stationery.envelope("dl", ENDLESS)])

    pages = words(printed)
    assert joined([word for page in pages for word in page]) == " ".join(ENDLESS)
    assert [outside(page, 80, 40, 205, 95) for page in pages] == [[]] * len(pages) != [[]]


def test_unknown_envelope_is_refused() -> None:
    with pytest.raises(KeyError, match="c4"):
        stationery.envelope("c4", WANG)


# --- Labels -----------------------------------------------------------------------------------------------------------


# As Avery has them: left, top, width and height of the first, and from one to the next across and down.
GEOMETRY = {
    "l7160": (7.25, 15.15, 63.5, 38.1, 66.0, 38.1),
    "5160": (0.1875 * 25.4, 0.5 * 25.4, 2.625 * 25.4, 25.4, 2.75 * 25.4, 25.4),
}


def label_at(kind: str, index: int) -> tuple[float, float, float, float]:
    """Its edges in millimetres."""
    row, column = divmod(index, 3)
    side, above, width, height, across, down = GEOMETRY[kind]
    left, top = side + column * across, above + row * down
    return left, top, left + width, top + height


def on_label(found: Sequence[Word], kind: str, index: int) -> str:
    """The text of the words that lie wholly on one label."""
    return joined([word for word in found if outside([word], *label_at(kind, index)) == []])


@pytest.mark.parametrize(
    ("kind", "size", "count"), [("l7160", (210.0, 297.0), 21), ("5160", (215.9, 279.4), 30)], ids=["l7160", "5160"]
)
@pytest.mark.parametrize("address", [WANG, EMBASSY, CHINESE, LONG, WIDE], ids=["w", "e", "zh", "long", "wide"])
def test_each_address_lies_on_its_label(
    kind: str, size: tuple[float, float], count: int, address: Sequence[str]
) -> None:
    addresses = [(f"No{number}", *address[1:]) for number in range(1, count + 2)]

    printed = render([stationery.labels(kind, addresses)])

    assert (sizes(printed), printed.pages) == ([size, size], (2,))
    first, second = words(printed)
    found = [on_label(first, kind, index) for index in range(count)]
    assert [label.partition(" ")[0] for label in found] == [f"No{number}" for number in range(1, count + 1)]
    assert [label.partition(" ")[2] for label in found] == [found[0].partition(" ")[2]] * count
    assert sum(len(label.split()) for label in found) == len(first)  # nothing lies elsewhere
    assert on_label(second, kind, 0) == joined(second) == found[0].replace("No1 ", f"No{count + 1} ", 1)
    if address not in (LONG, WIDE):
        assert found[0].replace(" ", "") == "No1" + "".join(address[1:]).replace(" ", "")


@pytest.mark.parametrize("kind", LABELS)
def test_addresses_lie_in_the_middle_of_their_labels(kind: str) -> None:
    count = LABELS[kind].count
    (page,) = words(render([stationery.labels(kind, [("CHINA",)] * count)]))

    edges = [label_at(kind, index) for index in range(count)]
    assert [round(word.left - left, 1) for word, (left, *_) in zip(page, edges, strict=True)] == [3] * count
    middles = [(word.top + word.bottom) - (top + bottom) for word, (_, top, _, bottom) in zip(page, edges, strict=True)]
    assert [abs(round(twice / 2)) for twice in middles] == [0] * count


@pytest.mark.parametrize("kind", LABELS)
def test_full_sheet_is_one_page(kind: str) -> None:
    assert render([stationery.labels(kind, [WANG] * LABELS[kind].count)]).pages == (1,)


def test_long_lines_are_whole_on_labels() -> None:
    for kind in LABELS:
        assert text(render([stationery.labels(kind, [LONG])])) == [" ".join(LONG)]


def test_six_lines_on_the_small_label_are_at_least_seven_points() -> None:
    (page,) = words(render([stationery.labels("5160", [("Director", *WANG)])]))

    assert min(word.bottom - word.top for word in page) >= 7 * 1.36 * MILLIMETRES  # the font's own height
    assert on_label(page, "5160", 0) == " ".join(("Director", *WANG))


@pytest.mark.parametrize("kind", LABELS)
def test_address_without_end_is_cut_visibly_and_keeps_its_country(kind: str) -> None:
    (page,) = words(render([stationery.labels(kind, [(*ENDLESS, "CHINA")])]))

    found = on_label(page, kind, 0).split()
    assert len(found) == len(page)
    assert found[-2:] == ["…", "CHINA"]
    assert found[:-2] == list(ENDLESS[: len(found) - 2])
    assert len(found) > 8


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("line", ["W" * 3000, "word " * 600, "释" * 3000, "أ" * 3000], ids=["one", "many", "zh", "ar"])
def test_line_without_end_stays_on_its_label(kind: str, line: str) -> None:
    printed = render([stationery.labels(kind, [(), (), (), (), (line,)])])

    (picture,) = pictures(printed)
    left, top, right, bottom = (round(edge / 25.4 * 150) for edge in label_at(kind, 4))
    label = (left - 1, top - 1, right + 1, bottom + 1)  # of a dot on its edge, a part lies within
    assert picture.crop(label).getextrema() != (255, 255)
    picture.paste(255, label)
    assert picture.getextrema() == (255, 255)


@pytest.mark.parametrize("kind", LABELS)
def test_nothing_but_addresses_is_printed_on_labels(kind: str) -> None:
    (picture,) = pictures(render([stationery.labels(kind, [()] * LABELS[kind].count)]))

    assert picture.getextrema() == (255, 255)


def test_unknown_labels_are_refused() -> None:
    with pytest.raises(KeyError, match="l7163"):
        stationery.labels("l7163", [WANG])


# --- Fax cover --------------------------------------------------------------------------------------------------------


def fax(language: str = "en", **parts: Any) -> Sheet:
    given: dict[str, Any] = {
        "to": WANG,
        "fax": "+86 991 123 4567",
        "sender": ADA,
        "subject": "Nagyz Muhammed",
        "pages": 2,
        "date": "5 November 2020",
        "language": language,
    }
    return stationery.fax_cover(**{**given, **parts})


def test_fax_cover_says_all_on_one_page() -> None:
    printed = render([fax()])

    assert (printed.pages, sizes(printed)) == ((1,), [(210.0, 297.0)])
    (page,) = text(printed)
    parts = ("Fax", "To", *WANG, "Fax number +86 991 123 4567", "From", *ADA, "Date 5 November 2020")
    assert sorted(page.split()) == sorted(
        " ".join((*parts, "Pages including this one 2", "Subject Nagyz Muhammed")).split()
    )


def test_fax_cover_is_on_letter_paper_where_that_is_used() -> None:
    assert sizes(render([fax(paper="letter")])) == [(215.9, 279.4)]
    with pytest.raises(KeyError, match="foolscap"):
        fax(paper="foolscap")


def test_long_fax_cover_is_one_page_in_smaller_type() -> None:
    printed = render([fax(to=LONG, sender=LONG, subject="Nagyz Muhammed " * 12)])

    assert printed.pages == (1,)
    assert text(printed)[0].count("Nagyz") == 12


def test_fax_cover_leaves_room_for_what_is_not_given() -> None:
    (page,) = words(render([fax(sender=(), subject="", date="")]))
    top = {word.text: word.top for word in page}

    assert top["Date"] - top["From"] > 20
    assert "Subject" in top


@pytest.mark.parametrize(("language", "form"), [("en", "en"), ("ar", "ar"), ("zh", "en"), ("ug", "en"), ("fr", "en")])
def test_fax_cover_is_in_the_letters_language_or_in_english(language: str, form: str) -> None:
    html = fax(language).html

    assert f'<html lang="{form}" dir="{"rtl" if form == "ar" else "ltr"}"' in html
    assert f'<td lang="{language}"><p dir="ltr">Nagyz Muhammed</p>' in html


def test_arabic_fax_cover_runs_from_right_to_left_and_its_number_does_not() -> None:
    (page,) = words(render([fax("ar", subject="ناغيز محمد", sender=("أحمد القارئ",))]))

    number = sorted((word for word in page if word.text in ("+86", "991", "123", "4567")), key=lambda word: word.left)
    assert joined(number) == "+86 991 123 4567"
    assert max(word.right for word in page) > 180  # the words of the form stand at the right


# --- Ruled sheet ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paper", "size"), [("a4", (210.0, 297.0)), ("letter", (215.9, 279.4))])
@pytest.mark.parametrize("letter", [LETTER, ARABIC_LETTER], ids=["en", "ar"])
@pytest.mark.parametrize("address", [WANG, CHINESE, LONG, WIDE, ENDLESS], ids=["w", "zh", "long", "wide", "endless"])
def test_address_shows_in_the_window(
    paper: str, size: tuple[float, float], letter: Letter, address: Sequence[str]
) -> None:
    printed = render([stationery.ruled(replace(letter, addressee=tuple(address), sender=ADA), paper)])

    assert (sizes(printed), printed.pages) == ([size], (1,))
    (page,) = words(printed)
    window = [word for word in page if word.bottom > 45 and word.top < 90]
    assert outside(window, 20, 45, 105, 90) == []
    assert len(window) >= len("".join(address).split())


@pytest.mark.parametrize(("paper", "rules"), [("a4", 17), ("letter", 15)])
def test_ruled_sheet_is_lines_from_greeting_to_closing(paper: str, rules: int) -> None:
    printed = render([stationery.ruled(LETTER, paper)])

    assert text(printed) == [" ".join((*WANG, LETTER.subject, LETTER.salutation, *LETTER.closing))]
    (picture,) = pictures(printed)
    dots = picture.crop((picture.width // 2, 0, picture.width // 2 + 1, picture.height)).tobytes()
    dark = [y for y, dot in enumerate(dots) if dot < 220]
    lines = [y for y in dark if y - 1 not in dark]
    (page,) = words(printed)
    edges = {word.text: word for word in page}
    assert len(lines) == rules
    assert {round((below - above) * 25.4 / 150) for above, below in pairwise(lines)} == {8}
    assert lines[0] * 25.4 / 150 > edges["Dear"].bottom
    assert lines[-1] * 25.4 / 150 < edges["Yours"].top
    assert sizes(printed)[0][1] - edges["Yours"].bottom > 30  # to sign below


def test_ruled_sheet_has_the_direction_of_its_language() -> None:
    (english,) = words(render([stationery.ruled(LETTER, "a4")]))
    (arabic,) = words(render([stationery.ruled(ARABIC_LETTER, "a4")]))

    assert min(word.left for word in english if word.top > 95) < 30
    assert min(word.left for word in arabic if word.top > 95) > 120


def test_ruled_sheet_prints_sender_and_date_where_they_are_known() -> None:
    known = replace(LETTER, sender=ADA, date="5 November 2020")

    (page,) = text(render([stationery.ruled(known, "a4")]))
    assert page.startswith(" ".join(ADA))
    assert "CHINA 5 November 2020 Nagyz" in page


def test_unknown_paper_is_refused() -> None:
    with pytest.raises(KeyError, match="a5"):
        stationery.ruled(LETTER, "a5")
    with pytest.raises(KeyError, match="a5"):
        stationery.tally("Lyon 3", [], "a5", "en")


# --- Tally sheet ------------------------------------------------------------------------------------------------------


def case(serial: int, officials: Sequence[str] = ("Director Wang Jiang",), **parts: Any) -> TallyCase:
    given = {
        "number": f"UA {serial}/20",
        "headline": f"Headline{serial}",
        "last_day": "5 December 2020",
        "report_url": f"https://ua.example.org/cases/ua-{serial}-20/report/",
        "officials": tuple(officials),
    }
    return TallyCase(**{**given, **parts})


def codes(printed: Printed) -> list[list[str]]:
    """What a phone reads on each page, from above."""
    found = [zxingcpp.read_barcodes(picture) for picture in pictures(printed)]
    return [[code.text for code in sorted(page, key=lambda code: code.position.top_left.y)] for page in found]


@pytest.mark.parametrize(("paper", "size"), [("a4", (210.0, 297.0)), ("letter", (215.9, 279.4))])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_case_has_its_code_and_its_officials(paper: str, size: tuple[float, float], language: str) -> None:
    cases = [case(63, ["Director Wang Jiang", "Ambassador Cui Tiankai"]), case(64), case(65)]

    printed = render([stationery.tally("Lyon 3", cases, paper, language)])

    assert (sizes(printed), printed.pages) == ([size], (1,))
    assert codes(printed) == [[each.report_url for each in cases]]
    (page,) = text(printed)
    assert page.count("Director Wang Jiang") == 3
    assert page.count("Ambassador Cui Tiankai") == 1
    assert "ua.example.org/cases/" in page
    assert "1/1" not in page.replace(" ", "")


def test_tally_sheet_says_what_to_do() -> None:
    (page,) = text(render([stationery.tally("Lyon 3", [case(63)], "a4", "en")]))

    assert page.startswith(
        "Tally sheet: Lyon 3 Date: Scan the code afterwards to report how many letters your group wrote: "
        "we tell the officials and the family. UA 63/20 Headline63"
    )
    assert "Last day: 5 December 2020" in page


def test_group_without_a_name_writes_it() -> None:
    (page,) = text(render([stationery.tally(" ", [case(63)], "a4", "en")]))

    assert page.startswith("Tally sheet Group: Date: Scan")


def test_arabic_tally_sheet_runs_from_right_to_left() -> None:
    english, arabic = (
        pictures(render([stationery.tally("Lyon 3", [case(63)], "a4", language)]))[0] for language in ("en", "ar")
    )

    (left,), (right,) = zxingcpp.read_barcodes(arabic), zxingcpp.read_barcodes(english)
    assert left.position.top_right.x < arabic.width / 2 < right.position.top_left.x


def test_long_address_can_still_be_scanned() -> None:
    url = "https://urgent-actions.example.org/en/cases/ua-63-20/report/?" + "to=director-wang-jiang&" * 8
    printed = render([stationery.tally("", [case(63, report_url=url)], "letter", "en")])

    assert codes(printed) == [[url]]


def test_code_has_its_quiet_zone() -> None:
    (picture,) = pictures(render([stationery.tally("Lyon 3", [case(63)], "a4", "en")]))

    (code,) = zxingcpp.read_barcodes(picture)
    left, top, right = code.position.top_left.x, code.position.top_left.y, code.position.top_right.x
    bottom = top + right - left
    zone = round(4 * (right - left) / 33) - 1  # an address of this length makes 33 modules
    picture.paste(255, (left - 1, top - 1, right + 2, bottom + 2))
    assert picture.crop((left - zone, top - zone, right + zone, bottom + zone)).getextrema() == (255, 255)


def test_case_never_breaks_over_two_pages_and_pages_are_numbered() -> None:
    cases = [case(10 + index, [f"Official{index}-{n}" for n in range(1 + index % 4)]) for index in range(12)]

    printed = render([stationery.tally("Lyon 3", cases, "a4", "en")])

    pages = text(printed)
    assert len(pages) == printed.pages[0] > 1
    unnumbered = [page for number, page in enumerate(pages, 1) if f"{number}/{len(pages)}" not in page.replace(" ", "")]
    assert unnumbered == []
    assert [url for page in codes(printed) for url in page] == [each.report_url for each in cases]
    for page, found in zip(pages, codes(printed), strict=True):
        here = [each for each in cases if each.headline in page.split()]
        assert found == [each.report_url for each in here]
        officials = [word for word in page.split() if word.startswith("Official") and "-" in word]
        assert officials == [official for each in here for official in each.officials]


def test_case_longer_than_a_page_loses_no_official() -> None:
    officials = [f"Official-{number}" for number in range(60)]

    pages = text(render([stationery.tally("Lyon 3", [case(63, officials)], "a4", "en")]))
    assert [word for word in " ".join(pages).split() if word.startswith("Official-")] == officials


def test_evening_without_cases_is_a_heading() -> None:
    assert render([stationery.tally("Lyon 3", [], "a4", "en")]).pages == (1,)


# --- Together, and for everybody to read ------------------------------------------------------------------------------


def every_piece(line: str) -> dict[str, Sheet]:
    one = (line,)
    letter = replace(
        LETTER, sender=one, addressee=one, date=line, subject=line, salutation=line, closing=one, title=line
    )
    evening = case(63, one * 2, number=line, headline=line, last_day=line)
    return {
        "envelope": stationery.envelope("c5", one * 2, one),
        "labels": stationery.labels("l7160", [one * 2]),
        "fax": stationery.fax_cover(one, line, one, line, 2, line, "en"),
        "ruled": stationery.ruled(letter, "a4"),
        "tally": stationery.tally(line, [evening], "a4", "en"),
    }


def structure(content: bytes) -> list[DictionaryObject]:
    """The elements that a screen reader finds, in their order."""
    found = []

    def walk(thing: Any) -> None:
        if isinstance(thing, IndirectObject):
            thing = thing.get_object()
        if isinstance(thing, ArrayObject):
            for each in thing:
                walk(each)
        elif isinstance(thing, DictionaryObject) and "/S" in thing:
            found.append(thing)
            walk(thing.get("/K", ArrayObject()))

    walk(PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]["/K"])  # type: ignore[index]
    return found


def names(content: bytes) -> list[str]:
    return [str(element["/S"]) for element in structure(content)]


@pytest.mark.parametrize(("piece", "times"), [("envelope", 3), ("labels", 2), ("fax", 5), ("ruled", 6), ("tally", 6)])
def test_markup_is_printed_and_not_obeyed(piece: str, times: int) -> None:
    printed = render([every_piece(HOSTILE)[piece]])

    assert text(printed)[0].replace(" ", "").count(HOSTILE.replace(" ", "")) == times
    assert set(names(printed.content)) & {"/Figure", "/Link"} == ({"/Figure"} if piece == "tally" else set())
    assert [page.get("/Annots") for page in PdfReader(io.BytesIO(printed.content)).pages] == [None]


@pytest.mark.parametrize("piece", ["envelope", "labels", "fax", "tally"])  # a letter is cleaned where it is composed
def test_marks_without_end_and_turned_directions_are_taken_out(piece: str) -> None:
    html = every_piece("a" + "\u0301" * 100 + "\u202eevil")[piece].html

    assert ("a" + "\u0301" * 4 + "evil" in html, "\u0301" * 5 in html, "\u202e" in html) == (True, False, False)


@pytest.mark.parametrize("piece", ["envelope", "labels", "fax", "ruled", "tally"])
def test_piece_is_tagged_and_says_its_title_and_language(piece: str) -> None:
    reader = PdfReader(io.BytesIO(render([every_piece("Ada Reader")[piece]]).content))

    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title


def test_headings_tables_and_codes_are_what_they_are() -> None:
    pieces = {piece: render([sheet]).content for piece, sheet in every_piece("Ada Reader").items()}

    assert [name for name in names(pieces["fax"]) if name in ("/H1", "/Table", "/TR", "/TH", "/TD")] == [
        *("/H1", "/Table"),
        *("/TR", "/TH", "/TD") * 6,
    ]
    assert [name for name in names(pieces["tally"]) if name in ("/H1", "/H2", "/Table", "/TR", "/TH", "/TD")] == [
        *("/H1", "/H2", "/Table", "/TR", "/TH", "/TH", "/TH"),
        *("/TR", "/TH", "/TD", "/TD") * 2,
    ]
    assert [str(each["/Alt"]) for each in structure(pieces["tally"]) if str(each["/S"]) == "/Figure"] == [
        "Code with the address below"
    ]
    assert names(pieces["ruled"]).count("/H1") == 1
    assert names(pieces["labels"]).count("/LI") == 1


def test_pieces_become_one_file_in_their_order() -> None:
    printed = render([stationery.envelope("dl", WANG), stationery.labels("5160", [WANG] * 31), fax()])

    assert printed.pages == (1, 2, 1)
    assert sizes(printed) == [(220.0, 110.0), (215.9, 279.4), (215.9, 279.4), (210.0, 297.0)]
