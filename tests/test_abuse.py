"""What strangers send in order to stop the site or to learn what is not theirs."""

import time
import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from appeals import letters, outbox, reminders, reports, totals
from appeals.models import ActionReport, OutgoingMail, Subscription
from cases import numbers, publishing
from cases.models import Person, Topic, UrgentAction
from tests.factories import make_case, make_notice, make_published, make_subscription, today

pytestmark = pytest.mark.django_db

LONG = "a@" + "ü" * 60 + ".org"


@pytest.mark.parametrize(
    "email",
    [LONG, "a@x\u2028y.org", "a@x。。y.org", "a@\u0627b.org", '"a b"@x.org', "root@localhost", "a@[127.0.0.1]"],
)
def test_address_that_no_server_can_deliver_to_is_refused(client: Client, email: str) -> None:
    response = client.post("/subscriptions/", {"email": email, "scope": "all"})

    assert (response.status_code, Subscription.objects.count()) == (200, 0)
    assert 'class="problems"' in response.content.decode()


def test_address_is_kept_in_one_spelling(client: Client) -> None:
    for email in ("Reader@MÜNCHEN.example.org", "reader@xn--mnchen-3ya.example.org"):
        client.post("/subscriptions/", {"email": email, "scope": "all"})

    assert list(Subscription.objects.values_list("email", flat=True)) == ["reader@xn--mnchen-3ya.example.org"]


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_mail_that_cannot_be_sent_keeps_back_no_other() -> None:
    now = timezone.now()
    make_published(act_by=today())
    for email in (LONG, "reader@example.org"):
        make_subscription(email=email)
    reminders.plan(now)

    outbox.send_waiting(timezone.now())

    assert [message.to for message in mail.outbox] == [["reader@example.org"]]
    assert sorted(OutgoingMail.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_number_is_not_looked_for_in_a_page_of_signs() -> None:
    begun = time.process_time()

    assert numbers.parse("1" + "+" * 100_000) is None
    assert numbers.parse("1" + " " * 100_000 + "x") is None
    assert time.process_time() - begun < 1


def test_search_for_many_words_multiplies_nothing(django_assert_max_num_queries: Any) -> None:
    case = make_case()
    for name in "abcdef":
        Person.objects.create(
            case=case, name=f"{name}e", may_be_named=True, consent="x", role="x", published_at=timezone.now()
        )
        case.topics.add(Topic.objects.create(name=f"{name}e", slug=name))
    notice = make_published(case, headline="e")
    begun = time.process_time()

    assert list(UrgentAction.objects.newest().matching("e e e e e e e e")) == [notice]
    assert time.process_time() - begun < 2


def test_many_letters_to_many_officials_are_held_as_one_large_number() -> None:
    notice = make_published(officials=3)
    action = reports.Action("post", 20, today(), list(notice.targets.all()))

    reports.record(notice, action, uuid.uuid4())

    assert (totals.of_case(notice.case).quantity, ActionReport.objects.held().count()) == (0, 3)


def test_person_entered_for_the_next_notice_is_not_public_before_it(client: Client) -> None:
    first = make_published(make_case(number=63))
    Person.objects.create(case=first.case, name="Aygul Next", may_be_named=True, consent="herself", role="x", order=2)
    update = make_notice(first.case, sequence=2, kind="update")
    target = first.targets.get()

    assert "Aygul" not in client.get("/cases/ua-63-20/").content.decode()
    assert "Aygul" not in letters.compose(UrgentAction.objects.get(pk=first.pk), target, "en").as_text()
    assert list(UrgentAction.objects.newest().matching("Aygul")) == []

    publishing.publish(update, by=None)

    assert "Aygul Next" in client.get("/cases/ua-63-20/").content.decode()


def test_stop_action_does_not_say_a_name_whose_consent_was_taken_back() -> None:
    notice = make_published(make_case(number=63), headline="Free Nagyz Muhammed")
    Person.objects.update(may_be_named=False)

    assert publishing.stop(notice.case, by=None).headline == "UA 63/20"


def test_official_of_a_withdrawn_notice_is_not_named_in_the_totals(client: Client) -> None:
    first = make_published(make_case(number=63))
    target = first.targets.get()
    reports.record(first, reports.Action("post", 1, today(), [target]), uuid.uuid4())
    publishing.publish(make_notice(first.case, sequence=2, kind="update"), by=None)
    publishing.withdraw(first)

    assert str(target.addressee) not in client.get("/cases/ua-63-20/totals/").content.decode()


@pytest.mark.parametrize("headers", [{"origin": "https://elsewhere.test"}, {"origin": "null"}])
def test_form_from_another_origin_is_refused(client: Client, headers: dict[str, str]) -> None:
    response = client.post("/subscriptions/", {"email": "reader@example.org", "scope": "all"}, headers=headers)

    assert (response.status_code, Subscription.objects.count()) == (403, 0)


def test_form_from_our_own_origin_is_taken(client: Client) -> None:
    headers = {"origin": "http://testserver"}

    response = client.post("/subscriptions/", {"email": "reader@example.org", "scope": "all"}, headers=headers)

    assert (response.status_code, Subscription.objects.count()) == (302, 1)


def test_official_with_an_endless_number_is_no_choice(client: Client) -> None:
    make_published(make_case(number=63))

    response = client.post("/cases/ua-63-20/report/", {"channel": "post", "quantity": "1", "targets": "9" * 30})

    assert response.status_code == 200
    assert 'class="problems"' in response.content.decode()
