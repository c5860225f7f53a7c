"""What supporters told us they did, and the running sums of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from appeals.querysets import ActionReportQuerySet, DailyTotalQuerySet
from cases.models import Target, UrgentAction


class Channel(models.TextChoices):
    """How an appeal was made."""

    POST = "post", _("Letter by post")
    EMAIL = "email", _("Email")
    CALL = "call", _("Phone call")
    FAX = "fax", _("Fax")
    NETWORK = "network", _("Post on a network")
    OTHER = "other", _("Something else")


class Source(models.TextChoices):
    """Who told us."""

    SELF_REPORTED = "self", pgettext_lazy("source of a report", "reported by the writer")
    STAFF_ENTERED = "staff", pgettext_lazy("source of a report", "entered by staff")


class ActionReport(models.Model):
    """Appeals by one channel to one official, or to one that the reporter did not name.

    One submission of the form may be several rows, numbered by `line` under one `idempotency_key`. There is no name,
    no address and no IP in it, and it is never deleted with what it reports on.
    """

    class State(models.TextChoices):
        COUNTED = "counted", pgettext_lazy("state of a report", "counted")
        HELD = "held", pgettext_lazy("state of a report", "held for review")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a report", "withdrawn by the reporter")
        REJECTED = "rejected", pgettext_lazy("state of a report", "rejected by staff")

    urgent_action = models.ForeignKey(UrgentAction, models.PROTECT, verbose_name=_("notice"), related_name="reports")
    target = models.ForeignKey(
        Target, models.PROTECT, verbose_name=_("to"), null=True, blank=True, related_name="reports"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    quantity = models.PositiveIntegerField(_("how many"), default=1)
    day = models.DateField(_("day"), help_text=_("when they wrote"))
    country = CountryField(_("country"), blank=True)
    group = models.CharField(_("group"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.SELF_REPORTED)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.COUNTED, editable=False)
    idempotency_key = models.UUIDField(_("idempotency key"), default=uuid.uuid4, editable=False)
    line = models.PositiveSmallIntegerField(_("line"), default=1, editable=False)
    reported_at = models.DateTimeField(_("reported at"), auto_now_add=True)

    objects = ActionReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported action")
        verbose_name_plural = _("reported actions")
        ordering = ["-reported_at", "line"]
        constraints = [
            models.UniqueConstraint(fields=["idempotency_key", "line"], name="report_counted_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="report_quantity_from_1", violation_error_message=_("From 1.")
            ),
        ]
        indexes = [models.Index(fields=["state", "reported_at"], name="report_by_state")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.get_channel_display()}"


class DailyTotal(models.Model):
    """The sum of counted reports that agree in everything a figure is ever asked for.

    Kept in the transaction that counts a report, and equal to the sum of the counted reports at all times;
    `rebuild_totals --check` proves it.
    """

    urgent_action = models.ForeignKey(UrgentAction, models.PROTECT, verbose_name=_("notice"), related_name="totals")
    target = models.ForeignKey(
        Target, models.PROTECT, verbose_name=_("to"), null=True, blank=True, related_name="totals"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    country = CountryField(_("country"), blank=True)
    day = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=10, choices=Source)
    quantity = models.PositiveIntegerField(_("appeals"), default=0)
    reports = models.PositiveIntegerField(_("reports"), default=0)

    objects = DailyTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily total")
        verbose_name_plural = _("daily totals")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["urgent_action", "target", "channel", "country", "day", "source"],
                condition=Q(target__isnull=False),
                name="daily_total_once",
            ),
            models.UniqueConstraint(
                fields=["urgent_action", "channel", "country", "day", "source"],
                condition=Q(target__isnull=True),
                name="daily_total_once_without_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.quantity} × {self.get_channel_display()}"


class TotalsSheet(models.Model):
    """Totals as they stood on a day, handed to an official or to the family. Its figures never move again."""

    class Recipient(models.TextChoices):
        OFFICIAL = "official", _("an official")
        FAMILY = "family", _("the person or the family")

    urgent_action = models.ForeignKey(
        UrgentAction, models.PROTECT, verbose_name=_("notice"), related_name="totals_sheets"
    )
    recipient = models.CharField(_("for"), max_length=10, choices=Recipient)
    figures = models.JSONField(_("figures"), editable=False)  # as `totals.Totals.as_json` gives them
    method = models.TextField(_("how they were counted"), editable=False)
    as_at = models.DateTimeField(_("as at"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("made by"),
        null=True,
        editable=False,
        related_name="+",
    )
    handed_over_on = models.DateField(_("handed over on"), null=True, blank=True)
    handed_over_how = models.CharField(_("how and by whom"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("totals sheet")
        verbose_name_plural = _("totals sheets")
        ordering = ["-as_at"]

    def __str__(self) -> str:
        return f"{self.urgent_action}, {self.get_recipient_display()}, {self.as_at:%Y-%m-%d}"
