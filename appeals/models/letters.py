"""Rendered letters."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.querysets import LetterFileQuerySet
from cases.models import Target


class LetterFile(models.Model):
    """A letter as a file. `content_hash` covers all that is printed, so the same content is never rendered twice.

    The row is the order as well as the product: it is made when a letter is wanted, a worker claims it for a while,
    and a row whose claim ran out is taken up by the next sweep.
    """

    class State(models.TextChoices):
        WANTED = "wanted", _("wanted")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    MOST_ATTEMPTS = 3

    content_hash = models.CharField(_("content hash"), max_length=64, unique=True)
    target = models.ForeignKey(Target, models.CASCADE, verbose_name=_("target"), related_name="letter_files")
    language = models.CharField(_("language"), max_length=12)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WANTED)
    path = models.CharField(_("path"), max_length=120, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
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
        return f"{self.target} ({self.language})"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY
