"""What case pages show of appeals. `cases` does not know that appeals exist; its templates load these tags."""

from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from appeals import totals
from appeals.models import Channel
from appeals.querysets import ContactProblemQuerySet
from cases.models import Case, Official

register = template.Library()

STEPS = 20


@register.inclusion_tag("appeals/_so_far.html")
def so_far(case: Case) -> dict[str, Any]:
    """The reported appeals of a case, in one line."""
    return {"case": case, "so_far": totals.so_far(case)}


@register.simple_tag
def open_problems(official: Official) -> ContactProblemQuerySet:
    """What readers said of the addresses of an official that staff have not looked at."""
    return official.problems.open()


@register.filter
def bar(count: int, whole: int) -> int:
    """The width class of a bar: twentieths of the whole, and something for anything that is not nothing."""
    if not whole or not count:
        return 0
    return max(1, round(count * STEPS / whole))


@register.filter
def appeals_by(count: int, channel: str) -> SafeString:
    """What was counted, with its number: 3 letters by post. Some languages say one and two in a word."""
    words = {
        Channel.POST: ngettext("{number} letter by post", "{number} letters by post", count),
        Channel.EMAIL: ngettext("{number} email", "{number} emails", count),
        Channel.CALL: ngettext("{number} phone call", "{number} phone calls", count),
        Channel.FAX: ngettext("{number} fax", "{number} faxes", count),
        Channel.NETWORK: ngettext("{number} post on a network", "{number} posts on networks", count),
        Channel.OTHER: ngettext("{number} other appeal", "{number} other appeals", count),
    }[Channel(channel)]
    return format_html(words, number=format_html("<strong>{}</strong>", localize(count)))
