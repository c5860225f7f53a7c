"""The running sums equal the reports, and their parts sum to the whole."""

import csv
import datetime
import io
import re
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appeals import reports, totals
from appeals.models import ActionReport, DailyTotal
from appeals.models.reports import Source
from appeals.reports import Action
from cases import publishing
from cases.models import Target, UrgentAction
from tests.factories import make_case, make_notice, make_official, make_published, today


def report(notice: UrgentAction, quantity: int, **fields: Any) -> ActionReport:
    key = uuid.uuid4()
    values = {"channel": "post", "quantity": quantity, "day": today(), **fields}
    assert reports.record(notice, Action(**values), key)
    return ActionReport.objects.filter(idempotency_key=key).order_by("line")[0]


def parts(found: totals.Totals) -> tuple[int, int, int]:
    return (
        sum(count for _value, _label, count in found.by_channel),
        sum(count for _code, count in found.by_country),
        sum(count for _official, count in found.by_target),
    )


@pytest.mark.django_db
def test_case_without_reports_has_totals_of_nothing() -> None:
    found = totals.of_case(make_published().case)
    assert (found.quantity, found.reports, parts(found), found.by_country) == (0, 0, (0, 0, 0), [])
    assert (found.countries, found.last_day, found.held) == (0, None, 0)


@pytest.mark.django_db
def test_parts_sum_to_the_whole_over_the_chain_of_notices() -> None:
    first = make_published(officials=2)
    yesterday = today() - datetime.timedelta(days=1)
    report(first, 5, targets=list(first.targets.all()), country="DE", day=yesterday)
    second = make_notice(first.case, sequence=2, kind="update")
    publishing.publish(second, by=None)
    for quantity in (1, 1, 1, 1, 3):
        report(second, quantity, channel="email", country="FR")
    report(second, 2, channel="fax", country="PT")
    report(second, 90)  # held
    report(make_published(), 11, country="DE")  # another case

    found = totals.of_case(first.case)

    assert (found.quantity, found.reports, found.held, found.last_day) == (19, 8, 1, today())
    assert parts(found) == (19, 19, 19)
    so_far = totals.so_far(first.case)
    assert (so_far.by_channel, so_far.countries) == ([("post", 10), ("email", 7), ("fax", 2)], found.countries)
    assert (found.by_country, found.countries) == ([("FR", 7), ("", 12)], 3)
    assert found.as_json() == {
        "total": 19,
        "reports": 8,
        "channels": {"post": 10, "email": 7, "call": 0, "fax": 2, "network": 0, "other": 0},
        "countries": {"FR": 7, "other": 12},
        "country_count": 3,
        "last_day": today().isoformat(),
    }


@pytest.mark.django_db
def test_countries_that_fewer_than_five_reports_came_from_are_shown_together() -> None:
    notice = make_published(officials=5)
    for _number in range(5):
        report(notice, 2, country="DE")
    for _number in range(4):
        report(notice, 3, country="FR")
    report(notice, 1, targets=list(notice.targets.all()), country="PT")  # one person, five letters
    report(notice, 1)
    assert totals.of_case(notice.case).by_country == [("DE", 10), ("", 18)]


@pytest.mark.django_db
def test_official_keeps_in_the_totals_the_name_to_which_people_wrote() -> None:
    notice = make_published()
    target = notice.targets.get()
    written_to = str(target.addressee)
    report(notice, 3, targets=[target])
    target.official.name = "The Successor"
    target.official.save()
    assert totals.of_case(notice.case).by_target == [(written_to, 3)]


@pytest.mark.django_db
def test_two_officials_without_a_name_in_the_directory_are_told_apart() -> None:
    notice = make_notice()
    notice.targets.all().delete()
    offices = [make_official(role="Ambassador", name="", institution=f"Embassy in {city}") for city in ("Rome", "Bern")]
    for order, office in enumerate(offices, start=1):
        Target.objects.create(urgent_action=notice, official=office, order=order)
    publishing.publish(notice, by=None)
    for quantity, target in enumerate(notice.targets.all(), start=2):
        report(notice, quantity, targets=[target])
    assert sorted(count for _official, count in totals.of_case(notice.case).by_target) == [2, 3]


@pytest.mark.django_db
def test_figures_cost_the_same_queries_for_one_report_and_for_three() -> None:
    notice = make_published(officials=3)
    case, targets = notice.case, list(notice.targets.all())
    report(notice, 1, targets=targets[:1])
    with CaptureQueriesContext(connection) as one:
        totals.of_case(case)
    report(notice, 1, targets=targets, country="DE")
    with CaptureQueriesContext(connection) as three:
        totals.of_case(case)
    assert len(one) == len(three) <= 4


@pytest.mark.django_db
def test_sums_are_kept_apart_by_everything_that_is_asked_for() -> None:
    notice = make_published(officials=2)
    one, other = notice.targets.all()
    yesterday = today() - datetime.timedelta(days=1)
    kinds: list[dict[str, Any]] = [
        {},
        {"targets": [one]},
        {"targets": [other]},
        {"channel": "fax"},
        {"country": "DE"},
        {"day": yesterday},
        {"source": Source.STAFF_ENTERED},
    ]
    for kind in kinds * 2:
        report(notice, 3, **kind)

    assert list(DailyTotal.objects.values_list("quantity", "reports")) == [(6, 2)] * len(kinds)
    assert totals.differences() == []


def _raise(row: DailyTotal) -> None:
    DailyTotal.objects.filter(pk=row.pk).update(quantity=99)


def _miscount(row: DailyTotal) -> None:
    DailyTotal.objects.filter(pk=row.pk).update(reports=7)


def _delete(row: DailyTotal) -> None:
    row.delete()


def _invent(row: DailyTotal) -> None:
    row.pk, row.channel = None, "call"
    row.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("corrupt", [_raise, _miscount, _delete, _invent])
def test_rebuilding_tells_what_was_wrong_and_mends_it(corrupt: Any) -> None:
    notice = make_published(officials=2)
    report(notice, 4, targets=list(notice.targets.all()), country="DE")
    reports.change_state(report(notice, 5), ActionReport.State.WITHDRAWN)
    right = totals.of_case(notice.case)
    assert totals.rebuild() == []

    corrupt(DailyTotal.objects.order_by("pk")[0])

    assert totals.of_case(notice.case) != right
    found = totals.differences()
    assert len(found) == 1
    assert (totals.rebuild(), totals.differences(), totals.rebuild()) == (found, [], [])
    assert totals.of_case(notice.case) == right


@pytest.mark.django_db
def test_rebuilding_without_a_difference_touches_nothing() -> None:
    report(make_published(), 4)
    before = list(DailyTotal.objects.values())
    assert totals.rebuild() == []
    assert list(DailyTotal.objects.values()) == before


@pytest.mark.django_db
def test_sum_that_was_emptied_again_is_no_difference() -> None:
    notice = make_published()
    reports.change_state(report(notice, 5, country="DE"), ActionReport.State.WITHDRAWN)
    assert totals.differences() == []
    assert totals.of_case(notice.case).by_country == []
    assert totals.of_case(notice.case).countries == 0


@pytest.mark.django_db
@pytest.mark.parametrize("officials", [0, 1])
def test_database_itself_refuses_a_second_sum_of_the_same(officials: int) -> None:
    notice = make_published()
    report(notice, 4, targets=list(notice.targets.all())[:officials])
    row = DailyTotal.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    assert DailyTotal.objects.count() == 1


@pytest.mark.django_db
def test_database_itself_refuses_a_sum_below_nothing() -> None:
    report(make_published(), 4)
    with pytest.raises(IntegrityError), transaction.atomic():
        DailyTotal.objects.update(quantity=-1)
    assert DailyTotal.objects.get().quantity == 4


@pytest.mark.django_db
def test_draft_case_has_no_totals_of_others() -> None:
    report(make_published(), 4)
    assert totals.of_case(make_case()).quantity == 0


@pytest.mark.django_db
def test_totals_as_page_json_and_csv_say_the_same(client: Client) -> None:
    notice = make_published(make_case(number=63))
    report(notice, 1200, source=Source.STAFF_ENTERED)
    for quantity in (1, 1, 1, 1, 3):
        report(notice, quantity, country="DE", channel="email")
    report(notice, 90)  # held

    figures = client.get("/cases/ua-63-20/totals.json").json()
    method = figures.pop("method")
    assert figures == {"case": "ua-63-20", **totals.of_case(notice.case).as_json()}
    assert figures["total"] == sum(figures["channels"].values()) == sum(figures["countries"].values()) == 1207
    response = client.get("/cases/ua-63-20/totals.csv")
    assert response["Content-Disposition"] == 'attachment; filename="UA-63-20-totals.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert rows[:2] == [["part", "value", "appeals"], ["total", "", "1207"]]
    assert rows[2:8] == [["channel", name, str(count)] for name, count in figures["channels"].items()]
    assert rows[8:] == [["country", "DE", "7"], ["country", "other", "1200"]]
    page = client.get("/cases/ua-63-20/totals/").content.decode()
    assert (
        bool(re.search("<strong>1,?207</strong>", page)),
        method in page,
        "1 report is being looked at" in page,
    ) == (True, True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["totals/", "totals.json", "totals.csv"])
def test_draft_has_no_totals_to_see(client: Client, name: str) -> None:
    notice = make_notice()
    assert client.get(f"/cases/{notice.case.ua_number.slug}/{name}").status_code == 404
