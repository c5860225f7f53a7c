"""Addresses that did not work: said by anyone, looked at by staff."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from appeals.models import ContactProblem
from appeals.models.problems import Way
from appeals.querysets import ContactProblemQuerySet
from cases.models import ContactChannel, Target

MOST_TIMES = 100_000


def ways(target: Target) -> list[tuple[Way, str]]:
    """How `target` can be reached now, each way with the address or number as readers see it."""
    found = [(Way.POST, "")] if target.addressee.address else []
    return found + [(Way(channel.kind), channel.value) for channel in target.channels]


def report_problem(target: Target, way: Way, value: str, problem: ContactProblem.Problem, today: datetime.date) -> None:
    """Count one more who met `problem`. Nothing is kept of who says so.

    Raises ValueError for a way in which the target cannot be reached: nothing else is stored of what came in.
    """
    if (way, value) not in ways(target):
        raise ValueError("no such way")
    same = {"official": target.official, "way": way, "value": value, "problem": problem}
    known = ContactProblem.objects.open().filter(**same)
    if _count(known, today):
        return
    try:
        with transaction.atomic():
            ContactProblem.objects.create(**same, first_on=today, last_on=today)
    except IntegrityError:  # somebody else was quicker, or it is counted out
        _count(known, today)


def settle(problem: ContactProblem) -> None:
    """Staff have looked at it; who meets it again makes a new row."""
    ContactProblem.objects.filter(pk=problem.pk).update(is_settled=True)


def stop_using(problem: ContactProblem) -> bool:
    """Take the channel off every page at once. Returns False where it was off already, or is the postal address."""
    with transaction.atomic():
        channels = ContactChannel.objects.filter(
            official=problem.official_id, kind=problem.way, value=problem.value, works=True
        )
        changed = channels.update(works=False)
        settle(problem)
    return bool(changed)


def _count(known: ContactProblemQuerySet, today: datetime.date) -> int:
    return known.filter(times__lt=MOST_TIMES).update(times=F("times") + 1, last_on=today)
