"""Who is owed a reminder. Planning again makes nothing new."""

import datetime
from collections.abc import Iterator
from itertools import islice

from django.conf import settings

from appeals.models import OutgoingMail, Subscription
from cases.deadlines import LAST_PLACE_ON_EARTH, date_of_last_place
from cases.models import UrgentAction

CIVIL_HOUR = datetime.time(9, tzinfo=datetime.UTC)
BATCH = 1000


def plan(now: datetime.datetime) -> int:
    """Owe each confirmed subscription the reminder that is due for each open notice. Returns how many are new.

    The rule, not the tick of a clock, says what is due: from 9:00 UTC on the 7th and the 2nd day before the deadline
    (REMINDER_DAYS) until the deadline. After a pause only the latest of them is owed.
    """
    planned = 0
    for notice in UrgentAction.objects.open_on(date_of_last_place(now)).select_related("case"):
        days = due(notice, now)
        if days is None:
            continue
        for batch in _batches(_owed(notice, days, now)):
            before = OutgoingMail.objects.filter(urgent_action=notice).count()
            OutgoingMail.objects.bulk_create(batch, ignore_conflicts=True)
            planned += OutgoingMail.objects.filter(urgent_action=notice).count() - before
    return planned


def due(notice: UrgentAction, now: datetime.datetime) -> int | None:
    """How many days before its deadline the reminder is that should be out by now, if any."""
    if notice.act_by is None or now >= end_of(notice.act_by):
        return None
    begun = [days for days in settings.REMINDER_DAYS if now >= begin_of(notice.act_by, days)]
    return min(begun, default=None)


def begin_of(act_by: datetime.date, days: int) -> datetime.datetime:
    return datetime.datetime.combine(act_by - datetime.timedelta(days=days), CIVIL_HOUR)


def end_of(act_by: datetime.date) -> datetime.datetime:
    """The moment at which the deadline's day has ended everywhere on Earth."""
    return datetime.datetime.combine(act_by + datetime.timedelta(days=1), datetime.time(0), LAST_PLACE_ON_EARTH)


def _owed(notice: UrgentAction, days: int, now: datetime.datetime) -> Iterator[OutgoingMail]:
    """One mail an address, even where several of its wishes cover the notice."""
    assert notice.act_by is not None
    event = f"reminder:{notice.pk}:{notice.act_by}:{days}"
    have = OutgoingMail.objects.filter(urgent_action=notice, key__startswith=f"{event}:")
    wishes = Subscription.objects.confirmed().wanting(notice).exclude(email__in=have.values("subscription__email"))
    wishes = wishes.order_by("email", "pk")
    seen = ""
    for subscription in wishes.iterator(chunk_size=BATCH):
        if subscription.email == seen:
            continue
        seen = subscription.email
        yield OutgoingMail(
            subscription=subscription,
            urgent_action=notice,
            kind=OutgoingMail.Kind.REMINDER,
            key=f"{event}:{subscription.pk}",
            due_at=now,
            expires_at=end_of(notice.act_by),
        )


def _batches(mails: Iterator[OutgoingMail]) -> Iterator[list[OutgoingMail]]:
    while batch := list(islice(mails, BATCH)):
        yield batch
