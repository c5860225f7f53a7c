"""Subscriptions and the mail that is owed to them."""

from django.contrib import admin

from appeals.admin.access import ReadOnly
from appeals.models import OutgoingMail, Subscription


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
