"""The number of an Urgent Action and the ways people write it: 63/20, 63.20, UA 063/2020, ua-63-20."""

import re
from typing import NamedTuple

# The first Urgent Action was issued in March 1973, so two digits from 73 on mean the 1900s.
FIRST_YEAR = 1973
LONGEST_SPELLING = 40

SPELLING = re.compile(
    r"\s*#?(?:(?:UA|AU)\s*(?:No\b)?[-:. #]?\s*)?0*(\d{1,4})\s?[-‐‑–/. ]\s?(\d{4}|\d{2})\.?\s*", re.IGNORECASE
)


class Number(NamedTuple):
    """`number` within the four-digit `year`."""

    number: int
    year: int

    @property
    def slug(self) -> str:
        return f"ua-{self.number}-{self.year % 100:02d}"

    def __str__(self) -> str:
        return f"{self.number}/{self.year % 100:02d}"


def parse(text: str) -> Number | None:
    """The number that `text` spells, or None where it spells none."""
    if len(text) > LONGEST_SPELLING:
        return None
    match = SPELLING.fullmatch(text)
    if match is None:
        return None
    number, year = int(match[1]), int(match[2])
    if len(match[2]) == 2:
        year += 1900 if year >= FIRST_YEAR % 100 else 2000
    if number == 0 or not FIRST_YEAR <= year < FIRST_YEAR + 100:
        return None
    return Number(number, year)
