"""What supporters did and what they are owed, for the staff: looked at, decided on, never rewritten."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries.filters import CountryFilter

from appeals import reports, tasks, totals
from appeals.models import (
    ActionReport,
    Channel,
    DailyTotal,
    LetterFile,
    OutgoingMail,
    Reply,
    Subscription,
    TotalsSheet,
)
from appeals.models.reports import Source
from cases.admin.fields import WIDGETS, SharedChoiceField, without_related_links
from cases.models import Target, UrgentAction
from ua_tracker.celery import delay_on_commit

MOST_AT_ONCE = 1_000_000


class TargetField(SharedChoiceField):
    """Officials, each with the notice that addresses them."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.urgent_action}: {obj}"


def _targets(condition: Q) -> QuerySet[Target]:
    return (
        Target.objects.filter(condition)
        .select_related("official", "urgent_action__case")
        .order_by("-urgent_action__case__year", "-urgent_action__case__number", "-urgent_action__sequence", "order")
    )


def _notices() -> QuerySet[UrgentAction]:
    return UrgentAction.objects.public().select_related("case")


class NeverDeleted(admin.ModelAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(NeverDeleted):
    """To be looked at. `has_change_permission` without a row still says who may use the actions of the list."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request)


class StaffReportForm(forms.ModelForm):
    """A report that came by post or phone. The key goes with the form: sent twice it is counted once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_quantity(self) -> int:
        quantity: int = self.cleaned_data["quantity"]
        if quantity > MOST_AT_ONCE:
            raise forms.ValidationError(_("At most %(most)s at once."), params={"most": f"{MOST_AT_ONCE:,}"})
        return quantity

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        target, day = data.get("target"), data.get("day")
        if target is not None and target.urgent_action_id != getattr(data.get("urgent_action"), "pk", None):
            self.add_error("target", _("This official is not addressed by the chosen notice."))
        if day is not None and day > timezone.localdate() + datetime.timedelta(days=1):
            self.add_error("day", _("The day lies in the future."))
        if "key" in data and ActionReport.objects.filter(idempotency_key=data["key"]).exists():
            raise forms.ValidationError(_("This report is recorded already. For another one open an empty form."))
        return data


@admin.register(ActionReport)
class ActionReportAdmin(NeverDeleted):
    form = StaffReportForm
    formfield_overrides = WIDGETS
    actions = ["count_chosen", "reject_chosen"]
    list_display = ["report", "state", "urgent_action", "target", "country", "group", "day"]
    list_filter = ["state", "channel", "source", ("country", CountryFilter)]
    list_select_related = ["urgent_action__case", "target__official"]
    date_hierarchy = "day"

    def get_fields(self, request: HttpRequest, obj: ActionReport | None = None) -> list[Any]:
        asked = ["urgent_action", "target", "channel", "quantity", "day", "country", "group"]
        return [*asked, "key"] if obj is None else [*asked, "source", "state", "reported_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: ActionReport | None = None) -> list[str]:
        return [] if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: ActionReport | None = None) -> bool:
        """What was reported stays as it was; only its state moves, by the actions of the list."""
        return obj is None and super().has_change_permission(request)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "urgent_action":
            kwargs["queryset"] = _notices().exclude(kind=UrgentAction.Kind.STOP)
        if db_field.name == "target":
            kwargs |= {
                "form_class": TargetField,
                "queryset": _targets(Q(urgent_action__status=UrgentAction.Status.PUBLISHED)),
            }
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: ActionReport | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        for name in ("urgent_action", "target"):
            without_related_links(form.base_fields.get(name))
        return form

    @admin.display(description=gettext_lazy("reported"), ordering="quantity")
    def report(self, report: ActionReport) -> str:
        return str(report)

    def save_model(self, request: HttpRequest, obj: ActionReport, form: forms.ModelForm, change: bool) -> None:
        """Through the same verb as every other report, so that the totals stay right."""
        data = form.cleaned_data
        action = reports.Action(
            channel=data["channel"],
            quantity=data["quantity"],
            day=data["day"],
            targets=[data["target"]] if data["target"] else [],
            country=data["country"] or "",
            group=data["group"],
            source=Source.STAFF_ENTERED,
        )
        if not reports.record(data["urgent_action"], action, data["key"]):
            messages.warning(request, _("This report had been recorded a moment before. It is counted once."))
        obj.pk = ActionReport.objects.get(idempotency_key=data["key"], line=1).pk
        obj.refresh_from_db()

    @admin.action(description=gettext_lazy("Count the chosen reports"), permissions=["change"])
    def count_chosen(self, request: HttpRequest, queryset: QuerySet[ActionReport]) -> None:
        self._move(request, queryset, reports.State.COUNTED)

    @admin.action(description=gettext_lazy("Reject the chosen reports"), permissions=["change"])
    def reject_chosen(self, request: HttpRequest, queryset: QuerySet[ActionReport]) -> None:
        self._move(request, queryset, reports.State.REJECTED)

    def _move(self, request: HttpRequest, chosen: Iterable[ActionReport], to: ActionReport.State) -> None:
        """What its reporter took back is not brought back by staff; what is in `to` already is left alone."""
        moved = left = 0
        for report in chosen:
            if reports.change_state(report, to, unless=(reports.State.WITHDRAWN,)):
                self.log_change(request, report, _("State: %(state)s") % {"state": to.label})
                moved += 1
            else:
                left += 1
        if moved:
            text = ngettext("%(number)s report: %(state)s.", "%(number)s reports: %(state)s.", moved)
            messages.success(request, text % {"number": moved, "state": to.label})
        if left:
            text = ngettext("%(number)s report is left as it was.", "%(number)s reports are left as they were.", left)
            messages.info(request, text % {"number": left})


@admin.register(DailyTotal)
class DailyTotalAdmin(ReadOnly):
    list_display = ["day", "urgent_action", "target", "channel", "country", "source", "quantity", "reports"]
    list_filter = ["channel", "source", ("country", CountryFilter)]
    list_select_related = ["urgent_action__case", "target__official"]
    date_hierarchy = "day"


@admin.register(LetterFile)
class LetterFileAdmin(ReadOnly):
    actions = ["make_again"]
    list_display = ["target", "language", "state", "error", "attempts", "size", "wanted_at", "made_at"]
    list_filter = ["state", "language"]
    list_select_related = ["target__official"]

    @admin.action(description=gettext_lazy("Make again"), permissions=["change"])
    def make_again(self, request: HttpRequest, queryset: QuerySet[LetterFile]) -> None:
        """Not those that a worker has in hand."""
        now = timezone.now()
        asked = left = 0
        for file in queryset:
            free = LetterFile.objects.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), pk=file.pk)
            if free.update(state=LetterFile.State.WANTED, attempts=0, claimed_until=None, error=""):
                delay_on_commit(tasks.make_letter, file.pk)
                self.log_change(request, file, _("To be made again"))
                asked += 1
            else:
                left += 1
        if asked:
            text = ngettext("%(number)s letter will be made again.", "%(number)s letters will be made again.", asked)
            messages.success(request, text % {"number": asked})
        if left:
            text = ngettext(
                "%(number)s letter is being made just now.", "%(number)s letters are being made just now.", left
            )
            messages.info(request, text % {"number": left})


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly):
    """To whom it goes is seen only where the subscription itself is opened."""

    list_display = ["kind", "state", "urgent_action", "due_at", "sent_at", "attempts", "reason"]
    list_filter = ["state", "kind"]
    list_select_related = ["urgent_action__case"]


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly):
    list_display = ["scope", "case", "country", "topic", "language", "state", "asked_at"]
    list_filter = ["state", "scope", "language"]
    list_select_related = ["case", "topic"]


class ReplyForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = self.fields.get("target")
        if isinstance(target, TargetField):
            condition = Q(urgent_action__status=UrgentAction.Status.PUBLISHED)
            target.queryset = _targets(condition | Q(pk=self.instance.target_id))


@admin.register(Reply)
class ReplyAdmin(admin.ModelAdmin):
    form = ReplyForm
    formfield_overrides = WIDGETS
    list_display = ["target", "notice", "tone", "received_on"]
    list_filter = ["tone", "received_on"]
    list_select_related = ["target__official", "target__urgent_action__case"]
    fields = ["target", "received_on", "tone", "summary"]

    @admin.display(description=gettext_lazy("notice"))
    def notice(self, reply: Reply) -> str:
        return str(reply.target.urgent_action)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        return super().formfield_for_foreignkey(db_field, request, form_class=TargetField, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Reply | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        without_related_links(form.base_fields.get("target"))
        return form


@admin.register(TotalsSheet)
class TotalsSheetAdmin(NeverDeleted):
    formfield_overrides = WIDGETS
    list_display = ["urgent_action", "recipient", "total", "as_at", "handed_over_on"]
    list_filter = ["recipient", "as_at"]
    list_select_related = ["urgent_action__case"]

    def get_fields(self, request: HttpRequest, obj: TotalsSheet | None = None) -> list[Any]:
        frozen = ["urgent_action", "recipient"]
        if obj is not None:
            frozen += ["figures_table", "method", "as_at", "made_by"]
        return [*frozen, "handed_over_on", "handed_over_how"]

    def get_readonly_fields(self, request: HttpRequest, obj: TotalsSheet | None = None) -> list[str]:
        return [] if obj is None else self.get_fields(request, obj)[:-2]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        kwargs["queryset"] = _notices()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: TotalsSheet | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        notice = form.base_fields.get("urgent_action")
        if notice is not None:
            without_related_links(notice)
            notice.help_text = _("The figures are those of its whole case, and never move again.")
        return form

    def save_model(self, request: HttpRequest, obj: TotalsSheet, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.figures = totals.of_case(obj.urgent_action.case).as_json()
            obj.method = str(totals.METHOD)
            obj.as_at = timezone.now()
            obj.made_by_id = request.user.pk
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("appeals"))
    def total(self, sheet: TotalsSheet) -> int:
        return int(sheet.figures.get("total", 0))

    @admin.display(description=gettext_lazy("figures"))
    def figures_table(self, sheet: TotalsSheet) -> SafeString:
        figures = sheet.figures
        labels = dict(Channel.choices)
        rows = [(_("All appeals"), figures.get("total", 0)), (_("Reports"), figures.get("reports", 0))]
        rows += [(labels.get(value, value), count) for value, count in figures.get("channels", {}).items() if count]
        rows += [(_("Countries that were named"), figures.get("country_count", 0))]
        rows += [
            (_("Other countries") if code == "other" else code, n) for code, n in figures.get("countries", {}).items()
        ]
        cells = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', rows)
        return format_html('<table class="figures">{}</table>', cells)
