"""How long a text is where others set the limit: in a mail link, and in a post on a network."""

from urllib.parse import unquote

import pytest

from cases.short_texts import LINK_IN_POST, in_mail_link, post_length


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("Release him", "Release%20him"),
        ("one\ntwo", "one%0D%0Atwo"),
        ("one\r\ntwo", "one%0D%0Atwo"),
        ("one\rtwo", "one%0D%0Atwo"),
        ("a&b=c?d#e%f+g/h", "a%26b%3Dc%3Fd%23e%25f%2Bg%2Fh"),
        ("é", "%C3%A9"),
        ("国", "%E5%9B%BD"),
        ("a\x00b\u202ec", "abc"),  # what cannot be printed
    ],
)
def test_a_mail_link_has_spaces_as_20_and_line_ends_as_crlf(text: str, written: str) -> None:
    assert in_mail_link(text) == written


def test_what_a_mail_link_says_is_what_was_written() -> None:
    text = "Dear Director,\n\nRelease “him” & her: 100% + 国家?\n"

    assert unquote(in_mail_link(text)) == text.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Release him", 11),
        ("Освободите его", 14),  # Cyrillic, Greek, Arabic and Hebrew count as Latin does
        ("أطلقوا سراحه", 12),
        ("释放他", 6),
        ("释放 him", 8),
        ("e\u0301", 1),  # composed first
        ("“Now” – he’s ill…", 18),  # quotes and dashes count as one, the three dots as two
        ("\u10ff", 1),
        ("\u1100", 2),
        ("🙂", 2),
        ("one\ntwo", 7),
    ],
)
def test_a_post_is_as_long_as_x_counts(text: str, length: int) -> None:
    assert post_length(text) == length
    assert post_length(text, has_link=True) == length + 1 + LINK_IN_POST == length + 24
