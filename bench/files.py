"""Files that lie ready, packs of many copies, and what a worker's memory does over thousands of letters."""

import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from appeals import packs, pieces, press, printing
from appeals.models import LetterFile, Pack
from appeals.pieces import Piece
from bench.pages import Caller
from bench.table import Line, remark
from cases.models import UrgentAction

COPIES = 30
LETTERS = 5000
MOST_MEMORY = 200  # MB of a worker with its press


def measure() -> Iterator[Line]:
    notice = _notice()
    targets = list(notice.targets.all())[:2]
    wanted = [Piece(notice, target, "en") for target in targets]
    for piece in wanted:
        printing.make(printing.ask(piece).pk)
    yield _ready_file(wanted[0])
    yield from _pack(wanted)
    yield from _sizes(notice)
    yield from _memory(wanted[0])


def _notice() -> UrgentAction:
    notices = UrgentAction.objects.accepting_letters().prefetched_for_letters()
    notice = notices.get(case__number=63, case__year=2020)
    for target in notice.targets.all():
        target.urgent_action = notice
    return notice


def _ready_file(piece: Piece) -> Line:
    caller = Caller()
    case, slug = piece.notice.case.ua_number.slug, piece.target.slug
    path = f"/cases/{case}/letters/{slug}/en/letter.pdf"
    note = f"{caller.queries(path)} queries; aim 2 ms"
    trivial = caller.milliseconds("/healthz")
    return Line("a ready letter, CPU", caller.milliseconds(path), "/healthz", trivial, "ms", note)


def _pack(wanted: list[Piece]) -> Iterator[Line]:
    """As a worker makes it when no letter lies ready, and when all do."""
    pieces.make(wanted[0])  # a press that has just been started is no yardstick
    single = _milliseconds(lambda: pieces.make(wanted[0]))
    for state in ("ready", "missing"):
        if state == "missing":
            for file in LetterFile.objects.all():
                file.delete()
        pack = packs.ask(
            [packs.Choice(piece.notice.pk, piece.target.slug, "en") for piece in wanted],
            COPIES, "Class 10b", "en", LetterFile.Paper.A4, "", Pack.Form.PDF,
        )  # fmt: skip
        with mock.patch.object(press, "render", wraps=press.render) as render:
            took = _milliseconds(lambda pack=pack: packs.make(pack.pk))
        pack.refresh_from_db()
        note = f"{render.call_count} renders, labels and tally sheet among them; {pack.size / 1024:.0f} KB"
        what = f"pack of {COPIES} letters to {len(wanted)} officials, letters {state}"
        yield Line(what, took, f"{COPIES * len(wanted)} letters one by one", single * COPIES * len(wanted), "ms", note)
        pack.delete()


def _sizes(notice: UrgentAction) -> Iterator[Line]:
    target = notice.targets.all()[0]
    for language, most in (("en", 20), ("zh", 80), ("ru", 40)):
        content = pieces.make(Piece(notice, target, language)).content
        yield Line(f"letter as PDF, {language}", len(content) / 1024, "aim at most", most, "KB")


def _memory(piece: Piece) -> Iterator[Line]:
    sheet = pieces.letter_sheet(piece.letter, LetterFile.Paper.A4)
    early = 0.0
    begun = time.perf_counter()
    for number in range(1, LETTERS + 1):
        press.render([sheet])
        if number == LETTERS // 10:
            early = _resident()
    seconds = time.perf_counter() - begun
    remark(f"{LETTERS:,} letters in {seconds:.0f} s, {LETTERS / seconds:.1f} a second through one press")
    note = f"aim at most {MOST_MEMORY} MB; this process stands for the worker's"
    yield Line(f"memory after {LETTERS:,} letters", _resident(), f"after {LETTERS // 10:,}", early, "MB", note)


def _resident() -> float:
    """MB of this process and of its press."""
    process = press._press._process
    assert process is not None
    return _megabytes("self") + _megabytes(str(process.pid))


def _megabytes(pid: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _milliseconds(work: object) -> float:
    """By the clock: most of the time is the press's."""
    assert callable(work)
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
