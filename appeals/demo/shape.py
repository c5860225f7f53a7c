"""What a demonstration case is made of."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from appeals.models import Channel
from appeals.models.reports import Source
from cases.models import ContactChannel, Person, UrgentAction
from cases.models.case import Outcome
from cases.numbers import Number


@dataclass(frozen=True)
class DemoOfficial:
    slug: str
    role: str
    name: str
    institution: str
    address: tuple[str, ...]
    country: str
    salutations: Mapping[str, str]  # language tag -> greeting
    channels: tuple[tuple[ContactChannel.Kind, str, str], ...] = ()  # kind, value, note for staff
    represents: str = ""
    accredited_to: str = ""
    time_zone: str = ""
    office_hours: str = ""
    checked_on: datetime.date | None = None


@dataclass(frozen=True)
class DemoPerson:
    name: str
    role: str
    pronouns: str = ""
    kind: Person.Kind = Person.Kind.PERSON
    consent: str = ""  # empty: is not named in public


@dataclass(frozen=True)
class DemoText:
    language: str
    summary: str
    demands: tuple[str, ...]
    additional_information: str
    headline: str = ""  # empty: the notice's own


@dataclass(frozen=True)
class DemoLetter:
    language: str
    subject: str
    body: str
    short_email: str
    post_text: str
    call_script: str = ""


@dataclass(frozen=True)
class DemoNotice:
    headline: str
    issued_on: datetime.date
    act_by: datetime.date
    texts: tuple[DemoText, ...]
    letters: tuple[DemoLetter, ...]
    targets: tuple[tuple[DemoOfficial, str], ...]  # with the reason why this official
    index: str | None = None
    kind: UrgentAction.Kind = UrgentAction.Kind.FIRST
    preferred_languages: str = ""


@dataclass(frozen=True)
class DemoReport:
    """Invented appeals, `days` after the notice with this `sequence` was issued, to its targets at the places `to`."""

    days: int
    channel: Channel
    quantity: int
    to: tuple[int, ...] = ()
    country: str = ""
    group: str = ""
    source: Source = Source.SELF_REPORTED
    sequence: int = 1


@dataclass(frozen=True)
class DemoStop:
    on: datetime.date
    reason: str


@dataclass(frozen=True)
class DemoOutcome:
    outcome: Outcome
    on: datetime.date
    closed_on: datetime.date
    text: str


@dataclass(frozen=True)
class DemoCase:
    number: Number
    country: str
    topics: tuple[str, ...]
    people: tuple[DemoPerson, ...]
    notices: tuple[DemoNotice, ...]  # in their sequence
    reports: tuple[DemoReport, ...]
    notes: str
    is_fictional: bool = True
    ending: DemoStop | DemoOutcome | None = None


def prose(text: str, between: str = " ") -> str:
    """`text` with each paragraph on one line; `between` joins the lines it was wrapped in: nothing in Chinese."""
    return "\n\n".join(
        between.join(line.strip() for line in block.splitlines()) for block in text.strip().split("\n\n")
    )


def in_words(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
