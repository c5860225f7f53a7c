"""Staff text is data: cleaned of what cannot be printed, and cut into paragraphs and lines."""

import time

import pytest

from cases import plain_text

UNTOUCHED = [
    "Việt Nam: Nguyễn Văn Đài bị kết án mười lăm năm tù",
    "Vie\u0302\u0323t Nguye\u0302\u0303n",  # decomposed: two marks on a letter
    "مُحَمَّدٌ كَاتِبٌ وَشَاعِرٌ",
    "می\u200cخواهم نامه\u200cای بنویسم",  # with the joiner that Persian needs
    "שָׁלוֹם",
    "क्\u200dष",
    "哈萨克族作家，被判无期徒刑。",
    "Қазақ жазушысы Нағыз Мұхаммед",
    "left\u200e right\u200f arabic\u061c",
    "tab\tstays",
    "“quotes” – dash … ½ €",
    "👩\u200d👩\u200d👧 🏳️\u200d🌈",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_languages_need_is_untouched(text: str) -> None:
    assert plain_text.clean(text) == text


@pytest.mark.parametrize(
    "character",
    [
        *("\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f"),  # control characters
        *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"),  # direction
        *("\ufeff", "\ufff9", "\ufffe", "\uffff", "\ud800", "\udfff", "\U000e0001", "\U000e0041", "\U000e007f"),
    ],
)
def test_what_cannot_be_printed_is_taken_out(character: str) -> None:
    assert plain_text.clean(f"{character}Re{character}lease him{character}") == "Release him"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\u2028"])
def test_there_is_one_kind_of_line_end(end: str) -> None:
    assert plain_text.clean(f"one{end}two") == "one\ntwo"


def test_a_letter_keeps_at_most_four_marks() -> None:
    assert plain_text.clean("a" + "\u0301" * 4) == "a" + "\u0301" * 4
    assert plain_text.clean("a" + "\u0301" * 5) == "a" + "\u0301" * 4


def test_a_tower_of_marks_falls_at_once() -> None:
    tower = "a" + "\u0301" * 200_000
    assert len(tower) == 200_001

    started = time.monotonic()
    kept = plain_text.clean(tower)

    assert kept == "a" + "\u0301" * 4
    assert time.monotonic() - started < 2


def test_paragraphs_are_apart_by_a_blank_line_and_keep_their_lines() -> None:
    text = "\n\n One\r\nline\r\n \t\r\nTwo\n\n\n\nThree\u2029Four\n"

    assert plain_text.paragraphs(text) == ["One\nline", "Two", "Three", "Four"]
    assert plain_text.paragraphs(" \n\t\n") == plain_text.paragraphs("") == []


def test_lines_are_stripped_and_never_blank() -> None:
    assert plain_text.lines(" No 380\r\n\n\tUrumqi \n\u202e\n") == ["No 380", "Urumqi"]
    assert plain_text.lines("\n") == []
