"""A notice as issued, and what a reader may do with it today."""

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from cases import languages
from cases.deadlines import date_of_last_place
from cases.models.case import Case, Person
from cases.models.texts import LetterText, TranslationState
from cases.querysets import UrgentActionQuerySet

if TYPE_CHECKING:
    from cases.models.targets import Target


class UrgentAction(models.Model):
    """One issued notice of a case: First UA, Second UA ... The newest published one is what the public acts on."""

    class Kind(models.TextChoices):
        FIRST = "first", pgettext_lazy("kind of notice", "first notice")
        UPDATE = "update", pgettext_lazy("kind of notice", "update")
        STOP = "stop", pgettext_lazy("kind of notice", "stop action")

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("status of a notice", "draft")
        IN_REVIEW = "in_review", pgettext_lazy("status of a notice", "in review")
        APPROVED = "approved", pgettext_lazy("status of a notice", "approved")
        PUBLISHED = "published", pgettext_lazy("status of a notice", "published")
        WITHDRAWN = "withdrawn", pgettext_lazy("status of a notice", "withdrawn")

    class State(models.TextChoices):
        """What a reader may do with a published notice today; derived, never stored."""

        LIVE = "live", _("open")
        ENDS_SOON = "ends_soon", _("ends soon")
        LAST_DAY = "last_day", _("last day")
        PASSED = "passed", _("date passed")
        SUPERSEDED = "superseded", _("updated by a newer action")
        STOPPED = "stopped", _("stopped")
        CLOSED = "closed", pgettext_lazy("state of a case", "closed")

    ENDS_SOON_DAYS = 7

    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("case"), related_name="notices")
    sequence = models.PositiveSmallIntegerField(
        _("sequence"), default=1, help_text=_("1 for the First UA, 2 for the Second UA or first update ...")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FIRST)
    index = models.CharField(
        _("AI index"), max_length=40, unique=True, null=True, blank=True, help_text=_("such as ASA 17/3279/2020")
    )
    headline = models.CharField(
        _("headline"), max_length=200, blank=True, help_text=_("as issued; a text in another language has its own")
    )
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    act_by = models.DateField(_("deadline"), null=True, blank=True, help_text=_("the last day to act"))
    preferred_languages = models.CharField(
        _("preferred languages"),
        max_length=60,
        blank=True,
        validators=[languages.validate_list],
        help_text=_("to write to the officials in, best first: zh, en"),
    )
    previous = models.OneToOneField(
        "self",
        models.PROTECT,
        verbose_name=_("previous notice"),
        null=True,
        blank=True,
        related_name="next",
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False, db_index=True
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("published by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    reason = models.TextField(
        _("reason for stopping"), blank=True, help_text=_("Shown in public; leave empty where that is not safe.")
    )

    objects = UrgentActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Urgent Action")
        verbose_name_plural = _("Urgent Actions")
        ordering = ["-case__year", "-case__number", "-sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "sequence"],
                name="notice_sequence_once_a_case",
                violation_error_message=_("This case already has a notice with this sequence."),
            ),
            models.CheckConstraint(
                condition=models.Q(sequence__gte=1), name="notice_sequence_from_1", violation_error_message=_("From 1.")
            ),
            models.CheckConstraint(
                condition=models.Q(index__isnull=True) | ~models.Q(index=""), name="notice_index_null_where_unknown"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | (models.Q(issued_on__isnull=False) & ~models.Q(headline="") & models.Q(published_at__isnull=False)),
                name="notice_published_means_dated_and_titled",
                violation_error_message=_("A published notice needs a headline and the day it was issued."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(kind="stop") | models.Q(act_by__isnull=False),
                name="notice_published_means_deadline",
                violation_error_message=_("A published notice needs a deadline."),
            ),
            models.CheckConstraint(
                condition=models.Q(act_by__isnull=True)
                | models.Q(issued_on__isnull=True)
                | models.Q(act_by__gte=models.F("issued_on")),
                name="notice_deadline_not_before_issue",
                violation_error_message=_("The deadline lies before the day of issue."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal} {self.case.ua_number}"

    def get_absolute_url(self) -> str:
        """The page of this very notice; the case's own address always shows the newest."""
        return reverse("cases:notice", args=[self.case.ua_number, self.sequence])

    @property
    def ordinal(self) -> str:
        """ "Second UA", as the field says it, or "Stop action"."""
        if self.kind == self.Kind.STOP:
            return str(_("Stop action"))
        ordinals = [_("First UA"), _("Second UA"), _("Third UA"), _("Fourth UA"), _("Fifth UA"), _("Sixth UA")]
        if self.sequence <= len(ordinals):
            return str(ordinals[self.sequence - 1])
        return str(_("UA no. %(sequence)s") % {"sequence": self.sequence})

    @property
    def people(self) -> list[Person]:
        """Those that this notice is about: while it is a draft also those that are not public yet."""
        return self.case.public_people if self.is_public else list(self.case.people.all())

    @property
    def is_public(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def languages_preferred(self) -> list[str]:
        return languages.parse_list(self.preferred_languages)

    def letter_text(self, target: "Target", language: str) -> LetterText | None:
        """The checked sample letter to `target` in `language`; one written for this target wins over the general."""
        return self._letters_to(target).get(language)

    def letter_languages(self, target: "Target") -> list[str]:
        """Languages with a checked letter and a greeting for `target`, the officials' preferred ones first."""
        preferred = self.languages_preferred
        greetings = target.addressee.salutations
        return sorted(
            (tag for tag in self._letters_to(target) if tag in greetings),
            key=lambda tag: (preferred.index(tag) if tag in preferred else len(preferred), tag != "en", tag),
        )

    def _letters_to(self, target: "Target") -> dict[str, LetterText]:
        letters: dict[str, LetterText] = {}
        for letter in self.letters.all():
            if letter.state != TranslationState.CHECKED or letter.target_id not in (None, target.pk):
                continue
            if letter.target_id is not None or letter.language not in letters:
                letters[letter.language] = letter
        return letters

    def headline_in(self, language: str) -> str:
        """The headline in `language` where there is a checked text in it, else as issued."""
        translated = (
            text.translated_headline
            for text in self.texts.all()
            if text.language == language and text.state == TranslationState.CHECKED and text.translated_headline
        )
        return next(translated, self.headline)

    def is_newest(self) -> bool:
        """Whether no newer notice of the case is published."""
        return not UrgentAction.objects.public().filter(case_id=self.case_id, sequence__gt=self.sequence).exists()

    def state(self, now: datetime.datetime | None = None) -> "UrgentAction.State":
        """What a reader may do at `now`. An older notice is superseded whatever its own date says."""
        if not self.is_newest():
            return self.State.SUPERSEDED
        return self.state_if_newest(now)

    def state_if_newest(self, now: datetime.datetime | None = None) -> "UrgentAction.State":
        """The same without a query, for rows that are known to be the newest of their case."""
        if self.kind == self.Kind.STOP:
            return self.State.STOPPED
        if self.case.is_closed:
            return self.State.CLOSED
        days = self.days_left(now)
        if days < 0:
            return self.State.PASSED
        if days == 0:
            return self.State.LAST_DAY
        return self.State.ENDS_SOON if days <= self.ENDS_SOON_DAYS else self.State.LIVE

    def days_left(self, now: datetime.datetime | None = None) -> int:
        """Whole days until the deadline; 0 on the last day, negative once it has ended everywhere on Earth."""
        if self.act_by is None:
            return -1
        return (self.act_by - date_of_last_place(now or timezone.now())).days

    def time_left(self, now: datetime.datetime | None = None) -> str:
        days = self.days_left(now)
        if days < 0:
            return str(_("The date has passed"))
        if days == 0:
            return str(_("Last day"))
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


# The states in which a reader is asked to write.
OPEN_STATES = frozenset({UrgentAction.State.LIVE, UrgentAction.State.ENDS_SOON, UrgentAction.State.LAST_DAY})
