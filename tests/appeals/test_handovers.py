"""Letters in own words on their way: sealed, made once, handed over once, and then nowhere."""

import base64
import datetime
import functools
import gc
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
from appeals.handovers import NotMade, Receipt, Unfinished
from appeals.letters import Letter
from appeals.models import Handover, LetterFile
from appeals.pdf import CannotRender, Printed, Sheet
from appeals.press import NoPress
from cases.models import UrgentAction
from tests.appeals.test_printing import ENDS
from tests.factories import make_published
from ua_tracker.celery import app

pytestmark = pytest.mark.django_db

Kind, Paper, State = Handover.Kind, LetterFile.Paper, Handover.State

CANARY, NAME, TOWN = "Quokkafeather", "Ada Numbat", "Wallabyville"
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
    return letters.compose(notice, notice.targets.all()[0], "en", sender=(NAME, TOWN), own_words=words)


def ask(kind: Handover.Kind = Kind.TEXT, words: str = WORDS, notice: UrgentAction | None = None) -> Receipt:
    notice = notice or make_published()
    return handovers.ask(notice, letter_of(notice, words), kind, Paper.A4)


def after(seconds: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=seconds)


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
    tasks.make_own_letter(str(uuid.uuid4()), receipt.key)  # one that is gone
    tasks.make_own_letter("x", "y")

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
def test_of_four_workers_at_once_one_makes_it(asked: list[bool]) -> None:
    receipt = ask(Kind.PDF)

    assert at_once(lambda: handovers.make(receipt)) == [None] * 4
    assert len(asked) == 1


def test_a_receipt_is_read_only_whole() -> None:
    receipt = Receipt(uuid.uuid4(), Fernet.generate_key().decode())
    text = str(receipt)

    assert Receipt.read(text) == receipt
    cuts = (text[1:], text[:-1], text[:-20], text[:37], text[:36], text[37:])
    assert [Receipt.read(cut) for cut in cuts] == [None] * 6


@pytest.mark.parametrize("text", ["", ".", "x", "é.é", "../..", "\x00.\x00", "a" * 5000, f"{uuid.UUID(int=1)}.é"])
def test_nonsense_is_no_receipt(text: str) -> None:
    assert Receipt.read(text) is None


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


def telling(content: bytes | str, receipt: Receipt, but_key: bool = False) -> list[str]:
    """What of the reader, of their letter and of its key stands in `content`."""
    texts = [CANARY, NAME, "Numbat", TOWN, *([] if but_key else [receipt.key])]
    return [text for text in texts if text.encode() in (content.encode() if isinstance(content, str) else content)]


@pytest.mark.parametrize("kind", Kind)
def test_a_row_says_nothing_while_it_waits_when_it_is_made_and_when_it_failed(kind: Handover.Kind) -> None:
    receipt = ask(kind)
    assert b"Please release {them}." in stored()

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


def test_no_memory_of_this_process_keeps_it() -> None:
    """Whatever remembers what it was called with would keep a reader's letter for as long as the process lives."""
    receipt = ask(Kind.DOCX)
    handovers.make(receipt)
    gc.collect()
    remembering = [thing for thing in gc.get_objects() if isinstance(thing, functools._lru_cache_wrapper)]
    kept = [repr(gc.get_referents(thing)) for thing in remembering]

    assert len(remembering) > 10
    assert [memory for memory in kept if CANARY in memory] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("messages_run")
@pytest.mark.parametrize("kind", Kind)
def test_no_logger_says_anything_of_a_letter_that_was_made(
    kind: Handover.Kind, log: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    receipt = ask(kind)
    handovers.collect(receipt)

    assert "appeals.tasks.make_own_letter" in caplog.text
    assert receipt.key not in caplog.text
    assert not telling(log(), receipt, but_key=True)


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

    notice = make_published()
    monkeypatch.setattr(module, name, fail)
    receipt = ask(kind, notice=notice)

    assert f"A letter in own words was not made: {error.__name__}" in log()
    assert telling(log(), receipt, but_key=True) + telling(stored(), receipt) == []
    with pytest.raises(NotMade, match=f"^{REFUSED}$"):
        handovers.collect(receipt)
    assert Handover.objects.count() == 0


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the broker was given for the makers of such letters."""
    given: list[dict[str, Any]] = []

    def put(channel: object, queue: str, message: dict[str, Any], **more: object) -> None:
        if message["headers"]["task"] == tasks.make_own_letter.name:
            given.append(message)

    monkeypatch.setattr(kombu.transport.memory.Channel, "_put", put)
    return given


def arguments(message: dict[str, Any]) -> list[Any]:
    return list(json.loads(base64.b64decode(message["body"])))[:2]


@pytest.mark.django_db(transaction=True)
def test_the_message_has_the_key_and_shows_it_to_no_log_or_monitor(messages: list[dict[str, Any]]) -> None:
    receipt = ask()

    (message,) = messages
    assert arguments(message) == [[str(receipt.pk), receipt.key], {}]
    assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("(...)", "{}")
    assert telling(json.dumps({**message, "body": ""}), receipt) == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_is_logged_without_letter_and_key_and_told_again_when_it_is_up(
    log: Callable[[], str], messages: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(channel: object, queue: str, message: object, **more: object) -> None:
        raise ConnectionRefusedError(111, "Connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(kombu.transport.memory.Channel, "_put", refuse)
        receipt = ask()
    assert "Connection refused" in log()
    assert telling(log(), receipt) + telling(stored(), receipt) == []

    handovers.remind(receipt)  # as the page that waits does

    tasks.make_own_letter(*arguments(messages[0])[0])
    assert CANARY.encode() in handovers.collect(receipt)[1]


# --- What stands in the way -------------------------------------------------------------------------------------------


@ENDS
def test_a_letter_that_nobody_should_write_any_more_is_not_made(
    end: Callable[[UrgentAction], None], asked: list[bool]
) -> None:
    notice = make_published()
    receipt = ask(Kind.PDF, notice=notice)
    end(notice)

    handovers.make(receipt)

    assert (asked, Handover.objects.get().state) == ([], "failed")
    with pytest.raises(NotMade, match=r"^No more letters are wanted in this case\.$"):
        handovers.collect(receipt)
    assert Handover.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("word " * 3000, "The letter has 15,"),
        ("x\n" * 500, "The letter has 1,"),
        ("x" * 401, "The letter has a word of more than 400 characters."),
    ],
)
@pytest.mark.parametrize("kind", Kind)
def test_a_letter_that_the_press_might_not_survive_is_not_made(
    kind: Handover.Kind, words: str, reason: str, asked: list[bool]
) -> None:
    receipt = ask(kind, words)

    handovers.make(receipt)

    with pytest.raises(NotMade, match=f"^{reason}"):
        handovers.collect(receipt)
    assert asked == []


@pytest.mark.parametrize("is_embedded", [True, False])
def test_only_on_ones_own_machine_the_press_need_not_be_confined(
    is_embedded: bool, settings: Any, asked: list[bool]
) -> None:
    settings.EMBEDDED = is_embedded

    handovers.make(ask(Kind.PDF))

    assert asked == [not is_embedded]


@pytest.mark.parametrize("error", [CannotRender("It took too long."), NoPress("x"), ValueError("x")])
def test_a_worker_that_fails_late_takes_nothing_from_one_that_did_it(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = ask(Kind.PDF)
    rightly = press.render

    def make_meanwhile(sheets: Sequence[Sheet], is_confined: bool) -> Printed:
        monkeypatch.setattr(press, "render", rightly)
        handovers.make(receipt, after(60))
        raise error

    monkeypatch.setattr(press, "render", make_meanwhile)
    handovers.make(receipt)

    assert CANARY.encode() in handovers.collect(receipt)[1]


# --- Leftovers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_made", [True, False])
def test_what_nobody_fetches_is_forgotten_after_minutes_and_not_before(is_made: bool) -> None:
    receipt = ask()
    if is_made:
        handovers.make(receipt)
    lapses = Handover.objects.get().wanted_at + handovers.LIVES
    second = datetime.timedelta(seconds=1)

    assert (handovers.forget_leftover(lapses - second), Handover.objects.count()) == (0, 1)
    assert (handovers.forget_leftover(lapses), Handover.objects.count()) == (1, 0)
    assert handovers.find(receipt) is None


def test_the_timetable_forgets_every_minute() -> None:
    (entry,) = (each for each in app.conf.beat_schedule.values() if each["task"] == tasks.forget_handed_over.name)
    assert (entry["schedule"], handovers.LIVES) == (60, datetime.timedelta(minutes=5))
    old, new = ask(), ask()
    Handover.objects.filter(pk=old.pk).update(wanted_at=after(-handovers.LIVES.total_seconds()))

    tasks.forget_handed_over()

    assert [handovers.find(old), handovers.find(new)] == [None, Handover.objects.get(pk=new.pk)]


def test_no_more_are_watched_for_than_threads_can_be_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handovers, "WATCH_SECONDS", 0)
    receipt = ask()
    assert handovers.wait_for(receipt) is False
    handovers.make(receipt)
    assert handovers.wait_for(receipt) is True

    for _number in range(handovers.MOST_WATCHED + 1):
        ask()

    assert handovers.wait_for(receipt) is False
