"""Asking to be told, confirming, leaving."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from appeals import tasks
from appeals.models import OutgoingMail, Subscription
from cases.models import Case, Topic
from ua_tracker.celery import delay_on_commit

State = Subscription.State
Scope = Subscription.Scope

CONFIRM_WITHIN = datetime.timedelta(days=7)
CONFIRMATIONS_A_DAY = 3
CASE_ENDED = datetime.timedelta(days=90)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told about."""

    scope: str
    case: Case | None = None
    country: str = ""
    topic: Topic | None = None


def ask(email: str, wish: Wish, language: str, now: datetime.datetime | None = None) -> None:
    """Note the wish and owe the address a confirmation. The caller learns nothing about what was there before.

    An address gets one confirmation a day for the same wish and at most three for all wishes, so that nobody's
    mailbox can be flooded from here.
    """
    now = now or timezone.now()
    email = email.strip().lower()
    what: dict[str, Any] = {"scope": wish.scope, "case": wish.case, "country": wish.country, "topic": wish.topic}
    with transaction.atomic():
        a_day_ago = now - datetime.timedelta(days=1)
        recent = OutgoingMail.objects.filter(
            kind=OutgoingMail.Kind.CONFIRMATION, subscription__email=email, due_at__gt=a_day_ago
        )
        if recent.count() >= CONFIRMATIONS_A_DAY:
            return
        try:
            with transaction.atomic():
                subscription, _is_new = Subscription.objects.get_or_create(
                    email=email, **what, defaults={"language": language}
                )
        except IntegrityError:
            subscription = Subscription.objects.get(email=email, **what)
        mail, is_new = OutgoingMail.objects.get_or_create(
            key=f"confirmation:{subscription.pk}:{now:%Y-%m-%d}",
            defaults={
                "subscription": subscription,
                "kind": OutgoingMail.Kind.CONFIRMATION,
                "due_at": now,
                "expires_at": now + datetime.timedelta(days=1),
            },
        )
        if is_new:
            # The link in this mail works for 7 days from now, and its words are in the language of this asking.
            Subscription.objects.filter(pk=subscription.pk, state=State.UNCONFIRMED).update(
                asked_at=now, language=language
            )
            delay_on_commit(tasks.send_mail, mail.pk)


def confirm(subscription: Subscription, now: datetime.datetime) -> bool:
    """The owner of the address agrees. Returns False where the wish was left or had lapsed."""
    changed = Subscription.objects.filter(pk=subscription.pk, state=State.UNCONFIRMED).update(
        state=State.CONFIRMED, confirmed_at=now
    )
    if changed:
        delay_on_commit(tasks.plan_reminders)
    subscription.refresh_from_db()
    return subscription.state == State.CONFIRMED


def leave(subscription: Subscription) -> None:
    """End the wish, erase the address and cancel what was still owed. A second call does nothing."""
    with transaction.atomic():
        Subscription.objects.filter(pk=subscription.pk).update(state=State.LEFT, email="")
        OutgoingMail.objects.filter(subscription=subscription, state=OutgoingMail.State.WAITING).update(
            state=OutgoingMail.State.CANCELLED, reason="left"
        )


@dataclass(frozen=True)
class Pruned:
    unconfirmed: int
    case_ended: int


def prune(now: datetime.datetime, dry_run: bool = False) -> Pruned:
    """Erase addresses that serve no purpose any more.

    Wishes that nobody confirmed go after 7 days; wishes for one case go 90 days after its last deadline.
    """
    unconfirmed = Subscription.objects.filter(state=State.UNCONFIRMED, asked_at__lt=now - CONFIRM_WITHIN)
    over = (
        Subscription.objects.exclude(state=State.LEFT)
        .filter(scope=Scope.CASE)
        .exclude(case__notices__act_by__gte=(now - CASE_ENDED).date())
    )
    pruned = Pruned(unconfirmed=unconfirmed.count(), case_ended=over.count())
    if not dry_run:
        for subscription in over:
            leave(subscription)
        unconfirmed.delete()
    return pruned
