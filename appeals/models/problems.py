"""Addresses that did not work, as the people who tried them say."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.querysets import ContactProblemQuerySet
from cases.models import ContactChannel, Official


class Way(models.TextChoices):
    """How somebody tried to reach an official."""

    POST = "post", _("Post")
    EMAIL = ContactChannel.Kind.EMAIL.value, ContactChannel.Kind.EMAIL.label
    PHONE = ContactChannel.Kind.PHONE.value, ContactChannel.Kind.PHONE.label
    FAX = ContactChannel.Kind.FAX.value, ContactChannel.Kind.FAX.label
    HANDLE = ContactChannel.Kind.HANDLE.value, ContactChannel.Kind.HANDLE.label


class ContactProblem(models.Model):
    """One kind of trouble with one address, however many people met it: a thousand reports are one row.

    Nobody says who they are, and there is no text of theirs to keep.
    """

    class Problem(models.TextChoices):
        RETURNED = "returned", _("It came back, or was refused")
        SILENT = "silent", _("Nobody answers, or the line is dead")
        WRONG = "wrong", _("It belongs to somebody else")

    official = models.ForeignKey(Official, models.CASCADE, verbose_name=_("official"), related_name="problems")
    way = models.CharField(_("way"), max_length=10, choices=Way)
    value = models.CharField(_("address or number"), max_length=254, blank=True, help_text=_("as it was shown"))
    problem = models.CharField(_("problem"), max_length=10, choices=Problem)
    times = models.PositiveIntegerField(_("times reported"), default=1)
    first_on = models.DateField(_("first reported"))
    last_on = models.DateField(_("last reported"))
    is_settled = models.BooleanField(_("looked at"), default=False)

    objects = ContactProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("address reported as not working")
        verbose_name_plural = _("addresses reported as not working")
        ordering = ["is_settled", "-last_on", "-times"]
        constraints = [
            models.UniqueConstraint(
                fields=["official", "way", "value", "problem"],
                condition=models.Q(is_settled=False),
                name="contact_problem_once_while_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.official}: {self.get_way_display()} {self.value}".strip()
