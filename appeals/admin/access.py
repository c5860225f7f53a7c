"""What nobody may rewrite, and the choices that several forms share."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from cases.admin.fields import SharedChoiceField
from cases.models import Target, UrgentAction


class NeverDeleted(admin.ModelAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(NeverDeleted):
    """To be looked at. `has_change_permission` without a row still says who may use the actions of the list."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request)


class TargetField(SharedChoiceField):
    """Officials, each with the notice that addresses them."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.urgent_action}: {obj}"


def targets(condition: Q) -> QuerySet[Target]:
    return (
        Target.objects.filter(condition)
        .select_related("official", "urgent_action__case")
        .order_by("-urgent_action__case__year", "-urgent_action__case__number", "-urgent_action__sequence", "order")
    )


def notices() -> QuerySet[UrgentAction]:
    return UrgentAction.objects.public().select_related("case")
