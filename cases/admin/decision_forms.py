"""What is asked before a decision takes effect."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import checks, numbers
from cases.admin.fields import DayInput
from cases.models import UrgentAction
from cases.models.case import Outcome


class DecisionForm(forms.Form):
    """Nothing but the decision itself."""

    required_css_class = "required"

    def __init__(self, notice: UrgentAction, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notice = notice

    def refuse_names_kept_back(self, field: str) -> None:
        """What is typed here becomes public at once, without the checks of a notice."""
        for finding in checks.names_in(self.notice.case, self.cleaned_data.get(field, "")):
            if finding.blocks:
                self.add_error(field, finding.message)


class NumberForm(DecisionForm):
    """The number of the case is typed: a slip of the mouse decides nothing."""

    number = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, notice: UrgentAction, *args: Any, **kwargs: Any) -> None:
        super().__init__(notice, *args, **kwargs)
        self.fields["number"].label = _("Type the number of the case, %(number)s") % {"number": notice.case.ua_number}

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        if numbers.parse(typed) != self.notice.case.ua_number:
            raise forms.ValidationError(
                _("This is not the number of this case. It is %(number)s."),
                params={"number": self.notice.case.ua_number},
            )
        return typed


class StopForm(NumberForm):
    reason = forms.CharField(
        label=_("Reason (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown in public; leave it empty where a reason could do harm."),
    )

    def clean(self) -> dict[str, Any] | None:
        self.refuse_names_kept_back("reason")
        return self.cleaned_data


class CloseForm(DecisionForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", "---------"), *Outcome.choices])
    on = forms.DateField(label=_("Day of the outcome"), widget=DayInput)
    text = forms.CharField(
        label=_("What happened (optional)"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Shown on the page of the closed case, as plain text."),
    )

    def __init__(self, notice: UrgentAction, *args: Any, **kwargs: Any) -> None:
        case = notice.case
        kwargs.setdefault("initial", {"outcome": case.outcome, "on": case.outcome_on, "text": case.outcome_text})
        super().__init__(notice, *args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        self.refuse_names_kept_back("text")
        on = self.cleaned_data.get("on")
        if on is not None and on > timezone.localdate() + datetime.timedelta(days=1):
            self.add_error("on", _("The day lies in the future."))
        return self.cleaned_data
