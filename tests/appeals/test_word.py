"""Letters as Word files, opened again: paragraphs in named styles, the same each time, and text that stays text."""

import difflib
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils.translation import gettext, override
from docx import Document
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from fontTools.ttLib import TTFont

from appeals import word
from cases import languages
from tests.appeals.test_pdf import BODIES, make

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SENDER = ("Ada Reader", "1 Road", "Town")
ADDRESS = "Director Wang Jiang\nPrison Administration Bureau\nNo 380, Huanghe lu\nCHINA"


def paragraphs(content: bytes) -> list[Paragraph]:
    return Document(io.BytesIO(content)).paragraphs


def pairs(content: bytes) -> list[tuple[str, str]]:
    """Name of the style and text of each paragraph, in order."""
    return [(str(paragraph.style.name), paragraph.text) for paragraph in paragraphs(content) if paragraph.style]


def part(content: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return ElementTree.fromstring(file.read(name))


def local(name: str) -> str:
    """Without its namespace."""
    return name.rpartition("}")[2]


def body_of(content: bytes) -> list[tuple[str, bool, list[tuple[str, bool]]]]:
    """Each paragraph's style, whether it runs right to left, and its runs with whether they do."""
    found = []
    for paragraph in part(content, "word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        assert style is not None
        runs = [("".join(run.itertext()), run.find(f"{W}rPr/{W}rtl") is not None) for run in paragraph.findall(f"{W}r")]
        found.append((style.get(f"{W}val", ""), paragraph.find(f"{W}pPr/{W}bidi") is not None, runs))
    return found


def texts(content: bytes, style: str) -> list[str]:
    return [text for name, text in pairs(content) if name == style]


# --- Paragraphs and styles --------------------------------------------------------------------------------------------


def test_a_letter_is_its_parts_in_styles_that_word_knows_by_name() -> None:
    content = word.render(make(body="One,\nand more.\n\nTwo.", sender=SENDER, date="24 November 2020"))

    assert pairs(content) == [
        ("envelope return", "Ada Reader\n1 Road\nTown"),
        ("envelope address", ADDRESS),
        ("Date", "24 November 2020"),
        ("Heading 1", "Nagyz Muhammed"),
        ("Salutation", "Dear Director Wang,"),
        ("Body Text", "One,\nand more."),
        ("Body Text", "Two."),
        ("Closing", "Yours sincerely,"),
    ]


def test_what_is_missing_leaves_room_and_no_empty_paragraph() -> None:
    full = word.render(make(body="One.", sender=SENDER, date="24 November 2020"))
    bare = word.render(make(body="One.", subject=""))

    assert pairs(bare) == [
        ("envelope address", ADDRESS),
        ("Salutation", "Dear Director Wang,"),
        ("Body Text", "One."),
        ("Closing", "Yours sincerely,"),
    ]
    with_date, without_date = paragraphs(full)[1].paragraph_format, paragraphs(bare)[0].paragraph_format
    assert with_date.space_after is not None
    assert without_date.space_after is not None
    assert round((without_date.space_after - with_date.space_after) / Mm(1), 1) == 12.5


def test_a_letter_without_a_body_is_made_all_the_same() -> None:
    assert [style for style, _ in pairs(word.render(make(paragraphs=())))][-2:] == ["Salutation", "Closing"]


def test_a_chinese_letter_is_indented_and_ends_as_chinese_letters_do() -> None:
    content = word.render(make("zh", body="一。\n\n二。"), translation=make("en", body="One."))

    assert pairs(content)[2:6] == [
        ("Salutation", "尊敬的王江局长："),
        ("Body Text First Indent", "一。"),
        ("Body Text First Indent", "二。"),
        ("Closing", "此致\n敬礼"),
    ]
    indents = [paragraph.paragraph_format.first_line_indent for paragraph in paragraphs(content)]
    assert indents == [None] * 5 + [Pt(22)] + [None] * 5


@pytest.mark.parametrize(("language", "hints"), [("zh", ["eastAsia"]), ("ru", [])])
def test_quotation_marks_are_chinese_in_a_chinese_letter_alone(language: str, hints: list[str]) -> None:
    fonts = part(word.render(make(language, body="“一”")), "word/document.xml").iter(f"{W}rFonts")

    assert sorted({str(font.get(f"{W}hint")) for font in fonts}) == hints


def test_a_closing_never_stands_alone() -> None:
    content = word.render(make(body="One.\n\nTwo.\n\nThree."))
    document = Document(io.BytesIO(content))

    assert [paragraph.paragraph_format.keep_with_next for paragraph in document.paragraphs] == [
        *[None] * 5,
        True,
        None,
    ]
    assert document.styles["Closing"].paragraph_format.keep_together is True
    assert document.styles["Normal"].paragraph_format.widow_control is True


def test_the_subject_is_a_heading_in_bold_in_every_script() -> None:
    styles = Document(io.BytesIO(word.render(make("ar")))).styles

    assert [(styles[name].font.bold, styles[name].font.cs_bold) for name in ("Heading 1", "Heading 2")] == [
        (True, True),
        (True, True),
    ]
    assert [styles["Body Text"].font.bold, styles["Body Text"].font.cs_bold] == [None, None]


def test_there_is_room_for_a_signature() -> None:
    closing = Document(io.BytesIO(word.render(make()))).styles["Closing"]

    assert round(closing.paragraph_format.space_after / Mm(1)) == 15
    assert closing.next_paragraph_style.name == "Signature"


@pytest.mark.parametrize(("paper", "size", "top"), [("a4", (210, 297), 45), ("letter", (216, 279), 52)])
def test_the_address_stands_in_the_window_of_an_envelope(paper: str, size: tuple[int, int], top: int) -> None:
    document = Document(io.BytesIO(word.render(make(), paper)))
    section = document.sections[0]
    address = document.styles["envelope address"].paragraph_format

    assert section.page_width is not None
    assert section.page_height is not None
    assert section.top_margin is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == size
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [25, 25, 25, 25]
    assert round((section.top_margin + address.space_before) / Mm(1)) == top
    assert round((section.page_width - 2 * section.top_margin - address.right_indent) / Mm(1)) == 85


def test_paper_that_nobody_has_is_refused() -> None:
    with pytest.raises(KeyError, match="a5"):
        word.render(make(), "a5")


# --- For the reader, not for the official -----------------------------------------------------------------------------


def test_the_translation_follows_on_a_page_that_says_it_is_not_to_be_sent() -> None:
    letter, translation = make("ru", body="Раз."), make("en", body="One.", sender=SENDER, date="24 November 2020")
    content = word.render(letter, translation=translation)

    assert pairs(content) == [
        *pairs(word.render(letter)),
        ("Reading Copy", "For you to read, do not send"),
        ("Heading 2", "Nagyz Muhammed"),
        ("Salutation", "Dear Director Wang,"),
        ("Body Text", "One."),
        ("Closing", "Yours sincerely,"),
    ]
    note = Document(io.BytesIO(content)).styles["Reading Copy"]
    assert note.paragraph_format.page_break_before is True
    assert note.base_style.name == "Heading 1"


def test_a_letter_alone_has_nothing_that_is_not_to_be_sent() -> None:
    assert texts(word.render(make()), "Reading Copy") == []


def test_that_is_said_in_the_language_of_the_translation_and_not_of_the_page() -> None:
    with override("ar"):
        arabic = gettext("For you to read, do not send")
        english = texts(word.render(make("zh"), translation=make("en")), "Reading Copy")

    assert [arabic] != english
    assert english == ["For you to read, do not send"]
    assert texts(word.render(make("zh"), translation=make("ar")), "Reading Copy") == [arabic]


# --- Languages and directions -----------------------------------------------------------------------------------------


def tags(content: bytes) -> list[tuple[str, str, str]]:
    """The languages of the runs, without repetitions."""
    marks = part(content, "word/document.xml").iter(f"{W}lang")
    found = [tuple(str(mark.get(W + key)) for key in ("val", "eastAsia", "bidi")) for mark in marks]
    return list(dict.fromkeys((val, east, bidi) for val, east, bidi in found))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("en-GB", "zh-CN", "ar-SA")),
        ("kk", ("kk-KZ", "zh-CN", "ar-SA")),
        ("zh", ("zh-CN", "zh-CN", "ar-SA")),
        ("ar", ("ar-EG", "zh-CN", "ar-EG")),
    ],
)
def test_defaults_and_runs_say_their_language(language: str, expected: tuple[str, str, str]) -> None:
    content = word.render(make(language))
    default = part(content, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")

    assert default is not None
    assert tuple(default.get(W + key) for key in ("val", "eastAsia", "bidi")) == expected
    assert tags(content) == list(dict.fromkeys([("en-GB", "zh-CN", "ar-SA"), expected]))  # the address is English
    runs = list(part(content, "word/document.xml").iter(f"{W}r"))
    assert len([run for run in runs if run.find(f"{W}rPr/{W}lang") is not None]) == len(runs) > 5


@pytest.mark.parametrize("language", languages.TAGS)
def test_word_is_told_every_language_with_its_country(language: str) -> None:
    assert re.fullmatch(rf"{language}(-Latn|-Cyrl)?-[A-Z]{{2}}", word._word_tag(language))


def test_a_translation_keeps_its_own_language() -> None:
    content = word.render(make("ru"), translation=make("ar"))

    assert [tag[0] for tag in tags(content)] == ["en-GB", "ru-RU", "ar-EG"]


def test_an_arabic_letter_runs_right_to_left_and_its_address_does_not() -> None:
    content = word.render(make("ar", body="اكتب إليكم.", subject="نديم", date="٢٤ نوفمبر ٢٠٢٠"))

    assert body_of(content) == [
        ("envelopeaddress", False, [(ADDRESS.replace("\n", ""), False)]),
        ("Date", True, [("٢٤ نوفمبر ٢٠٢٠", True)]),
        ("Heading1", True, [("نديم", True)]),
        ("Salutation", True, [("معالي الوزير، تحية طيبة وبعد،", True)]),
        ("BodyText2", True, [("اكتب إليكم.", True)]),
        ("Closing", True, [("وتفضلوا بقبول فائق الاحترام،", True)]),
    ]


def test_an_english_letter_does_not() -> None:
    found = body_of(word.render(make(body="One.")))

    assert {(right_to_left, run[1]) for _, right_to_left, runs in found for run in runs} == {(False, False)}


def test_words_that_run_the_other_way_are_runs_of_their_own() -> None:
    arabic = word.render(make("ar", body="عن (Nagyz Muhammed, UA 63/20). شكرا"))
    english = word.render(make("en", body="He is ناديم زهروان, a teacher."))

    assert body_of(arabic)[3] == (
        *("BodyText2", True),
        [("عن (", True), ("Nagyz Muhammed, UA 63/20", False), ("). شكرا", True)],
    )
    assert body_of(english)[3] == (
        *("BodyText", False),
        [("He is ", False), ("ناديم زهروان", True), (", a teacher.", False)],
    )
    assert texts(arabic, "Body Text 2") == ["عن (Nagyz Muhammed, UA 63/20). شكرا"]


def test_fonts_are_named_for_every_script_and_none_is_embedded() -> None:
    content = word.render(make("ar"))
    look = part(content, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert look is not None
    fonts = look.find(f"{W}rFonts")
    assert fonts is not None

    assert {local(key): value for key, value in fonts.attrib.items()} == {
        **dict.fromkeys(["ascii", "hAnsi", "cs"], "Times New Roman"),
        "eastAsia": "SimSun",
    }
    sizes = [look.find(W + name) for name in ("sz", "szCs")]
    assert [size.get(f"{W}val") for size in sizes if size is not None] == ["22", "26"]  # in half points


@pytest.mark.parametrize(
    ("language", "sender", "alignment"),
    [("en", SENDER, "right"), ("ar", SENDER, "right"), ("en", ("سارة",), None), ("ar", ("سارة", "12 شارع"), None)],
)
def test_the_sender_stands_in_the_right_corner_in_the_direction_of_its_own_script(
    language: str, sender: tuple[str, ...], alignment: str | None
) -> None:
    look = part(word.render(make(language, sender=sender)), "word/document.xml").find(f".//{W}p/{W}pPr")
    assert look is not None
    frame, end = look.find(f"{W}framePr"), look.find(f"{W}jc")

    assert frame is not None
    assert {local(key): value for key, value in frame.attrib.items()} == {
        "hAnchor": "margin",
        "xAlign": "right",
        "vAnchor": "page",
        "y": "1417",
        "w": "4082",
        "wrap": "around",
    }
    assert (None if end is None else end.get(f"{W}val")) == alignment
    assert (look.find(f"{W}bidi") is not None) == (sender != SENDER)


# --- What the file tells, and what it does not ------------------------------------------------------------------------


def test_it_says_its_title_and_language_and_nothing_about_the_reader() -> None:
    content = word.render(make("zh", sender=SENDER))
    found = {local(entry.tag): entry.text for entry in part(content, "docProps/core.xml")}

    assert found == {
        "title": "Nagyz Muhammed – Director Wang Jiang",
        "language": "zh",
        "created": "1980-01-01T00:00:00Z",
        "modified": "1980-01-01T00:00:00Z",
        "revision": "1",
        **dict.fromkeys(["subject", "creator", "keywords", "description", "lastModifiedBy", "category"]),
    }
    assert [local(entry.tag) for entry in part(content, "word/settings.xml")] == [
        "removePersonalInformation",
        "removeDateAndTime",
        "compat",
    ]


def test_a_title_longer_than_word_takes_is_cut() -> None:
    content = word.render(make(title="x" * 300))

    assert Document(io.BytesIO(content)).core_properties.title == "x" * 255


def test_the_same_letter_is_the_same_file() -> None:
    content = word.render(make("ar", sender=SENDER), translation=make("en"))

    assert word.render(make("ar", sender=SENDER), translation=make("en")) == content
    assert word.render(make("ar", sender=SENDER)) != content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_it_is_the_same_file_in_another_process() -> None:
    code = (
        "import django, hashlib; django.setup()\n"
        "from appeals import word\n"
        "from tests.appeals.test_pdf import make\n"
        "print(hashlib.sha256(word.render(make('kk'))).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "tests.settings", "TZ": "Asia/Almaty"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60
    )

    assert done.stdout.strip() == hashlib.sha256(word.render(make("kk"))).hexdigest(), done.stderr


# --- Text stays text --------------------------------------------------------------------------------------------------

MARKUP = (
    "</w:t></w:r></w:p><w:p><w:r><w:t>x & y</w:t></w:r></w:p><!-- --> <![CDATA[ ]]> &amp; &lol; {{ x }} <?x?> "
    '<w:hyperlink r:id="rId9"/> <w:instrText>INCLUDEPICTURE "https://evil.example/x"</w:instrText>'
)
ADDRESSES = (
    "https://evil.example/ javascript:alert(1) file:///etc/passwd mailto:a@example.org \\\\host\\share www.x.org"
)


def relationships(content: bytes) -> list[tuple[str, str, str | None]]:
    """Type, target and mode of every relationship of every part."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            if name.endswith(".rels"):
                for entry in part(content, name):
                    found.append(
                        (entry.get("Type", "").rsplit("/")[-1], entry.get("Target", ""), entry.get("TargetMode"))
                    )
    return found


def test_markup_in_a_letter_is_written_and_not_obeyed() -> None:
    plain = word.render(make(body="One.", sender=("Ada",), addressee=("Wang",), date="today"))
    content = word.render(
        make(
            body=MARKUP,
            sender=(MARKUP,),
            date=MARKUP,
            addressee=(MARKUP,),
            subject=MARKUP,
            salutation=MARKUP,
            closing=(MARKUP,),
            title=MARKUP[:255],
        )
    )

    assert [style for style, _ in pairs(content)] == [style for style, _ in pairs(plain)]
    assert {text for _, text in pairs(content)} == {MARKUP}
    assert Document(io.BytesIO(content)).core_properties.title == MARKUP[:255]
    names = [{local(entry.tag) for entry in part(file, "word/document.xml").iter()} for file in (plain, content)]
    assert names[0] == names[1]


@pytest.mark.parametrize("body", ["One.", ADDRESSES, MARKUP])
def test_nothing_outside_the_file_belongs_to_it(body: str) -> None:
    content = word.render(make(body=body), translation=make("ar"))

    assert relationships(content) == [
        ("core-properties", "docProps/core.xml", None),
        ("officeDocument", "word/document.xml", None),
        ("styles", "styles.xml", None),
        ("settings", "settings.xml", None),
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert sorted(file.namelist()) == [
            *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels"),
            *("word/document.xml", "word/settings.xml", "word/styles.xml"),
        ]
    assert texts(content, "Body Text") == [body]


def test_what_cannot_be_written_is_left_out() -> None:
    dirt = "\x00\ud800\udfff\ufffe\uffff\x0b\x1f\u202e"
    letter = make(
        paragraphs=(f"a{dirt}b",),
        sender=(f"c{dirt}",),
        date=f"{dirt}d",
        addressee=(f"e{dirt}f",),
        subject=f"g{dirt}h",
        salutation=f"i{dirt}",
        closing=(f"{dirt}j", "k"),
        title=f"l{dirt}m",
    )
    content = word.render(letter, translation=letter)

    assert [text for _, text in pairs(content)] == [
        *("c", "ef", "d", "gh", "i", "ab", "j\nk"),
        *("For you to read, do not send", "gh", "i", "ab", "j\nk"),
    ]
    assert Document(io.BytesIO(content)).core_properties.title == "lm"


# --- As another program shows it --------------------------------------------------------------------------------------

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir><cachedir>{folder}/cache</cachedir>
  <alias binding="same"><family>Times New Roman</family>
    <prefer><family>UA Letter Serif</family><family>UA Letter Arabic</family></prefer></alias>
  <alias binding="same"><family>SimSun</family><prefer><family>UA Letter Chinese</family></prefer></alias>
</fontconfig>
"""

Show = Callable[[dict[str, bytes]], dict[str, Path]]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Show:
    """Name -> the PDF as LibreOffice lays it out, with our own fonts in place of those of Word."""
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice or pdftotext (poppler-utils) is not installed")
    fonts = tmp_path_factory.mktemp("fonts")
    for path in Path(settings.BASE_DIR, "static", "fonts").glob("*.woff2"):
        font = TTFont(path)
        font.flavor = None
        font.save(fonts / f"{path.stem}.otf")
    configuration = fonts / "fonts.conf"
    configuration.write_text(FONTS.format(folder=fonts))

    def show(files: dict[str, bytes]) -> dict[str, Path]:
        folder = tmp_path_factory.mktemp("letters")
        for name, content in files.items():
            (folder / f"{name}.docx").write_bytes(content)
        profile = f"-env:UserInstallation={(fonts / 'profile').as_uri()}"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", "pdf", *(f"{name}.docx" for name in files)],
            cwd=folder,
            env={**os.environ, "FONTCONFIG_FILE": str(configuration)},
            capture_output=True,
            check=True,
            timeout=120,
        )
        return {name: folder / f"{name}.pdf" for name in files}

    return show


def pages(path: Path) -> list[str]:
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, timeout=60)
    return done.stdout.decode().removesuffix("\f").split("\f")


def millimetres_from_the_top(path: Path, word: str) -> float:
    """Where the first line that has the word begins."""
    done = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True, timeout=60)
    found = re.search(rf'yMin="([\d.]+)"[^>]*>{word}<', done.stdout.decode())
    assert found is not None
    return float(found[1]) / 72 * 25.4


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_sample_letters_are_one_page_and_their_text_comes_out_as_it_went_in(shown: Show) -> None:
    files = shown({language: word.render(make(language)) for language in BODIES})
    found = {language: pages(path) for language, path in files.items()}

    assert {language: len(text) for language, text in found.items()} == dict.fromkeys(BODIES, 1)
    for language in ("en", "es", "fr", "ru", "kk", "zh"):
        source, copy = squeezed(make(language).as_text()), squeezed(found[language][0])
        assert difflib.SequenceMatcher(None, source, copy, autojunk=False).ratio() >= 0.97, language


def test_on_paper_a_closing_does_not_stand_alone(shown: Show) -> None:
    counts = range(12, 24, 2)
    letters = {count: "\n\n".join(f"Line {number} of it." for number in range(1, count + 1)) for count in counts}
    files = shown({str(count): word.render(make(body=body)) for count, body in letters.items()})
    found = {count: pages(path) for count, path in files.items()}

    assert {len(text) for text in found.values()} == {1, 2}
    for count, text in found.items():
        assert f"Line {count} of it." in text[-1]
        assert "Yours sincerely," in text[-1]


def test_on_paper_the_translation_has_a_page_of_its_own(shown: Show) -> None:
    [letter, translation] = pages(shown({"ru": word.render(make("ru"), translation=make("fr"))})["ru"])

    assert squeezed(letter).endswith("Суважением,")
    assert squeezed(translation).startswith("Foryoutoread,donotsendNagyzMuhammedMonsieurleDirecteur,")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_paper_a_long_sender_does_not_push_the_address_out_of_the_window(shown: Show, language: str) -> None:
    sender = ("Ada Reader", *(f"Line {number}" for number in range(2, 8)))
    files = {paper: word.render(make(language, sender=sender, date="24"), paper) for paper in word.PAPERS}
    found = shown(files)

    assert [round(millimetres_from_the_top(found[paper], "Director")) for paper in ("a4", "letter")] == [45, 52]
