"""Notices: written, checked and decided about."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.filters import CountryFilter

from cases import checks, numbers, publishing
from cases.admin import panel
from cases.admin.decision_pages import DecisionPages
from cases.admin.fields import WIDGETS, without_related_links
from cases.admin.inlines import LetterInline, TargetInline, TextInline
from cases.models import UrgentAction


class NoticeForm(forms.ModelForm):
    refused: ClassVar[list[checks.Finding]] = []  # set on the class, which the admin makes for each request
    findings_before: frozenset[checks.Finding] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_public:
            for name in ("headline", "issued_on", "act_by"):
                if name in self.fields and not (name == "act_by" and self.instance.kind == UrgentAction.Kind.STOP):
                    self.fields[name].required = True

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        previous, case = data.get("previous"), data.get("case") or self.instance.case
        if previous is not None and case is not None and previous.case_id != case.pk:
            self.add_error("previous", _("The previous notice must be of the same case."))
        sequence = data.get("sequence") or self.instance.sequence
        if previous is not None and sequence and previous.sequence >= sequence:
            self.add_error("previous", _("The previous notice must come before this one."))
        for finding in self.refused:
            self.add_error(None, _("Not saved, because the notice is public: %s") % finding.message)
        return data


def _previous(notice: UrgentAction | None, case: str) -> QuerySet[UrgentAction]:
    """The notices that another may follow: those of its case, where that is known."""
    notices = UrgentAction.objects.select_related("case")
    if notice is not None:
        return notices.filter(case=notice.case_id).exclude(pk=notice.pk)
    return notices.filter(case=int(case)) if case.isdecimal() else notices


@admin.register(UrgentAction)
class UrgentActionAdmin(DecisionPages):
    form = NoticeForm
    formfield_overrides = WIDGETS
    inlines = [TextInline, TargetInline, LetterInline]
    change_form_template = "admin/cases/urgentaction/change_form.html"
    actions = ["publish_chosen"]
    list_display = ["notice", "headline", "status", "state_today", "country", "act_by"]
    list_filter = ["status", "kind", "act_by", ("case__country", CountryFilter)]
    list_select_related = ["case"]
    search_fields = ["headline", "index", "case__people__name"]
    search_help_text = _("Number (63/20), AI index, words of the headline or a name")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "case",
                    ("sequence", "kind"),
                    "index",
                    ("issued_on", "act_by"),
                    "preferred_languages",
                    "previous",
                    "headline",
                ]
            },
        ),
    ]

    # --- Lists ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[UrgentAction]:
        newer = UrgentAction.objects.public().filter(case=OuterRef("case"), sequence__gt=OuterRef("sequence"))
        notices: QuerySet[UrgentAction] = super().get_queryset(request).select_related("case")
        return notices.annotate(has_newer=Exists(newer))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[UrgentAction], search_term: str
    ) -> tuple[QuerySet[UrgentAction], bool]:
        number = numbers.parse(search_term)
        if number is not None:
            return queryset.filter(case__number=number.number, case__year=number.year), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("notice"), ordering="case__number")
    def notice(self, notice: UrgentAction) -> str:
        return str(notice)

    @admin.display(description=_("country"), ordering="case__country")
    def country(self, notice: UrgentAction) -> str:
        return str(countries.name(str(notice.case.country)))

    @admin.display(description=_("for readers"))
    def state_today(self, notice: UrgentAction) -> str:
        if not notice.is_public:
            return ""
        has_newer: bool = notice.has_newer  # type: ignore[attr-defined]  # annotated by get_queryset
        return str((UrgentAction.State.SUPERSEDED if has_newer else notice.state_if_newest()).label)

    # --- One notice ---

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> UrgentAction | None:
        """Who saves waits for whoever decides about the same notice, and then sees what was decided."""
        if request.method == "POST" and object_id.isdecimal():
            UrgentAction.objects.select_for_update().filter(pk=int(object_id)).first()
        found: UrgentAction | None = super().get_object(request, object_id, from_field)
        return found

    def get_fieldsets(self, request: HttpRequest, obj: UrgentAction | None = None) -> list[Any]:
        has_reason = obj is not None and obj.kind == UrgentAction.Kind.STOP
        return [*self.fieldsets, (_("Stop action"), {"fields": ["reason"]})] if has_reason else list(self.fieldsets)

    def get_readonly_fields(self, request: HttpRequest, obj: UrgentAction | None = None) -> list[str]:
        return ["case", "sequence", "kind"] if obj is not None and obj.published_at is not None else []

    def get_form(
        self, request: HttpRequest, obj: UrgentAction | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        previous = form.base_fields.get("previous")
        if isinstance(previous, forms.ModelChoiceField):
            previous.queryset = _previous(obj, request.GET.get("case", ""))
        for name in ("case", "previous"):
            without_related_links(form.base_fields.get(name), add=name == "case")
        form.refused = getattr(request, "refused_findings", [])  # type: ignore[attr-defined]  # NoticeForm has it
        return form

    def get_view_on_site_url(self, obj: UrgentAction | None = None) -> str | None:
        return obj.get_absolute_url() if obj is not None and obj.is_public else None

    def has_delete_permission(self, request: HttpRequest, obj: UrgentAction | None = None) -> bool:
        """What was ever public stays. What was reported on is kept by the database itself."""
        return (obj is None or obj.published_at is None) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except publishing.NotReady as refusal:
            # The transaction is rolled back; show the form again as it was filled.
            request.refused_findings = refusal.findings  # type: ignore[attr-defined]  # for get_form
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: UrgentAction | None = None,
    ) -> HttpResponse:
        if obj is not None and obj.pk:
            context |= {"panel": panel.context(obj.pk), "tools": self.tools(request, obj)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: UrgentAction, form: NoticeForm, change: bool) -> None:
        if obj.is_public:
            form.findings_before = frozenset(panel.findings(panel.loaded(obj.pk)))
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: NoticeForm, formsets: list[BaseInlineFormSet], change: bool
    ) -> None:
        """A public notice stays fit to be public: what is new and blocks undoes the whole change."""
        super().save_related(request, form, formsets, change)
        if form.instance.is_public:
            publishing.changed(form.instance, form.findings_before)
