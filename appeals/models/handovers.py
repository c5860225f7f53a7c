"""Letters in a reader's own words, on their way through the worker."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.querysets import HandoverQuerySet


class Handover(models.Model):
    """A letter that one reader wrote, until that reader has it; minutes at most.

    Both what is to be made and what was made lie here sealed. The key is in the message to the worker and in the
    reader's own address, never in a row: what is left of this in a log or a backup of the database says nothing.
    """

    class Kind(models.TextChoices):
        PDF = "letter.pdf", _("PDF")
        DOCX = "letter.docx", _("Word")
        TEXT = "letter.txt", _("plain text")

    class State(models.TextChoices):
        WANTED = "wanted", _("wanted")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WANTED)
    sealed = models.BinaryField(_("sealed content"))
    error = models.CharField(_("error"), max_length=300, blank=True)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    wanted_at = models.DateTimeField(_("wanted at"), auto_now_add=True, db_index=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter in own words")
        verbose_name_plural = _("letters in own words")

    def __str__(self) -> str:
        return str(self.id)
