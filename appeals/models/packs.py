"""Packs: many copies of letters for one group and one evening."""

import datetime
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.models.letters import LetterFile
from appeals.querysets import PackQuerySet
from cases.models import UrgentAction


class Pack(models.Model):
    """What a group asked for, and the file made of it. The row and the file go after a day, the group's name with them.

    Like a letter file it is the order as well as the product. Whoever has its address may fetch it.
    """

    class State(models.TextChoices):
        WANTED = "wanted", _("wanted")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    class Form(models.TextChoices):
        PDF = "pdf", _("one PDF to print")
        ZIP = "zip", _("a folder (ZIP) with letters, envelopes, labels and tally sheet")

    LIVES = datetime.timedelta(hours=24)
    MOST_ATTEMPTS = 2

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notices = models.ManyToManyField(UrgentAction, verbose_name=_("notices"), related_name="packs")
    letters = models.JSONField(_("letters"), help_text=_("for each its notice, official and language"))
    copies = models.PositiveSmallIntegerField(_("copies of each"))
    group = models.CharField(_("group"), max_length=120, blank=True)
    language = models.CharField(_("language of the tally sheet"), max_length=12)
    paper = models.CharField(_("paper"), max_length=10, choices=LetterFile.Paper)
    writing_from = models.CharField(_("country of the group"), max_length=2, blank=True)
    form = models.CharField(_("form"), max_length=5, choices=Form)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WANTED)
    content_hash = models.CharField(_("content hash"), max_length=64, help_text=_("of all the letters in it"))
    done = models.PositiveSmallIntegerField(_("steps done"), default=0)
    steps = models.PositiveSmallIntegerField(_("steps"), default=0)
    path = models.CharField(_("path"), max_length=120, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    wanted_at = models.DateTimeField(_("wanted at"), auto_now_add=True, db_index=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = _("pack")
        verbose_name_plural = _("packs")
        ordering = ["-wanted_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="ready") | (~models.Q(path="") & models.Q(size__gte=1)),
                name="pack_ready_means_stored",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY
