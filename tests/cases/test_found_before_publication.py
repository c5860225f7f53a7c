"""What the publish checks must not miss, however it is written."""

from typing import Any

import pytest

from cases import checks, plain_text
from cases.models import LetterText, Person, Target, UrgentAction
from tests.factories import make_notice, today

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "field", "words"),
    [
        (LetterText, "closing", "Aygul Secret"),
        (Target, "why", "for Aygul Secret"),
        (LetterText, "body", "Aygul  Secret"),
        (LetterText, "body", "Aygul\nSecret"),
        (LetterText, "body", "Aygul\u00a0Secret"),
    ],
)
def test_a_name_that_is_kept_back_blocks(model: Any, field: str, words: str) -> None:
    notice = make_notice()
    Person.objects.create(case=notice.case, name="Aygul Secret", role="her sister")
    model.objects.update(**{field: words})

    findings = checks.run(UrgentAction.objects.get(), today())

    assert [finding.code for finding in findings] == ["name-kept-back"]


def test_a_word_too_long_to_print_is_found_before_publication() -> None:
    make_notice()
    LetterText.objects.update(body="x" * 401)

    assert [finding.code for finding in checks.run(UrgentAction.objects.get(), today())] == ["letter-too-long"]


def test_paragraphs_never_begin_with_a_blank_line() -> None:
    assert plain_text.paragraphs("One\n\n \t\nTwo") == ["One", "Two"]


def test_a_german_greeting_to_a_man_is_a_greeting() -> None:
    make_notice()
    LetterText.objects.update(body="Sehr geehrter Herr Wang,\n\nIch schreibe.")

    assert [finding.code for finding in checks.run(UrgentAction.objects.get(), today())] == ["greeting-in-body"]
