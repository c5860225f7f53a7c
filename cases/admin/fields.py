"""Form fields for the desk: selects that are read once, dates that need no script."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from cases.models import Official

Choice = tuple[Any, Any]


class _ReadOnce(ModelChoiceIterator):
    field: "SharedChoiceField"

    def __iter__(self) -> Iterator[Choice]:
        field = self.field
        if field.empty_label is not None:
            yield "", field.empty_label
        if "rows" not in field.shared:
            field.shared["rows"] = field.rows(list(self.queryset))
        yield from field.shared["rows"]


class SharedChoiceField(forms.ModelChoiceField):
    """A select whose rows are read once for all forms of a formset.

    A form copies its fields, and the copies of this one keep the same `shared`. The admin makes the original anew for
    each request, so nothing is kept longer than that.
    """

    iterator = _ReadOnce

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.shared: dict[str, list[Choice]] = {}
        super().__init__(*args, **kwargs)

    def rows(self, found: list[Any]) -> list[Choice]:
        return [self.choice(row) for row in found]

    def choice(self, row: models.Model) -> Choice:
        return ModelChoiceIteratorValue(self.prepare_value(row), row), self.label_from_instance(row)


def _country(official: Official) -> str:
    return str(official.country)  # its code


class OfficialField(SharedChoiceField):
    """The directory, grouped by the country of the office."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}, {obj.institution}" if obj.institution else str(obj)

    def rows(self, found: list[Official]) -> list[Choice]:
        by_country = sorted(found, key=_country)
        groups = [
            (str(countries.name(code)), [self.choice(official) for official in officials])
            for code, officials in groupby(by_country, key=_country)
        ]
        return sorted(groups)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None, format: str | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


WIDGETS: dict[type[models.Field], dict[str, Any]] = {
    models.DateField: {"widget": DayInput},
    models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 6})},
}


def without_related_links(field: forms.Field | None, *, add: bool = False) -> None:
    """Take the pencil, the eye and the cross away from a select: without scripts they lead nowhere."""
    if field is None:
        return
    for link in ("can_change_related", "can_delete_related", "can_view_related"):
        setattr(field.widget, link, False)
    if not add:
        field.widget.can_add_related = False


SAVE_FIRST = _("An official who was just added to the notice can be chosen here after saving.")
