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

from appeals import letters, pdf, printing, tasks
from appeals.letters import Letter, NoLetter
from appeals.models import LetterFile
from cases import publishing
from cases.models import LetterText, UrgentAction
from cases.models.case import Outcome
from tests.factories import add_language, make_notice, make_published, today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    """What was rendered. The pages themselves are tested in test_pdf.py."""
    done: list[Letter] = []

    def render(letter: Letter) -> bytes:
        done.append(letter)
        return f"%PDF- {letter.as_text()}".encode()

    monkeypatch.setattr(pdf, "render", render)
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


def ask(notice: UrgentAction, language: str = "en") -> LetterFile:
    return printing.ask(notice, notice.targets.all()[0], language)


def make(notice: UrgentAction) -> LetterFile:
    """A letter that is ready."""
    file = ask(notice)
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
        LetterFile.objects.create(content_hash=file.content_hash, target=file.target, language="en")


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
    assert (file.attempts, file.claimed_until, file.error) == (1, None, "")
    assert printing.known(letters.compose(notice, notice.targets.get(), "en")) == file


def test_a_letter_that_is_not_ready_is_not_known() -> None:
    notice = make_published()
    ask(notice)

    assert printing.known(letters.compose(notice, notice.targets.get(), "en")) is None


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
        others = [target.official.name for target in notice.targets.exclude(pk=file.target_id)]
        assert file.target.official.name in content
        assert [name for name in others if f"{name}\n" in content] == []


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
    other = make(make_published())
    ask(make_published(first.case, sequence=3, kind="update"))

    with django_capture_on_commit_callbacks(execute=True):
        end(second)

    assert files(storage) == [other.path]
    assert list(LetterFile.objects.all()) == [other]


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
        (pdf.CannotRender("The letter has a word of more than 400 characters."), "The letter has a word of more than"),
        (pdf.CannotRender("x" * 1000), "x" * 300),
    ],
)
def test_what_cannot_be_made_says_plainly_why(
    error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch, storage: Path
) -> None:
    def render(letter: Letter) -> bytes:
        raise error

    monkeypatch.setattr(pdf, "render", render)
    file = ask(make_published())

    printing.make(file.pk)

    file.refresh_from_db()
    assert (file.state, file.claimed_until, files(storage)) == ("failed", None, [])
    assert file.error.startswith(reason)


def test_letter_is_made_once_the_missing_libraries_are_there(monkeypatch: pytest.MonkeyPatch, storage: Path) -> None:
    def render(letter: Letter) -> bytes:
        raise OSError("cannot load library 'libpango-1.0-0'\nmore")

    file = ask(make_published())
    with monkeypatch.context() as without_libraries:
        without_libraries.setattr(pdf, "render", render)
        printing.make(file.pk)
    file.refresh_from_db()
    assert (file.state, file.error) == ("wanted", "The libraries that make PDFs are missing on the worker.")

    printing.make_waiting(timezone.now())
    assert files(storage) == []
    printing.make_waiting(timezone.now() + printing.WITHOUT_LIBRARIES)

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
        broken.setattr(pdf, "render", lambda letter: 1 / 0)
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
    assert printing.known(letters.compose(notice, notice.targets.get(), "en")) == LetterFile.objects.get()


def test_letters_are_asked_for_only_where_they_are_taken() -> None:
    live, passed = make_published(), make_published(act_by=today() - datetime.timedelta(days=1))
    stop(make_published())
    close(make_published())
    withdraw(make_published())
    make_notice()

    printing.ask_for_all()
    printing.ask_for_all()

    assert {file.target.urgent_action for file in LetterFile.objects.all()} == {live, passed}
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
