"""Letters in own words on their way: sealed, made once, handed over once, and then nowhere."""

import datetime
import json
import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import kombu.transport.memory
import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache, caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.utils import timezone

from appeals import handovers, letters, pieces, press, tasks, word
from appeals.handovers import NotMade, Receipt, TooBusy, Unfinished
from appeals.letters import Letter
from appeals.models import Handover, LetterFile
from appeals.pdf import CannotRender, Printed, Sheet
from appeals.press import NoPress
from cases import plain_text, publishing
from cases.models import UrgentAction
from cases.models.case import Outcome
from tests.factories import make_case, make_published, today
from ua_tracker.celery import app

pytestmark = pytest.mark.django_db

Kind, Paper, State = Handover.Kind, LetterFile.Paper, Handover.State

CANARY, NAME = "Quokkafeather", "Ada Numbat"
WORDS = f"I am a teacher.\n\nI write about {CANARY}."
REFUSED = "The letter could not be made just now."


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each letter that went to the press, whether it had to be confined. It prints the HTML as it is."""
    done: list[bool] = []

    def render(sheets: Sequence[Sheet], is_confined: bool = False) -> Printed:
        done.append(is_confined)
        return Printed("".join(sheet.html + sheet.setups[0] for sheet in sheets).encode(), (1,) * len(sheets))

    monkeypatch.setattr(press, "render", render)
    return done


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """All that any logger says at any level, with everything that goes with it unsaid."""
    for name in (None, *logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, name)
    return lambda: caplog.text + repr([vars(record) for record in caplog.records])


def letter_of(notice: UrgentAction, words: str = WORDS) -> Letter:
    return letters.compose(notice, notice.targets.all()[0], "en", sender=(NAME, "Lyon"), own_words=words)


def ask(kind: Handover.Kind = Kind.TEXT, words: str = WORDS, notice: UrgentAction | None = None) -> Receipt:
    notice = notice or make_published()
    return handovers.ask(notice, letter_of(notice, words), kind, Paper.A4)


def after(seconds: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=seconds)


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


def withdraw(notice: UrgentAction) -> None:
    publishing.withdraw(notice)


# --- Once -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("kind", Kind)
def test_what_was_made_is_handed_over_once(kind: Handover.Kind, paper: LetterFile.Paper) -> None:
    notice = make_published()
    letter = letter_of(notice)
    sheet = pieces.letter_sheet(letter, paper)
    receipt = handovers.ask(notice, letter, kind, paper)
    handovers.make(receipt)

    made = handovers.collect(receipt)

    contents = {
        Kind.PDF: (sheet.html + sheet.setups[0]).encode(),
        Kind.DOCX: word.render(letter, paper),
        Kind.TEXT: letter.as_text().encode(),
    }
    assert made == (kind, contents[kind])
    assert Handover.objects.count() == 0
    with pytest.raises(Handover.DoesNotExist):
        handovers.collect(receipt)


def test_what_is_not_made_yet_is_not_handed_over_and_stays() -> None:
    receipt = ask()

    with pytest.raises(Unfinished):
        handovers.collect(receipt)

    row = handovers.find(receipt)
    assert (row and row.state, Handover.objects.count()) == (State.WANTED, 1)


def test_a_letter_is_made_once(asked: list[bool]) -> None:
    receipt = ask(Kind.PDF)
    handovers.make(receipt)
    first = Handover.objects.get()

    handovers.make(receipt)
    handovers.make(receipt, after(3600))
    tasks.make_own_letter(str(receipt.pk), receipt.key)

    row = Handover.objects.get()
    assert (len(asked), row.state, bytes(row.sealed)) == (1, "ready", bytes(first.sealed))


def test_a_claim_of_another_worker_is_respected_until_it_runs_out(asked: list[bool]) -> None:
    receipt = ask(Kind.PDF)
    Handover.objects.update(claimed_until=after(30))

    handovers.make(receipt)
    assert (asked, Handover.objects.get().state) == ([], "wanted")

    handovers.make(receipt, after(31))
    assert (len(asked), Handover.objects.get().state) == (1, "ready")


def at_once(do: Callable[[], object], times: int = 4) -> list[object]:
    """What `do` returned, or the kind of error, in threads that start together."""
    together, done = threading.Barrier(times), list[object]()

    def work() -> None:
        together.wait()
        try:
            done.append(do())
        except Exception as error:
            done.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.django_db(transaction=True)
def test_four_workers_and_then_four_readers_at_once_make_and_take_it_once(asked: list[bool]) -> None:
    receipt = ask(Kind.PDF)

    assert at_once(lambda: handovers.make(receipt)) == [None] * 4
    assert len(asked) == 1

    taken = at_once(lambda: handovers.collect(receipt)[0])
    assert sorted(map(str, taken)) == ["DoesNotExist"] * 3 + ["letter.pdf"]


def test_a_message_for_what_is_gone_does_nothing(asked: list[bool]) -> None:
    for pk, key in ((str(uuid.uuid4()), Fernet.generate_key().decode()), ("x", "y"), ("", "")):
        tasks.make_own_letter(pk, key)

    assert (asked, Handover.objects.count()) == ([], 0)


# --- Who may have it --------------------------------------------------------------------------------------------------


def test_a_receipt_is_read_as_it_was_written() -> None:
    receipt = Receipt(uuid.uuid4(), Fernet.generate_key().decode())

    assert Receipt.read(str(receipt)) == receipt


@pytest.mark.parametrize("spoil", [str.upper, lambda text: text[:-1], lambda text: text[1:], lambda text: text[:36]])
def test_what_is_no_receipt_is_not_read(spoil: Callable[[str], str]) -> None:
    receipt = Receipt(uuid.UUID(int=2**127 + 1), "c29tZSBrZXkgb2YgZXhhY3RseSAzMiBieXRlcyBsb24=")
    assert Receipt.read(str(receipt)) == receipt

    assert Receipt.read(spoil(str(receipt))) in (None, Receipt(receipt.pk, receipt.key.upper()))


@pytest.mark.parametrize("text", ["", ".", "x", "é.é", "../..", "\x00.\x00", "a" * 5000, f"{uuid.uuid4()}.é"])
def test_nonsense_is_no_receipt(text: str) -> None:
    assert Receipt.read(text) is None


@pytest.mark.parametrize("is_made", [True, False])
def test_the_key_of_another_letter_opens_nothing(is_made: bool) -> None:
    mine, other = ask(), ask()
    if is_made:
        handovers.make(mine)
    forged = Receipt(mine.pk, other.key)

    assert handovers.find(forged) is None
    with pytest.raises(Handover.DoesNotExist if is_made else Unfinished):
        handovers.collect(forged)
    assert Handover.objects.filter(pk__in=[mine.pk, other.pk]).count() == 2
    assert handovers.find(mine) is not None


# --- Nowhere else -----------------------------------------------------------------------------------------------------


def stored() -> bytes:
    """Every value in every row of every table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                found += [bytes(x) if isinstance(x, bytes | memoryview) else str(x).encode() for x in row]
    return b"\n".join(found)


def filed(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def telling(content: bytes, receipt: Receipt) -> list[str]:
    """What of the reader, of their letter and of its key stands in `content`."""
    return [text for text in (CANARY, NAME, "Numbat", receipt.key) if text.encode() in content]


@pytest.mark.parametrize("kind", Kind)
def test_a_row_says_nothing_while_it_waits_when_it_is_made_and_when_it_failed(kind: Handover.Kind) -> None:
    notice = make_published(make_case(number=63), headline=f"Free {CANARY}")
    receipt = ask(kind, notice=notice)
    assert telling(stored(), receipt) == [CANARY]  # so a headline is found
    UrgentAction.objects.update(headline="x")
    UrgentAction.history.update(headline="x")

    assert telling(stored(), receipt) == []
    handovers.make(receipt)
    assert (Handover.objects.get().state, telling(stored(), receipt)) == ("ready", [])
    Handover.objects.update(state="wanted", claimed_until=None)
    handovers.make(receipt)  # what was made is nothing that a letter can be made of
    assert (Handover.objects.get().state, telling(stored(), receipt)) == ("failed", [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("messages_run")
@pytest.mark.parametrize("is_collected", [True, False])
def test_nothing_is_left_in_any_table_file_store_or_mail(
    is_collected: bool, settings: Any, mailoutbox: list[object]
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "own"}}
    cache.clear()
    receipts = [ask(kind) for kind in Kind]
    if is_collected:
        assert all(CANARY.encode() in handovers.collect(each)[1] for each in receipts if each != receipts[1])
        handovers.collect(receipts[1])  # Word's is a zip
        assert Handover.objects.count() == 0
    cache.set("control", "in the store")
    default_storage.save("control.txt", ContentFile(b"in a file"))
    kept = repr(caches["default"]._cache).encode()  # type: ignore[attr-defined]  # what a store in memory holds
    files = filed(Path(settings.DATA_DIR))
    default_storage.delete("control.txt")

    assert (b"in the store" in kept, b"in a file" in files, mailoutbox) == (True, True, [])
    assert [telling(stored() + kept + files, receipt) for receipt in receipts] == [[], [], []]


def test_no_memory_of_cleaned_texts_keeps_it() -> None:
    receipt = ask(Kind.DOCX)
    assert plain_text.clean.cache_info().currsize > 0

    handovers.make(receipt)

    assert plain_text.clean.cache_info().currsize == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("messages_run")
@pytest.mark.parametrize("kind", Kind)
def test_no_logger_says_anything_of_a_letter_that_was_made(kind: Handover.Kind, log: Callable[[], str]) -> None:
    receipt = ask(kind)
    handovers.collect(receipt)

    assert "appeals.tasks.make_own_letter" in log()
    assert telling(log().encode(), receipt) == []


TROUBLE = [
    *((Kind.PDF, pieces, "letter_sheet", kind) for kind in (ValueError, MemoryError, KeyError, Handover.DoesNotExist)),
    (Kind.PDF, press, "render", OSError),
    (Kind.DOCX, word, "render", RuntimeError),
    (Kind.TEXT, pieces, "refuse_bombs", UnicodeError),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("messages_run")
@pytest.mark.parametrize(("kind", "module", "name", "error"), TROUBLE)
def test_neither_log_nor_row_repeats_what_an_error_says(
    kind: Handover.Kind,
    module: Any,
    name: str,
    error: type[Exception],
    log: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*given: object, **more: object) -> None:
        raise error(f"{WORDS} {NAME} {given}")

    monkeypatch.setattr(module, name, fail)
    receipt = ask(kind)

    assert f"A letter in own words was not made: {error.__name__}" in log()
    assert telling(log().encode() + stored(), receipt) == []
    with pytest.raises(NotMade, match=f"^{REFUSED}$"):
        handovers.collect(receipt)
    assert Handover.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_is_logged_without_the_letter_and_without_the_key(
    log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(channel: object, queue: str, message: object, **more: object) -> None:
        raise ConnectionRefusedError(111, "Connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(kombu.transport.memory.Channel, "_put", refuse)
        receipt = ask()

    assert "Connection refused" in log()
    assert telling(log().encode() + stored(), receipt) == []
    monkeypatch.setattr(app.conf, "task_always_eager", True)
    handovers.remind(receipt)  # as the page that waits does
    assert handovers.collect(receipt)[0] == Kind.TEXT


@pytest.mark.django_db(transaction=True)
def test_the_message_tells_logs_and_monitors_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(
        kombu.transport.memory.Channel, "_put", lambda channel, queue, message, **more: messages.append(message)
    )

    receipt = ask()

    (message,) = messages
    assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("(...)", "{}")
    body = message.pop("body").encode()
    assert telling(json.dumps(message, default=str).encode(), receipt) == []
    assert CANARY.encode() not in Fernet(receipt.key).decrypt(Handover.objects.get().sealed)[:0] + body
