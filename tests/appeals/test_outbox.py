"""Owed mail meets a real mail server, a bad one, none at all, and workers that die."""

import datetime
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from appeals import outbox, reminders, subscriptions
from appeals.models import OutgoingMail, Subscription
from cases import publishing
from cases.models.case import Outcome
from tests import smtp
from tests.factories import make_notice, make_published, make_subscription, today

State = OutgoingMail.State


@pytest.fixture
def sink(settings: Settings) -> Iterator[smtp.Sink]:
    with smtp.Sink() as server:
        _use(settings, server.port)
        yield server


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield traveller


def _use(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 1


def owed(count: int = 1, **fields: Any) -> list[OutgoingMail]:
    """Reminders that are due, each to a subscription of its own."""
    notice = make_published(act_by=today() + datetime.timedelta(days=5))
    for _number in range(count):
        make_subscription(notice.case, **fields)
    reminders.plan(timezone.now())
    return list(OutgoingMail.objects.filter(urgent_action=notice).order_by("pk"))


def later(minutes: float = 0) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(minutes=minutes)


def states() -> list[tuple[str, int, str]]:
    return list(OutgoingMail.objects.order_by("pk").values_list("state", "attempts", "reason"))


@pytest.mark.django_db
def test_due_mail_is_sent_once_and_never_again(sink: smtp.Sink) -> None:
    (mail,) = owed()

    outbox.send_waiting(timezone.now())
    outbox.send_waiting(timezone.now())
    outbox.send([mail.pk])

    assert sink.times_received() == {mail.subscription.email: 1}
    assert states() == [("sent", 1, "")]
    mail.refresh_from_db()
    assert mail.sent_at is not None
    assert mail.claimed_until is None


@pytest.mark.django_db
def test_mail_that_is_not_due_yet_waits(sink: smtp.Sink) -> None:
    (mail,) = owed()
    OutgoingMail.objects.update(due_at=later(5))

    outbox.send_waiting(timezone.now())
    outbox.send([mail.pk])

    assert (sink.received, states()) == ([], [("waiting", 0, "")])


@pytest.mark.django_db
def test_refusal_for_good_fails_the_mail_and_names_no_address(sink: smtp.Sink) -> None:
    owed()
    sink.mode = "refuse"

    outbox.send_waiting(timezone.now())
    sink.mode = "accept"
    outbox.send_waiting(later(60 * 24))

    assert (sink.received, states()) == ([], [("failed", 1, "The mail server answered 550.")])


@pytest.mark.django_db
def test_text_refused_for_good_fails_the_mail(sink: smtp.Sink) -> None:
    owed()
    sink.mode = "refuse data"

    outbox.send_waiting(timezone.now())

    assert states() == [("failed", 1, "The mail server answered 552.")]


@pytest.mark.django_db
def test_refusal_for_now_is_tried_again_later_with_longer_and_longer_pauses(
    sink: smtp.Sink, clock: time_machine.Traveller
) -> None:
    (mail,) = owed()
    sink.mode = "later"
    outbox.send_waiting(timezone.now())
    outbox.send_waiting(timezone.now())
    mail.refresh_from_db()
    first = mail.due_at - timezone.now()

    clock.shift(datetime.timedelta(minutes=3))
    outbox.send_waiting(timezone.now())
    mail.refresh_from_db()
    second = mail.due_at - timezone.now()
    assert states() == [("waiting", 2, "The mail server answered 451.")]
    assert datetime.timedelta(minutes=1) < first < second

    sink.mode = "accept"
    clock.shift(second)
    outbox.send_waiting(timezone.now())
    assert states() == [("sent", 3, "")]
    assert sink.times_received() == {mail.subscription.email: 1}


@pytest.mark.django_db
def test_server_that_cannot_be_reached_loses_nothing(settings: Settings) -> None:
    owed(3)
    _use(settings, smtp.free_port())

    outbox.send_waiting(timezone.now())

    assert {state for state, _attempts, _reason in states()} == {"waiting"}
    with smtp.Sink() as server:
        _use(settings, server.port)
        OutgoingMail.objects.update(due_at=timezone.now())
        outbox.send_waiting(timezone.now())
        assert sorted(server.times_received().values()) == [1, 1, 1]


@pytest.mark.django_db
def test_server_that_cannot_be_reached_is_asked_once_a_sweep(settings: Settings) -> None:
    """Each try may take as long as EMAIL_TIMEOUT: one for each of 200 mails would outlast the task's time limit."""
    owed(3)
    _use(settings, smtp.free_port())

    outbox.send_waiting(timezone.now())

    assert sorted(attempts for _state, attempts, _reason in states()) == [0, 0, 1]


@pytest.mark.django_db
def test_mail_server_away_for_two_days_loses_no_reminder(settings: Settings, clock: time_machine.Traveller) -> None:
    owed()
    _use(settings, smtp.free_port())
    for _hour in range(48):
        outbox.send_waiting(timezone.now())
        clock.shift(datetime.timedelta(hours=1))

    with smtp.Sink() as server:
        _use(settings, server.port)
        clock.shift(datetime.timedelta(hours=2))
        outbox.send_waiting(timezone.now())
        assert sorted(server.times_received().values()) == [1]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["drop", "hang"])
def test_mail_without_an_answer_is_unknown_and_not_sent_again(sink: smtp.Sink, mode: str) -> None:
    (mail,) = owed()
    sink.mode = mode

    outbox.send_waiting(timezone.now())
    sink.mode = "accept"
    outbox.send_waiting(later(60))

    ((state, attempts, reason),) = states()
    assert (state, attempts) == ("unknown", 1)
    assert reason
    assert sink.times_received() == {mail.subscription.email: 1}


@pytest.mark.django_db
def test_mails_after_one_without_an_answer_are_sent(sink: smtp.Sink) -> None:
    first, second = owed(2)
    sink.mode = "drop"
    outbox.send([first.pk])
    sink.mode = "accept"
    outbox.send([second.pk])

    assert [state for state, _attempts, _reason in states()] == ["unknown", "sent"]


@pytest.mark.django_db
def test_mail_that_cannot_be_written_does_not_keep_back_those_behind_it(sink: smtp.Sink) -> None:
    first, second = owed(2)
    Subscription.objects.filter(pk=first.subscription_id).update(language="xx")

    outbox.send_waiting(timezone.now())

    assert sink.times_received() == {second.subscription.email: 1}
    assert [state for state, _attempts, _reason in states()] == ["failed", "sent"]


@pytest.mark.django_db
def test_server_that_hangs_up_between_mails_loses_none(sink: smtp.Sink) -> None:
    """Many servers take only so many mails over one connection and close it in silence."""
    mails = owed(3)
    sink.mode = "one each"

    outbox.send(_slowly([mail.pk for mail in mails]))
    for _time in range(3):
        OutgoingMail.objects.update(due_at=later(-1))
        outbox.send(_slowly([mail.pk for mail in mails]))

    assert sorted(sink.times_received().values()) == [1, 1, 1]
    assert [state for state, _attempts, _reason in states()] == ["sent"] * 3


def _slowly(mail_ids: list[int]) -> Iterator[int]:
    for mail_id in mail_ids:
        yield mail_id
        time.sleep(0.15)


@pytest.mark.django_db
def test_row_left_handing_over_becomes_unknown_once_its_claim_ran_out(sink: smtp.Sink) -> None:
    owed(2)
    OutgoingMail.objects.update(state=State.HANDING_OVER, claimed_until=later(1))
    outbox.send_waiting(timezone.now())
    assert [state for state, _attempts, _reason in states()] == ["handing_over"] * 2

    outbox.send_waiting(later(2))

    assert states() == [("unknown", 0, "The worker died while the mail server had it.")] * 2
    assert sink.received == []


@pytest.mark.django_db
def test_claimed_mail_is_left_alone_until_the_claim_runs_out(sink: smtp.Sink) -> None:
    (mail,) = owed()
    OutgoingMail.objects.update(claimed_until=later(2))
    outbox.send_waiting(timezone.now())
    assert sink.received == []

    OutgoingMail.objects.update(claimed_until=later(-1))
    outbox.send_waiting(timezone.now())
    assert sink.times_received() == {mail.subscription.email: 1}


def _leave(mail: OutgoingMail) -> None:
    subscriptions.leave(mail.subscription)


def _unconfirm(mail: OutgoingMail) -> None:
    Subscription.objects.update(state="unconfirmed")


def _stop(mail: OutgoingMail) -> None:
    assert mail.urgent_action is not None
    publishing.stop(mail.urgent_action.case, by=None)


def _close(mail: OutgoingMail) -> None:
    assert mail.urgent_action is not None
    publishing.close(mail.urgent_action.case, Outcome.RELEASED, today())


def _withdraw(mail: OutgoingMail) -> None:
    assert mail.urgent_action is not None
    publishing.withdraw(mail.urgent_action)


def _update(mail: OutgoingMail) -> None:
    assert mail.urgent_action is not None
    newer = make_notice(mail.urgent_action.case, sequence=2, kind="update")
    publishing.publish(newer, by=None)


def _expire(mail: OutgoingMail) -> None:
    OutgoingMail.objects.update(expires_at=later(-1))


def _pass_deadline(mail: OutgoingMail) -> None:
    assert mail.urgent_action is not None
    type(mail.urgent_action).objects.update(act_by=today() - datetime.timedelta(days=1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_leave, "left"),
        (_unconfirm, "not confirmed"),
        (_stop, "updated by a newer notice"),
        (_close, "stopped or closed"),
        (_withdraw, "not public"),
        (_update, "updated by a newer notice"),
        (_expire, "too late"),
        (_pass_deadline, "deadline passed"),
    ],
)
def test_mail_that_is_no_longer_right_is_cancelled_with_its_reason(sink: smtp.Sink, happens: Any, reason: str) -> None:
    (mail,) = owed()

    happens(mail)
    outbox.send_waiting(timezone.now())

    assert (sink.received, [(state, why) for state, _attempts, why in states()]) == ([], [("cancelled", reason)])


@pytest.mark.django_db
def test_reader_who_leaves_between_claim_and_handing_over_gets_nothing(
    sink: smtp.Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mail,) = owed()
    rightly = outbox.why_not

    def leave_after_check(mail: OutgoingMail, now: datetime.datetime) -> str:
        answer = rightly(mail, now)
        subscriptions.leave(mail.subscription)
        return answer

    monkeypatch.setattr(outbox, "why_not", leave_after_check)
    outbox.send([mail.pk])

    assert (sink.received, states()) == ([], [("cancelled", 1, "left")])


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(sink: smtp.Sink) -> None:
    mails = owed(40)

    def work() -> None:
        outbox.send_waiting(timezone.now())
        connections.close_all()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sink.times_received() == {mail.subscription.email: 1 for mail in mails}
    assert states() == [("sent", 1, "")] * 40


WORKER = """
import time, django
django.setup()
from django.utils import timezone
from appeals import outbox
from appeals.models import OutgoingMail
while OutgoingMail.objects.filter(state__in=["waiting", "handing_over"]).exists():
    outbox.send_waiting(timezone.now())
    time.sleep(0.05)
"""


@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_random_lose_no_mail_and_send_none_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """kill -9 leaves at most the one mail that was in the server's hands as unknown, and says which."""
    mails, kills, chance = owed(150), 6, random.Random(63)
    with smtp.Sink(pause=0.01) as sink:
        for _kill in range(kills):
            worker = _worker(sink.port)
            _until_more_than(len(sink.received), sink, worker)
            time.sleep(chance.uniform(0, 0.4))
            worker.kill()
            worker.wait()
            # No worker lives, so no claim is worth anything: the two minutes until it runs out are skipped.
            OutgoingMail.objects.filter(claimed_until__isnull=False).update(claimed_until=later(-1))
        assert _worker(sink.port).wait(60) == 0

    unknown = list(OutgoingMail.objects.filter(state=State.UNKNOWN))
    sent = list(OutgoingMail.objects.filter(state=State.SENT))
    received = sink.times_received()
    lost = [mail.pk for mail in sent if received[mail.subscription.email] == 0]
    twice = [address for address, times in received.items() if times > 1]
    in_the_open = [mail.pk for mail in unknown if received[mail.subscription.email] == 0]
    with capsys.disabled():
        print(
            f"\n{connection.vendor}: {len(mails)} mails, {kills} kills: {len(sent)} sent, {len(unknown)} unknown "
            f"(of these {len(in_the_open)} did not arrive), {len(lost)} lost, {len(twice)} twice"
        )
    assert (lost, twice) == ([], [])
    assert len(sent) + len(unknown) == len(mails)
    assert len(unknown) <= kills
    assert {mail.reason for mail in unknown} <= {"The worker died while the mail server had it."}


def _until_more_than(count: int, sink: smtp.Sink, worker: subprocess.Popen[bytes]) -> None:
    """Wait until this worker has given the server something, so that each kill hits it at work."""
    until = time.monotonic() + 30
    while len(sink.received) <= count and time.monotonic() < until and worker.poll() is None:
        time.sleep(0.005)


def _worker(port: int) -> subprocess.Popen[bytes]:
    """A process that sends what is owed in the test database."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        who = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
        url = f"postgres://{who}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ua_tracker.settings",
        "SECRET_KEY": project.SECRET_KEY,
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], cwd=project.BASE_DIR, env=environment)
