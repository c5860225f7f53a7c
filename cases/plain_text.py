"""Staff text is data: what may stand in it, and what is taken out before it is shown or printed."""

import re
import sys
import unicodedata
from functools import cache, lru_cache

MARKS_PER_LETTER = 4

# Control characters, non-characters, tag characters, and the marks that turn the direction of the text that follows.
# The harmless direction marks (LRM, RLM, ALM) and the joiners that Persian and Indic scripts need stay.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


@lru_cache(maxsize=512)  # a page's texts are cleaned for every reader of it
def clean(text: str) -> str:
    """`text` without what cannot be printed, with one kind of line end and at most four marks on a letter."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return _fewer_marks(_UNPRINTABLE.sub("", text))


def _fewer_marks(text: str) -> str:
    """Thousands of marks on one letter draw over the page and take the renderer minutes."""
    if text.isascii():
        return text
    return _too_many_marks().sub(lambda run: run[0][:MARKS_PER_LETTER], text)


@cache
def _too_many_marks() -> re.Pattern[str]:
    """A run of more marks than any language puts on one letter."""
    joiner = "\u034f"
    marks = joiner + "".join(sign for sign in map(chr, range(sys.maxunicode)) if unicodedata.category(sign)[0] == "M")
    return re.compile(f"[{marks}]{{{MARKS_PER_LETTER + 1},}}")


def paragraphs(text: str) -> list[str]:
    """The blocks between blank lines, each with its own line breaks kept."""
    return [block.strip("\n") for block in re.split(r"\n(?:[ \t]*\n)+", clean(text).strip()) if block.strip()]


def lines(text: str) -> list[str]:
    """The lines that are not blank, stripped: addresses, demands."""
    return [line.strip() for line in clean(text).split("\n") if line.strip()]
