"""Staff text is data: what may stand in it, and what is taken out before it is shown or printed."""

import re
import sys
import unicodedata
from functools import cache

MARKS_PER_LETTER = 4
LAST_COMMON = "\uffff"  # of the signs that nearly all texts are written in

# Control characters, non-characters, tag characters, and the marks that turn the direction of the text that follows.
# The harmless direction marks (LRM, RLM, ALM) and the joiners that Persian and Indic scripts need stay.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """`text` without what cannot be printed, with one kind of line end and at most four marks on a letter."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return _fewer_marks(_UNPRINTABLE.sub("", text))


def _fewer_marks(text: str) -> str:
    """Thousands of marks on one letter draw over the page and take the renderer minutes."""
    if text.isascii():
        return text
    last = sys.maxunicode if max(text) > LAST_COMMON else ord(LAST_COMMON)
    return _too_many_marks(last).sub(lambda run: run[0][:MARKS_PER_LETTER], text)


@cache
def _too_many_marks(last: int) -> re.Pattern[str]:
    """A run of more marks than any language puts on one letter, of those up to `last`.

    Only within the common plane is looking for one of many signs quick: beyond, it takes hundreds of times as long.
    """
    joiner = "\u034f"
    marks = joiner + "".join(sign for sign in map(chr, range(last + 1)) if unicodedata.category(sign)[0] == "M")
    return re.compile(f"[{marks}]{{{MARKS_PER_LETTER + 1},}}")


def paragraphs(text: str) -> list[str]:
    """The blocks between blank lines, each with its own line breaks kept."""
    return [block.strip("\n") for block in re.split(r"\n(?:[ \t]*\n)+", clean(text).strip()) if block.strip()]


def lines(text: str) -> list[str]:
    """The lines that are not blank, stripped: addresses, demands."""
    return [line.strip() for line in clean(text).split("\n") if line.strip()]
