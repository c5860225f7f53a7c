"""What supporters report is kept, and counted once."""

import datetime
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from appeals import reports, totals
from appeals.models import ActionReport, DailyTotal
from appeals.models.reports import Source
from appeals.reports import Action
from cases import publishing
from cases.models import UrgentAction
from cases.models.case import Outcome
from tests.factories import make_case, make_notice, make_published, today

State = ActionReport.State


def post(quantity: int = 1, **fields: Any) -> Action:
    return Action(**{"channel": "post", "quantity": quantity, "day": today(), **fields})


def lines() -> list[tuple[int, str, int]]:
    return list(ActionReport.objects.order_by("line").values_list("line", "state", "quantity"))


def total(notice: UrgentAction) -> tuple[int, int]:
    """Appeals and reports, once the running sums were found to agree with the reports."""
    assert totals.differences() == []
    found = totals.of_case(notice.case)
    return found.quantity, found.reports


@pytest.mark.django_db
def test_report_to_nobody_named_is_one_line() -> None:
    notice = make_published()

    assert reports.record(notice, post(3, country="DE", group="Class 7b"), uuid.uuid4()) is True

    report = ActionReport.objects.get()
    assert (report.target, str(report.country), report.group, report.source) == (None, "DE", "Class 7b", "self")
    assert (lines(), total(notice)) == ([(1, "counted", 3)], (3, 1))


@pytest.mark.django_db
def test_report_to_several_officials_counts_for_each() -> None:
    notice = make_published(officials=2)
    targets = list(notice.targets.all())

    reports.record(notice, post(3, targets=targets), uuid.uuid4())

    assert (lines(), total(notice)) == ([(1, "counted", 3), (2, "counted", 3)], (6, 2))
    assert set(DailyTotal.objects.values_list("target", "quantity")) == {(target.pk, 3) for target in targets}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quantity", "source", "state", "counted"),
    [
        (50, Source.SELF_REPORTED, "counted", (50, 1)),
        (51, Source.SELF_REPORTED, "held", (0, 0)),
        (51, Source.STAFF_ENTERED, "counted", (51, 1)),
    ],
)
def test_large_number_is_held_unless_staff_entered_it(
    quantity: int, source: Source, state: str, counted: tuple[int, int]
) -> None:
    notice = make_published()

    reports.record(notice, post(quantity, source=source), uuid.uuid4())

    assert (lines(), total(notice)) == ([(1, state, quantity)], counted)
    assert totals.of_case(notice.case).held == (state == "held")


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 1), (2, 2)])
def test_second_submission_with_the_same_token_counts_once(first: int, second: int) -> None:
    notice = make_published(officials=2)
    targets, key = list(notice.targets.all()), uuid.uuid4()

    assert reports.record(notice, post(2, targets=targets[:first]), key) is True
    assert reports.record(notice, post(9, channel="fax", targets=targets[:second]), key) is False

    assert lines() == [(line, "counted", 2) for line in range(1, first + 1)]
    assert total(notice) == (2 * first, first)


@pytest.mark.django_db
def test_another_token_counts_again() -> None:
    notice = make_published()
    reports.record(notice, post(2), uuid.uuid4())
    reports.record(notice, post(2), uuid.uuid4())
    assert total(notice) == (4, 2)


@pytest.mark.django_db
def test_error_that_is_no_repetition_is_not_swallowed() -> None:
    notice = make_published()
    with pytest.raises(IntegrityError):
        reports.record(notice, post(0), uuid.uuid4())
    assert lines() == []


def _at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What `act` returned or raised in each of so many threads that began together."""
    start, answers = threading.Barrier(count), []

    def work(number: int) -> None:
        start.wait()
        try:
            answers.append(act(number))
        except Exception as error:
            answers.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_the_same_token_twenty_times_at_once_counts_once() -> None:
    notice, key = make_published(officials=2), uuid.uuid4()
    targets = list(notice.targets.all())

    answers = _at_once(20, lambda _number: reports.record(notice, post(3, targets=targets), key))

    assert sorted(answers) == [False] * 19 + [True]
    assert (lines(), total(notice)) == ([(1, "counted", 3), (2, "counted", 3)], (6, 2))


@pytest.mark.django_db(transaction=True)
def test_twenty_reports_to_one_sum_at_once_are_all_counted() -> None:
    notice = make_published()

    answers = _at_once(20, lambda number: reports.record(notice, post(number + 1), uuid.uuid4()))

    assert answers == [True] * 20
    assert DailyTotal.objects.count() == 1
    assert total(notice) == (sum(range(1, 21)), 20)


@pytest.mark.django_db(transaction=True)
def test_reports_and_undoings_to_the_same_officials_at_once_do_not_block_each_other() -> None:
    """Each locks several sums: in one order, or two of them wait for each other until the database kills one."""
    notice = make_published(officials=3)
    forwards = list(notice.targets.all())
    keys = [uuid.uuid4() for _number in range(10)]
    for key in keys:
        reports.record(notice, post(2, targets=forwards), key)

    def act(number: int) -> Any:
        if number % 2:
            return reports.undo(keys[number // 2], timezone.now())
        return reports.record(notice, post(1, targets=forwards if number % 4 else forwards[::-1]), uuid.uuid4())

    answers = _at_once(20, act)

    assert sorted(answers, key=str) == [3] * 10 + [True] * 10
    assert total(notice) == (30, 30)


@pytest.mark.django_db(transaction=True)
def test_undo_ten_times_at_once_takes_away_once() -> None:
    notice, key = make_published(), uuid.uuid4()
    reports.record(notice, post(5), uuid.uuid4())
    reports.record(notice, post(7), key)

    answers = _at_once(10, lambda _number: reports.undo(key, timezone.now()))

    assert sorted(answers) == [0] * 9 + [1]
    assert total(notice) == (5, 1)


@pytest.mark.django_db
def test_undo_takes_back_all_lines_and_a_second_one_nothing() -> None:
    notice, key = make_published(officials=2), uuid.uuid4()
    reports.record(notice, post(4), uuid.uuid4())
    reports.record(notice, post(4, targets=list(notice.targets.all())), key)

    assert reports.undo(key, timezone.now()) == 2
    assert total(notice) == (4, 1)
    assert reports.undo(key, timezone.now()) == 0
    assert reports.undo(uuid.uuid4(), timezone.now()) == 0
    assert total(notice) == (4, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "undone"), [(23.9, 1), (24.1, 0)])
def test_undo_is_possible_for_a_day(hours: float, undone: int) -> None:
    notice, key = make_published(), uuid.uuid4()
    reports.record(notice, post(4), key)

    assert reports.undo(key, timezone.now() + datetime.timedelta(hours=hours)) == undone
    assert total(notice) == (4 - 4 * undone, 1 - undone)


@pytest.mark.django_db
def test_undo_of_a_rejected_report_changes_nothing() -> None:
    notice, key = make_published(), uuid.uuid4()
    reports.record(notice, post(60), key)
    reports.change_state(ActionReport.objects.get(), State.REJECTED)

    assert (reports.undo(key, timezone.now()), lines()) == (0, [(1, "rejected", 60)])


@pytest.mark.django_db
def test_each_change_of_state_moves_the_total_once() -> None:
    notice = make_published()
    reports.record(notice, post(60), uuid.uuid4())
    report = ActionReport.objects.get()

    for state, changed, expected in (
        (State.COUNTED, True, (60, 1)),
        (State.COUNTED, False, (60, 1)),
        (State.HELD, True, (0, 0)),
        (State.HELD, False, (0, 0)),
        (State.REJECTED, True, (0, 0)),
        (State.COUNTED, True, (60, 1)),
        (State.REJECTED, True, (0, 0)),
    ):
        assert (reports.change_state(report, state), total(notice)) == (changed, expected)


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [0, -1, None])
def test_database_itself_refuses_a_report_of_nothing(quantity: int | None) -> None:
    reports.record(make_published(), post(4), uuid.uuid4())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE appeals_actionreport SET quantity = %s", [quantity])
    assert lines() == [(1, "counted", 4)]


@pytest.mark.django_db
def test_database_itself_refuses_a_line_twice() -> None:
    notice = make_published()
    reports.record(notice, post(4), uuid.uuid4())
    reports.record(notice, post(5), uuid.uuid4())
    first, second = ActionReport.objects.order_by("pk")
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionReport.objects.filter(pk=second.pk).update(idempotency_key=first.idempotency_key)
    assert total(notice) == (9, 2)


@pytest.mark.django_db
def test_case_with_reports_cannot_be_deleted() -> None:
    notice = make_published()
    reports.record(notice, post(4), uuid.uuid4())
    for row in (notice.case, notice):
        with pytest.raises(IntegrityError):
            row.delete()
    assert total(notice) == (4, 1)


def _at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


@pytest.mark.django_db
def test_reports_are_taken_until_90_days_after_the_deadline() -> None:
    notice = make_published()
    assert notice.act_by is not None
    for days, taken in ((-40, notice), (0, notice), (90, notice), (91, None)):
        assert reports.reported_on(notice.case, _at(notice.act_by + datetime.timedelta(days=days))) == taken


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["stop", "close"])
def test_reports_are_taken_until_90_days_after_a_late_ending(ending: str) -> None:
    """A case that ended long after its last deadline still has writers who hear of it only then."""
    notice = make_published(act_by=today() + datetime.timedelta(days=1))
    ended = today() + datetime.timedelta(days=60)
    if ending == "stop":
        publishing.stop(notice.case, by=None, now=_at(ended))
    else:
        publishing.close(notice.case, Outcome.RELEASED, ended, now=_at(ended))
    notice.case.refresh_from_db()

    for days, taken in ((90, notice), (91, None)):
        assert reports.reported_on(notice.case, _at(ended + datetime.timedelta(days=days))) == taken


@pytest.mark.django_db
def test_report_is_about_the_newest_public_notice_that_asked_for_letters() -> None:
    first = make_published()
    assert reports.reported_on(first.case, timezone.now()) == first
    second = make_notice(first.case, sequence=2, kind="update")
    assert reports.reported_on(first.case, timezone.now()) == first
    publishing.publish(second, by=None)
    assert reports.reported_on(first.case, timezone.now()) == second
    publishing.stop(first.case, by=None)
    assert reports.reported_on(first.case, timezone.now()) == second


@pytest.mark.django_db
def test_case_that_was_never_public_takes_no_report() -> None:
    assert reports.reported_on(make_notice().case, timezone.now()) is None
    assert reports.reported_on(make_case(), timezone.now()) is None
