"""What officials answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Target


class Reply(models.Model):
    """An official's answer, as staff recorded it. In public it is a number, never a document."""

    class Tone(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", pgettext_lazy("an official's reply", "acknowledgement")
        DENIAL = "denial", pgettext_lazy("an official's reply", "denial")
        SUBSTANTIVE = "substantive", pgettext_lazy("an official's reply", "substantive answer")
        RELEASE = "release", pgettext_lazy("an official's reply", "announces a release")

    target = models.ForeignKey(Target, models.PROTECT, verbose_name=_("from"), related_name="replies")
    received_on = models.DateField(_("received on"))
    tone = models.CharField(_("what it is"), max_length=20, choices=Tone)
    summary = models.TextField(_("summary for staff"), blank=True, help_text=_("No names of writers."))

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["-received_on"]

    def __str__(self) -> str:
        return f"{self.target}, {self.received_on}"
