"""Rendered letters, and what goes with them on paper."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.querysets import LetterFileQuerySet
from cases.models import Official, UrgentAction


class LetterFile(models.Model):
    """A letter as a file. `content_hash` covers all that is printed, so the same content is never rendered twice.

    The row is the order as well as the product: it is made when a letter is wanted, a worker claims it for a while,
    and a row whose claim ran out is taken up by the next sweep.
    """

    class Kind(models.TextChoices):
        """What is made of the letter; the value is the last part of its address."""

        PDF = "letter.pdf", _("letter, PDF")
        DOCX = "letter.docx", _("letter, Word")
        FAX = "fax.pdf", _("letter with fax cover")
        BY_HAND = "by-hand.pdf", _("ruled sheet")
        ENVELOPE_DL = "envelope-dl.pdf", _("envelope DL")
        ENVELOPE_C5 = "envelope-c5.pdf", _("envelope C5")
        ENVELOPE_10 = "envelope-10.pdf", _("envelope #10")
        LABELS_L7160 = "labels-l7160.pdf", _("labels L7160")
        LABELS_5160 = "labels-5160.pdf", _("labels 5160")

    class State(models.TextChoices):
        WANTED = "wanted", _("wanted")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    class Paper(models.TextChoices):
        A4 = "a4", _("A4")
        LETTER = "letter", _("US Letter")

    MOST_ATTEMPTS = 3

    content_hash = models.CharField(_("content hash"), max_length=64, unique=True)
    urgent_action = models.ForeignKey(
        UrgentAction, models.CASCADE, verbose_name=_("notice"), related_name="letter_files"
    )
    official = models.ForeignKey(Official, models.CASCADE, verbose_name=_("official"), related_name="letter_files")
    language = models.CharField(_("language"), max_length=12)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PDF)
    paper = models.CharField(_("paper"), max_length=10, choices=Paper, default=Paper.A4)
    readers_language = models.CharField(
        _("language of the reader"), max_length=12, blank=True, help_text=_("of the translation that goes with it")
    )
    is_domestic = models.BooleanField(_("posted within the country"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WANTED)
    path = models.CharField(_("path"), max_length=120, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    pages = models.PositiveSmallIntegerField(_("pages"), default=0, help_text=_("of the letter itself"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    wanted_at = models.DateTimeField(_("wanted at"), auto_now_add=True)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)

    objects = LetterFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter file")
        verbose_name_plural = _("letter files")
        ordering = ["-wanted_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="ready") | (~models.Q(path="") & models.Q(size__gte=1)),
                name="letter_file_ready_means_stored",
            )
        ]
        indexes = [models.Index(fields=["state", "claimed_until"], name="letter_file_waiting")]

    def __str__(self) -> str:
        return f"{self.urgent_action}: {self.official} ({self.language}, {self.kind})"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY
