"""Envelopes: each takes ids, calls one verb and may run twice."""

from celery import shared_task
from django.utils import timezone

from ua_tracker import heartbeats


@shared_task
def make_letter(file_id: int) -> None:
    from appeals import printing

    printing.make(file_id)


@shared_task
def send_mail(mail_id: int) -> None:
    from appeals import outbox

    outbox.send([mail_id])


@shared_task
def sweep() -> None:
    """Sent by the timetable every few seconds: proof that both it and a worker live, and work nobody announced."""
    from appeals import outbox, printing

    heartbeats.beat("timetable", "worker")
    now = timezone.now()
    try:
        outbox.send_waiting(now)  # first: a letter that takes too long ends the task
    finally:
        printing.make_waiting(now)


@shared_task
def plan_reminders() -> None:
    from appeals import reminders

    reminders.plan(timezone.now())


@shared_task
def ask_for_letters() -> None:
    from appeals import printing

    printing.ask_for_all()


@shared_task
def prune() -> None:
    from appeals import printing, subscriptions

    subscriptions.prune(timezone.now())
    printing.forget_outdated(timezone.now())
