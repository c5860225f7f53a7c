"""The languages of texts and letters: those that our own fonts can print, with name and direction."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

TAGS = (
    "en", "ar", "az", "be", "bg", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "hr", "hu", "id", "it", "kk",
    "ky", "lt", "lv", "mk", "mn", "ms", "nb", "nl", "pl", "ps", "pt", "ro", "ru", "sk", "sl", "so", "sq", "sr", "sv",
    "sw", "tg", "tr", "ug", "uk", "ur", "uz", "vi", "zh",
)  # fmt: skip


@cache
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


def own_name(tag: str) -> str:
    """The language's name for itself: `zh` is 中文."""
    name = _locale(tag).get_display_name(tag) or tag
    return name[:1].upper() + name[1:]


def name(tag: str) -> str:
    """The language's name in the language of the page."""
    try:
        return _locale(tag).get_display_name((get_language() or "en").replace("-", "_")) or tag
    except UnknownLocaleError:
        return own_name(tag)


def direction(tag: str) -> str:
    """`ltr` or `rtl`, as the HTML attribute `dir` takes it."""
    return _locale(tag).text_direction


def choices() -> list[tuple[str, str]]:
    return sorted(((tag, f"{name(tag)} ({tag})") for tag in TAGS), key=lambda choice: choice[1].casefold())


def parse_list(text: str) -> list[str]:
    """The tags in "zh, en", in their order."""
    return [tag.strip() for tag in text.split(",") if tag.strip()]


def validate_list(text: str) -> None:
    unknown = [tag for tag in parse_list(text) if tag not in TAGS]
    if unknown:
        raise ValidationError(
            _("%(tags)s: not a language tag that letters can be printed in. Write tags such as “zh, en”."),
            params={"tags": ", ".join(unknown)},
        )
