"""The directory of officials, and what to know about countries."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_countries.filters import CountryFilter

from cases import publishing
from cases.admin.fields import WIDGETS
from cases.models import ContactChannel, CountryAdvice, Official, Salutation


class ChannelInline(admin.StackedInline):
    model = ContactChannel
    extra = 1
    formfield_overrides = WIDGETS
    fields = [("kind", "value"), ("works", "checked_on"), "note"]


class SalutationInline(admin.StackedInline):
    model = Salutation
    extra = 1
    fields = [("language", "text")]


class OfficialForm(forms.ModelForm):
    """The short name may stay empty: it is then made from title and name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug:
            return slug
        words = f"{self.cleaned_data.get('role', '')} {self.cleaned_data.get('name', '')}"
        made = slugify(words)[:76].strip("-")
        if not made:
            raise forms.ValidationError(_("Write a short name in Latin letters, such as director-wang-jiang."))
        return _free(made, self.instance)


def _free(slug: str, official: Official) -> str:
    """`slug`, or with the first number that makes it unique."""
    taken = set(Official.objects.filter(slug__startswith=slug).exclude(pk=official.pk).values_list("slug", flat=True))
    number = 2
    found = slug
    while found in taken:
        found = f"{slug}-{number}"
        number += 1
    return found


@admin.register(Official)
class OfficialAdmin(admin.ModelAdmin):
    form = OfficialForm
    formfield_overrides = WIDGETS
    inlines = [ChannelInline, SalutationInline]
    list_display = ["official", "institution", "country", "greetings", "ways", "oldest_check"]
    change_form_template = "admin/cases/official/change_form.html"
    list_filter = [("country", CountryFilter), ("represents", CountryFilter), ("accredited_to", CountryFilter)]
    # Every word is looked for in all of these, so a name is found in either order.
    search_fields = ["name", "role", "institution", "slug"]
    search_help_text = _("Name in any order, title or institution")
    prepopulated_fields = {"slug": ["role", "name"]}
    fieldsets = [
        (None, {"fields": ["role", "name", "institution"]}),
        (_("Where letters go"), {"fields": ["address", "country", "address_checked_on"]}),
        (_("For calls"), {"fields": ["time_zone", "office_hours"]}),
        (_("Embassies"), {"fields": ["represents", "accredited_to"]}),
        (_("More"), {"fields": ["slug"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Official]:
        return super().get_queryset(request).prefetch_related("salutations", "channels")

    def get_readonly_fields(self, request: HttpRequest, obj: Official | None = None) -> list[str]:
        """The short name is part of public addresses once a notice that names the official was published."""
        is_known = obj is not None and obj.targets.filter(urgent_action__published_at__isnull=False).exists()
        return ["slug"] if is_known else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Official | None = None) -> dict[str, Sequence[str]]:
        return {} if obj is not None else {"slug": ["role", "name"]}

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """What was published is not changed by this; each live case is offered what is new."""
        super().save_related(request, form, formsets, change)
        for notice in publishing.outdated_by(form.instance):
            address = reverse("admin:cases_urgentaction_addresses", args=[notice.pk])
            text = _("%(notice)s still has what was published. Take the new address and greetings there")
            link = format_html('<a href="{}">{}</a>', address, text % {"notice": notice})
            messages.warning(request, link)

    @admin.display(description=_("official"), ordering="role")
    def official(self, official: Official) -> str:
        return str(official)

    @admin.display(description=_("greetings"))
    def greetings(self, official: Official) -> str:
        return ", ".join(salutation.language for salutation in official.salutations.all())

    @admin.display(description=_("can be reached by"))
    def ways(self, official: Official) -> str:
        ways = [str(_("post"))] if official.address_lines else []
        ways += [channel.get_kind_display() for channel in official.channels.all() if channel.works]
        return ", ".join(dict.fromkeys(ways))

    @admin.display(description=_("last checked"))
    def oldest_check(self, official: Official) -> datetime.date | str:
        """Of all that is shown of the official, what was checked longest ago."""
        checks = [channel.checked_on for channel in official.channels.all() if channel.works]
        if official.address_lines:
            checks.append(official.address_checked_on)
        known = [check for check in checks if check is not None]
        return min(known) if known and len(known) == len(checks) else str(_("never"))


@admin.register(CountryAdvice)
class CountryAdviceAdmin(admin.ModelAdmin):
    formfield_overrides = WIDGETS
    list_display = ["country", "post_suspended", "days_by_post", "checked_on"]
    list_filter = ["checked_on"]
    fieldsets = [
        (None, {"fields": ["country", "risk", "post_suspended", "days_by_post", "checked_on"]}),
        (_("For people who write from there"), {"fields": ["postal_operator", "postage_url", "postage_checked_on"]}),
    ]
