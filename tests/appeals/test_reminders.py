"""Who is owed which reminder: each once, and nobody one that is no longer right."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from appeals import outbox, reminders, subscriptions
from appeals.models import OutgoingMail, Subscription
from cases import publishing
from cases.models import Topic, UrgentAction
from cases.models.case import Outcome
from tests.factories import make_case, make_notice, make_published, make_subscription

ACT_BY = datetime.date(2026, 12, 29)
ISSUED = datetime.date(2026, 11, 20)


def moment(day: int, hour: int = 12, minute: int = 0, month: int = 12) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=datetime.UTC)


WEEK_BEFORE, TWO_DAYS_BEFORE = moment(22), moment(27)


def published(**fields: object) -> UrgentAction:
    return make_published(**{"issued_on": ISSUED, "act_by": ACT_BY, **fields})  # type: ignore[arg-type]


def owed() -> list[tuple[str, str]]:
    """To whom, and the days before the deadline that the key names."""
    return [(mail.subscription.email, mail.key.split(":")[3]) for mail in OutgoingMail.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (moment(22, 8, 59), None),
        (moment(22, 9), 7),
        (moment(27, 8, 59), 7),
        (moment(27, 9), 2),
        (moment(30, 11, 59), 2),  # still the 29th at UTC-12
        (moment(30, 12), None),
    ],
)
def test_which_reminder_is_due(now: datetime.datetime, days: int | None) -> None:
    assert reminders.due(UrgentAction(act_by=ACT_BY), now) == days


def test_notice_without_deadline_has_no_reminder() -> None:
    assert reminders.due(UrgentAction(kind="stop"), WEEK_BEFORE) is None


def test_days_are_a_setting(settings: Settings) -> None:
    settings.REMINDER_DAYS = (14, 1)
    notice = UrgentAction(act_by=ACT_BY)
    found = [reminders.due(notice, moment(day)) for day in (14, 15, 27, 28)]
    assert found == [None, 14, 14, 1]


@pytest.mark.django_db
def test_planning_twice_makes_nothing_new() -> None:
    notice = published()
    subscription = make_subscription(notice.case)

    assert (reminders.plan(WEEK_BEFORE), reminders.plan(WEEK_BEFORE)) == (1, 0)
    assert reminders.plan(WEEK_BEFORE + datetime.timedelta(days=1)) == 0

    mail = OutgoingMail.objects.get()
    assert (mail.subscription, mail.urgent_action, mail.kind, mail.state) == (
        subscription,
        notice,
        "reminder",
        "waiting",
    )
    assert (mail.due_at, mail.expires_at) == (WEEK_BEFORE, moment(30, 12))


@pytest.mark.django_db
def test_each_reminder_is_owed_once() -> None:
    notice = published()
    email = make_subscription(notice.case).email
    hour, now = datetime.timedelta(hours=1), moment(20)
    while now < moment(31):
        reminders.plan(now)
        now += hour
    assert owed() == [(email, "7"), (email, "2")]


@pytest.mark.django_db
def test_after_a_pause_only_the_latest_is_owed() -> None:
    email = make_subscription(published().case).email
    assert reminders.plan(TWO_DAYS_BEFORE) == 1
    assert owed() == [(email, "2")]


@pytest.mark.django_db
def test_reminder_that_was_overtaken_by_a_later_one_is_not_sent_beside_it() -> None:
    """Mail that waited out a failure of the server: one mail is due then, not two."""
    make_subscription(published().case)
    reminders.plan(WEEK_BEFORE)
    reminders.plan(TWO_DAYS_BEFORE)
    answers = {
        mail.key.split(":")[3]: outbox.why_not(mail, TWO_DAYS_BEFORE)
        for mail in OutgoingMail.objects.all()
        if mail.state == "waiting"
    }
    assert [days for days, wrong in answers.items() if not wrong] == ["2"]


@pytest.mark.django_db
def test_an_address_is_reminded_once_though_several_of_its_wishes_cover_the_notice() -> None:
    topic = Topic.objects.create(name="Writers", slug="writers")
    notice = published()
    notice.case.topics.add(topic)
    for wish in ({"scope": "all"}, {"scope": "country", "country": "CN"}, {"scope": "topic", "topic": topic}):
        make_subscription(email="one@example.org", **wish)
    make_subscription(notice.case, email="one@example.org")
    make_subscription(email="other@example.org")

    assert reminders.plan(WEEK_BEFORE) == 2
    assert owed() == [("one@example.org", "7"), ("other@example.org", "7")]


@pytest.mark.django_db
def test_wish_that_is_confirmed_later_brings_no_second_copy_of_the_same_reminder() -> None:
    notice = published()
    older = make_subscription(email="one@example.org", state="unconfirmed", confirmed_at=None)
    make_subscription(notice.case, email="one@example.org")
    reminders.plan(WEEK_BEFORE)
    subscriptions.confirm(older, WEEK_BEFORE)
    assert (reminders.plan(WEEK_BEFORE), owed()) == (0, [("one@example.org", "7")])


@pytest.mark.django_db
def test_wishes_for_something_else_bring_nothing() -> None:
    published()
    other = Topic.objects.create(name="Other", slug="other")
    make_subscription(make_case())
    make_subscription(scope="country", country="DE")
    make_subscription(scope="topic", topic=other)
    make_subscription(state="unconfirmed", confirmed_at=None)
    subscriptions.leave(make_subscription())
    assert (reminders.plan(WEEK_BEFORE), owed()) == (0, [])


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["stop", "close", "withdraw", "deadline", "draft"])
def test_nothing_is_owed_once_nobody_should_write(ending: str) -> None:
    notice = make_notice(issued_on=ISSUED, act_by=ACT_BY) if ending == "draft" else published()
    make_subscription(notice.case)
    if ending == "stop":
        publishing.stop(notice.case, by=None)
    elif ending == "close":
        publishing.close(notice.case, Outcome.RELEASED, ISSUED)
    elif ending == "withdraw":
        publishing.withdraw(notice)
    now = moment(30, 12) if ending == "deadline" else WEEK_BEFORE
    assert (reminders.plan(now), owed()) == (0, [])


@pytest.mark.django_db
def test_newer_notice_takes_the_place_of_the_older() -> None:
    notice = published()
    make_subscription(notice.case)
    newer = make_notice(
        notice.case, sequence=2, kind="update", issued_on=ISSUED, act_by=ACT_BY + datetime.timedelta(days=60)
    )
    publishing.publish(newer, by=None, now=moment(1))
    assert (reminders.plan(WEEK_BEFORE), owed()) == (0, [])


@pytest.mark.django_db
def test_extended_deadline_brings_reminders_of_its_own_and_ends_those_of_the_old() -> None:
    notice = published()
    email = make_subscription(notice.case).email
    reminders.plan(WEEK_BEFORE)
    UrgentAction.objects.filter(pk=notice.pk).update(act_by=ACT_BY + datetime.timedelta(days=30))

    waiting = OutgoingMail.objects.get()
    assert outbox.why_not(waiting, TWO_DAYS_BEFORE) != ""  # it would say "32 days left"
    assert reminders.plan(TWO_DAYS_BEFORE) == 0
    assert reminders.plan(WEEK_BEFORE + datetime.timedelta(days=30)) == 1
    assert owed() == [(email, "7"), (email, "7")]


@pytest.mark.django_db
def test_last_day_lasts_until_it_has_ended_everywhere_on_earth() -> None:
    make_subscription(published().case)
    assert reminders.plan(moment(30, 11, 59)) == 1
    mail = OutgoingMail.objects.get()
    assert outbox.why_not(mail, moment(30, 11, 59)) == ""
    assert outbox.why_not(mail, moment(30, 12)) == "too late"


@pytest.mark.django_db
def test_reader_who_leaves_is_not_owed_again() -> None:
    subscription = make_subscription(published().case)
    reminders.plan(WEEK_BEFORE)
    subscriptions.leave(subscription)
    assert reminders.plan(TWO_DAYS_BEFORE) == 0
    assert list(OutgoingMail.objects.values_list("state", "reason")) == [("cancelled", "left")]


@pytest.mark.django_db
def test_queries_grow_with_batches_and_not_with_readers() -> None:
    notice = published()

    def add(count: int) -> None:
        Subscription.objects.bulk_create(
            Subscription(
                email=f"reader{Subscription.objects.count()}-{number}@example.org",
                scope="case",
                case=notice.case,
                state="confirmed",
                confirmed_at=WEEK_BEFORE,
            )
            for number in range(count)
        )

    add(3)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert reminders.plan(WEEK_BEFORE) == 3
    OutgoingMail.objects.all().delete()
    add(2997)
    with CaptureQueriesContext(connection) as many:
        assert reminders.plan(WEEK_BEFORE) == 3000
    assert OutgoingMail.objects.count() == 3000
    assert len(few) <= 6
    assert len(many) <= 50
    assert reminders.plan(WEEK_BEFORE) == 0
