"""How a finished letter reaches its official: only by the ways that this official has."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import format_time
from django.utils.translation import get_language

from appeals.letters import Letter
from cases import short_texts
from cases.models import ContactChannel, CountryAdvice, LetterText, Target

SHEET_GRAMS = ENVELOPE_GRAMS = 5  # A4 of 80 g/m2; a DL or #10 envelope weighs about as much
POSTAGE_HOLDS = datetime.timedelta(days=365)

# Where letters are written on US Letter (CLDR, paperSize); all others use A4.
US_LETTER = frozenset(("BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"))


@dataclass(frozen=True)
class Post:
    lines: tuple[str, ...]
    days: int | None
    grams: int  # 0 where the number of pages is not known yet
    postal_operator: str
    postage_url: str


@dataclass(frozen=True)
class Email:
    template: ClassVar = "appeals/_by_email.html"
    channel: ContactChannel
    subject: str
    text: str
    has_text_in_link: bool  # too long a text is copied by hand
    mailto: str
    gmail: str
    outlook: str


@dataclass(frozen=True)
class Call:
    template: ClassVar = "appeals/_by_phone.html"
    channel: ContactChannel
    link: str
    script: str
    time_there: str  # empty where the time zone is not known
    office_hours: str


@dataclass(frozen=True)
class Fax:
    template: ClassVar = "appeals/_by_fax.html"
    channel: ContactChannel


@dataclass(frozen=True)
class NetworkPost:
    template: ClassVar = "appeals/_by_network_post.html"
    channel: ContactChannel
    text: str
    length: int
    intent: str


def by_post(
    letter: Letter, pages: int, there: CountryAdvice | None, home: CountryAdvice | None, today: datetime.date
) -> Post:
    """`there` is the advice for the official's country, `home` that for the writer's."""
    has_postage = bool(
        home
        and home.postage_url
        and home.postage_checked_on is not None
        and today - home.postage_checked_on <= POSTAGE_HOLDS
    )
    return Post(
        lines=letter.addressee,
        days=there.days_by_post if there else None,
        grams=pages * SHEET_GRAMS + ENVELOPE_GRAMS if pages else 0,
        postal_operator=home.postal_operator if home and has_postage else "",
        postage_url=home.postage_url if home and has_postage else "",
    )


def by_email(channel: ContactChannel, letter: Letter, text: LetterText) -> Email:
    """The short text where there is one, else the whole letter, into the reader's own mail program."""
    words = text.short_email.strip() or "\n\n".join(letter.paragraphs)
    whole = "\n\n".join((letter.salutation, words, "\n".join(letter.closing))) + "\n\n"
    link = mail_link(channel.value, letter.subject, whole)
    fits = len(link) <= short_texts.LONGEST_MAIL_LINK
    body = {"body": whole.replace("\n", "\r\n")} if fits else {}
    return Email(
        channel=channel,
        subject=letter.subject,
        text=whole.strip() + "\n",
        has_text_in_link=fits,
        mailto=link if fits else mail_link(channel.value, letter.subject),
        gmail=_link(
            "https://mail.google.com/mail/",
            {"view": "cm", "fs": "1", "to": channel.value, "su": letter.subject, **body},
        ),
        outlook=_link(
            "https://outlook.live.com/mail/0/deeplink/compose",
            {"to": channel.value, "subject": letter.subject, **body},
        ),
    )


def _link(address: str, parts: dict[str, str]) -> str:
    """Spaces as %20: Outlook shows a plus as a plus."""
    return f"{address}?{urlencode(parts, quote_via=quote)}"


def mail_link(address: str, subject: str, text: str = "") -> str:
    """A mailto address. An empty part is left out: with an empty subject Outlook loses the text as well."""
    parts = [
        f"{name}={short_texts.in_mail_link(part)}" for name, part in (("subject", subject), ("body", text)) if part
    ]
    to = short_texts.in_mail_link(address).replace("%40", "@")
    return "?".join(part for part in (f"mailto:{to}", "&".join(parts)) if part)


def by_phone(channel: ContactChannel, text: LetterText, now: datetime.datetime) -> Call:
    official = channel.official
    zone = time_zone(official.time_zone, str(official.country))
    language = (get_language() or "en").replace("-", "_")
    return Call(
        channel=channel,
        link=channel.link,
        script=text.call_script.strip(),
        time_there=format_time(now, "short", tzinfo=ZoneInfo(zone), locale=language) if zone else "",
        office_hours=official.office_hours,
    )


def time_zone(stated: str, country: str) -> str:
    """The zone that staff entered; without one that of the country, where it has only one."""
    zones: Sequence[str] = get_global("territory_zones").get(country, ())
    return stated or (zones[0] if len(zones) == 1 else "")


def by_network_post(channel: ContactChannel, text: LetterText, page: str) -> NetworkPost:
    """`page` is the address of the case."""
    words = text.post_text.strip()
    if not re.search(rf"{re.escape(channel.value)}(?!\w)", words, re.IGNORECASE):
        words = f"{words} {channel.value}".strip()
    return NetworkPost(
        channel=channel,
        text=f"{words} {page}",
        length=short_texts.post_length(words, has_link=True),
        intent=_link("https://x.com/intent/post", {"text": words, "url": page}),
    )


def ways(
    target: Target, letter: Letter, text: LetterText, page: str, now: datetime.datetime
) -> list[Email | Call | Fax | NetworkPost]:
    """Every way but post, in the order in which staff entered the channels."""
    found: list[Email | Call | Fax | NetworkPost] = []
    for channel in target.channels:
        channel.official = target.official
        if channel.kind == ContactChannel.Kind.EMAIL:
            found.append(by_email(channel, letter, text))
        elif channel.kind == ContactChannel.Kind.PHONE:
            found.append(by_phone(channel, text, now))
        elif channel.kind == ContactChannel.Kind.FAX:
            found.append(Fax(channel))
        elif text.post_text.strip():
            found.append(by_network_post(channel, text, page))
    return found
