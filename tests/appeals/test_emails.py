"""Each mail as the mail server gets it: its headers, both texts, its links."""

import datetime
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from appeals import emails, outbox, reminders, tokens
from appeals.models import OutgoingMail, Subscription
from cases.models import Topic
from tests import smtp
from tests.factories import make_case, make_published, make_subscription, today


def mail_for(subscription: Subscription) -> OutgoingMail:
    return OutgoingMail.objects.create(
        subscription=subscription,
        kind="confirmation",
        key=f"confirmation:{subscription.pk}",
        due_at=timezone.now(),
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )


def reminder(case_fields: dict[str, Any] | None = None, **fields: Any) -> OutgoingMail:
    notice = make_published(make_case(**(case_fields or {})), act_by=today() + datetime.timedelta(days=2), **fields)
    subscription = make_subscription(notice.case)
    reminders.plan(timezone.now())
    return OutgoingMail.objects.get(subscription=subscription)


def sent(mail: OutgoingMail) -> EmailMessage:
    """The message as it goes over the wire."""
    return message_from_bytes(emails.message(mail).message().as_bytes(), policy=default)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.django_db
def test_headers_of_a_reminder() -> None:
    mail = reminder({"number": 63})
    subscription = mail.subscription
    leave = f"http://testserver/subscriptions/leave/{tokens.subscription(subscription.pk, 'leave')}/"

    message = sent(mail)

    assert (message["To"], message["From"]) == (subscription.email, "Urgent Actions <contact@testserver>")
    assert message["Subject"].strip() == "UA 63/20, 2 days left: Life imprisonment for missing writer"
    assert message["List-Id"] == "Urgent Actions <urgent-actions.testserver>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<[0-9a-f]{32}@testserver>", message["Message-ID"])
    assert (message["Auto-Submitted"], message["Precedence"]) == ("auto-generated", "bulk")
    assert message["Content-Language"] == "en"
    assert message.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
    unsubscribe = re.fullmatch(r"<(.+)>", "".join(message["List-Unsubscribe"].split()))
    assert unsubscribe is not None
    assert unsubscribe[1].rpartition(":")[0].rpartition(":")[0] == leave.rpartition(":")[0].rpartition(":")[0]
    token = unsubscribe[1].rstrip("/").rpartition("/")[2]
    assert tokens.read_subscription(token, "leave") == subscription.pk


@pytest.mark.django_db
def test_message_id_stays_with_the_mail_and_differs_from_every_other() -> None:
    mail, other = reminder(), reminder()
    assert sent(mail)["Message-ID"] == sent(OutgoingMail.objects.get(pk=mail.pk))["Message-ID"]
    assert sent(mail)["Message-ID"] != sent(other)["Message-ID"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_reminder_names_the_case_and_leads_to_it(kind: str) -> None:
    mail = reminder({"number": 63})
    text = part(sent(mail), kind)
    deadline = today() + datetime.timedelta(days=2)
    for expected in (
        "UA 63/20",
        "China",
        "Life imprisonment for missing writer",
        "Nagyz Muhammed",
        f"{deadline.day} {deadline:%B %Y}",
        "http://testserver/cases/ua-63-20/",
        "http://testserver/cases/ua-63-20/report/",
        "http://testserver/subscriptions/leave/",
    ):
        assert expected in text


@pytest.mark.django_db
def test_person_who_must_not_be_named_is_not_named() -> None:
    mail = reminder()
    assert mail.urgent_action is not None
    mail.urgent_action.case.people.update(may_be_named=False, consent="")
    message = sent(mail)
    for kind in ("plain", "html"):
        assert "Nagyz" not in part(message, kind)
        assert "writer" in part(message, kind)


@pytest.mark.django_db
def test_words_are_escaped_in_html_only() -> None:
    mail = reminder(headline="O'Brien & <b>sons</b>")
    message = sent(mail)
    assert message["Subject"].endswith("O'Brien & <b>sons</b>")
    assert "O'Brien & <b>sons</b>" in part(message, "plain")
    assert "O&#x27;Brien &amp; &lt;b&gt;sons&lt;/b&gt;" in part(message, "html")
    assert "<b>sons" not in part(message, "html")


@pytest.mark.django_db
def test_headline_cannot_add_a_header_line() -> None:
    mail = reminder()
    notice = mail.urgent_action
    assert notice is not None
    notice.headline = "Free him\r\nBcc: everybody@example.org\n\nNew text"
    message = sent(mail)
    assert message["Bcc"] is None
    assert message["Subject"].endswith("Free him Bcc: everybody@example.org New text")


@pytest.mark.django_db
def test_confirmation_has_the_link_and_nothing_that_a_stranger_typed() -> None:
    subscription = make_subscription(state="unconfirmed", confirmed_at=None)
    message = sent(mail_for(subscription))
    assert message["Subject"] == "Please confirm: reminders from Urgent Actions"
    for kind in ("plain", "html"):
        text = part(message, kind)
        (token,) = re.findall(r"http://testserver/subscriptions/confirm/([^/\s\"]+)/", text)
        assert tokens.read_subscription(token, "confirm", 60) == subscription.pk
        assert "all Urgent Actions" in text
        assert subscription.email not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"scope": "all"}, "all Urgent Actions"),
        ({"scope": "country", "country": "CN"}, "Urgent Actions for China"),
        ({"scope": "topic"}, "Urgent Actions on writers' rights"),
        ({"scope": "case"}, "UA 63/20"),
    ],
)
def test_mail_says_what_was_wished(wish: dict[str, Any], words: str) -> None:
    fields: dict[str, Any] = {**wish, "state": "unconfirmed", "confirmed_at": None}
    if wish["scope"] == "topic":
        fields["topic"] = Topic.objects.create(name="writers' rights", slug="writers")
    if wish["scope"] == "case":
        fields["case"] = make_case(number=63)
    subscription = make_subscription(**fields)
    assert words in part(sent(mail_for(subscription)), "plain")


@pytest.mark.django_db
def test_who_asks_again_is_told_so_and_gets_no_link_to_confirm() -> None:
    message = sent(mail_for(make_subscription()))
    assert message["Subject"] == "You are already reminded by Urgent Actions"
    for kind in ("plain", "html"):
        assert "/confirm/" not in part(message, kind)
        assert "/leave/" in part(message, kind)


@pytest.mark.django_db
def test_mail_in_arabic_reads_from_right_to_left() -> None:
    subscription = make_subscription(language="ar")
    message = sent(mail_for(subscription))
    assert message["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in part(message, "html")
    assert '<html lang="en" dir="ltr">' in part(sent(mail_for(make_subscription())), "html")


@pytest.mark.django_db
def test_name_of_the_site_in_another_script_arrives_whole(settings: Settings) -> None:
    settings.SITE_NAME = "Дії на захист"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    mail = reminder(headline="Свободу письменнику – 维吾尔")
    with smtp.Sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        outbox.send([mail.pk])
    (message,) = sink.messages
    assert message["Subject"].endswith("Свободу письменнику – 维吾尔")
    assert str(message["List-Id"]).strip() == "Дії на захист <urgent-actions.testserver>"
    assert "Свободу письменнику – 维吾尔" in part(message, "plain")
    assert message["Message-ID"] == sent(mail)["Message-ID"]
