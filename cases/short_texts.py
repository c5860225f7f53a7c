"""How long a text may be where others set the limit: in a mail link, and in a post on a network."""

import unicodedata
from urllib.parse import quote

from cases import plain_text

# Mail programs cut or refuse an address of about 2,000 characters and more.
LONGEST_MAIL_LINK = 1900

LONGEST_POST = 280
LINK_IN_POST = 23  # whatever its length

# Signs that count as one on X (its published ranges); all others, Chinese among them, count as two.
_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))


def in_mail_link(text: str) -> str:
    """`text` as it stands in a mailto address: line ends as CRLF, spaces as %20."""
    return quote(plain_text.clean(text).replace("\n", "\r\n"), safe="")


def post_length(text: str, has_link: bool = False) -> int:
    """What X counts `text` as, with the link that is put behind it."""
    composed = unicodedata.normalize("NFC", text)
    signs = sum(1 if any(low <= ord(sign) <= high for low, high in _LIGHT) else 2 for sign in composed)
    return signs + (1 + LINK_IN_POST if has_link else 0)
