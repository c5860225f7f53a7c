"""A case, the people in it, and its outcome."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from cases.numbers import Number
from cases.querysets import CaseQuerySet, TopicQuerySet


class Topic(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    """How a case ended, apart from any status. Good news is said of the first four only."""

    RELEASED = "released", _("Released")
    CHARGES_DROPPED = "charges_dropped", _("Charges dropped")
    SENTENCE_CHANGED = "sentence_changed", _("Sentence changed")
    ACCESS = "access", _("Access to a lawyer, a doctor or the family")
    MOVED = "moved", _("Moved to another place")
    DISAPPEARED = "disappeared", _("Disappeared")
    DIED = "died", _("Executed or died")
    NO_CHANGE = "no_change", _("No change")
    UNKNOWN = "unknown", _("Not known")
    OTHER = "other", _("Other")


GOOD_NEWS = frozenset({Outcome.RELEASED, Outcome.CHARGES_DROPPED, Outcome.SENTENCE_CHANGED, Outcome.ACCESS})


class Case(models.Model):
    """One Urgent Action number with the whole chain of its notices."""

    number = models.PositiveIntegerField(_("number"), help_text=_("63 of UA 63/20"))
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("four digits: 2020"))
    country = CountryField(_("country"), help_text=_("where the danger is"))
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="cases")
    is_fictional = models.BooleanField(
        _("invented example"), default=False, help_text=_("Every page of the case then says that it is invented.")
    )
    outcome = models.CharField(pgettext_lazy("of a case", "outcome"), max_length=20, choices=Outcome, blank=True)
    outcome_on = models.DateField(_("outcome on"), null=True, blank=True)
    outcome_text = models.TextField(
        _("what happened"), blank=True, help_text=_("Shown on the page of the closed case, as plain text.")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    notes = models.TextField(_("notes for staff"), blank=True, help_text=_("Never shown outside the admin."))

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "year"],
                name="case_number_once_a_year",
                violation_error_message=_("There is already a case with this number in this year."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=9999),
                name="case_number_from_1_to_9999",
                violation_error_message=_("From 1 to 9999."),
            ),
            models.CheckConstraint(
                condition=models.Q(year__gte=1973, year__lt=2073),
                name="case_year_in_four_digits",
                violation_error_message=_("Write the year with four digits, from 1973."),
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | ~models.Q(outcome=""),
                name="case_closed_with_outcome",
                violation_error_message=_("A closed case needs an outcome."),
            ),
        ]

    def __str__(self) -> str:
        return f"UA {self.ua_number}"

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.ua_number])

    @property
    def ua_number(self) -> Number:
        return Number(self.number, self.year)

    @property
    def public_people(self) -> "list[Person]":
        """Those that a published notice was about. Who was entered for a notice to come is not among them."""
        return [person for person in self.people.all() if person.published_at is not None]

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_good_news(self) -> bool:
        return self.is_closed and self.outcome in GOOD_NEWS


class Person(models.Model):
    """Someone at risk. Nobody is named in public unless that was decided for this person."""

    class Kind(models.TextChoices):
        PERSON = "person", _("a person")
        COMMUNITY = "community", _("a community or several people")

    case = models.ForeignKey(Case, models.CASCADE, verbose_name=_("case"), related_name="people")
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=200)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True, help_text=_("such as he/him; never guessed"))
    role = models.CharField(
        _("role"),
        max_length=200,
        blank=True,
        help_text=_("such as “writer”; stands for the name where it is kept back"),
    )
    may_be_named = models.BooleanField(_("may be named in public"), default=False)
    consent = models.CharField(
        _("consent"), max_length=200, blank=True, help_text=_("Who agreed to the name being public, and when.")
    )

    published_at = models.DateTimeField(
        _("public since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("set by the next notice that is published"),
    )

    class Meta:
        verbose_name = _("person at risk")
        verbose_name_plural = _("people at risk")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(may_be_named=False) | ~models.Q(consent=""),
                name="person_named_with_consent",
                violation_error_message=_("Say who agreed to the name being public, and when."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_name(self) -> str:
        """The only form of the name that may leave the admin."""
        return self.name if self.may_be_named else self.role or str(_("a person at risk"))
