"""Making letter files: what is wanted is a row, a worker claims it, a sweep finds what nobody took."""

import datetime
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from appeals import letters, pieces, tasks
from appeals.models import LetterFile
from appeals.pdf import CannotRender
from appeals.pieces import NotOffered, Piece
from appeals.press import BrokeOff, NoPress
from cases import embassies
from cases.models import Case, UrgentAction
from ua_tracker.celery import delay_on_commit

logger = logging.getLogger(__name__)

WITHOUT_PRESS = datetime.timedelta(minutes=5)
CLAIM = datetime.timedelta(seconds=70)  # longer than a task may run


def ask(piece: Piece) -> LetterFile:
    """The file of this piece, ready or on its way; asking again is harmless.

    Raises letters.NoLetter and pieces.NotOffered.
    """
    ready = known(piece)
    if ready is not None and default_storage.exists(ready.path):
        return ready
    with transaction.atomic():
        file, is_new = LetterFile.objects.get_or_create(
            content_hash=piece.content_hash,
            defaults={
                "urgent_action": piece.notice,
                "official": piece.target.official,
                "language": piece.language,
                "kind": piece.kind,
                "paper": piece.paper,
                "readers_language": piece.readers_language,
                "is_domestic": piece.is_domestic,
            },
        )
        if file.is_ready and not default_storage.exists(file.path):
            # The storage lost it; the row alone is no file.
            LetterFile.objects.filter(pk=file.pk).update(state=LetterFile.State.WANTED, attempts=0, claimed_until=None)
            file.refresh_from_db()
            is_new = True
        if is_new:
            delay_on_commit(tasks.make_letter, file.pk)
    return file


def known(piece: Piece) -> LetterFile | None:
    """The file of this piece if it is ready; asks for nothing."""
    return LetterFile.objects.filter(content_hash=piece.content_hash, state=LetterFile.State.READY).first()


def ask_for_notice(notice: UrgentAction) -> list[LetterFile]:
    """Every letter of a notice as most readers fetch it: each target in each of its languages."""
    return [
        ask(Piece(notice, target, language))
        for target in notice.targets.all()
        for language in notice.letter_languages(target)
    ]


def ask_for_all() -> None:
    """Every letter that the public may ask for now: what a lost message or a changed word left unmade."""
    for notice in UrgentAction.objects.accepting_letters().prefetched_for_letters():
        ask_for_notice(notice)


def piece_of(file: LetterFile) -> Piece | None:
    """What `file` was ordered as, in today's words; None where its notice asks for no letters any more."""
    notices = UrgentAction.objects.accepting_letters().prefetched_for_letters()
    notice = notices.filter(pk=file.urgent_action_id).first()
    target = embassies.find(notice, file.official.slug) if notice else None
    if notice is None or target is None:
        return None
    target.urgent_action = notice
    return Piece(
        notice,
        target,
        file.language,
        LetterFile.Kind(file.kind),
        LetterFile.Paper(file.paper),
        file.readers_language,
        file.is_domestic,
    )


def is_current(file: LetterFile) -> bool:
    """Whether a reader who asked today would be given this very file."""
    piece = piece_of(file)
    try:
        return piece is not None and piece.content_hash == file.content_hash
    except (letters.NoLetter, NotOffered):
        return False


def make(file_id: int, now: datetime.datetime | None = None) -> None:
    """Make a wanted file and store it. Does nothing where another worker has it or it is made."""
    now = now or timezone.now()
    claimed = (
        LetterFile.objects.waiting(now).filter(pk=file_id).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1)
    )
    if not claimed:
        return
    file = LetterFile.objects.select_related("official").get(pk=file_id)
    piece = piece_of(file)
    if piece is None or not is_current(file):
        file.delete()  # stopped, closed or changed meanwhile; whoever asks now asks for what holds now
        return
    if file.attempts > LetterFile.MOST_ATTEMPTS:
        _fail(file, "The worker broke off each time that it was made.")
        return
    try:
        made = pieces.make(piece)
    except BrokeOff:
        LetterFile.objects.filter(pk=file.pk).update(claimed_until=None)  # the sweep tries again, some times
        return
    except CannotRender as error:
        _fail(file, str(error))
        return
    except NoPress as error:
        # The letter stays wanted: what the machine lacks may be installed meanwhile.
        logger.error("Letters cannot be made on this machine: %s", error)
        LetterFile.objects.filter(pk=file.pk).update(
            claimed_until=now + WITHOUT_PRESS,
            attempts=0,
            error="The libraries that make PDFs are missing on the worker.",
        )
        return
    path = f"letters/{file.content_hash[:2]}/{file.content_hash}.{file.kind.rpartition('.')[2]}"
    default_storage.delete(path)  # what an earlier attempt left half written
    default_storage.save(path, ContentFile(made.content))
    is_still_wanted = LetterFile.objects.filter(pk=file.pk, state=LetterFile.State.WANTED).update(
        state=LetterFile.State.READY,
        path=path,
        size=len(made.content),
        pages=made.pages,
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
    LetterFile.objects.filter(urgent_action__case=case).delete()


def forget_outdated(now: datetime.datetime, after: datetime.timedelta = datetime.timedelta(days=1)) -> None:
    """Delete files that no page offers any more, a day after they were made."""
    for file in LetterFile.objects.filter(wanted_at__lt=now - after).select_related("official").iterator():
        if not is_current(file):
            file.delete()


def _fail(file: LetterFile, reason: str) -> None:
    LetterFile.objects.filter(pk=file.pk).update(state=LetterFile.State.FAILED, error=reason[:300], claimed_until=None)
