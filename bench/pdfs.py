"""CPU time of a letter as PDF, against the way that WeasyPrint's first example shows.

That way makes one rendering of each letter in the same process, with fonts and stylesheet read anew; ours also looks
for the size at which the letter fits one page. Ours is all that a worker spends on a letter: its own time, and that of
the press and of the forks in which the press renders. The system tells theirs in hundredths of a second, too coarse
for one letter, so that many are made before the clock is read again.
"""

import dataclasses
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from appeals import letters, pdf, pieces, press
from appeals.letters import Letter
from bench.table import Line
from cases.models import LetterText, UrgentAction

LANGUAGES = {"en": "English", "ar": "Arabic", "zh": "Chinese"}
CYRILLIC = (
    "Пишу Вам о Нагызе Мухаммеде, казахском поэте и писателе из Алтая, приговорённом к пожизненному заключению.",
    "Оны босатуға күш салуыңызды өтінемін: ұлттық мәдениет, ғылым, һәм өнер – қылмыс емес.",
)
ROUNDS = 3
OURS_A_ROUND = 40
AIM, AIM_WITH_EVERY_SCRIPT, AIM_RATIO = 55, 75, 0.7  # milliseconds
NAIVE = "WeasyPrint, everything anew"


def measure() -> Iterator[Line]:
    found = {language: letter for language in LANGUAGES if (letter := some_letter(language)) is not None}
    for language, letter in found.items():
        yield _compared(f"letter in {LANGUAGES[language]}, CPU", letter, AIM)
    if len(found) == len(LANGUAGES):
        for what, latin in (("letter in four scripts, CPU", 1), ("the same, too long at 11 points, CPU", 2)):
            yield _compared(what, in_every_script(found, latin), AIM_WITH_EVERY_SCRIPT)
    if "zh" in found:
        ours = _milliseconds(ours_of, found["zh"], OURS_A_ROUND)
        with fonts_cut_in_python():
            theirs = _milliseconds(naive, found["zh"], 1)
        yield Line("letter in Chinese, CPU", ours, f"{NAIVE}, no libharfbuzz-subset", theirs, "ms")


def _compared(what: str, letter: Letter, aim: int) -> Line:
    ours_of(letter)
    naive(letter)
    ours = theirs = 0.0
    for _ in range(ROUNDS):  # by turns, so that both meet the same moods of the machine
        ours += _milliseconds(ours_of, letter, OURS_A_ROUND) / ROUNDS
        theirs += _milliseconds(naive, letter, 1) / ROUNDS
    return Line(what, ours, NAIVE, theirs, "ms", f"aim at most {aim} ms and {AIM_RATIO}")


def some_letter(language: str) -> Letter | None:
    for notice in UrgentAction.objects.accepting_letters().prefetched_for_letters():
        for target in notice.targets.all():
            if language in notice.letter_languages(target) and _has_text(notice, language):
                return letters.compose(notice, target, language)
    return None


def _has_text(notice: UrgentAction, language: str) -> bool:
    return LetterText.objects.filter(urgent_action=notice, language=language).exists()


def in_every_script(found: dict[str, Letter], latin: int) -> Letter:
    """Two paragraphs each in Cyrillic, Arabic and Chinese after `latin` in Latin. With two it has to be set twice."""
    paragraphs = found["en"].paragraphs[:latin] + CYRILLIC + found["ar"].paragraphs[:2] + found["zh"].paragraphs[:2]
    return dataclasses.replace(found["en"], paragraphs=paragraphs)


def ours_of(letter: Letter) -> bytes:
    return press.render([pieces.letter_sheet(letter, pieces.Paper.A4)]).content


def naive(letter: Letter) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    sheet = pieces.letter_sheet(letter, pieces.Paper.A4)
    fonts = FontConfiguration()
    styles = [
        CSS(filename=pdf.STYLES / sheet.stylesheet, font_config=fonts),
        CSS(string=sheet.setups[0], font_config=fonts),
    ]
    html = HTML(string=sheet.html)
    content: bytes = html.write_pdf(stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1")
    return content


def fonts_cut_in_python() -> "mock._patch[None]":
    """As WeasyPrint does where libharfbuzz-subset is not installed. It says so for each font, which we know."""
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return mock.patch("weasyprint.pdf.fonts.harfbuzz_subset", None)


def _milliseconds(make: Callable[[Letter], bytes], letter: Letter, times: int) -> float:
    begun = _cpu_seconds()
    for _ in range(times):
        make(letter)
    return (_cpu_seconds() - begun) / times * 1000


def _cpu_seconds() -> float:
    """Of this process, and of its children with those of theirs that have ended."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return time.process_time() + sum(map(_cpu_seconds_of, children))


def _cpu_seconds_of(pid: str) -> float:
    # The name of the process, in brackets, may have spaces in it. The 14th to the 17th field are its own time in the
    # program and in the system, and that of its ended children in both; see proc(5).
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
