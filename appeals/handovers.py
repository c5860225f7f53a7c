"""Letters in a reader's own words: made by the worker, handed over once, and kept nowhere.

A row holds what is to be made, and then what was made, sealed with a key that is in no row. Web process and worker
each have it for as long as they need it; the reader has it in the address of the page that waits.
"""

import dataclasses
import datetime
import json
import logging
import time
import uuid
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from appeals import pieces, press, tasks
from appeals.letters import Letter
from appeals.models import Handover, LetterFile
from appeals.pdf import CannotRender
from appeals.press import NoPress
from cases.models import UrgentAction
from ua_tracker.celery import delay_on_commit

logger = logging.getLogger(__name__)

LIVES = datetime.timedelta(minutes=5)
CLAIM = datetime.timedelta(seconds=40)  # longer than one may take
MOST_WAITING = 100
MOST_WATCHED = 2  # that web processes watch for at the same time, each with one of its few threads
WATCH_SECONDS, LOOK_SECONDS = 6.0, 0.1


class TooBusy(Exception):
    """So many letters are being made that another would have to wait too long."""


class Unfinished(Exception):
    """It is being made."""


class NotMade(Exception):
    """It cannot be made; the message says why."""


@dataclasses.dataclass(frozen=True)
class Receipt:
    """Whoever has both parts may fetch the letter, once."""

    pk: uuid.UUID
    key: str

    def __str__(self) -> str:
        return f"{self.pk}.{self.key}"

    @classmethod
    def read(cls, text: str) -> "Receipt | None":
        pk, _dot, key = text.partition(".")
        try:
            Fernet(key)
            return cls(uuid.UUID(pk), key)
        except ValueError:
            return None


def ask(notice: UrgentAction, letter: Letter, kind: Handover.Kind, paper: LetterFile.Paper) -> Receipt:
    """Have the worker make `letter`. Raises TooBusy."""
    if Handover.objects.filter(state=Handover.State.WANTED).count() >= MOST_WAITING:
        raise TooBusy
    receipt = Receipt(uuid.uuid4(), Fernet.generate_key().decode())
    content = {"notice": notice.pk, "letter": dataclasses.asdict(letter), "paper": paper}
    with transaction.atomic():
        Handover.objects.create(pk=receipt.pk, kind=kind, sealed=_seal(json.dumps(content).encode(), receipt))
        remind(receipt)
    return receipt


def remind(receipt: Receipt) -> None:
    """Send the worker the message, which alone carries the key; again where the first may have been lost."""
    delay_on_commit(tasks.make_own_letter, str(receipt.pk), receipt.key, is_secret=True)


def make(receipt: Receipt, now: datetime.datetime | None = None) -> None:
    """Make what was asked for. Does nothing where another worker has it, it is made, or nobody waits any more."""
    now = now or timezone.now()
    waiting = Handover.objects.waiting(now).filter(pk=receipt.pk)
    if not waiting.update(claimed_until=now + CLAIM):
        return
    row = Handover.objects.filter(pk=receipt.pk).first()
    if row is None:
        return
    try:
        content = json.loads(_open(row, receipt))
        made = _made(content, Handover.Kind(row.kind))
    except (CannotRender, NotMade) as error:
        _fail(row, str(error))
    except NoPress as error:
        logger.error("Letters in own words cannot be made on this machine: %s", error)
        _fail(row, "")
    except Exception as error:  # its words may be the reader's: only its kind is told
        logger.error("A letter in own words was not made: %s", type(error).__name__)
        _fail(row, "")
    else:
        changes = {"sealed": _seal(made, receipt), "state": Handover.State.READY}
        Handover.objects.filter(pk=row.pk, state=Handover.State.WANTED).update(**changes)


def _made(content: dict[str, Any], kind: Handover.Kind) -> bytes:
    """Raises NotMade, CannotRender and NoPress."""
    if not UrgentAction.objects.accepting_letters().filter(pk=content["notice"]).exists():
        raise NotMade(gettext_noop("No more letters are wanted in this case."))
    fields: Any = {name: tuple(part) if isinstance(part, list) else part for name, part in content["letter"].items()}
    letter, paper = Letter(**fields), LetterFile.Paper(content["paper"])
    pieces.refuse_bombs(letter)
    if kind == Handover.Kind.TEXT:
        return letter.as_text().encode()
    if kind == Handover.Kind.DOCX:
        from appeals import word  # here, because no web process ever needs it

        return word.render(letter, paper)
    # A stranger's text, so only where the renderer is shut in; on one's own machine it is one's own.
    return press.render([pieces.letter_sheet(letter, paper)], is_confined=not settings.EMBEDDED).content


def wait_for(receipt: Receipt) -> bool:
    """Watch for the letter for some seconds. False where it takes longer, or too many are watched for already."""
    if Handover.objects.filter(state=Handover.State.WANTED).count() > MOST_WATCHED:
        return False
    until = time.monotonic() + WATCH_SECONDS
    while Handover.objects.filter(pk=receipt.pk, state=Handover.State.WANTED).exists():
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def collect(receipt: Receipt) -> tuple[Handover.Kind, bytes]:
    """Hand the letter over and forget it.

    Raises Unfinished, NotMade, and Handover.DoesNotExist for one that was handed over or has lapsed.
    """
    with transaction.atomic():
        row = Handover.objects.select_for_update().get(pk=receipt.pk)
        if row.state == Handover.State.WANTED:
            raise Unfinished
        content = _open(row, receipt)
        row.delete()
    if row.state == Handover.State.FAILED:
        raise NotMade(why_not(row))
    return Handover.Kind(row.kind), content


def find(receipt: Receipt) -> Handover | None:
    """Its row, which says how far it is; None for one that was handed over, has lapsed or is somebody else's."""
    row = Handover.objects.filter(pk=receipt.pk).first()
    if row is None:
        return None
    try:
        _open(row, receipt)
    except Handover.DoesNotExist:
        return None
    return row


def why_not(row: Handover) -> str:
    """Why it could not be made, in the language of the page: the worker does not know its reader's."""
    return _(row.error) if row.error else _("The letter could not be made just now.")


def forget_leftover(now: datetime.datetime) -> int:
    """Delete what nobody fetched within minutes. Returns how many there were."""
    return Handover.objects.filter(wanted_at__lte=now - LIVES).delete()[0]


def _seal(content: bytes, receipt: Receipt) -> bytes:
    return Fernet(receipt.key).encrypt(content)


def _open(row: Handover, receipt: Receipt) -> bytes:
    try:
        return Fernet(receipt.key).decrypt(bytes(row.sealed))
    except InvalidToken:
        raise Handover.DoesNotExist from None


def _fail(row: Handover, reason: str) -> None:
    still_wanted = Handover.objects.filter(pk=row.pk, state=Handover.State.WANTED)
    still_wanted.update(state=Handover.State.FAILED, error=reason[:300])
