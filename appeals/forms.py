"""What supporters fill in."""

import datetime
import re
import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from appeals import reports, tokens
from appeals.models import Channel, Subscription
from appeals.reports import Action
from appeals.subscriptions import Wish
from cases.models import Case, Target, Topic, UrgentAction

MOST_AT_ONCE = 100_000

# No quoted names, no addresses of machines: nobody who wants reminders writes theirs like that.
LOCAL_PART = re.compile(r"[a-z0-9.!#$%&*+/=?^_`{|}~'-]{1,64}")
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")

# In any script's digits, with or without thousands set apart: 1200, 1,200, 1 200. But 1,5 is no whole number.
WHOLE_NUMBER = re.compile(r"\d{1,3}([,’'\s٬]\d{3})+|\d+")


def _countries(first: Any) -> list[tuple[str, Any]]:
    return [("", first), *((country.code, country.name) for country in countries)]


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
        country.choices = _countries(_("Prefer not to say"))
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


class SubscribeForm(forms.Form):
    """An address and what it wants to be told about."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Write your email address."),
            "invalid": _("The email address must look like name@example.org."),
        },
    )
    scope = forms.ChoiceField(
        label=_("Remind me of"),
        choices=Subscription.Scope.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you want to be reminded of.")},
    )
    case = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    country = forms.ChoiceField(label=_("Country"), required=False)
    topic = forms.ModelChoiceField(
        label=_("Topic"),
        required=False,
        queryset=Topic.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose a topic"),
    )

    def __init__(self, case: Case | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = case
        country, scope, topic = self.fields["country"], self.fields["scope"], self.fields["topic"]
        assert isinstance(country, forms.ChoiceField)
        assert isinstance(scope, forms.ChoiceField)
        assert isinstance(topic, forms.ModelChoiceField)
        country.choices = _countries(_("Choose a country"))
        topic.queryset = Topic.objects.public()
        if case is None:
            scope.choices = [choice for choice in Subscription.Scope.choices if choice[0] != Subscription.Scope.CASE]
        else:
            one = (Subscription.Scope.CASE.value, _("this case: %(case)s") % {"case": case})
            scope.choices = [one, *(choice for choice in Subscription.Scope.choices if choice[0] != one[0])]
            self.fields["case"].initial = case.ua_number.slug
            scope.initial = one[0]  # the narrowest, and what the link here was about

    def clean_email(self) -> str:
        """Only what any mail server can be asked to deliver to, in the one spelling that it is kept in."""
        local, _at, domain = self.cleaned_data["email"].lower().rpartition("@")
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            domain = ""
        if not DOMAIN.fullmatch(domain) or not LOCAL_PART.fullmatch(local):
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"])
        return f"{local}@{domain}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scope") == Subscription.Scope.COUNTRY and not data.get("country"):
            self.add_error("country", _("Choose the country."))
        if data.get("scope") == Subscription.Scope.TOPIC and not data.get("topic"):
            self.add_error("topic", _("Choose the topic."))
        return data

    def wish(self) -> Wish:
        """Only what belongs to the scope: a country chosen beside “all” is not kept."""
        data = self.cleaned_data
        scope = Subscription.Scope(data["scope"])
        return Wish(
            scope=scope,
            case=self.about if scope == Subscription.Scope.CASE else None,
            country=data["country"] if scope == Subscription.Scope.COUNTRY else "",
            topic=data["topic"] if scope == Subscription.Scope.TOPIC else None,
        )
