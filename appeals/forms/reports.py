"""A report of what somebody did."""

import datetime
import re
import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from appeals import reports, tokens
from appeals.forms.countries import country_choices
from appeals.models import Channel
from appeals.reports import Action
from cases.models import Target, UrgentAction

MOST_AT_ONCE = 100_000

# In any script's digits, with or without thousands set apart: 1200, 1,200, 1 200. But 1,5 is no whole number.
WHOLE_NUMBER = re.compile(r"\d{1,3}([,’'\s٬]\d{3})+|\d+")


class TargetsField(forms.ModelMultipleChoiceField):
    """The officials of a notice, called as they were when it was published."""

    def label_from_instance(self, obj: Target) -> str:
        return str(obj.addressee)

    def clean(self, value: Any) -> Any:
        if any(len(str(pk)) > 18 for pk in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": "?"})
        return super().clean(value)


class ReportForm(forms.Form):
    """One screen: what, to whom, how many; the rest may stay empty. Nothing is chosen beforehand."""

    use_required_attribute = False

    channel = forms.ChoiceField(
        label=_("What did you do?"),
        choices=Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you did.")},
    )
    targets = TargetsField(
        label=_("To whom? (optional)"),
        queryset=Target.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quantity = forms.CharField(
        label=_("How many?"),
        initial="1",
        max_length=12,
        help_text=_("To each of the officials that you marked."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
        error_messages={"required": _("Say how many.")},
    )
    day = forms.DateField(
        label=_("When?"),
        widget=forms.DateInput(attrs={"type": "date", "class": "middle"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Say on which day."),
            "invalid": _("The day must be a date, such as 2026-11-24."),
        },
    )
    country = forms.ChoiceField(label=_("Where did you write from? (optional)"), required=False)
    group = forms.CharField(
        label=_("Name of your group or class (optional)"),
        required=False,
        max_length=120,
        help_text=_("Only for groups. Please do not write a person’s name."),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    key: uuid.UUID

    def __init__(self, notice: UrgentAction, today: datetime.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notice, self.today = notice, today
        targets = self.fields["targets"]
        assert isinstance(targets, forms.ModelMultipleChoiceField)
        targets.queryset = notice.targets.select_related("official")
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = country_choices(_("Prefer not to say"))
        self.fields["day"].initial = today
        self.fields["token"].initial = tokens.new_form_token

    def clean_quantity(self) -> int:
        text = self.cleaned_data["quantity"].strip()
        digits = "".join(sign for sign in text if sign.isdecimal())
        if not WHOLE_NUMBER.fullmatch(text) or not 1 <= int(digits) <= MOST_AT_ONCE:
            raise forms.ValidationError(_("How many must be a whole number from 1, like 12."))
        return int(digits)

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if day > self.today + datetime.timedelta(days=1):
            raise forms.ValidationError(_("The day lies in the future."))
        if self.notice.issued_on and day < self.notice.issued_on - datetime.timedelta(days=1):
            raise forms.ValidationError(_("The day lies before this Urgent Action was issued."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        key = tokens.read_form_token(data.get("token", ""))
        if key is None:  # a form that was counted and comes again from a tab of yesterday is still the same report
            key = tokens.read_lapsed_form_token(data.get("token", ""))
            key = key if key and reports.is_recorded(key) else None
        if key is None:
            raise forms.ValidationError(_("This form was open for too long. Please look it over and send it again."))
        self.key = key
        return data

    def with_new_token(self) -> None:
        """Let a form whose token had lapsed be sent again as it is filled."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["token"] = tokens.new_form_token()
        self.data = data

    def action(self) -> Action:
        data = self.cleaned_data
        return Action(
            channel=data["channel"],
            quantity=data["quantity"],
            day=data["day"],
            targets=list(data["targets"]),
            country=data["country"],
            group=data["group"],
        )


def prefilled(said: QueryDict) -> dict[str, str]:
    """What the letter's page or the code on a tally sheet says beforehand; nothing that is ticked."""
    return {"group": said.get("group", "")[:120], "country": said.get("from", "")[:2]}
