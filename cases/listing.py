"""The list of cases: what is found, and in which groups it is shown."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Q, When
from django.utils.translation import gettext as _

from cases.deadlines import date_of_last_place
from cases.models import UrgentAction
from cases.models.case import GOOD_NEWS
from cases.querysets import UrgentActionQuerySet

STOPS_SHOWN_FOR = datetime.timedelta(days=30)

State = UrgentAction.State


@dataclass(frozen=True)
class Group:
    heading: str
    kind: str  # soon, later, good, past: what the page marks it with
    notices: list[UrgentAction]


def find(asked: dict[str, Any], now: datetime.datetime) -> UrgentActionQuerySet:
    """The newest notices that match what was asked for: open ones by deadline, then those that ended, latest first."""
    found = UrgentAction.objects.newest().with_headlines().prefetch_related("letters")
    if asked.get("q"):
        found = found.matching(asked["q"])
    if asked.get("country"):
        found = found.filter(case__country=asked["country"])
    if asked.get("topic"):
        found = found.filter(case__topics=asked["topic"])
    if asked.get("language"):
        found = found.filter(letters__language=asked["language"], letters__state="checked").distinct()
    # As in `_group`, so that a group is never torn apart by the pages of the list.
    is_open = Q(act_by__gte=date_of_last_place(now), case__closed_at__isnull=True) & ~Q(kind="stop")
    is_good_news = Q(case__closed_at__isnull=False, case__outcome__in=GOOD_NEWS) & ~Q(kind="stop")
    rank = Case(When(is_open, then=0), When(is_good_news, then=1), default=2, output_field=IntegerField())
    soonest_first = Case(When(is_open, then=F("act_by")))
    return found.annotate(rank=rank).order_by("rank", soonest_first.asc(), "-issued_on", "pk")


def grouped(notices: Iterable[UrgentAction], now: datetime.datetime) -> list[Group]:
    groups = [
        Group(_("Ending soon"), "soon", []),
        Group(_("Open"), "later", []),
        Group(_("Good news"), "good", []),
        Group(_("Ended"), "past", []),
    ]
    for notice in notices:
        groups[_group(notice, now)].notices.append(notice)
    return [group for group in groups if group.notices]


def recently_stopped(now: datetime.datetime) -> UrgentActionQuerySet:
    return (
        UrgentAction.objects.newest()
        .filter(kind="stop", published_at__gt=now - STOPS_SHOWN_FOR)
        .with_headlines()
        .order_by("-published_at")
    )


def _group(notice: UrgentAction, now: datetime.datetime) -> int:
    state = notice.state_if_newest(now)
    if state in (State.ENDS_SOON, State.LAST_DAY):
        return 0
    if state == State.LIVE:
        return 1
    return 2 if notice.case.is_good_news and state == State.CLOSED else 3
