"""Handing owed mail to the mail server: claimed, checked again, handed over, noted.

A mail is marked as handing over just before the server gets its text; until then nothing can have been sent, and any
failure means: again later. Whatever dies after that leaves a row that says so; it is then "unknown" and never sent
again by itself, because a second copy cannot be called back.
"""

import datetime
import logging
import smtplib
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.mail import get_connection
from django.db.models import F
from django.utils import timezone

from appeals import emails, reminders
from appeals.models import OutgoingMail, Subscription

logger = logging.getLogger(__name__)

State = OutgoingMail.State
CLAIM = datetime.timedelta(minutes=2)
LONGEST_PAUSE_MINUTES = 60
BUSY_SECONDS = 30  # of the 60 that a task may run: whoever is killed at the limit leaves a mail unknown


class ClaimLost(Exception):
    """Somebody else has the mail, or its reader left meanwhile."""


def send_waiting(now: datetime.datetime, limit: int = 200) -> None:
    """Send what is due, and say of what a dead worker left in the open that nobody knows."""
    OutgoingMail.objects.left_while_handing_over(now).update(
        state=State.UNKNOWN, reason="The worker died while the mail server had it."
    )
    send(OutgoingMail.objects.waiting(now).order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def send(mail_ids: Iterable[int]) -> None:
    """Send each of these mails that is still waiting and still right, over one connection."""
    connection = None
    until = time.monotonic() + BUSY_SECONDS
    for mail_id in mail_ids:
        if time.monotonic() > until:
            break  # the rest waits for the next sweep
        now = timezone.now()
        mail = _claim(mail_id, now)
        if mail is None:
            continue
        wrong = why_not(mail, now)
        if wrong:
            _settle(mail, State.CANCELLED, wrong)
            continue
        try:
            connection = connection or get_connection()
            connection.open()
        except OSError:  # nothing has been said to the server about this mail
            _again_later(mail, now, "The mail server cannot be reached.")
            return  # nor can it for the others; each try could take as long as EMAIL_TIMEOUT
        if not _hand_over(mail, connection):
            connection = None
    if connection is not None:
        connection.close()


def why_not(mail: OutgoingMail, now: datetime.datetime) -> str:
    """Why this mail must not be sent at `now`; empty when it is right."""
    if now >= mail.expires_at:
        return "too late"
    if mail.subscription.state == Subscription.State.LEFT:
        return "left"
    if mail.kind == OutgoingMail.Kind.CONFIRMATION:
        return ""
    if mail.subscription.state != Subscription.State.CONFIRMED:
        return "not confirmed"
    notice = mail.urgent_action
    assert notice is not None
    if not notice.is_public:
        return "not public"
    if not notice.is_newest():
        return "updated by a newer notice"
    if notice.kind == notice.Kind.STOP or notice.case.is_closed:
        return "stopped or closed"
    if notice.act_by is None or notice.days_left(now) < 0:
        return "deadline passed"
    if mail.expires_at != reminders.end_of(notice.act_by):
        return "the deadline was moved"
    if OutgoingMail.objects.filter(
        subscription=mail.subscription, urgent_action=notice, kind=mail.kind, pk__gt=mail.pk
    ).exists():
        return "overtaken by a later reminder"
    return ""


def _claim(mail_id: int, now: datetime.datetime) -> OutgoingMail | None:
    """The mail, ours alone until the claim runs out; None where somebody else has it or it is settled."""
    if (
        not OutgoingMail.objects.waiting(now)
        .filter(pk=mail_id)
        .update(claimed_until=now + CLAIM, attempts=F("attempts") + 1)
    ):
        return None
    return OutgoingMail.objects.select_related("subscription", "urgent_action__case").get(pk=mail_id)


def _hand_over(mail: OutgoingMail, connection: Any) -> bool:
    """Give a claimed mail to the server. Returns False where the connection is not to be used again."""
    try:
        message = emails.message(mail)
        message.message()  # headers and addresses are only looked at here
    except Exception:  # one that cannot be written must not keep back those behind it
        logger.exception("Mail %s cannot be written.", mail.pk)
        _settle(mail, State.FAILED, "The mail could not be written.")
        return True
    message.connection = connection
    is_over = False  # whether the server may have got the text

    def begin() -> None:
        nonlocal is_over
        if not _mark_handing_over(mail):
            raise ClaimLost
        is_over = True

    try:
        if not _call_before_text(connection, begin):
            begin()
        message.send()
    except ClaimLost:
        pass  # nothing to note; the connection is in the middle of a mail and not used again
    except smtplib.SMTPSenderRefused:
        _again_later(mail, timezone.now(), "The mail server does not take mail from us.")
    except smtplib.SMTPRecipientsRefused as error:
        _answered(mail, [code for code, _text in error.recipients.values()])
    except smtplib.SMTPResponseException as error:
        _answered(mail, [error.smtp_code])
    except OSError:
        if is_over:
            _settle(mail, State.UNKNOWN, "No answer from the mail server.")
        else:
            _again_later(mail, timezone.now(), "The mail server went away before it got the text.")
    except Exception:
        logger.exception("Mail %s cannot be sent.", mail.pk)
        _settle(mail, State.UNKNOWN if is_over else State.FAILED, "The mail could not be given to the server.")
    else:
        _settle(mail, State.SENT, "")
        return True
    connection.close()
    return False


def _call_before_text(connection: Any, begin: Callable[[], None]) -> bool:
    """Have `begin` called once the server took sender and recipient. False where the mail goes to no server."""
    server = getattr(connection, "connection", None)
    if not isinstance(server, smtplib.SMTP):
        return False

    def data(text: Any) -> tuple[int, bytes]:
        begin()
        return type(server).data(server, text)

    server.data = data  # type: ignore[method-assign, assignment]  # smtplib has no hook of its own for this
    return True


def _mark_handing_over(mail: OutgoingMail) -> bool:
    """False where the claim was lost meanwhile: then it is not ours to send."""
    return bool(
        OutgoingMail.objects.filter(pk=mail.pk, state=State.WAITING, claimed_until=mail.claimed_until).update(
            state=State.HANDING_OVER
        )
    )


def _answered(mail: OutgoingMail, codes: list[int]) -> None:
    """The server said no: for good (5xx), or for now (4xx). Its words may hold the address, so only the code stays."""
    text = f"The mail server answered {', '.join(map(str, codes))}."
    if any(code >= 500 for code in codes):
        _settle(mail, State.FAILED, text)
    else:
        _again_later(mail, timezone.now(), text)


def _again_later(mail: OutgoingMail, now: datetime.datetime, reason: str) -> None:
    """Until the mail is useless (`expires_at`): a server that is away for a day loses nothing."""
    pause = min(2**mail.attempts, LONGEST_PAUSE_MINUTES)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=State.WAITING,
        claimed_until=None,
        due_at=now + datetime.timedelta(minutes=pause),
        reason=reason[:200],
    )


def _settle(mail: OutgoingMail, state: OutgoingMail.State, reason: str) -> None:
    if state in (State.FAILED, State.UNKNOWN):
        logger.warning("Mail %s is %s; the admin says why.", mail.pk, state.value)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=state,
        reason=reason[:200],
        claimed_until=None,
        sent_at=timezone.now() if state == State.SENT else None,
    )
