"""What staff decide about a notice: publish, stop, close, withdraw."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.dispatch import Signal

from cases import publishing, signals
from cases.models import Case, Official, Person, Salutation, UrgentAction
from cases.models.case import Outcome
from cases.publishing import NotPossible, NotReady
from tests.factories import make_case, make_notice, make_published, make_staff

State = UrgentAction.State
NOW = datetime.datetime(2020, 11, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.date(2020, 11, 1)

pytestmark = pytest.mark.django_db

Heard = list[tuple[str, Any]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What was announced, in its order."""
    what: Heard = []
    names = {"published": signals.published, "stopped": signals.stopped}
    names |= {"closed": signals.closed, "withdrawn": signals.withdrawn}

    def listener(name: str) -> Any:
        return lambda sender, **kwargs: what.append((name, kwargs.get("notice") or kwargs.get("case")))

    listeners: list[tuple[Signal, Any]] = [(signal, listener(name)) for name, signal in names.items()]
    for signal, function in listeners:
        signal.connect(function)
    yield what
    for signal, function in listeners:
        signal.disconnect(function)


def make_ready(**fields: Any) -> UrgentAction:
    return make_notice(issued_on=DAY, act_by=datetime.date(2020, 12, 29), **fields)


# --- Publish ----------------------------------------------------------------------------------------------------------


def test_publishing_makes_the_notice_public() -> None:
    notice, staff = make_ready(), make_staff()

    publishing.publish(notice, by=staff, now=NOW)

    assert (notice.status, notice.published_at, notice.published_by_id) == ("published", NOW, staff.pk)
    assert list(UrgentAction.objects.public()) == [notice]


def test_publishing_twice_does_nothing(heard: Heard, django_capture_on_commit_callbacks: Any) -> None:
    notice, staff = make_ready(), make_staff()

    with django_capture_on_commit_callbacks(execute=True):
        publishing.publish(notice, by=None, now=NOW)
        publishing.publish(notice, by=staff, now=NOW + datetime.timedelta(days=1))

    assert (notice.published_at, notice.published_by_id) == (NOW, None)
    assert heard == [("published", notice)]


@pytest.mark.parametrize("status", ["draft", "in_review", "approved"])
def test_what_is_not_ready_stays_as_it_was(status: str, heard: Heard, django_capture_on_commit_callbacks: Any) -> None:
    notice = make_ready()
    notice.letters.all().delete()
    UrgentAction.objects.filter(pk=notice.pk).update(status=status)

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(NotReady) as refused:
        publishing.publish(notice, by=None, now=NOW)

    notice.refresh_from_db()
    assert [finding.code for finding in refused.value.findings] == ["no-letter"]
    assert "no sample letter is marked as checked" in str(refused.value)
    assert (notice.status, notice.published_at, notice.targets.get().snapshot) == (status, None, None)
    assert heard == []


def test_a_warning_does_not_block() -> None:
    notice = make_ready(preferred_languages="zh, en")  # there is no letter in Chinese

    publishing.publish(notice, by=None, now=NOW)

    assert notice.is_public


def test_a_withdrawn_notice_stays_withdrawn() -> None:
    notice = make_ready()
    publishing.withdraw(notice)

    with pytest.raises(NotPossible, match="stays withdrawn"):
        publishing.publish(notice, by=None, now=NOW)

    notice.refresh_from_db()
    assert notice.status == "withdrawn"


def test_a_notice_older_than_a_public_one_is_refused() -> None:
    case = make_case()
    older = make_ready(case=case, sequence=1)
    publishing.publish(make_ready(case=case, sequence=2, kind="update"), by=None, now=NOW)

    with pytest.raises(NotPossible, match="newer notice"):
        publishing.publish(older, by=None, now=NOW)

    older.refresh_from_db()
    assert older.status == "draft"


def test_an_update_becomes_what_the_public_acts_on() -> None:
    case = make_case()
    first = make_ready(case=case)
    publishing.publish(first, by=None, now=NOW)
    second = make_ready(case=case, sequence=2, kind="update", previous=first)

    assert list(UrgentAction.objects.newest()) == [first]
    publishing.publish(second, by=None, now=NOW)

    assert list(UrgentAction.objects.newest()) == [second]
    assert (first.state(NOW), second.state(NOW)) == (State.SUPERSEDED, State.LIVE)


def test_a_stop_action_that_was_written_by_hand_is_announced_as_one(
    heard: Heard, django_capture_on_commit_callbacks: Any
) -> None:
    first = make_ready()
    publishing.publish(first, by=None, now=NOW)
    stop = make_ready(case=first.case, sequence=2, kind="stop", previous=first)

    with django_capture_on_commit_callbacks(execute=True):
        publishing.publish(stop, by=None, now=NOW)

    assert heard == [("stopped", stop)]
    assert stop.state(NOW) == State.STOPPED


# --- Stop -------------------------------------------------------------------------------------------------------------


def test_a_stop_action_becomes_the_newest_notice_at_once() -> None:
    notice, staff = make_ready(), make_staff()
    publishing.publish(notice, by=None, now=NOW)

    stop = publishing.stop(notice.case, by=staff, reason="He is free.", now=NOW)

    assert list(UrgentAction.objects.newest()) == [stop]
    assert (stop.sequence, stop.kind, stop.headline, stop.reason) == (2, "stop", notice.headline, "He is free.")
    assert (stop.issued_on, stop.act_by, stop.published_at, stop.published_by_id) == (DAY, None, NOW, staff.pk)
    assert (stop.state(NOW), notice.state(NOW)) == (State.STOPPED, State.SUPERSEDED)


def test_stopping_twice_makes_one_stop_action(heard: Heard, django_capture_on_commit_callbacks: Any) -> None:
    case = make_published().case

    with django_capture_on_commit_callbacks(execute=True):
        first = publishing.stop(case, by=None)
        second = publishing.stop(case, by=None, reason="again")

    assert (first, second.reason) == (second, "")
    assert UrgentAction.objects.filter(case=case).count() == 2
    assert heard == [("stopped", first)]


def test_a_stop_action_leaves_room_for_a_draft_that_is_being_written() -> None:
    notice = make_published()
    make_notice(notice.case, sequence=2, kind="update")

    assert publishing.stop(notice.case, by=None).sequence == 3


END: dict[str, Callable[[Case, str], object]] = {
    "stop": lambda case, words: publishing.stop(case, by=None, reason=words),
    "close": lambda case, words: publishing.close(case, Outcome.OTHER, DAY, text=words),
}


@pytest.mark.parametrize("verb", ["stop", "close"])
@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "withdrawn"])
def test_what_was_never_public_can_be_neither_stopped_nor_closed(verb: str, status: str, heard: Heard) -> None:
    notice = make_notice()
    UrgentAction.objects.filter(pk=notice.pk).update(status=status)

    with pytest.raises(NotPossible, match="Nothing of this case is public"):
        END[verb](notice.case, "")

    case = Case.objects.get()
    assert (UrgentAction.objects.count(), case.outcome, case.closed_at, heard) == (1, "", None, [])


@pytest.mark.parametrize("verb", ["stop", "close"])
def test_nobody_who_is_kept_back_is_named_in_a_reason_or_an_outcome(verb: str) -> None:
    notice = make_published()
    Person.objects.create(case=notice.case, name="Aygul Secret", role="her sister")

    with pytest.raises(NotReady, match="not to be named"):
        END[verb](notice.case, "AYGUL SECRET asked us to.")

    assert (list(UrgentAction.objects.all()), Case.objects.get().closed_at) == ([notice], None)


# --- Close ------------------------------------------------------------------------------------------------------------


def test_closing_records_how_the_case_ended() -> None:
    notice = make_published()

    publishing.close(notice.case, Outcome.RELEASED, DAY, text="He is home.", now=NOW)

    case = Case.objects.get()
    assert (case.outcome, case.outcome_on, case.outcome_text, case.closed_at) == ("released", DAY, "He is home.", NOW)
    assert (case.is_closed, case.is_good_news) == (True, True)
    assert UrgentAction.objects.get().state() == State.CLOSED


def test_closing_again_corrects_the_outcome_and_keeps_the_moment() -> None:
    case = make_published().case
    publishing.close(case, Outcome.RELEASED, DAY, now=NOW)

    publishing.close(case, Outcome.DIED, DAY, text="It was a mistake.", now=NOW + datetime.timedelta(days=2))

    assert (case.outcome, case.outcome_text, case.closed_at, case.is_good_news) == (
        "died",
        "It was a mistake.",
        NOW,
        False,
    )


# --- Withdraw ---------------------------------------------------------------------------------------------------------


def test_withdrawing_takes_a_notice_out_of_sight() -> None:
    notice = make_published()

    publishing.withdraw(notice)

    assert (notice.status, list(UrgentAction.objects.public()), list(Case.objects.public())) == ("withdrawn", [], [])


def test_withdrawing_twice_is_announced_once(heard: Heard, django_capture_on_commit_callbacks: Any) -> None:
    notice = make_published()

    with django_capture_on_commit_callbacks(execute=True):
        publishing.withdraw(notice)
        publishing.withdraw(notice)

    assert heard == [("withdrawn", notice)]


# --- Announcements ----------------------------------------------------------------------------------------------------


def test_a_decision_is_announced_after_commit_and_not_before(
    heard: Heard, django_capture_on_commit_callbacks: Any
) -> None:
    notice = make_ready()

    with django_capture_on_commit_callbacks(execute=True):
        publishing.publish(notice, by=None, now=NOW)
        publishing.close(notice.case, Outcome.RELEASED, DAY)
        assert heard == []
    with django_capture_on_commit_callbacks(execute=True):
        stop = publishing.stop(notice.case, by=None)
        assert len(heard) == 2

    assert heard == [("published", notice), ("closed", notice.case), ("stopped", stop)]


def test_a_listener_that_fails_does_not_undo_the_decision(django_capture_on_commit_callbacks: Any) -> None:
    def broken(**kwargs: Any) -> None:
        raise RuntimeError("the broker is away")

    notice = make_ready()
    signals.published.connect(broken)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            publishing.publish(notice, by=None, now=NOW)
    finally:
        signals.published.disconnect(broken)

    assert UrgentAction.objects.get().is_public


# --- Nothing that cannot be printed gets in by another door ---


def test_addresses_that_cannot_be_printed_are_not_taken_again() -> None:
    notice = make_published()
    Official.objects.filter(targets__urgent_action=notice).update(address="No 380\n서울")

    with pytest.raises(NotReady, match="our fonts cannot print"):
        publishing.take_addresses_again(notice)

    assert UrgentAction.objects.get(pk=notice.pk).targets.get().addressee.address == (
        "No 380, Huanghe lu",
        "830000 Urumqi",
    )


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (Official(role="Director", slug="x", country="CN", address="서울"), "address"),
        (Official(role="Director 🙂", slug="x", country="CN"), "role"),
        (Salutation(language="en", text="Dear 🙂,"), "text"),
    ],
)
def test_the_directory_takes_no_sign_that_cannot_be_printed(row: Official | Salutation, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        row.clean()

    assert list(refused.value.message_dict) == [field]


def test_the_directory_takes_what_can_be_printed() -> None:
    Official(role="Директор", name="王江", slug="x", country="CN", address="Құрметті көшесі 5").clean()
    Salutation(language="ar", text="معالي الوزير،").clean()
