"""The countries of the world as choices."""

from typing import Any

from django_countries import countries


def country_choices(first: Any) -> list[tuple[str, Any]]:
    """All of them in the reader's language, after `first`, which chooses none."""
    return [("", first), *((country.code, country.name) for country in countries)]
