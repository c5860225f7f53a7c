"""The Celery application and the timetable.

A message is only a wake-up call. What must happen is a row in the database; the timetable sweeps up rows that no
message reached, so a lost broker delays work and loses none.
"""

import os
from pathlib import Path
from typing import Any

from celery import Celery, Task, signals
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ua_tracker.settings")


SECRETS_LIVE = 300  # seconds: what nobody took by then nobody waits for

app = Celery("ua_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def delay_on_commit(task: Task, *args: int | str, is_secret: bool = False) -> None:
    """Send the message after commit. When the broker is away that is logged, and the sweep finds the row.

    What is secret in the arguments stands in no log or monitor.
    """

    def send() -> None:
        options: dict[str, Any] = {"argsrepr": "(...)", "expires": SECRETS_LIVE} if is_secret else {}
        task.apply_async(args, **options)

    transaction.on_commit(send, robust=True)


@app.on_after_configure.connect
def make_queue_folders(sender: Celery, **kwargs: Any) -> None:
    """The embedded default's broker is a folder, which the first to use it has to make."""
    options = sender.conf.broker_transport_options
    for name in ("data_folder_in", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True, mode=0o700)


app.conf.beat_schedule = {
    # Each entry's messages expire before the next is due: a worker that was away does not find a heap of them.
    "sweep": {"task": "appeals.tasks.sweep", "schedule": 15.0, "options": {"expires": 14}},
    "plan reminders": {"task": "appeals.tasks.plan_reminders", "schedule": 300.0, "options": {"expires": 290}},
    "ask for letters": {"task": "appeals.tasks.ask_for_letters", "schedule": 300.0, "options": {"expires": 290}},
    "forget what was handed over": {
        "task": "appeals.tasks.forget_handed_over",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "prune personal data": {"task": "appeals.tasks.prune", "schedule": 3600.0, "options": {"expires": 3500}},
}


@signals.beat_init.connect
def sweep_at_once(**kwargs: Any) -> None:
    """Do not wait for the first turn of the clock: what was left over from before the start is due now."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])
