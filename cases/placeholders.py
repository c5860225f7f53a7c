"""The closed list of `{placeholders}` that staff may use in a letter. Nothing else in a text is ever interpreted."""

import re
from collections.abc import Mapping

NAMES = ("names", "they", "them", "their", "role")

_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")


def unknown(text: str) -> list[str]:
    """What stands in braces in `text` and is not on the list."""
    return [found for found in _PLACEHOLDER.findall(text) if found not in NAMES]


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each listed placeholder replaced once; a value's own braces are left as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
