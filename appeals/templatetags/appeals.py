"""What case pages show of appeals. `cases` does not know that appeals exist; its templates load these tags."""

from typing import Any

from django import template
from django.utils.translation import ngettext

from appeals import totals
from appeals.models import Channel
from cases.models import Case

register = template.Library()

STEPS = 20


@register.inclusion_tag("appeals/_so_far.html")
def so_far(case: Case) -> dict[str, Any]:
    """The reported appeals of a case, in one line."""
    return {"case": case, "totals": totals.of_case(case)}


@register.filter
def bar(count: int, whole: int) -> int:
    """The width class of a bar: twentieths of the whole, and something for anything that is not nothing."""
    if not whole or not count:
        return 0
    return max(1, round(count * STEPS / whole))


@register.filter
def appeals_by(count: int, channel: str) -> str:
    """What was counted, to stand after its number: letters by post, emails."""
    return {
        Channel.POST: ngettext("letter by post", "letters by post", count),
        Channel.EMAIL: ngettext("email", "emails", count),
        Channel.CALL: ngettext("phone call", "phone calls", count),
        Channel.FAX: ngettext("fax", "faxes", count),
        Channel.NETWORK: ngettext("post on a network", "posts on networks", count),
        Channel.OTHER: ngettext("other appeal", "other appeals", count),
    }[Channel(channel)]
