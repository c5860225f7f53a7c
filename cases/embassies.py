"""Whom a reader writes to, by the country they write from: their own embassy in place of those elsewhere."""

from collections.abc import Iterable

from cases.models import Official, Target, UrgentAction
from cases.querysets import OfficialQuerySet


def officials_for(notice: UrgentAction, writing_from: str = "") -> list[Target]:
    """The targets of `notice` as somebody in `writing_from` (ISO 3166 alpha-2, or empty) should see them.

    An embassy of the directory that is accredited there comes as a copy; those accredited elsewhere are left out.
    Without a country, and where no embassy is known there, the targets stay as they were published.
    """
    targets = list(notice.targets.all())
    if not writing_from:
        return targets
    embassies = embassies_in(notice, writing_from, among=targets)
    if not embassies:
        return targets
    elsewhere = [target for target in targets if _is_embassy(target, notice) and target not in embassies]
    return [target for target in targets if target not in elsewhere and target not in embassies] + embassies


def embassies_in(notice: UrgentAction, country: str, among: Iterable[Target]) -> list[Target]:
    """Embassies of the case's country in `country`: the published targets among them, and the directory's."""
    published = [target for target in among if _is_embassy(target, notice) and target.official.accredited_to == country]
    known = {target.official_id for target in published}
    found = _embassies(notice).accredited_to(country).exclude(pk__in=known)
    return published + [_as_copy(notice, official) for official in found]


def find(notice: UrgentAction, slug: str) -> Target | None:
    """The target of `notice` with this short name, or the embassy that its readers may write to as well."""
    for target in notice.targets.all():
        if target.slug == slug:
            return target
    official = _embassies(notice).filter(slug=slug).first()
    return _as_copy(notice, official) if official else None


def _embassies(notice: UrgentAction) -> OfficialQuerySet:
    return Official.objects.embassies_of(str(notice.case.country)).prefetch_related("salutations", "channels")


def _as_copy(notice: UrgentAction, official: Official) -> Target:
    """A target that is in no table: an embassy belongs to no notice, and serves all about its country."""
    return Target(urgent_action=notice, official=official, is_copy=True)


def _is_embassy(target: Target, notice: UrgentAction) -> bool:
    return str(target.official.represents) == str(notice.case.country)
