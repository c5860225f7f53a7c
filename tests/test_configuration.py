"""Mistakes in the configuration."""

from typing import Any

import pytest

from tests.test_project import check

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres//ua:secretword@db/ua"),
        ("EMAIL_URL", "secretword"),
        ("PORT", "secretword"),
        ("REMINDER_DAYS", "secretword"),
        ("HOLD_REPORTS_OVER", "secretword"),
        ("LOG_LEVEL", "secretword"),
    ],
)
def test_a_broken_variable_is_named_in_one_sentence(tmp_path: Any, name: str, value: str) -> None:
    done = check(tmp_path, **{name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(f"Not configured: {name} ")
    assert done.stderr.count("\n") == 1
    assert "secretword" not in done.stderr
