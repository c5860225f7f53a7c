"""Packs: the letters that a group or a class writes in one evening, with labels, envelopes and a tally sheet."""

import datetime
import hashlib
import io
import logging
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from appeals import letters, pieces, press, printing, stationery, tasks
from appeals.models import LetterFile, Pack
from appeals.pdf import CannotRender, Sheet
from appeals.pieces import Piece
from appeals.press import BrokeOff, NoPress
from appeals.stationery import TallyCase
from cases import embassies
from cases.models import Case, UrgentAction
from ua_tracker.celery import delay_on_commit

logger = logging.getLogger(__name__)

CLAIM = datetime.timedelta(seconds=90)  # longer than one letter may take; renewed with each
MOST_WAITING, MOST_KEPT = 20, 500
MOST_CASES, MOST_LETTERS, MOST_COPIES, MOST_PAGES = 12, 24, 60, 1000


class TooBusy(Exception):
    """So many packs wait or are kept that another would not be ready in time."""


@dataclass(frozen=True)
class Choice:
    """One letter of a pack."""

    notice_id: int
    official: str  # short name
    language: str


def ask(
    choices: Sequence[Choice],
    copies: int,
    group: str,
    language: str,
    paper: LetterFile.Paper,
    writing_from: str,
    form: Pack.Form,
) -> Pack:
    """Have a pack made. `language` is that of the tally sheet. Raises TooBusy, and letters.NoLetter."""
    if Pack.objects.filter(state=Pack.State.WANTED).count() >= MOST_WAITING or Pack.objects.count() >= MOST_KEPT:
        raise TooBusy
    pack = Pack(
        letters=[[choice.notice_id, choice.official, choice.language] for choice in choices],
        copies=copies,
        group=group,
        language=language,
        paper=paper,
        writing_from=writing_from,
        form=form,
        steps=len(choices) + 1,
    )
    found = pieces_of(pack)
    pack.content_hash = _content_hash(found)
    with transaction.atomic():
        pack.save()
        pack.notices.set({piece.notice.pk for piece in found})
        delay_on_commit(tasks.make_pack, str(pack.pk))
    return pack


def pieces_of(pack: Pack) -> list[Piece]:
    """The letters of a pack in today's words. Raises letters.NoLetter where one is not wanted or not there any more."""
    wanted = [Choice(*each) for each in pack.letters]
    accepting = UrgentAction.objects.accepting_letters().prefetched_for_letters()
    notices = accepting.in_bulk({choice.notice_id for choice in wanted})
    found = []
    for choice in wanted:
        notice = notices.get(choice.notice_id)
        target = embassies.find(notice, choice.official) if notice else None
        if notice is None or target is None:
            raise letters.NoLetter(choice.official)
        target.urgent_action = notice
        is_domestic = pack.writing_from == target.addressee.country
        paper = LetterFile.Paper(pack.paper)
        found.append(Piece(notice, target, choice.language, paper=paper, is_domestic=is_domestic))
    return found


def is_current(pack: Pack) -> bool:
    """Whether every letter in it may still be sent, word for word."""
    try:
        return _content_hash(pieces_of(pack)) == pack.content_hash
    except letters.NoLetter:
        return False


def _content_hash(found: Sequence[Piece]) -> str:
    return hashlib.sha256(" ".join(piece.content_hash for piece in found).encode()).hexdigest()


def make(pk: uuid.UUID, now: datetime.datetime | None = None) -> None:
    """Make a wanted pack and store it. Does nothing where another worker has it or it is made."""
    now = now or timezone.now()
    claimed = Pack.objects.waiting(now).filter(pk=pk).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1)
    if not claimed:
        return
    pack = Pack.objects.get(pk=pk)
    if not is_current(pack):
        pack.delete()
        return
    if pack.attempts > Pack.MOST_ATTEMPTS:
        _fail(pack, "The worker broke off each time that it was made.")
        return
    try:
        content = _made(pack)
    except BrokeOff:
        Pack.objects.filter(pk=pack.pk).update(claimed_until=None)  # the sweep tries again, once
        return
    except CannotRender as error:
        _fail(pack, str(error))
        return
    except NoPress as error:
        logger.error("Packs cannot be made on this machine: %s", error)
        _fail(pack, "The libraries that make PDFs are missing on the worker.")
        return
    path = f"packs/{pack.pk}.{pack.form}"
    default_storage.delete(path)
    default_storage.save(path, ContentFile(content))
    is_still_wanted = Pack.objects.filter(pk=pack.pk, state=Pack.State.WANTED).update(
        state=Pack.State.READY, path=path, size=len(content), done=pack.steps, claimed_until=None, error=""
    )
    if not is_still_wanted:
        default_storage.delete(path)  # stopped while it was made


def _made(pack: Pack) -> bytes:
    """Each letter is laid out once, or taken as it lies ready, however many copies are wanted."""
    found = pieces_of(pack)
    single = []
    for done, piece in enumerate(found, start=1):
        single.append(_letter(piece))
        Pack.objects.filter(pk=pack.pk).update(done=done, claimed_until=timezone.now() + CLAIM)
    pages = sum(_pages(content) for content in single) * pack.copies
    if pages > MOST_PAGES:
        raise CannotRender(f"These would be {pages:,} pages; at most {MOST_PAGES:,} are made at once.")
    tally = _rendered(stationery.tally(pack.group, _tally(pack, found), pack.paper, pack.language))
    labels = _rendered(_labels(pack, found))
    if pack.form == Pack.Form.PDF:
        return _joined([(tally, 1), *((content, pack.copies) for content in single), (labels, 1)], str(pack.pk))
    return _zipped(pack, found, single, {"tally.pdf": tally, "labels.pdf": labels})


def _letter(piece: Piece) -> bytes:
    file = printing.known(piece)
    if file is not None and default_storage.exists(file.path):
        with default_storage.open(file.path) as stored:
            return bytes(stored.read())
    return pieces.make(piece).content


def _rendered(sheet: Sheet) -> bytes:
    return press.render([sheet]).content


def _pages(content: bytes) -> int:
    from pypdf import PdfReader  # here, because no web process ever needs it

    return len(PdfReader(io.BytesIO(content)).pages)


def _labels(pack: Pack, found: Sequence[Piece]) -> Sheet:
    """As many as letters to each official."""
    kind = "5160" if pack.paper == LetterFile.Paper.LETTER else "l7160"
    return stationery.labels(kind, [piece.letter.addressee for piece in found for _copy in range(pack.copies)])


def _envelope(pack: Pack, piece: Piece) -> Sheet:
    return stationery.envelope("10" if pack.paper == LetterFile.Paper.LETTER else "dl", piece.letter.addressee)


def _tally(pack: Pack, found: Sequence[Piece]) -> list[TallyCase]:
    """A row for each case, whose code opens the report form with the group's name in it."""
    by_case: dict[int, list[Piece]] = {}
    for piece in found:
        by_case.setdefault(piece.notice.case_id, []).append(piece)
    filled_in = {"group": pack.group, "from": pack.writing_from}
    query = urlencode({name: value for name, value in filled_in.items() if value})
    rows = []
    with override(pack.language):
        for of_case in by_case.values():
            notice, url = of_case[0].notice, of_case[0].report_url
            rows.append(
                TallyCase(
                    number=str(notice.case),
                    headline=notice.headline_in(pack.language),
                    last_day=date_format(notice.act_by, "j F Y") if notice.act_by else "",
                    report_url=f"{url}?{query}" if query else url,
                    officials=tuple(dict.fromkeys(str(piece.target.addressee) for piece in of_case)),
                )
            )
    return rows


def _joined(parts: Sequence[tuple[bytes, int]], name: str) -> bytes:
    """The parts one after another, each as many times as said; what the copies share is stored once."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for content, copies in parts:
        pages = PdfReader(io.BytesIO(content)).pages
        for _copy in range(copies):
            for page in pages:
                writer.add_page(page)
    writer.add_metadata({"/Title": name, "/Producer": ""})
    joined = io.BytesIO()
    writer.write(joined)
    return joined.getvalue()


def _zipped(pack: Pack, found: Sequence[Piece], single: Sequence[bytes], more: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in more.items():
            folder.writestr(name, content)
        for piece, content in zip(found, single, strict=True):
            title = piece.letter.title
            folder.writestr(f"letters/{piece.filename}", _joined([(content, pack.copies)], title))
        for name, envelope in {_envelope_name(piece): _envelope(pack, piece) for piece in found}.items():
            folder.writestr(f"envelopes/{name}", _joined([(_rendered(envelope), pack.copies)], name))
    return archive.getvalue()


def _envelope_name(piece: Piece) -> str:
    return f"UA-{piece.notice.case.number}-{piece.notice.case.year % 100:02d}-{piece.target.slug}-envelope.pdf"


def make_waiting(now: datetime.datetime) -> None:
    """Announce again the packs that no message announced or no worker finished."""
    for pk in Pack.objects.waiting(now).order_by("wanted_at").values_list("pk", flat=True)[:MOST_WAITING]:
        delay_on_commit(tasks.make_pack, str(pk))


def forget(case: Case) -> None:
    """Delete every pack that has a letter of this case: it is stopped, closed or withdrawn."""
    Pack.objects.filter(notices__case=case).delete()


def forget_lapsed(now: datetime.datetime) -> int:
    """Delete packs a day after they were asked for. Returns how many there were."""
    lapsed = list(Pack.objects.lapsed(now))
    for pack in lapsed:
        pack.delete()
    return len(lapsed)


def _fail(pack: Pack, reason: str) -> None:
    Pack.objects.filter(pk=pack.pk).update(state=Pack.State.FAILED, error=reason[:300], claimed_until=None)
