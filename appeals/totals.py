"""The running sums of counted reports. They equal the sum of the reports at all times."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals.models import ActionReport, Channel, DailyTotal
from cases.models import Addressee, Case, Target, UrgentAction

FEWEST_OF_A_COUNTRY = 5  # submissions; fewer could point at the one person who wrote from there

METHOD = gettext_lazy(
    "People and groups tell us what they did; we add up what they report and cannot check each letter. "
    "Large numbers are looked at before they are added. "
    "Countries that fewer than five reports came from are shown together."
)

_KEY = ("urgent_action_id", "target_id", "channel", "country", "day", "source")


def add(report: ActionReport) -> None:
    """Count a report; in the transaction that made it counted."""
    key = _key(report)
    if _move(key, report.quantity, 1):
        return
    try:
        with transaction.atomic():
            DailyTotal.objects.create(**key, quantity=report.quantity, reports=1)
    except IntegrityError:  # another report made the row between the two statements
        _move(key, report.quantity, 1)


def take_away(report: ActionReport) -> None:
    """Uncount a report; in the transaction that takes it out of the counted ones."""
    _move(_key(report), -report.quantity, -1)


def _key(report: ActionReport) -> dict[str, Any]:
    return {
        "urgent_action_id": report.urgent_action_id,
        "target_id": report.target_id,
        "channel": report.channel,
        "country": str(report.country),
        "day": report.day,
        "source": report.source,
    }


def _move(key: dict[str, Any], quantity: int, reports: int) -> int:
    rows = DailyTotal.objects.filter(**{name: value for name, value in key.items() if name != "target_id"})
    rows = rows.filter(target_id=key["target_id"]) if key["target_id"] else rows.filter(target__isnull=True)
    return rows.update(quantity=F("quantity") + quantity, reports=F("reports") + reports)


@dataclass(frozen=True)
class SoFar:
    """The figures that stand on every page of a case."""

    by_channel: list[tuple[str, int]]  # value, appeals; only channels that were used
    countries: int


def so_far(case: Case) -> SoFar:
    """The same figures as `of_case` gives, by one query."""
    channels: Counter[str] = Counter()
    countries: set[str] = set()
    rows = DailyTotal.objects.of_case(case).filter(quantity__gt=0).values_list("channel", "country")
    for channel, country, appeals in rows.annotate(appeals=Sum("quantity")).order_by():
        channels[channel] += appeals
        countries |= {country} - {""}
    used = [(channel.value, channels[channel.value]) for channel in Channel if channels[channel.value]]
    return SoFar(by_channel=used, countries=len(countries))


@dataclass(frozen=True)
class Totals:
    """Reported appeals of a whole case. Each list of parts sums to `quantity`."""

    quantity: int
    reports: int
    by_channel: list[tuple[str, str, int]]  # value, label, appeals
    by_country: list[tuple[str, int]]  # ISO code, or "" for all that are not told apart
    by_target: list[tuple[str, int]]
    countries: int
    last_day: datetime.date | None
    held: int
    method: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "total": self.quantity,
            "reports": self.reports,
            "channels": {value: count for value, _label, count in self.by_channel},
            "countries": {code or "other": count for code, count in self.by_country},
            "country_count": self.countries,
            "last_day": self.last_day.isoformat() if self.last_day else None,
        }


def of_case(case: Case) -> Totals:
    """The totals over the whole chain of a case's notices."""
    rows = list(
        DailyTotal.objects.of_case(case)
        .filter(quantity__gt=0)
        .values("channel", "country", "target")
        .annotate(appeals=Sum("quantity"), told=Sum("reports"), last=models.Max("day"))
        .order_by()
    )
    public = UrgentAction.objects.public()  # whom a withdrawn notice addressed is not said any more
    channels: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    addressees: Counter[str] = Counter()
    targets = Target.objects.filter(urgent_action__case=case, urgent_action__in=public).in_bulk()
    for row in rows:
        channels[row["channel"]] += row["appeals"]
        countries[row["country"]] += row["appeals"]
        target = targets.get(row["target"])
        addressees[_label(target.addressee) if target else _("not said")] += row["appeals"]
    return Totals(
        quantity=sum(channels.values()),
        reports=sum(row["told"] for row in rows),
        by_channel=[(channel.value, str(channel.label), channels[channel.value]) for channel in Channel],
        by_country=_folded(countries, _reporters(case)),
        by_target=addressees.most_common(),
        countries=len([code for code in countries if code]),
        last_day=max((row["last"] for row in rows), default=None),
        held=ActionReport.objects.held().filter(urgent_action__case=case).count(),
        method=str(METHOD),
    )


def _label(addressee: Addressee) -> str:
    """As published: who followed in the office did not get these letters."""
    return str(addressee) if addressee.name else ", ".join(filter(None, (addressee.role, addressee.institution)))


def _reporters(case: Case) -> dict[str, int]:
    """How many submissions there were from each country: one person's letters to five officials are one."""
    rows = ActionReport.objects.counted().filter(urgent_action__case=case).values_list("country").order_by()
    return dict(rows.annotate(submissions=Count("idempotency_key", distinct=True)))


def _folded(countries: Counter[str], reporters: dict[str, int]) -> list[tuple[str, int]]:
    """Countries by name that at least five reported from; the rest, and those who did not say, as one."""
    enough = {code for code, count in reporters.items() if code and count >= FEWEST_OF_A_COUNTRY}
    told = sorted((code, count) for code, count in countries.items() if code in enough)
    rest = sum(countries.values()) - sum(count for _code, count in told)
    return [*told, ("", rest)] if rest else told


def _sums_of_reports() -> dict[tuple[Any, ...], tuple[int, int]]:
    rows = ActionReport.objects.counted().values(*_KEY).annotate(appeals=Sum("quantity"), told=Count("pk")).order_by()
    return {tuple(row[name] for name in _KEY): (row["appeals"], row["told"]) for row in rows}


def _stored_sums() -> dict[tuple[Any, ...], tuple[int, int]]:
    rows = DailyTotal.objects.exclude(Q(quantity=0) & Q(reports=0)).values(*_KEY, "quantity", "reports")
    return {tuple(row[name] for name in _KEY): (row["quantity"], row["reports"]) for row in rows}


def differences() -> list[str]:
    """Where the running sums and the counted reports disagree; empty when all is well."""
    counted, stored = _sums_of_reports(), _stored_sums()
    return [
        f"{dict(zip(_KEY, key, strict=True))}: reports {counted.get(key, (0, 0))}, totals {stored.get(key, (0, 0))}"
        for key in sorted(counted.keys() | stored.keys(), key=str)
        if counted.get(key) != stored.get(key)
    ]


def rebuild() -> list[str]:
    """Make the running sums anew from the reports. Returns what was wrong before."""
    with transaction.atomic():
        wrong = differences()
        if wrong:
            DailyTotal.objects.all().delete()
            DailyTotal.objects.bulk_create(
                DailyTotal(**dict(zip(_KEY, key, strict=True)), quantity=appeals, reports=told)
                for key, (appeals, told) in _sums_of_reports().items()
            )
    return wrong
