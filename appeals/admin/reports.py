"""Reported actions: held, counted, rejected, or entered by staff."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries.filters import CountryFilter

from appeals import reports
from appeals.admin.access import NeverDeleted, ReadOnly, TargetField, notices, targets
from appeals.models import ActionReport, DailyTotal
from appeals.models.reports import Source
from cases.admin.fields import WIDGETS, without_related_links
from cases.models import UrgentAction

MOST_AT_ONCE = 1_000_000


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
            kwargs["queryset"] = notices().exclude(kind=UrgentAction.Kind.STOP)
        if db_field.name == "target":
            kwargs |= {
                "form_class": TargetField,
                "queryset": targets(Q(urgent_action__status=UrgentAction.Status.PUBLISHED)),
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
