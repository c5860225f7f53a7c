"""Who asked to be told what, and the mail that is owed to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from appeals.querysets import OutgoingMailQuerySet, SubscriptionQuerySet
from cases.models import Case, Topic, UrgentAction

_NO_CASE, _NO_COUNTRY, _NO_TOPIC = Q(case__isnull=True), Q(country=""), Q(topic__isnull=True)


class Subscription(models.Model):
    """An email address's wish. The address is there while it serves that wish and is erased on leaving."""

    class Scope(models.TextChoices):
        ALL = "all", _("all Urgent Actions")
        COUNTRY = "country", _("Urgent Actions for one country")
        TOPIC = "topic", _("Urgent Actions on one topic")
        CASE = "case", _("one case")

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", pgettext_lazy("of a subscription", "not confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("of a subscription", "confirmed")
        LEFT = "left", pgettext_lazy("of a subscription", "left")

    email = models.EmailField(_("email"), blank=True)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope)
    case = models.ForeignKey(Case, models.CASCADE, verbose_name=_("case"), null=True, blank=True, related_name="+")
    country = CountryField(_("country"), blank=True)
    topic = models.ForeignKey(Topic, models.CASCADE, verbose_name=_("topic"), null=True, blank=True, related_name="+")
    language = models.CharField(_("language"), max_length=12, default="en")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UNCONFIRMED)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(scope="all") & _NO_CASE & _NO_COUNTRY & _NO_TOPIC)
                | (Q(scope="case", case__isnull=False) & _NO_COUNTRY & _NO_TOPIC)
                | (Q(scope="country") & ~_NO_COUNTRY & _NO_CASE & _NO_TOPIC)
                | (Q(scope="topic", topic__isnull=False) & _NO_CASE & _NO_COUNTRY),
                name="subscription_scope_says_what",
            ),
            models.CheckConstraint(
                condition=Q(state="left", email="") | (~Q(state="left") & ~Q(email="")),
                name="subscription_left_means_address_erased",
            ),
            models.UniqueConstraint(
                fields=["email"], condition=Q(scope="all") & ~Q(email=""), name="subscription_to_all_once"
            ),
            models.UniqueConstraint(
                fields=["email", "case"], condition=Q(scope="case") & ~Q(email=""), name="subscription_to_case_once"
            ),
            models.UniqueConstraint(
                fields=["email", "country"],
                condition=Q(scope="country") & ~Q(email=""),
                name="subscription_to_country_once",
            ),
            models.UniqueConstraint(
                fields=["email", "topic"], condition=Q(scope="topic") & ~Q(email=""), name="subscription_to_topic_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} ({self.get_state_display()})"


class OutgoingMail(models.Model):
    """One mail owed to one subscription for one event. `key` names the event, so planning twice makes nothing new.

    waiting -> claimed by a worker for a while -> handing over to the mail server -> sent. A row that was handing over
    when its worker died is unknown: it may have been sent, so it is never sent again by itself.
    """

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", pgettext_lazy("kind of mail", "confirmation")
        REMINDER = "reminder", pgettext_lazy("kind of mail", "reminder")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a mail", "waiting")
        HANDING_OVER = "handing_over", pgettext_lazy("state of a mail", "handing over")
        SENT = "sent", pgettext_lazy("state of a mail", "sent")
        CANCELLED = "cancelled", pgettext_lazy("state of a mail", "not sent: no longer right")
        FAILED = "failed", pgettext_lazy("state of a mail", "failed")
        UNKNOWN = "unknown", pgettext_lazy("state of a mail", "may have been sent")

    subscription = models.ForeignKey(Subscription, models.CASCADE, verbose_name=_("subscription"), related_name="mails")
    urgent_action = models.ForeignKey(
        UrgentAction, models.PROTECT, verbose_name=_("notice"), null=True, blank=True, related_name="mails"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    key = models.CharField(_("key"), max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(_("due at"))
    expires_at = models.DateTimeField(_("useless after"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-due_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="outgoing_mail_sent_means_when"
            ),
            models.CheckConstraint(
                condition=Q(kind="confirmation") | Q(urgent_action__isnull=False),
                name="outgoing_mail_reminder_names_notice",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="outgoing_mail_waiting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"
