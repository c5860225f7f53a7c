"""The mails we send: one function each, with three templates: subject, text, HTML."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language_info, override

from appeals import tokens
from appeals.models import OutgoingMail, Subscription


def message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The message that `mail` stands for."""
    if mail.kind == OutgoingMail.Kind.REMINDER:
        return reminder(mail)
    if mail.subscription.state == Subscription.State.CONFIRMED:
        return already_subscribed(mail)
    return confirmation(mail)


def confirmation(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Asks the owner of the address whether they want this. Nothing that a stranger typed is in it."""
    token = tokens.subscription(mail.subscription.pk, "confirm")
    return _message(
        "confirmation",
        mail,
        confirm_url=_absolute(reverse("appeals:confirm", args=[token]), mail.subscription.language),
    )


def already_subscribed(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Somebody asked again; only the owner of the address learns that it was known."""
    return _message("already_subscribed", mail)


def reminder(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The deadline comes near."""
    notice = mail.urgent_action
    assert notice is not None
    return _message(
        "reminder",
        mail,
        notice=notice,
        case=notice.case,
        headline=notice.headline_in(mail.subscription.language),
        case_url=_absolute(notice.case.get_absolute_url(), mail.subscription.language),
        people=[person.public_name for person in notice.case.public_people],
    )


def _message(name: str, mail: OutgoingMail, **context: Any) -> EmailMultiAlternatives:
    subscription = mail.subscription
    leave = tokens.subscription(subscription.pk, "leave")
    leave_url = _absolute(reverse("appeals:leave", args=[leave]), subscription.language)
    context |= {
        "subscription": subscription,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "leave_url": leave_url,
        "language": subscription.language,
    }
    with override(subscription.language):
        context["direction"] = "rtl" if get_language_info(subscription.language)["bidi"] else "ltr"
        subject = " ".join(render_to_string(f"emails/{name}/subject.txt", context, using="text").split())
        text = render_to_string(f"emails/{name}/body.txt", context, using="text")
        html = render_to_string(f"emails/{name}/body.html", context, using="html")
    host = urlsplit(settings.SITE_URL).hostname
    result = EmailMultiAlternatives(
        subject=subject,
        body=text.strip() + "\n",
        to=[subscription.email],
        headers={
            "Message-ID": f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{host}>",
            "List-Id": f"{settings.SITE_NAME} <urgent-actions.{host}>",
            "List-Unsubscribe": f"<{leave_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "Precedence": "bulk",
            "Content-Language": subscription.language,
        },
    )
    result.attach_alternative(html, "text/html")
    return result


def _absolute(path: str, language: str) -> str:
    """The whole address, in the language of the mail."""
    return (
        f"{settings.SITE_URL}{path}" if language == settings.LANGUAGE_CODE else f"{settings.SITE_URL}/{language}{path}"
    )
