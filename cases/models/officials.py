"""The directory: offices and their present holders, how to reach and how to greet them."""

from collections.abc import Callable
from urllib.parse import quote
from zoneinfo import available_timezones

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator, validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries
from django_countries.fields import CountryField

from cases import languages, plain_text, printable
from cases.querysets import OfficialQuerySet


def _time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone. Write one such as Asia/Shanghai."), params={"name": name})


def _refuse_unprintable(row: models.Model, *fields: str) -> None:
    """What stands in the directory is printed without a further look: an embassy is in no notice that is checked."""
    wrong = {}
    for field in fields:
        signs = printable.missing(getattr(row, field))
        if signs:
            named = ", ".join(map(printable.named, signs[:5]))
            wrong[field] = _("Our fonts cannot print %(signs)s. Write it in another way.") % {"signs": named}
    if wrong:
        raise ValidationError(wrong)


class Official(models.Model):
    """An office and who holds it now."""

    role = models.CharField(_("title"), max_length=120, help_text=_("Director, Ambassador, Minister of Justice"))
    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("as this official writes it"))
    institution = models.CharField(_("institution"), max_length=200, blank=True)
    address = models.TextField(_("address"), blank=True, help_text=_("line by line, without the country"))
    country = CountryField(
        _("country of the office"), help_text=_("where letters go: for an embassy, its host country")
    )
    represents = CountryField(
        _("represents"),
        blank=True,
        help_text=_(
            "of an embassy: the country that it represents. It is then offered beside every case about that country."
        ),
    )
    accredited_to = CountryField(
        _("accredited to"), blank=True, help_text=_("of an embassy: the country whose people write to it")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        blank=True,
        validators=[_time_zone],
        help_text=_("such as America/New_York; who calls is told how late it is there"),
    )
    office_hours = models.CharField(_("office hours"), max_length=60, blank=True, help_text=_("Mon–Fri 9:00–17:00"))
    address_checked_on = models.DateField(_("address last checked"), null=True, blank=True)
    slug = models.SlugField(
        _("short name"),
        max_length=80,
        unique=True,
        help_text=_("part of addresses and file names: director-wang-jiang"),
    )

    objects = OfficialQuerySet.as_manager()

    class Meta:
        verbose_name = _("official")
        verbose_name_plural = _("officials")
        ordering = ["country", "role", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(represents="") | ~models.Q(accredited_to=""),
                name="embassy_says_where_it_is_accredited",
                violation_error_message=_("Say which country the embassy is accredited to."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.name}".strip()

    def clean(self) -> None:
        _refuse_unprintable(self, "role", "name", "institution", "address")

    @property
    def address_lines(self) -> list[str]:
        return plain_text.lines(self.address)


class ContactChannel(models.Model):
    """A way to reach an official other than by post, which is the address itself."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("Email")
        PHONE = "phone", _("Phone")
        FAX = "fax", _("Fax")
        HANDLE = "handle", pgettext_lazy("on a social network", "Network")

    official = models.ForeignKey(Official, models.CASCADE, verbose_name=_("official"), related_name="channels")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    value = models.CharField(
        _("address or number"), max_length=254, help_text=_("numbers with country code: +1 202 495 2266")
    )
    checked_on = models.DateField(_("last checked"), null=True, blank=True)
    works = models.BooleanField(_("works"), default=True, help_text=_("Only channels that work are shown."))
    note = models.CharField(_("note for staff"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["official", "kind", "value"],
                name="channel_once_an_official",
                violation_error_message=_("This channel is already there."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"

    @property
    def link(self) -> str:
        """What opens this channel on the reader's own device; empty where that would call another host."""
        if self.kind == self.Kind.EMAIL:
            return f"mailto:{quote(self.value, safe='@')}"
        return f"tel:{self.e164}" if self.kind == self.Kind.PHONE and self.e164 else ""

    @property
    def e164(self) -> str:
        """The number as telephones dial it from anywhere: +12024952266. Empty where it is none: a page shows it yet."""
        try:
            number = phonenumbers.parse(self.value, str(self.official.country))
        except phonenumbers.NumberParseException:
            return ""
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def clean(self) -> None:
        checks: dict[str, Callable[[str], None]] = {
            self.Kind.EMAIL: validate_email,
            self.Kind.PHONE: self._check_number,
            self.Kind.FAX: self._check_number,
            self.Kind.HANDLE: RegexValidator(r"^@\w{1,30}$", _("Write a name such as @example.")),
        }
        check = checks.get(self.kind)
        if check is not None and self.value:
            try:
                check(self.value)
            except ValidationError as error:
                raise ValidationError({"value": error.messages}) from error

    def _check_number(self, value: str) -> None:
        """Raise ValidationError for what nobody can dial; a valid one is kept in the international way of writing.

        A number without country code is one of the country where the office is, not of the country of the case.
        """
        country = str(self.official.country) if self.official_id or hasattr(self, "official") else None
        try:
            number = phonenumbers.parse(value, country)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(_("Write the number with its country code: +1 202 495 2266."))
        if not value.strip().startswith("+"):
            self.value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class Salutation(models.Model):
    """How to begin a letter to this official in a language; stored as it is used, never made from a name."""

    official = models.ForeignKey(Official, models.CASCADE, verbose_name=_("official"), related_name="salutations")
    language = models.CharField(_("language"), max_length=12, choices=languages.choices)
    text = models.CharField(_("greeting"), max_length=120, help_text=_("with its comma: Dear Director Wang,"))

    class Meta:
        verbose_name = _("salutation")
        verbose_name_plural = _("salutations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["official", "language"],
                name="salutation_once_a_language",
                violation_error_message=_("There is already a greeting in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        _refuse_unprintable(self, "text")


class CountryAdvice(models.Model):
    """What a writer should know before writing to a country."""

    country = CountryField(_("country"), unique=True)
    risk = models.TextField(
        _("risk"),
        blank=True,
        help_text=_("For people who live there or have family there. Plain text, shown on pages."),
    )
    post_suspended = models.CharField(
        _("post suspended"), max_length=200, blank=True, help_text=_("empty while post is delivered; else what to do")
    )
    days_by_post = models.PositiveSmallIntegerField(_("days by post"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"))
    postal_operator = models.CharField(
        _("postal operator"), max_length=60, blank=True, help_text=_("of this country, for people who write from here")
    )
    postage_url = models.URLField(
        _("page with its postage"),
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("shown for twelve months after it was checked; prices change, so none is written here"),
    )
    postage_checked_on = models.DateField(_("postage page checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("advice for a country")
        verbose_name_plural = _("advice by country")
        ordering = ["country"]

    def __str__(self) -> str:
        return str(countries.name(self.country))
