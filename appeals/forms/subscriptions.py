"""A wish to be reminded."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.forms.countries import country_choices
from appeals.models import Subscription
from appeals.subscriptions import Wish
from cases.models import Case, Topic

# No quoted names, no addresses of machines: nobody who wants reminders writes theirs like that.
LOCAL_PART = re.compile(r"[a-z0-9.!#$%&*+/=?^_`{|}~'-]{1,64}")
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


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
        country.choices = country_choices(_("Choose a country"))
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
