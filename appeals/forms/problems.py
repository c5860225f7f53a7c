"""An address that did not work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.models import ContactProblem


class ProblemForm(forms.Form):
    """One button for each problem, so that the second click is the last."""

    problem = forms.ChoiceField(choices=ContactProblem.Problem, error_messages={"required": _("Choose what happened.")})
    value = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["problem"].error_messages["invalid_choice"] = _("Choose what happened.")
