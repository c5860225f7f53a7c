"""The words of a notice: its text and its sample letter in each language."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import languages, plain_text
from cases.querysets import NoticeTextQuerySet


class TranslationState(models.TextChoices):
    """Only checked texts are public: no machine draft ever is."""

    CHECKED = "checked", pgettext_lazy("of a text", "checked, may be published")
    DRAFT = "draft", pgettext_lazy("of a text", "being written or checked")


class NoticeText(models.Model):
    """A notice in one language."""

    urgent_action = models.ForeignKey(
        "cases.UrgentAction", models.CASCADE, verbose_name=_("notice"), related_name="texts"
    )
    language = models.CharField(_("language"), max_length=12, choices=languages.choices)
    state = models.CharField(_("state"), max_length=10, choices=TranslationState, default=TranslationState.DRAFT)
    translated_headline = models.CharField(
        _("headline in this language"), max_length=200, blank=True, help_text=_("empty: the notice's own headline")
    )
    summary = models.TextField(_("summary"), help_text=_("What happened, in a few sentences."))
    demands = models.TextField(_("what we ask"), blank=True, help_text=_("one demand a line"))
    additional_information = models.TextField(_("additional information"), blank=True)

    objects = NoticeTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts by language")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["urgent_action", "language"],
                name="notice_text_once_a_language",
                violation_error_message=_("There is already a text in this language."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.urgent_action} ({self.language})"

    @property
    def headline(self) -> str:
        return self.translated_headline or self.urgent_action.headline

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    @property
    def demand_lines(self) -> list[str]:
        """One demand each, without the bullets that come with a pasted list."""
        return [line.lstrip("•·*–- ") for line in plain_text.lines(self.demands)]

    @property
    def summary_paragraphs(self) -> list[str]:
        return plain_text.paragraphs(self.summary)

    @property
    def additional_paragraphs(self) -> list[str]:
        return plain_text.paragraphs(self.additional_information)


class LetterText(models.Model):
    """The sample letter in one language: for all targets, or for one of them."""

    urgent_action = models.ForeignKey(
        "cases.UrgentAction", models.CASCADE, verbose_name=_("notice"), related_name="letters"
    )
    language = models.CharField(_("language"), max_length=12, choices=languages.choices)
    target = models.ForeignKey(
        "cases.Target",
        models.CASCADE,
        verbose_name=_("only to"),
        null=True,
        blank=True,
        related_name="own_letters",
        help_text=_("empty: to every official of this notice that has no letter of its own"),
    )
    state = models.CharField(_("state"), max_length=10, choices=TranslationState, default=TranslationState.DRAFT)
    subject = models.CharField(_("subject line"), max_length=200, blank=True, help_text=_("usually the person's name"))
    body = models.TextField(
        _("body"),
        help_text=_(
            "Without greeting and closing: they are added for each official. "
            "May use {names} and {role}, the official’s title; in English also {they}, {them}, {their}."
        ),
    )
    closing = models.CharField(
        _("closing"), max_length=120, blank=True, help_text=_("empty: the usual formula of the language")
    )
    short_email = models.TextField(
        _("short email text"), blank=True, help_text=_("for mail programs; about 1,000 signs")
    )
    post_text = models.CharField(_("text for a network post"), max_length=280, blank=True)
    call_script = models.TextField(_("what to say on the phone"), blank=True)

    class Meta:
        verbose_name = _("sample letter")
        verbose_name_plural = _("sample letters by language")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["urgent_action", "language"],
                condition=models.Q(target__isnull=True),
                name="letter_text_once_a_language",
                violation_error_message=_("There is already a letter to all officials in this language."),
            ),
            models.UniqueConstraint(
                fields=["target", "language"],
                condition=models.Q(target__isnull=False),
                name="letter_text_once_a_target_and_language",
                violation_error_message=_("There is already a letter to this official in this language."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.urgent_action} ({self.language})"
