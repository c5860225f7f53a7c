"""Asking, confirming, leaving, and what is erased when."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from appeals import reminders, subscriptions, tokens
from appeals.models import OutgoingMail, Subscription
from appeals.subscriptions import Wish
from cases.models import Case, Topic
from tests.factories import make_case, make_notice, make_published, make_subscription, today

NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def rows() -> list[tuple[str, str, str]]:
    return list(Subscription.objects.order_by("pk").values_list("email", "scope", "state"))


def mails() -> list[tuple[str, str, str]]:
    return list(OutgoingMail.objects.order_by("pk").values_list("subscription__email", "kind", "state"))


@pytest.mark.django_db
def test_asking_owes_a_confirmation_and_no_reminder() -> None:
    notice = make_published(act_by=today() + 5 * DAY)
    subscriptions.ask(" Reader@Example.org ", Wish("case", case=notice.case), "ar")

    assert rows() == [("reader@example.org", "case", "unconfirmed")]
    assert Subscription.objects.get().language == "ar"
    assert mails() == [("reader@example.org", "confirmation", "waiting")]
    assert reminders.plan(timezone.now()) == 0


@pytest.mark.django_db
def test_confirming_brings_the_reminder() -> None:
    notice = make_published(act_by=today() + 5 * DAY)
    subscriptions.ask("reader@example.org", Wish("case", case=notice.case), "en")
    subscription = Subscription.objects.get()

    assert subscriptions.confirm(subscription, timezone.now()) is True
    assert subscriptions.confirm(subscription, timezone.now()) is True
    assert (subscription.state, subscription.confirmed_at is not None) == ("confirmed", True)
    assert reminders.plan(timezone.now()) == 1


@pytest.mark.django_db
def test_confirming_after_leaving_brings_nothing_back() -> None:
    subscription = make_subscription(state="unconfirmed", confirmed_at=None)
    subscriptions.leave(subscription)
    assert subscriptions.confirm(subscription, NOW) is False
    assert rows() == [("", "all", "left")]


@pytest.mark.django_db
def test_asking_again_on_the_same_day_sends_nothing_more() -> None:
    for _time in range(5):
        subscriptions.ask("reader@example.org", Wish("all"), "en", NOW)
    assert (len(rows()), len(mails())) == (1, 1)
    subscriptions.ask("reader@example.org", Wish("all"), "en", NOW + DAY)
    assert (len(rows()), len(mails())) == (1, 2)


@pytest.mark.django_db
def test_an_address_gets_three_confirmations_a_day_whatever_is_asked_for_it() -> None:
    for country in ("CN", "DE", "FR", "PT", "IT"):
        subscriptions.ask("reader@example.org", Wish("country", country=country), "en", NOW)
        subscriptions.ask("other@example.org", Wish("all"), "en", NOW)
    assert [address for address, _kind, _state in mails()].count("reader@example.org") == 3
    assert [address for address, _kind, _state in mails()].count("other@example.org") == 1
    subscriptions.ask("READER@example.org", Wish("country", country="PT"), "en", NOW + DAY * 0.9)
    assert len(mails()) == 4
    subscriptions.ask("reader@example.org", Wish("country", country="PT"), "en", NOW + DAY)
    assert len(mails()) == 5


@pytest.mark.django_db
def test_who_left_may_ask_again() -> None:
    subscription = make_subscription(email="reader@example.org")
    subscriptions.leave(subscription)
    subscriptions.ask("reader@example.org", Wish("all"), "en", NOW)
    assert rows() == [("", "all", "left"), ("reader@example.org", "all", "unconfirmed")]


@pytest.mark.django_db
def test_leaving_erases_the_address_and_cancels_what_is_owed() -> None:
    notice = make_published(act_by=today() + 5 * DAY)
    subscription = make_subscription(notice.case, email="a@example.org")
    other = make_subscription(notice.case, email="b@example.org")
    reminders.plan(timezone.now())
    OutgoingMail.objects.create(
        subscription=subscription, kind="confirmation", key="x", state="sent", sent_at=NOW, due_at=NOW, expires_at=NOW
    )

    subscriptions.leave(subscription)
    subscriptions.leave(subscription)

    assert rows() == [("", "case", "left"), (other.email, "case", "confirmed")]
    assert mails() == [
        ("", "reminder", "cancelled"),
        (other.email, "reminder", "waiting"),
        ("", "confirmation", "sent"),
    ]


def _wishes() -> list[dict[str, Any]]:
    return [
        {"scope": "all"},
        {"scope": "country", "country": "CN"},
        {"scope": "topic", "topic": Topic.objects.create(name="Writers", slug="writers")},
        {"scope": "case", "case": make_case()},
    ]


@pytest.mark.django_db
def test_database_itself_keeps_each_wish_of_an_address_once() -> None:
    for wish in _wishes():
        make_subscription(email="reader@example.org", **wish)
        make_subscription(email="other@example.org", **wish)
        with pytest.raises(IntegrityError), transaction.atomic():
            make_subscription(email="reader@example.org", **wish)
        for _time in range(2):
            make_subscription(**{**wish, "email": "", "state": "left"})
    assert Subscription.objects.count() == 16


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"scope": "case"},
        {"scope": "country"},
        {"scope": "topic"},
        {"scope": "all", "country": "CN"},
        {"scope": "everything"},
        {"scope": "all", "email": ""},
        {"scope": "all", "state": "left"},
    ],
)
def test_database_itself_refuses_a_wish_that_says_nothing_or_two_things(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_subscription(**fields)


def asked(days_ago: float, **fields: Any) -> Subscription:
    subscription = make_subscription(**{"state": "unconfirmed", "confirmed_at": None, **fields})
    Subscription.objects.filter(pk=subscription.pk).update(asked_at=NOW - days_ago * DAY)
    return subscription


@pytest.mark.django_db
def test_pruning_erases_what_nobody_confirmed_within_seven_days() -> None:
    asked(7.1)
    fresh, confirmed = asked(6.9), asked(400, state="confirmed")
    for dry_run in (True, False):
        before = rows()
        assert subscriptions.prune(NOW, dry_run=dry_run) == subscriptions.Pruned(unconfirmed=1, case_ended=0)
        assert (rows() == before) == dry_run
    assert set(Subscription.objects.all()) == {fresh, confirmed}
    assert subscriptions.prune(NOW) == subscriptions.Pruned(0, 0)


@pytest.mark.django_db
def test_wish_asked_for_again_can_be_confirmed_for_seven_days_from_then() -> None:
    """The second mail says that its link works for 7 days; the first asking must not cut that short."""
    with time_machine.travel(NOW, tick=False):
        subscriptions.ask("reader@example.org", Wish("all"), "en")
    with time_machine.travel(NOW + 6 * DAY, tick=False):
        subscriptions.ask("reader@example.org", Wish("all"), "ar")
    assert subscriptions.prune(NOW + 8 * DAY).unconfirmed == 0
    assert Subscription.objects.get().language == "ar"
    assert subscriptions.prune(NOW + 14 * DAY).unconfirmed == 1
    assert rows() == []


@pytest.mark.django_db
def test_pruning_ends_wishes_for_a_case_90_days_after_its_last_deadline() -> None:
    over, open_still, extended = _case(-91), _case(-89), _case(-200)
    make_notice(extended, sequence=2, kind="update", issued_on=NOW.date(), act_by=(NOW + 5 * DAY).date())
    ended = make_subscription(over)
    to_all = make_subscription()
    kept = {make_subscription(open_still), make_subscription(extended), to_all}
    for dry_run in (True, False):
        before = rows()
        assert subscriptions.prune(NOW, dry_run=dry_run) == subscriptions.Pruned(unconfirmed=0, case_ended=1)
        assert (rows() == before) == dry_run
    ended.refresh_from_db()
    assert (ended.email, ended.state) == ("", "left")
    assert set(Subscription.objects.exclude(state="left")) == kept


def _case(days: int) -> Case:
    act_by = (NOW + days * DAY).date()
    return make_notice(make_case(), issued_on=act_by - 10 * DAY, act_by=act_by).case


def is_private(response: Any) -> bool:
    """No cookie, and for no cache that others share."""
    return not response.cookies and "private" in response.headers["Cache-Control"]


def ask(client: Client, **fields: Any) -> Any:
    return client.post("/subscriptions/", {"email": "reader@example.org", "scope": "all", **fields})


@pytest.mark.django_db
def test_known_and_unknown_addresses_get_the_same_answer(client: Client) -> None:
    make_subscription(email="known@example.org")
    make_subscription(email="waiting@example.org", state="unconfirmed", confirmed_at=None)
    answers = []
    for name in ("known", "waiting", "new", "known"):
        response = ask(client, email=f"{name}@example.org")
        page = client.get(response["Location"])
        answers.append((response.status_code, response.headers.items(), is_private(response), page.content))
    assert len({(status, str(sorted(headers)), is_plain, body) for status, headers, is_plain, body in answers}) == 1
    assert answers[0][2] is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "email"),
        ({"scope": ""}, "scope"),
        ({"scope": "country"}, "country"),
        ({"scope": "topic"}, "topic"),
        ({"scope": "case"}, "scope"),
    ],
)
def test_wish_that_says_too_little_comes_back_filled(client: Client, fields: dict[str, Any], field: str) -> None:
    response = ask(client, **fields)
    page = response.content.decode()
    assert (response.status_code, is_private(response), Subscription.objects.count()) == (200, True, 0)
    assert "<title>Error: Reminders by email" in page
    assert re.findall(r'<li><a href="#id_(\w+)">', page) == [field]


@pytest.mark.django_db
def test_wish_keeps_only_what_belongs_to_its_scope(client: Client) -> None:
    notice = make_published(make_case(number=63))
    notice.case.topics.add(Topic.objects.create(name="Writers", slug="writers"))
    beside = {"country": "CN", "topic": "writers", "case": "ua-63-20"}
    for scope in ("all", "country", "topic"):
        assert ask(client, scope=scope, **beside).status_code == 302
    assert ask(client, scope="case", email="two@example.org", **beside).status_code == 302
    found = Subscription.objects.order_by("pk").values_list("scope", "case", "country", "topic__slug")
    assert list(found) == [
        ("all", None, "", None),
        ("country", None, "CN", None),
        ("topic", None, "", "writers"),
        ("case", notice.case_id, "", None),
    ]


@pytest.mark.django_db
def test_draft_case_cannot_be_subscribed_to(client: Client) -> None:
    slug = make_notice().case.ua_number.slug
    assert ask(client, scope="case", case=slug).status_code == 200
    assert client.get(f"/subscriptions/?case={slug}").content == client.get("/subscriptions/").content
    assert Subscription.objects.count() == 0


@pytest.mark.django_db
def test_subscribing_from_another_site_is_refused(client: Client) -> None:
    response = client.post("/subscriptions/", {"email": "a@example.org"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (response.status_code, OutgoingMail.objects.count()) == (403, 0)


def link(subscription: Subscription, purpose: str) -> str:
    return f"/subscriptions/{purpose}/{tokens.subscription(subscription.pk, purpose)}/"


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", ["confirm", "leave"])
def test_opening_a_link_changes_nothing(client: Client, purpose: str) -> None:
    subscription = make_subscription(state="unconfirmed", confirmed_at=None)
    for _time in range(10):
        for response in (client.get(link(subscription, purpose)), client.head(link(subscription, purpose))):
            assert (response.status_code, is_private(response)) == (200, True)
            assert "no-store" in response["Cache-Control"]
    assert list(Subscription.objects.values_list("state", "email")) == [("unconfirmed", subscription.email)]
    assert "<button" in client.get(link(subscription, purpose)).content.decode()


@pytest.mark.django_db
def test_pressing_the_button_confirms_and_pressing_it_again_is_harmless(client: Client) -> None:
    subscription = make_subscription(state="unconfirmed", confirmed_at=None)
    for _time in range(2):
        response = client.post(link(subscription, "confirm"))
        assert (response.status_code, is_private(response)) == (200, True)
        assert "Reminders are on" in response.content.decode()
    subscription.refresh_from_db()
    assert (subscription.state, subscription.confirmed_at is not None) == ("confirmed", True)


@pytest.mark.django_db
def test_link_for_one_purpose_does_not_do_the_other(client: Client) -> None:
    subscription = make_subscription(state="unconfirmed", confirmed_at=None)
    crossed = {
        f"/subscriptions/confirm/{tokens.subscription(subscription.pk, 'leave')}/": 410,
        f"/subscriptions/leave/{tokens.subscription(subscription.pk, 'confirm')}/": 404,
        f"{link(subscription, 'confirm')[:-2]}/": 410,
        f"{link(subscription, 'leave')[:-2]}/": 404,
    }
    assert {path: client.post(path).status_code for path in crossed} == crossed
    subscription.refresh_from_db()
    assert subscription.state == "unconfirmed"


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "status"), [(6.9, 200), (7.1, 410)])
def test_confirming_is_possible_for_seven_days(client: Client, days: float, status: int) -> None:
    subscription = make_subscription(state="unconfirmed", confirmed_at=None)
    path = link(subscription, "confirm")
    with time_machine.travel(timezone.now() + days * DAY):
        assert [client.get(path).status_code, client.post(path).status_code] == [status, status]
    subscription.refresh_from_db()
    assert (subscription.state == "confirmed") == (status == 200)


@pytest.mark.django_db
def test_leaving_twice_answers_that_reminders_are_off(client: Client) -> None:
    subscription = make_subscription()
    path, confirm = link(subscription, "leave"), link(subscription, "confirm")
    for response in (client.post(path), client.post(path), client.get(path)):
        assert (response.status_code, "Reminders are off" in response.content.decode()) == (200, True)
    assert client.post(confirm).status_code == 410
    assert list(Subscription.objects.values_list("state", "email")) == [("left", "")]
    subscription.delete()
    assert client.post(path).status_code == 200


@pytest.mark.django_db
def test_button_of_a_mail_program_leaves_without_cookie_or_redirect() -> None:
    """RFC 8058: a bare POST from the mail provider's own machine."""
    subscription = make_subscription()
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        link(subscription, "leave"), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert (response.status_code, is_private(response), response.has_header("Set-Cookie")) == (200, True, False)
    subscription.refresh_from_db()
    assert (subscription.state, subscription.email) == ("left", "")
