"""What staff decide about a notice in public: publish, stop, close, withdraw."""

import datetime
from collections.abc import Callable, Collection
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import checks, signals
from cases.deadlines import date_of_last_place
from cases.models import Addressee, Case, Official, UrgentAction
from cases.models.case import Outcome

Status = UrgentAction.Status


class NotReady(Exception):
    """The publish checks found something that blocks."""

    def __init__(self, findings: list[checks.Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class NotPossible(Exception):
    """The notice or case is not in a state in which this can be done; the message says why."""


def publish(notice: UrgentAction, by: AbstractBaseUser | None, now: datetime.datetime | None = None) -> None:
    """Make `notice` what the public acts on. A second call does nothing.

    Raises NotReady with what blocks, and NotPossible for a withdrawn notice or one that is older than a public one.
    """
    now = now or timezone.now()
    with transaction.atomic():
        row = _locked(notice)
        if row.is_public:
            return
        if row.status == Status.WITHDRAWN:
            raise NotPossible(_("A withdrawn notice stays withdrawn. Make a new one."))
        if not row.is_newest():
            raise NotPossible(_("A newer notice of this case is already public."))
        blocking = [finding for finding in checks.run(row, date_of_last_place(now)) if finding.blocks]
        if blocking:
            raise NotReady(blocking)
        for target in row.targets.all():
            target.take_snapshot()
            target.save(update_fields=["snapshot"])
        row.case.people.filter(published_at__isnull=True).update(published_at=now)
        row.status = Status.PUBLISHED
        row.published_at = now
        row.published_by_id = by.pk if by else None
        row.save(update_fields=["status", "published_at", "published_by"])
        _announce(signals.stopped if row.kind == UrgentAction.Kind.STOP else signals.published, notice=row)
    notice.refresh_from_db()


def changed(notice: UrgentAction, blocked_before: Collection[checks.Finding]) -> None:
    """Staff edited a public notice: new targets get their snapshot, and what changed is made anew.

    Raises NotReady with what blocks now and did not before; the caller's transaction is then to be undone.
    """
    row = _locked(notice)
    today = date_of_last_place(timezone.now())
    blocking = [found for found in checks.run(row, today) if found.blocks and found not in blocked_before]
    if blocking:
        raise NotReady(blocking)
    for target in row.targets.filter(snapshot__isnull=True):
        target.take_snapshot()
        target.save(update_fields=["snapshot"])
    _announce(signals.published, notice=row)


def take_addresses_again(notice: UrgentAction) -> None:
    """Replace the snapshots of a published notice by what the directory says now.

    Raises NotReady where that blocks, and NotPossible for a notice that is not public: it has no snapshot to replace.
    """
    with transaction.atomic():
        row = _locked(notice)
        if not row.is_public:
            raise NotPossible(_("This notice is not public: it uses the directory as it is."))
        today = timezone.now().date()
        found = [*checks.targets(row, today), *checks.signs(row, today)]
        blocking = [finding for finding in found if finding.blocks]
        if blocking:
            raise NotReady(blocking)
        for target in row.targets.all():
            target.take_snapshot()
            target.save(update_fields=["snapshot"])
        _announce(signals.published, notice=row)


def outdated_by(official: Official) -> list[UrgentAction]:
    """The live notices whose letters still have an address, a channel or a greeting that `official` has no more."""
    live = UrgentAction.objects.accepting_letters().filter(targets__official=official)
    return [
        notice
        for notice in live.select_related("case").prefetch_related(
            "targets__official__channels", "targets__official__salutations"
        )
        for target in notice.targets.all()
        if target.official_id == official.pk and target.addressee != Addressee.of(target.official)
    ]


def stop(
    case: Case, by: AbstractBaseUser | None, reason: str = "", now: datetime.datetime | None = None
) -> UrgentAction:
    """Ask everyone to write no more, at once: a stop action becomes the newest notice of the case. Needs no approval.

    A second call returns the stop action that there is. Raises NotPossible for a case that was never public, and
    NotReady for a reason that names somebody who is not to be named.
    """
    now = now or timezone.now()
    _refuse_names(case, reason)
    with transaction.atomic():
        _lock_case(case.pk)
        newest = UrgentAction.objects.public().filter(case=case).order_by("-sequence").first()
        if newest is None:
            raise NotPossible(_("Nothing of this case is public, so there is nothing to stop."))
        if newest.kind == UrgentAction.Kind.STOP:
            return newest
        last = UrgentAction.objects.filter(case=case).order_by("-sequence")[0]
        # Consent may have been taken back since: a stop action does not say the name again.
        names_somebody = any(found.blocks for found in checks.names_in(newest.case, newest.headline))
        notice = UrgentAction.objects.create(
            case=case,
            sequence=last.sequence + 1,
            kind=UrgentAction.Kind.STOP,
            headline=str(case) if names_somebody else newest.headline,
            issued_on=now.date(),
            reason=reason,
            status=Status.PUBLISHED,
            published_at=now,
            published_by_id=by.pk if by else None,
        )
        _announce(signals.stopped, notice=notice)
    return notice


def close(
    case: Case, outcome: Outcome, on: datetime.date, text: str = "", now: datetime.datetime | None = None
) -> None:
    """Record how the case ended. No further letter is asked for.

    Raises NotPossible for a case that is not public, and NotReady for a text that names somebody not to be named.
    """
    _refuse_names(case, text)
    with transaction.atomic():
        row = _lock_case(case.pk)
        if not Case.objects.public().filter(pk=case.pk).exists():
            raise NotPossible(_("Nothing of this case is public, so there is nothing to close."))
        row.outcome = outcome
        row.outcome_on = on
        row.outcome_text = text
        row.closed_at = row.closed_at or now or timezone.now()
        row.save(update_fields=["outcome", "outcome_on", "outcome_text", "closed_at"])
        _announce(signals.closed, case=row)
    case.refresh_from_db()


def withdraw(notice: UrgentAction) -> None:
    """Take `notice` out of the public's sight in every form, at once and for good. A second call does nothing.

    A stop action that took over its headline keeps the number only.
    """
    with transaction.atomic():
        row = _locked(notice)
        if row.status == Status.WITHDRAWN:
            return
        row.status = Status.WITHDRAWN
        row.save(update_fields=["status"])
        stops = UrgentAction.objects.filter(case=row.case_id, kind=UrgentAction.Kind.STOP, headline=row.headline)
        stops.update(headline=str(row.case))
        _announce(signals.withdrawn, notice=row)
    notice.refresh_from_db()


def _refuse_names(case: Case, text: str) -> None:
    findings = [found for found in checks.names_in(case, text) if found.blocks]
    if findings:
        raise NotReady(findings)


def _lock_case(pk: int) -> Case:
    """Whoever decides about a case waits for whoever does already; always taken first."""
    return Case.objects.select_for_update().get(pk=pk)


def _locked(notice: UrgentAction) -> UrgentAction:
    _lock_case(notice.case_id)
    return UrgentAction.objects.select_for_update(of=("self",)).select_related("case").get(pk=notice.pk)


def _announce(signal: Signal, **what: Case | UrgentAction) -> None:
    """Tell the listeners after commit. One that fails is logged; the decision stands."""
    sender = type(next(iter(what.values())))
    send: Callable[[], object] = partial(signal.send_robust, sender=sender, **what)
    transaction.on_commit(send)
