"""What officials answered."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from appeals.admin.access import TargetField, targets
from appeals.models import Reply
from cases.admin.fields import WIDGETS, without_related_links
from cases.models import UrgentAction


class ReplyForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = self.fields.get("target")
        if isinstance(target, TargetField):
            condition = Q(urgent_action__status=UrgentAction.Status.PUBLISHED)
            target.queryset = targets(condition | Q(pk=self.instance.target_id))


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
