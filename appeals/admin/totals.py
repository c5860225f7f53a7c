"""Totals as they were handed to somebody."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals import totals
from appeals.admin.access import NeverDeleted, notices
from appeals.models import Channel, TotalsSheet
from cases.admin.fields import WIDGETS, without_related_links


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
        kwargs["queryset"] = notices()
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
