"""Recording what supporters did: counted once, in one transaction with the totals."""

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.conf import settings
from django.db import IntegrityError, transaction

from appeals import totals
from appeals.models import ActionReport
from appeals.models.reports import Source
from cases.models import Case, Target, UrgentAction

State = ActionReport.State

UNDO = datetime.timedelta(hours=24)


# Reports are taken for this long after the last day to act, or after a stop or an outcome.
REPORTS_AFTER = datetime.timedelta(days=90)


def reported_on(case: Case, now: datetime.datetime) -> UrgentAction | None:
    """The notice that a report made now is about: the newest that asked for letters. None once it is too late."""
    notice = UrgentAction.objects.public().exclude(kind="stop").filter(case=case).order_by("-sequence").first()
    if notice is None or notice.act_by is None:
        return None
    stop = UrgentAction.objects.public().filter(case=case, kind="stop").order_by("-sequence").first()
    ends = [notice.act_by, stop and stop.issued_on, case.closed_at and case.closed_at.date()]
    last = max(end for end in ends if end)
    return notice if now.date() <= last + REPORTS_AFTER else None


@dataclass(frozen=True)
class Action:
    """What somebody says they did: `quantity` appeals by `channel` to each of `targets`, or to none they named."""

    channel: str
    quantity: int
    day: datetime.date
    targets: Sequence[Target] = ()
    country: str = ""
    group: str = ""
    source: Source = Source.SELF_REPORTED


def record(notice: UrgentAction, action: Action, key: uuid.UUID) -> bool:
    """Store and count `action` under `key`. Returns False where that key was recorded before: nothing changes then.

    A self-reported number over the limit is stored as held: staff look at it before it counts.
    """
    whole = action.quantity * max(1, len(action.targets))
    is_large = whole > settings.HOLD_REPORTS_OVER and action.source == Source.SELF_REPORTED
    try:
        with transaction.atomic():
            # Every transaction takes the sums in the same order: otherwise two of them can wait for each other.
            targets = sorted(action.targets, key=attrgetter("pk"))
            for line, target in enumerate(targets or [None], start=1):
                report = ActionReport.objects.create(
                    urgent_action=notice,
                    target=target,
                    channel=action.channel,
                    quantity=action.quantity,
                    day=action.day,
                    country=action.country,
                    group=action.group,
                    source=action.source,
                    state=State.HELD if is_large else State.COUNTED,
                    idempotency_key=key,
                    line=line,
                )
                if report.state == State.COUNTED:
                    totals.add(report)
    except IntegrityError:
        if is_recorded(key):
            return False
        raise
    return True


def says_otherwise(action: Action, key: uuid.UUID) -> bool:
    """Whether what was recorded under `key` differs from `action`: somebody went back and changed the form."""
    recorded = ActionReport.objects.filter(idempotency_key=key)
    lines = recorded.values_list("target", "channel", "quantity", "day", "country", "group")
    what = (action.channel, action.quantity, action.day, action.country, action.group)
    targets: list[int | None] = [target.pk for target in action.targets]
    return set(lines) != {(target, *what) for target in targets or [None]}


def is_recorded(key: uuid.UUID) -> bool:
    return ActionReport.objects.filter(idempotency_key=key).exists()


def change_state(report: ActionReport, to: ActionReport.State, unless: Collection[ActionReport.State] = ()) -> bool:
    """Move a report between states and the totals with it.

    Returns False where it was in that state already, or is in one of `unless` by now.
    """
    with transaction.atomic():
        row = ActionReport.objects.select_for_update().get(pk=report.pk)
        if row.state == to or row.state in unless:
            return False
        if row.state == State.COUNTED:
            totals.take_away(row)
        row.state = to
        row.save(update_fields=["state"])
        if row.state == State.COUNTED:
            totals.add(row)
    return True


def undo(key: uuid.UUID, now: datetime.datetime) -> int:
    """The reporter takes a submission back within 24 hours. Returns how many of its lines that changed."""
    with transaction.atomic():
        lines = ActionReport.objects.filter(idempotency_key=key, reported_at__gt=now - UNDO).order_by("line")
        return sum(change_state(report, State.WITHDRAWN, unless=(State.REJECTED,)) for report in lines)
