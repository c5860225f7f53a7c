"""The officials that a notice addresses, as they were when it was published."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.models.notice import UrgentAction
from cases.models.officials import ContactChannel, Official


@dataclass(frozen=True)
class Addressee:
    """Everything a letter needs of an official: what stands on the envelope and how the letter begins."""

    role: str
    name: str
    institution: str
    address: tuple[str, ...]
    country: str  # ISO 3166 alpha-2
    salutations: dict[str, str]  # language tag -> greeting
    channels: tuple[tuple[str, str], ...] = ()  # kind and value of each that worked

    @classmethod
    def of(cls, official: Official) -> Self:
        return cls(
            role=official.role,
            name=official.name,
            institution=official.institution,
            address=tuple(official.address_lines),
            country=str(official.country),
            salutations={salutation.language: salutation.text for salutation in official.salutations.all()},
            channels=tuple((channel.kind, channel.value) for channel in official.channels.all() if channel.works),
        )

    @classmethod
    def stored(cls, snapshot: dict[str, Any]) -> Self:
        """As `take_snapshot` kept it: JSON made lists of the tuples."""
        channels = tuple((kind, value) for kind, value in snapshot["channels"])
        return cls(**{**snapshot, "address": tuple(snapshot["address"]), "channels": channels})

    def __str__(self) -> str:
        return f"{self.role} {self.name}".strip()


class Target(models.Model):
    """An official addressed by one notice, in order.

    From publication on the letter uses the snapshot: a new holder in the directory does not change a letter that was
    checked for the old one.
    """

    urgent_action = models.ForeignKey(UrgentAction, models.CASCADE, verbose_name=_("notice"), related_name="targets")
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    official = models.ForeignKey(Official, models.PROTECT, verbose_name=_("official"), related_name="targets")
    is_copy = models.BooleanField(_("gets a copy"), default=False, help_text=_("and is not the main addressee"))
    why = models.CharField(
        _("why this official"), max_length=200, blank=True, help_text=_("such as “can order his release”")
    )
    snapshot = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["urgent_action", "official"],
                name="target_once_a_notice",
                violation_error_message=_("This official is already a target of this notice."),
            )
        ]

    def __str__(self) -> str:
        return str(self.official)

    @property
    def slug(self) -> str:
        return self.official.slug

    @cached_property
    def addressee(self) -> Addressee:
        """As published; before that, as the directory has it now."""
        return Addressee.of(self.official) if self.snapshot is None else Addressee.stored(self.snapshot)

    @property
    def channels(self) -> list[ContactChannel]:
        """Those published that still work: one that fails goes from every page at once, a new one waits for staff."""
        published = self.addressee.channels
        return [
            channel
            for channel in self.official.channels.all()
            if channel.works and (channel.kind, channel.value) in published
        ]

    def take_snapshot(self) -> None:
        """Freeze the directory's present entry into this target; the caller saves."""
        self.snapshot = asdict(Addressee.of(self.official))
        self.__dict__.pop("addressee", None)
