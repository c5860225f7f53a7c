"""The panel above a notice: how it stands and what is in the way of publishing it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from cases import checks
from cases.deadlines import date_of_last_place
from cases.models import Addressee, ContactChannel, Target, UrgentAction
from cases.models.notice import OPEN_STATES

# Where on the change page of the notice a finding is put right.
PLACES = {
    "no-headline": "#id_headline",
    "no-issue-date": "#id_issued_on",
    "no-deadline": "#id_act_by",
    "deadline-passed": "#id_act_by",
    "deadline-near": "#id_act_by",
    "deadline-far": "#id_act_by",
    "no-text": "#texts-group",
    "no-target": "#targets-group",
    "no-letter": "#letters-group",
    "preferred-language-missing": "#letters-group",
    "unknown-placeholder": "#letters-group",
    "greeting-in-body": "#letters-group",
    "letter-too-long": "#letters-group",
    "email-too-long": "#letters-group",
    "post-too-long": "#letters-group",
}
LEVELS = {checks.Level.BLOCKS: _("Must be put right"), checks.Level.WARNS: _("Please look at")}


@dataclass(frozen=True)
class Line:
    """A finding as it is shown."""

    level: str
    blocks: bool
    message: str
    link: str


def loaded(pk: int) -> UrgentAction:
    """The notice with all that the checks ask for, in a fixed number of queries."""
    return (
        UrgentAction.objects.prefetched_for_letters()
        .prefetch_related("texts", "targets__official__salutations")
        .get(pk=pk)
    )


def findings(notice: UrgentAction) -> list[checks.Finding]:
    return checks.run(notice, date_of_last_place(timezone.now()))


def lines(notice: UrgentAction, found: list[checks.Finding]) -> list[Line]:
    return [
        Line(str(LEVELS[finding.level]), finding.blocks, finding.message, _link(notice, finding)) for finding in found
    ]


def _link(notice: UrgentAction, finding: checks.Finding) -> str:
    page = reverse("admin:cases_urgentaction_change", args=[notice.pk])
    if finding.code in PLACES:
        return page + PLACES[finding.code]
    if finding.code == "name-kept-back":
        return reverse("admin:cases_case_change", args=[notice.case_id]) + "#people-group"
    for target in notice.targets.all():  # what is wrong with an official is put right in the directory
        if finding.message.startswith(f"{target.official}: "):
            return directory_link(target)
    return page + ("#letters-group" if finding.code == "signs-not-printable" else "")


def directory_link(target: Target) -> str:
    return reverse("admin:cases_official_change", args=[target.official_id])


@dataclass(frozen=True)
class Change:
    """What the directory says otherwise than the notice as published."""

    target: Target
    published: list[str]
    directory: list[str]


def changes(notice: UrgentAction) -> list[Change]:
    """The targets for which the directory has changed since their addresses were taken."""
    return [
        Change(target, as_lines(target.addressee), as_lines(Addressee.of(target.official)))
        for target in notice.targets.all()
        if target.snapshot is not None and target.addressee != Addressee.of(target.official)
    ]


def as_lines(addressee: Addressee) -> list[str]:
    greetings = [f"{language}: {text}" for language, text in sorted(addressee.salutations.items())]
    channels = [f"{ContactChannel.Kind(kind).label}: {value}" for kind, value in addressee.channels]
    country = str(countries.name(addressee.country))
    lines = [str(addressee), addressee.institution, *addressee.address, country]
    return [line for line in lines if line] + channels + greetings


def context(pk: int) -> dict[str, Any]:
    """What the panel's template shows."""
    notice = loaded(pk)
    found = findings(notice)
    state = notice.state_if_newest() if notice.is_newest() else UrgentAction.State.SUPERSEDED
    return {
        "notice": notice,
        "lines": lines(notice, found),
        "blocking": sum(finding.blocks for finding in found),
        "warning": sum(not finding.blocks for finding in found),
        "state": state,
        "is_open": notice.is_public and state in OPEN_STATES,
        "changes": changes(notice) if notice.is_public else [],
        "officials": [(target, directory_link(target)) for target in notice.targets.all()],
    }
