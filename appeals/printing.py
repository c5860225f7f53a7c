"""Making letter files: what is wanted is a row, a worker claims it, a sweep finds what nobody took."""

import datetime
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from appeals import letters, pdf, tasks
from appeals.models import LetterFile
from cases.models import Case, Target, UrgentAction
from ua_tracker.celery import delay_on_commit

logger = logging.getLogger(__name__)

WITHOUT_LIBRARIES = datetime.timedelta(minutes=5)
CLAIM = datetime.timedelta(seconds=70)  # longer than a task may run


def ask(notice: UrgentAction, target: Target, language: str) -> LetterFile:
    """The file of this letter, ready or on its way; asking again is harmless. Raises letters.NoLetter."""
    content_hash = pdf.content_hash(letters.compose(notice, target, language))
    with transaction.atomic():
        file, is_new = LetterFile.objects.get_or_create(
            content_hash=content_hash, defaults={"target": target, "language": language}
        )
        if file.is_ready and not default_storage.exists(file.path):
            # The storage lost it; the row alone is no file.
            LetterFile.objects.filter(pk=file.pk).update(state=LetterFile.State.WANTED, attempts=0, claimed_until=None)
            file.refresh_from_db()
            is_new = True
        if is_new:
            delay_on_commit(tasks.make_letter, file.pk)
    return file


def known(letter: letters.Letter) -> LetterFile | None:
    """The file of this letter if it is ready; asks for nothing."""
    return LetterFile.objects.filter(content_hash=pdf.content_hash(letter), state=LetterFile.State.READY).first()


def ask_for_notice(notice: UrgentAction) -> list[LetterFile]:
    """Every letter of a notice: each target in each of its languages."""
    return [
        ask(notice, target, language) for target in notice.targets.all() for language in notice.letter_languages(target)
    ]


def ask_for_all() -> None:
    """Every letter that the public may ask for now: what a lost message or a changed word left unmade."""
    for notice in UrgentAction.objects.accepting_letters().prefetched_for_letters():
        ask_for_notice(notice)


def make(file_id: int, now: datetime.datetime | None = None) -> None:
    """Render a wanted letter and store it. Does nothing where another worker has it or it is made."""
    now = now or timezone.now()
    claimed = (
        LetterFile.objects.waiting(now).filter(pk=file_id).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1)
    )
    if not claimed:
        return
    file = LetterFile.objects.select_related("target__official").get(pk=file_id)
    notice = UrgentAction.objects.accepting_letters().filter(pk=file.target.urgent_action_id).first()
    if notice is None:
        file.delete()  # stopped, closed, withdrawn or updated meanwhile
        return
    try:
        letter = letters.compose(notice, file.target, file.language)
    except letters.NoLetter:
        file.delete()
        return
    if pdf.content_hash(letter) != file.content_hash:
        file.delete()  # the text changed while this waited; whoever asks now asks for the new one
        return
    if file.attempts > LetterFile.MOST_ATTEMPTS:
        _fail(file, "The worker broke off each time that it was made.")
        return
    try:
        content = pdf.render(letter)
    except pdf.CannotRender as error:
        _fail(file, str(error))
        return
    except OSError as error:
        # WeasyPrint's system libraries are missing. The letter stays wanted: they may be installed meanwhile.
        logger.error("Letters cannot be made on this machine: %s", str(error).splitlines()[0])
        LetterFile.objects.filter(pk=file.pk).update(
            claimed_until=now + WITHOUT_LIBRARIES,
            attempts=0,
            error="The libraries that make PDFs are missing on the worker.",
        )
        return
    path = f"letters/{file.content_hash[:2]}/{file.content_hash}.pdf"
    default_storage.delete(path)  # what an earlier attempt left half written
    default_storage.save(path, ContentFile(content))
    is_still_wanted = LetterFile.objects.filter(pk=file.pk, state=LetterFile.State.WANTED).update(
        state=LetterFile.State.READY,
        path=path,
        size=len(content),
        made_at=timezone.now(),
        claimed_until=None,
        error="",
    )
    if not is_still_wanted:
        default_storage.delete(path)  # stopped or withdrawn while it was rendered


def make_waiting(now: datetime.datetime, limit: int = 50) -> None:
    """Take up letters that no message announced or no worker finished."""
    for file_id in LetterFile.objects.waiting(now).order_by("wanted_at").values_list("pk", flat=True)[:limit]:
        make(file_id, now)


def forget(case: Case) -> None:
    """Delete every file of a case: it is stopped, closed or withdrawn."""
    LetterFile.objects.filter(target__urgent_action__case=case).delete()


def forget_outdated(now: datetime.datetime, after: datetime.timedelta = datetime.timedelta(days=1)) -> None:
    """Delete files that no page offers any more, a day after they were made."""
    current = {
        file.pk
        for notice in UrgentAction.objects.accepting_letters().prefetched_for_letters()
        for file in ask_for_notice(notice)
    }
    LetterFile.objects.filter(wanted_at__lt=now - after).exclude(pk__in=current).delete()


def _fail(file: LetterFile, reason: str) -> None:
    LetterFile.objects.filter(pk=file.pk).update(state=LetterFile.State.FAILED, error=reason[:300], claimed_until=None)
