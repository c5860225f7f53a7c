"""A pack of letters for a group."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from appeals import packs
from appeals.forms.countries import country_choices
from appeals.forms.letters import printable_text
from appeals.models import LetterFile, Pack
from appeals.packs import Choice
from cases import languages
from cases.models import Target, UrgentAction


class CasesForm(forms.Form):
    """The first step: which cases. In the address, so that it can be passed on."""

    case = forms.MultipleChoiceField(
        label=_("Which cases will you write about?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, notices: Iterable[UrgentAction], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notices = {notice.case.ua_number.slug: notice for notice in notices}
        case = self.fields["case"]
        assert isinstance(case, forms.ChoiceField)
        case.choices = [(slug, _label(notice)) for slug, notice in self.notices.items()]

    def chosen(self) -> list[UrgentAction]:
        """Those of the asked cases that want letters now; others are left out, so that an old link still works.

        None where there are more than a pack may have: the form then says so.
        """
        asked = self.data.getlist("case") if hasattr(self.data, "getlist") else []
        found = [notice for slug, notice in self.notices.items() if slug in asked]
        if len(found) > packs.MOST_CASES:
            too_many = _("At most %(most)s cases in one pack.")
            self.add_error("case", forms.ValidationError(too_many, params={"most": packs.MOST_CASES}))
            return []
        return found


def _label(notice: UrgentAction) -> str:
    return f"{notice.case.ua_number}: {notice.headline_in(get_language() or 'en')}"


class PackForm(forms.Form):
    """The second step: to whom, in which language, how many."""

    use_required_attribute = False

    letters = forms.MultipleChoiceField(
        label=_("Which letters?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one letter.")},
    )
    copies = forms.IntegerField(
        label=_("How many copies of each?"),
        min_value=1,
        max_value=packs.MOST_COPIES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
        error_messages={
            "required": _("Say how many copies."),
            "invalid": _("How many must be a whole number, like 30."),
        },
    )
    group = forms.CharField(
        label=_("Name of your group or class (optional)"),
        required=False,
        max_length=120,
        help_text=_("For the tally sheet. Kept for one day. Please do not write a person’s name."),
    )
    country = forms.ChoiceField(label=_("Where will you post them? (optional)"), required=False)
    paper = forms.ChoiceField(label=_("Paper"), choices=LetterFile.Paper, widget=forms.RadioSelect)
    form = forms.ChoiceField(
        label=_("What do you need?"),
        choices=Pack.Form,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )

    def __init__(self, offered: dict[str, tuple[Choice, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        letters, country = self.fields["letters"], self.fields["country"]
        assert isinstance(letters, forms.ChoiceField)
        assert isinstance(country, forms.ChoiceField)
        letters.choices = [(value, label) for value, (_choice, label) in offered.items()]
        country.choices = country_choices(_("Prefer not to say"))

    def clean_letters(self) -> list[Choice]:
        chosen = [self.offered[value][0] for value in self.cleaned_data["letters"]]
        if len(chosen) > packs.MOST_LETTERS:
            raise forms.ValidationError(_("At most %(most)s letters in one pack."), params={"most": packs.MOST_LETTERS})
        return chosen

    def clean_group(self) -> str:
        return printable_text(self.cleaned_data["group"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pages = len(data.get("letters", ())) * data.get("copies", 0)  # or more, where a letter has several
        if pages > packs.MOST_PAGES:
            too_many = _("These would be %(pages)s pages; at most %(most)s are made at once.")
            params = {"pages": f"{pages:,}", "most": f"{packs.MOST_PAGES:,}"}
            self.add_error("copies", forms.ValidationError(too_many, params=params))
        return data


def offer(notice: UrgentAction, targets: Iterable[Target]) -> dict[str, tuple[Choice, str]]:
    """Every letter of `notice` that a pack may have, by its value in the form, with its label."""
    found = {}
    for target in targets:
        for language in notice.letter_languages(target):
            choice = Choice(notice.pk, target.slug, language)
            value = f"{notice.case.ua_number.slug}:{target.slug}:{language}"
            found[value] = choice, f"{notice.case.ua_number}: {target.addressee} ({languages.name(language)})"
    return found
