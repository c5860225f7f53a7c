"""Letter files: wanted once, made once, gone as soon as nobody should write."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from appeals import pieces, press, printing, tasks
from appeals.letters import Letter, NoLetter
from appeals.models import LetterFile
from appeals.pdf import CannotRender, Printed, Sheet
from appeals.pieces import Kind, Made, NotOffered, Paper, Piece
from appeals.press import BrokeOff, NoPress
from cases import embassies, publishing
from cases.models import ContactChannel, LetterText, UrgentAction
from cases.models.case import Outcome
from tests.factories import add_language, make_notice, make_official, make_published, today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    """What was rendered. The pages themselves are tested in test_pdf.py."""
    done: list[Letter] = []

    def make(piece: Piece) -> Made:
        done.append(piece.letter)
        return Made(f"%PDF- {piece.letter.as_text()}".encode(), pages=2)

    monkeypatch.setattr(pieces, "make", make)
    return done


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Path:
    """An empty storage of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    return tmp_path


def piece_of(notice: UrgentAction, language: str = "en", **fields: Any) -> Piece:
    return Piece(notice, notice.targets.all()[0], language, **fields)


def ask(notice: UrgentAction, language: str = "en", **fields: Any) -> LetterFile:
    return printing.ask(piece_of(notice, language, **fields))


def make(notice: UrgentAction, **fields: Any) -> LetterFile:
    """A letter that is ready."""
    file = ask(notice, **fields)
    printing.make(file.pk)
    file.refresh_from_db()
    assert file.is_ready
    return file


def files(storage: Path) -> list[str]:
    return sorted(path.relative_to(storage).as_posix() for path in storage.rglob("*") if path.is_file())


def after(seconds: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=seconds)


# --- Once -------------------------------------------------------------------------------------------------------------


def test_asking_twice_is_one_order(rendered: list[Letter], django_capture_on_commit_callbacks: Any) -> None:
    notice = make_published()

    with django_capture_on_commit_callbacks() as messages:
        first, second = ask(notice), ask(notice)

    assert (first, first.state, LetterFile.objects.count(), len(messages)) == (second, "wanted", 1, 1)
    assert rendered == []


def test_there_is_one_row_for_the_same_content() -> None:
    file = ask(make_published())

    with pytest.raises(IntegrityError), transaction.atomic():
        LetterFile.objects.create(
            content_hash=file.content_hash, urgent_action=file.urgent_action, official=file.official, language="en"
        )


def test_ready_means_stored() -> None:
    ask(make_published())

    with pytest.raises(IntegrityError), transaction.atomic():
        LetterFile.objects.update(state="ready")


def test_what_cannot_be_composed_is_not_ordered() -> None:
    with pytest.raises(NoLetter):
        ask(make_published(), "zh")

    assert LetterFile.objects.count() == 0


def test_a_letter_is_made_once(rendered: list[Letter], storage: Path) -> None:
    notice = make_published()
    file = make(notice)

    printing.make(file.pk)
    printing.make_waiting(after(3600))
    again = ask(notice)

    name = file.content_hash
    assert len(rendered) == 1
    assert again == file
    assert files(storage) == [file.path] == [f"letters/{name[:2]}/{name}.pdf"]
    assert file.size == (storage / file.path).stat().st_size > 0
    assert (file.attempts, file.claimed_until, file.error, file.pages) == (1, None, "", 2)
    assert printing.known(piece_of(notice)) == file


def test_a_letter_that_is_not_ready_is_not_known() -> None:
    notice = make_published()
    ask(notice)

    assert printing.known(piece_of(notice)) is None


def test_each_official_has_a_file_with_the_right_address(rendered: list[Letter], storage: Path) -> None:
    notice = make_published(officials=3)
    for target in notice.targets.all():
        LetterText.objects.create(
            urgent_action=notice, language="fr", target=target, state="checked", body=f"À {target.official.name}"
        )
    ordered = printing.ask_for_notice(UrgentAction.objects.get())
    printing.make_waiting(timezone.now())

    assert len(files(storage)) == len(ordered) == 3  # French has no greeting yet, so there is no letter in it
    for file in LetterFile.objects.all():
        content = (storage / file.path).read_text()
        others = [target.official.name for target in notice.targets.exclude(official=file.official_id)]
        assert file.official.name in content
        assert [name for name in others if f"{name}\n" in content] == []
    assert {file.official for file in ordered} == {target.official for target in notice.targets.all()}


def make_reachable() -> UrgentAction:
    """A notice with letters in English and Chinese to an official who has a fax."""
    notice = make_notice()
    add_language(notice, "zh", "尊敬的王江局长：", "请释放。")
    ContactChannel.objects.create(official=notice.targets.get().official, kind="fax", value="+1 202 495 2138")
    publishing.publish(notice, by=None)
    return notice


WANTED: list[dict[str, Any]] = [
    *({"kind": kind} for kind in Kind),
    {"paper": Paper.LETTER},
    {"readers_language": "en"},
    {"readers_language": "zh"},
    {"is_domestic": True},
    {"kind": Kind.DOCX, "paper": Paper.LETTER, "readers_language": "zh", "is_domestic": True},
]


@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_a_file_is_made_as_it_was_ordered(
    wanted: dict[str, Any], storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Piece] = []

    def make(piece: Piece) -> Made:
        made.append(piece)
        return Made(b"content")

    monkeypatch.setattr(pieces, "make", make)
    piece = piece_of(make_reachable(), **wanted)
    file = printing.ask(piece)

    printing.make(file.pk)

    assert made == [piece]
    assert [(each.letter, each.translation) for each in made] == [(piece.letter, piece.translation)]
    name = piece.content_hash
    assert files(storage) == [f"letters/{name[:2]}/{name}.{piece.kind.rpartition('.')[2]}"]
    file.refresh_from_db()
    assert (file.state, file.kind, printing.known(piece)) == ("ready", piece.kind, file)


def test_what_is_asked_for_otherwise_is_another_file(storage: Path) -> None:
    make_reachable()
    notice = UrgentAction.objects.get()

    for wanted in WANTED:
        printing.make(ask(notice, **wanted).pk)

    assert len(files(storage)) == LetterFile.objects.filter(state="ready").count() == len(WANTED)
    printing.forget_outdated(after(25 * 3600))
    assert len(files(storage)) == LetterFile.objects.count() == len(WANTED)


def test_a_kind_that_the_official_has_no_channel_for_is_not_ordered() -> None:
    with pytest.raises(NotOffered):
        ask(make_published(), kind=Kind.FAX)

    assert LetterFile.objects.count() == 0


def test_a_fax_whose_number_stopped_working_is_not_made(rendered: list[Letter]) -> None:
    file = ask(make_reachable(), kind=Kind.FAX)
    ContactChannel.objects.filter(kind="fax").update(works=False)

    printing.make(file.pk)

    assert (rendered, LetterFile.objects.count()) == ([], 0)


def test_the_press_is_given_the_letter_and_its_pages_are_kept(monkeypatch: pytest.MonkeyPatch, storage: Path) -> None:
    """With all that makes a piece but the press itself."""
    sheets: list[Sheet] = []

    def render(asked: list[Sheet]) -> Printed:
        sheets.extend(asked)
        return Printed(b"%PDF- all", pages=(3, 1))

    monkeypatch.undo()  # the piece is made in earnest
    monkeypatch.setattr(press, "render", render)
    file = ask(make_reachable(), readers_language="zh")

    printing.make(file.pk)

    file.refresh_from_db()
    assert ["Dear Director Wang," in sheet.html for sheet in sheets] == [True, False]
    assert ["尊敬的王江局长：" in sheet.html for sheet in sheets] == [False, True]
    assert (file.state, file.pages, file.size) == ("ready", 3, len(b"%PDF- all"))
    assert default_storage.open(file.path).read() == b"%PDF- all"


# --- Claims -----------------------------------------------------------------------------------------------------------


def test_a_claim_of_another_worker_is_respected_until_it_runs_out(rendered: list[Letter]) -> None:
    file = ask(make_published())
    LetterFile.objects.update(claimed_until=after(60), attempts=1)

    printing.make(file.pk)
    printing.make_waiting(timezone.now())
    assert rendered == []

    printing.make_waiting(after(61))
    file.refresh_from_db()
    assert (len(rendered), file.state, file.attempts) == (1, "ready", 2)


def test_a_claim_outlasts_the_longest_task(settings: Any) -> None:
    assert printing.CLAIM.total_seconds() > settings.CELERY_TASK_TIME_LIMIT


def test_a_worker_that_dies_three_times_over_a_letter_is_spared_the_fourth(rendered: list[Letter]) -> None:
    file = ask(make_published())
    LetterFile.objects.update(attempts=LetterFile.MOST_ATTEMPTS, claimed_until=after(-1))

    printing.make_waiting(timezone.now())

    file.refresh_from_db()
    assert (rendered, file.state) == ([], "failed")
    assert file.error == "The worker broke off each time that it was made."


def test_the_third_attempt_is_still_made(rendered: list[Letter]) -> None:
    file = ask(make_published())
    LetterFile.objects.update(attempts=LetterFile.MOST_ATTEMPTS - 1, claimed_until=after(-1))

    printing.make_waiting(timezone.now())

    file.refresh_from_db()
    assert (len(rendered), file.state) == (1, "ready")


def test_half_a_file_of_an_earlier_attempt_is_replaced(storage: Path) -> None:
    file = ask(make_published())
    path = f"letters/{file.content_hash[:2]}/{file.content_hash}.pdf"
    default_storage.save(path, ContentFile(b"half"))

    printing.make(file.pk)

    assert files(storage) == [path]
    assert (storage / path).read_bytes() != b"half"


def test_a_row_that_is_gone_is_no_error(rendered: list[Letter]) -> None:
    printing.make(12345)

    assert rendered == []


# --- What changed meanwhile -------------------------------------------------------------------------------------------


def test_a_text_that_changed_while_it_waited_is_not_made(rendered: list[Letter]) -> None:
    notice = make_published()
    old = ask(notice)
    notice.letters.update(body="New words.")
    notice = UrgentAction.objects.get()
    new = ask(notice)

    printing.make_waiting(timezone.now())

    assert (list(LetterFile.objects.all()), new != old) == ([new], True)
    assert [letter.paragraphs for letter in rendered] == [("New words.",)]


def test_a_letter_that_lost_its_greeting_is_not_made(rendered: list[Letter]) -> None:
    notice = make_published()
    file = ask(notice)
    notice.letters.update(state="draft")

    printing.make(file.pk)

    assert (rendered, LetterFile.objects.count()) == ([], 0)


def withdraw(notice: UrgentAction) -> None:
    publishing.withdraw(notice)


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


ENDS = pytest.mark.parametrize("end", [stop, close, withdraw])


@ENDS
def test_no_file_is_left_when_nobody_should_write(
    end: Any, storage: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first = make_published()
    make(first)
    second = make_published(first.case, sequence=2, kind="update")
    make(second)
    make(second, kind=Kind.DOCX, paper=Paper.LETTER, readers_language="en", is_domestic=True)
    other = make(make_published())
    ask(make_published(first.case, sequence=3, kind="update"))

    with django_capture_on_commit_callbacks(execute=True):
        end(second)

    assert files(storage) == [other.path]
    assert list(LetterFile.objects.all()) == [other]


@ENDS
def test_a_letter_to_an_embassy_of_the_directory_goes_with_the_case(
    end: Any, storage: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """It is a target of no notice, so nothing but the file's own row says which case it belongs to."""
    notice = make_published()
    make_official(slug="embassy", country="US", represents="CN", accredited_to="FR")
    embassy = embassies.find(notice, "embassy")
    assert embassy is not None
    file = printing.ask(Piece(notice, embassy, "en"))
    printing.make(file.pk)
    printing.forget_outdated(after(25 * 3600))
    file.refresh_from_db()
    assert (file.state, file.official, files(storage)) == ("ready", embassy.official, [file.path])

    with django_capture_on_commit_callbacks(execute=True):
        end(notice)

    assert (files(storage), LetterFile.objects.count()) == ([], 0)


@ENDS
def test_what_waits_when_the_case_ends_is_never_made(end: Any, rendered: list[Letter], storage: Path) -> None:
    """Even where the announcement was lost."""
    notice = make_published()
    file = ask(notice)
    end(notice)

    printing.make(file.pk)

    assert (rendered, files(storage), LetterFile.objects.count()) == ([], [], 0)


def test_an_updated_notice_is_not_printed_any_more(rendered: list[Letter]) -> None:
    first = make_published()
    file = ask(first)
    make_published(first.case, sequence=2, kind="update")

    printing.make(file.pk)

    assert (rendered, LetterFile.objects.count()) == ([], 0)


def test_outdated_files_go_a_day_later(storage: Path) -> None:
    notice = make_published()
    old = make(notice)
    notice.letters.update(body="New words.")
    new = make(UrgentAction.objects.get())

    printing.forget_outdated(after(3600))
    assert files(storage) == sorted([old.path, new.path])

    printing.forget_outdated(after(25 * 3600))
    assert files(storage) == [new.path]
    assert list(LetterFile.objects.all()) == [new]


# --- What went wrong --------------------------------------------------------------------------------------------------


def test_a_file_that_the_storage_lost_is_made_again(rendered: list[Letter], storage: Path) -> None:
    notice = make_published()
    file = make(notice)
    (storage / file.path).unlink()

    again = ask(notice)
    assert (again, again.state, again.attempts) == (file, "wanted", 0)
    printing.make(file.pk)

    assert (len(rendered), files(storage)) == (2, [file.path])


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CannotRender("The letter has a word of more than 400 characters."), "The letter has a word of more than"),
        (CannotRender("x" * 1000), "x" * 300),
    ],
)
def test_what_cannot_be_made_says_plainly_why(
    error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch, storage: Path
) -> None:
    def make(piece: Piece) -> Made:
        raise error

    monkeypatch.setattr(pieces, "make", make)
    file = ask(make_published())

    printing.make(file.pk)

    file.refresh_from_db()
    assert (file.state, file.claimed_until, files(storage)) == ("failed", None, [])
    assert file.error.startswith(reason)


def test_a_letter_at_which_the_press_fell_is_tried_again_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, storage: Path
) -> None:
    def make(piece: Piece) -> Made:
        raise BrokeOff("The press broke off.")

    file, other = ask(make_published()), ask(make_published())
    with monkeypatch.context() as falling:
        falling.setattr(pieces, "make", make)
        printing.make(other.pk)
        for _turn in range(LetterFile.MOST_ATTEMPTS + 1):
            file.refresh_from_db()
            assert file.state == "wanted"
            printing.make_waiting(timezone.now())
    file.refresh_from_db()
    assert (file.state, file.error) == ("failed", "The worker broke off each time that it was made.")

    LetterFile.objects.filter(pk=other.pk).update(state="wanted", attempts=1, error="")
    printing.make_waiting(timezone.now())
    other.refresh_from_db()
    assert (other.state, other.attempts) == ("ready", 2)


def test_letter_is_made_once_the_missing_libraries_are_there(monkeypatch: pytest.MonkeyPatch, storage: Path) -> None:
    def make(piece: Piece) -> Made:
        raise NoPress("cannot load library 'libpango-1.0-0'")

    file = ask(make_published())
    with monkeypatch.context() as without_libraries:
        without_libraries.setattr(pieces, "make", make)
        printing.make(file.pk)
    file.refresh_from_db()
    assert (file.state, file.attempts, file.error) == (
        "wanted",
        0,
        "The libraries that make PDFs are missing on the worker.",
    )

    printing.make_waiting(timezone.now())
    assert files(storage) == []
    printing.make_waiting(timezone.now() + printing.WITHOUT_PRESS)

    file.refresh_from_db()
    assert (file.state, file.error, len(files(storage))) == ("ready", "", 1)


def test_a_failed_letter_is_not_tried_again_by_itself(rendered: list[Letter]) -> None:
    notice = make_published()
    file = ask(notice)
    LetterFile.objects.update(state="failed", error="x")

    printing.make(file.pk)
    printing.make_waiting(after(3600))

    assert (rendered, ask(notice).state) == ([], "failed")


def test_another_error_leaves_the_claim_for_the_next_attempt(
    monkeypatch: pytest.MonkeyPatch, rendered: list[Letter]
) -> None:
    file = ask(make_published())
    with monkeypatch.context() as broken:
        broken.setattr(pieces, "make", lambda piece: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            printing.make(file.pk)

    file.refresh_from_db()
    assert (file.state, file.attempts) == ("wanted", 1)
    printing.make_waiting(timezone.now() + printing.CLAIM + datetime.timedelta(seconds=1))
    file.refresh_from_db()
    assert (len(rendered), file.state) == (1, "ready")


# --- Messages ---------------------------------------------------------------------------------------------------------


def test_publishing_makes_every_letter(
    messages_run: None, storage: Path, django_capture_on_commit_callbacks: Any
) -> None:
    notice = make_notice(officials=2)
    add_language(notice, "zh", "尊敬的局长：", "请释放。")

    with django_capture_on_commit_callbacks(execute=True):
        publishing.publish(notice, by=None)

    assert sorted(LetterFile.objects.values_list("language", "state")) == [
        ("en", "ready"),
        ("en", "ready"),
        ("zh", "ready"),
        ("zh", "ready"),
    ]
    assert len(files(storage)) == 4


def test_a_lost_message_is_made_good_by_the_sweep(storage: Path) -> None:
    notice = make_published()  # its announcement went nowhere

    tasks.ask_for_letters()
    assert LetterFile.objects.get().state == "wanted"  # and nor did the message
    tasks.sweep()

    assert files(storage) == [LetterFile.objects.get().path]
    assert printing.known(piece_of(notice)) == LetterFile.objects.get()


def test_letters_are_asked_for_only_where_they_are_taken() -> None:
    live, passed = make_published(), make_published(act_by=today() - datetime.timedelta(days=1))
    stop(make_published())
    close(make_published())
    withdraw(make_published())
    make_notice()

    printing.ask_for_all()
    printing.ask_for_all()

    assert {file.urgent_action for file in LetterFile.objects.all()} == {live, passed}
    assert LetterFile.objects.count() == 2


def test_one_task_may_run_twice(rendered: list[Letter]) -> None:
    file = ask(make_published())

    tasks.make_letter(file.pk)
    tasks.make_letter(file.pk)

    assert len(rendered) == 1


def test_the_time_it_was_made_is_kept() -> None:
    with time_machine.travel(datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC), tick=False):
        file = make(make_published())

        assert file.made_at == file.wanted_at == timezone.now()
