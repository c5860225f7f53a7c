"""The closed list of `{placeholders}` that staff may use in a letter. Nothing else in a text is ever interpreted."""

import re
from collections.abc import Mapping

NAMES = ("names", "role")
# English words that agree with the person; other languages agree in other ways, so there they are written out.
PRONOUNS = ("they", "them", "their")

_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")


def names(language: str) -> tuple[str, ...]:
    """The placeholders of letters in `language`."""
    return NAMES + PRONOUNS if language == "en" else NAMES


def found(text: str) -> list[str]:
    """Whatever stands in braces in `text`."""
    return _PLACEHOLDER.findall(text)


def unknown(text: str, language: str) -> list[str]:
    """What stands in braces in `text` and is not on the list for `language`."""
    return [name for name in found(text) if name not in names(language)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each listed placeholder replaced once; a value's own braces are left as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
