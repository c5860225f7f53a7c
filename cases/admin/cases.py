"""Cases, the people in them, and the chain of their notices."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import ManyToManyField, Prefetch, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries.filters import CountryFilter

from cases import checks, numbers
from cases.admin import panel
from cases.admin.fields import WIDGETS, without_related_links
from cases.models import Case, Person, Topic, UrgentAction


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class PersonInline(admin.StackedInline):
    model = Person
    extra = 1
    fields = [("order", "kind"), ("name", "pronouns"), "role", "may_be_named", "consent"]


@dataclass(frozen=True)
class Link:
    """A notice in the chain, as its line shows it."""

    notice: UrgentAction
    state: str
    change: str
    site: str


def chain(case: Case) -> list[Link]:
    """The notices of a case in order, in one query."""
    notices = list(case.notices.order_by("sequence"))
    newest = max((notice.sequence for notice in notices if notice.is_public), default=0)
    return [
        Link(
            notice,
            _state(notice, notice.sequence == newest),
            reverse("admin:cases_urgentaction_change", args=[notice.pk]),
            notice.get_absolute_url() if notice.is_public else "",
        )
        for notice in notices
    ]


def _state(notice: UrgentAction, is_newest: bool) -> str:
    if not notice.is_public:
        return ""
    return str((notice.state_if_newest() if is_newest else UrgentAction.State.SUPERSEDED).label)


def next_notice(case: Case, notices: list[UrgentAction]) -> str:
    """The address that adds the next notice, filled in as far as the chain tells."""
    last = notices[-1] if notices else None
    values: dict[str, Any] = {"case": case.pk, "sequence": 1, "kind": UrgentAction.Kind.FIRST.value}
    if last is not None:
        values |= {
            "sequence": last.sequence + 1,
            "kind": UrgentAction.Kind.UPDATE.value,
            "previous": last.pk,
            "preferred_languages": last.preferred_languages,
        }
    return f"{reverse('admin:cases_urgentaction_add')}?{urlencode(values)}"


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    formfield_overrides = WIDGETS
    inlines = [PersonInline]
    change_form_template = "admin/cases/case/change_form.html"
    list_display = ["case", "country", "people_at_risk", "newest", "outcome", "is_fictional"]
    list_filter = [("country", CountryFilter), "topics", "outcome", "is_fictional"]
    search_fields = ["people__name", "people__role", "notices__headline"]
    search_help_text = gettext_lazy("Number (63/20), a name or words of a headline")
    readonly_fields = ["outcome", "outcome_on", "outcome_text", "closed_at"]
    fieldsets = [
        (None, {"fields": [("number", "year"), "country", "topics", "is_fictional"]}),
        (gettext_lazy("Notes"), {"fields": ["notes"]}),
    ]
    outcome_fieldset = (gettext_lazy("Outcome"), {"fields": ["outcome", "outcome_on", "outcome_text", "closed_at"]})

    def get_fieldsets(self, request: HttpRequest, obj: Case | None = None) -> list[Any]:
        return [*self.fieldsets, self.outcome_fieldset] if obj is not None else list(self.fieldsets)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        notices = UrgentAction.objects.order_by("sequence")
        return super().get_queryset(request).prefetch_related("people", Prefetch("notices", notices))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Case], search_term: str
    ) -> tuple[QuerySet[Case], bool]:
        number = numbers.parse(search_term)
        if number is not None:
            return queryset.filter(number=number.number, year=number.year), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=gettext_lazy("case"), ordering="number")
    def case(self, case: Case) -> str:
        return str(case)

    @admin.display(description=gettext_lazy("people at risk"))
    def people_at_risk(self, case: Case) -> str:
        return ", ".join(person.name for person in case.people.all())

    @admin.display(description=gettext_lazy("newest notice"))
    def newest(self, case: Case) -> str:
        notices = list(case.notices.all())
        return f"{notices[-1].ordinal}, {notices[-1].get_status_display()}" if notices else ""

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        """Boxes to tick: a list for several choices needs a held key, which touch screens do not have."""
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Case | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        without_related_links(form.base_fields.get("topics"), add=True)
        return form

    def get_view_on_site_url(self, obj: Case | None = None) -> str | None:
        is_public = obj is not None and any(notice.is_public for notice in obj.notices.all())
        return obj.get_absolute_url() if obj is not None and is_public else None

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Case | None = None,
    ) -> HttpResponse:
        if obj is not None and obj.pk:
            links = chain(obj)
            public = [link.notice for link in links if link.notice.is_public]
            may_change = request.user.has_perm("cases.change_urgentaction")
            context |= {
                "chain": links,
                "next_notice": next_notice(obj, [link.notice for link in links])
                if request.user.has_perm("cases.add_urgentaction")
                else "",
                "close": reverse("admin:cases_urgentaction_close", args=[public[-1].pk])
                if public and may_change
                else "",
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list[BaseInlineFormSet], change: bool
    ) -> None:
        """Taking consent back is never refused; where a public text still has the name, say so at once."""
        super().save_related(request, form, formsets, change)
        for pk in form.instance.notices.public().values_list("pk", flat=True):
            notice = panel.loaded(pk)
            for finding in checks.names_kept_back(notice, timezone.localdate()):
                messages.warning(
                    request,
                    _("%(notice)s is public: %(finding)s Change the text or withdraw the notice.")
                    % {"notice": notice, "finding": finding.message},
                )
