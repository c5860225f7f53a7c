"""What readers may ask the list of cases for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from cases import languages
from cases.models import Topic, UrgentAction


def _is_country(code: str) -> None:
    if code not in countries:
        raise forms.ValidationError(_("There is no such country."))


class WritingFromForm(forms.Form):
    """Where the reader writes from, as the address says it: chosen by hand, never guessed, kept nowhere else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Called as in the address, which is a word of the language Python.
        self.fields["from"] = forms.CharField(required=False, validators=[_is_country])

    def country(self) -> str:
        """ISO 3166 alpha-2; empty for none, and for one that there is not: an old link still works."""
        self.is_valid()
        code: str = self.cleaned_data.get("from", "")
        return code


class FilterForm(forms.Form):
    """Every field may be empty, and a value that is not on offer counts as empty: an old link still shows a list."""

    use_required_attribute = False

    q = forms.CharField(label=_("Number, name or word"), required=False, max_length=100)
    country = forms.ChoiceField(label=_("Country"), required=False)
    topic = forms.ModelChoiceField(
        label=_("Topic"), required=False, queryset=Topic.objects.none(), to_field_name="slug", empty_label=_("All")
    )
    language = forms.ChoiceField(label=_("Language of the letter"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = UrgentAction.objects.newest()
        codes = newest.values_list("case__country", flat=True).order_by("case__country").distinct()
        tags = newest.filter(letters__state="checked").values_list("letters__language", flat=True).order_by().distinct()
        self._choices("country", sorted((str(countries.name(code)), code) for code in codes))
        self._choices("language", sorted((languages.name(tag), tag) for tag in tags))
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ModelChoiceField)
        topic.queryset = Topic.objects.public()
        for name, field in self.fields.items():
            field.widget.attrs["id"] = f"filter-{name}"

    def _choices(self, name: str, found: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *((value, label) for label, value in found)]

    def asked(self) -> dict[str, Any]:
        """The valid part of what was asked for."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
