"""Envelopes: each takes ids, calls one verb and may run twice."""

import uuid
from typing import Any

from celery import shared_task, signals
from django.utils import timezone

from ua_tracker import heartbeats


@signals.worker_process_init.connect
def start_press(**kwargs: Any) -> None:
    """The first letter does not wait for fonts to be unpacked."""
    from appeals import press

    press.warm_up()


@shared_task
def make_letter(file_id: int) -> None:
    from appeals import printing

    printing.make(file_id)


@shared_task
def make_own_letter(pk: str, key: str) -> None:
    from appeals import handovers

    receipt = handovers.Receipt.read(f"{pk}.{key}")
    if receipt is not None:
        handovers.make(receipt)


@shared_task(time_limit=300)
def make_pack(pk: str) -> None:
    from appeals import packs

    packs.make(uuid.UUID(pk))


@shared_task
def forget_handed_over() -> None:
    from appeals import handovers, packs

    handovers.forget_leftover(timezone.now())
    packs.forget_lapsed(timezone.now())


@shared_task
def send_mail(mail_id: int) -> None:
    from appeals import outbox

    outbox.send([mail_id])


@shared_task
def sweep() -> None:
    """Sent by the timetable every few seconds: proof that both it and a worker live, and work nobody announced."""
    from appeals import outbox, packs, printing

    heartbeats.beat("timetable", "worker")
    now = timezone.now()
    try:
        outbox.send_waiting(now)  # first: a letter that takes too long ends the task
    finally:
        printing.make_waiting(now)
        packs.make_waiting(now)


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
