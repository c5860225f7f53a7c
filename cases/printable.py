"""Which signs our letter fonts can print. Any other would be an empty box on paper."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings

from cases import plain_text

FONTS = Path(settings.BASE_DIR) / "static" / "fonts"

# What leaves no ink and needs no glyph: soft hyphen, joiners, direction marks, variation selectors.
_INVISIBLE = "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\U000e0100-\U000e01ef"


def missing(text: str) -> list[str]:
    """The distinct signs of `text`, in their order, that no letter font has.

    Letters and their marks are looked at one by one, so a decomposed “é” needs the mark in a font and not the whole.
    """
    return list(dict.fromkeys(_not_in_the_fonts().findall(plain_text.clean(text))))


def named(sign: str) -> str:
    """How a message names it: “🙂 (SLIGHTLY SMILING FACE)”. A mark is shown on a dotted circle."""
    shown = f"◌{sign}" if unicodedata.combining(sign) else sign
    return f"{shown} ({unicodedata.name(sign, f'U+{ord(sign):04X}')})"


@cache
def _not_in_the_fonts() -> re.Pattern[str]:
    """One sign that cannot be printed. A pattern is a fraction of the size of a set of thirteen thousand signs."""
    from fontTools.ttLib import TTFont

    signs: set[int] = set()
    for path in FONTS.glob("*.woff2"):
        with TTFont(path, lazy=True) as font:
            signs.update(font.getBestCmap())
    if not signs:
        raise FileNotFoundError(f"No letter fonts in {FONTS}")
    return re.compile(rf"[^\s{_INVISIBLE}{re.escape(''.join(map(chr, sorted(signs))))}]")
