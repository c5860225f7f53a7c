"""CPU time of a letter as PDF, against the way that WeasyPrint's first example shows.

That way makes one rendering of each letter, with fonts and stylesheet read anew; ours also looks for the size at which
the letter fits one page.
"""

import time
from collections.abc import Callable, Iterator

from django.template.loader import render_to_string

from appeals import letters, pdf
from bench.table import Line
from cases.models import LetterText, UrgentAction

LANGUAGES = {"en": "English", "ar": "Arabic", "zh": "Chinese"}
ROUNDS = 5
OURS_A_ROUND = 4


def measure() -> Iterator[Line]:
    for language, name in LANGUAGES.items():
        letter = some_letter(language)
        if letter is None:
            continue
        pdf.render(letter)
        naive(letter)
        ours = theirs = 0.0
        for _ in range(ROUNDS):  # by turns, so that both meet the same moods of the machine
            ours += _milliseconds(pdf.render, letter, OURS_A_ROUND) / ROUNDS
            theirs += _milliseconds(naive, letter, 1) / ROUNDS
        yield Line(f"letter in {name}, CPU", ours, "WeasyPrint, everything anew", theirs, "ms", "aim at most 0.8")


def some_letter(language: str) -> letters.Letter | None:
    for notice in UrgentAction.objects.accepting_letters().prefetched_for_letters():
        for target in notice.targets.all():
            if language in notice.letter_languages(target) and _has_text(notice, language):
                return letters.compose(notice, target, language)
    return None


def _has_text(notice: UrgentAction, language: str) -> bool:
    return LetterText.objects.filter(urgent_action=notice, language=language).exists()


def naive(letter: letters.Letter) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    points, margin = pdf.FITS[0]
    styles = [
        CSS(filename=pdf.STYLES, font_config=fonts),
        CSS(string=f"@page {{ margin: {margin}mm }} html {{ font-size: {points}pt }}", font_config=fonts),
    ]
    html = HTML(string=render_to_string(pdf.TEMPLATE, {"letter": letter}))
    content: bytes = html.write_pdf(stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1")
    return content


def _milliseconds(make: Callable[[letters.Letter], bytes], letter: letters.Letter, times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        make(letter)
    return (time.process_time() - begun) / times * 1000
