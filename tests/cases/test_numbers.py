"""The number of a case in all its spellings, and when a deadline has passed."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from cases.converters import NumberConverter
from cases.deadlines import date_of_last_place
from cases.models import Case, UrgentAction
from cases.numbers import Number, parse

State = UrgentAction.State


@pytest.mark.parametrize(
    "text",
    [
        "63/20",
        "63.20",
        "63-20",
        "63 20",
        "063/20",
        "0063/2020",
        "63/2020",
        "UA 63/20",
        "UA63/20",
        "ua-63-20",
        "UA: 63/20",
        "UA-63/2020",
        "UA.63.20",
        "AU: 63/20",
        "au 063/20",
        "  UA 63 / 20  ",
        "63 - 20",
        "\u200963/20\n",
        "٦٣/٢٠",
    ],
)
def test_every_spelling_is_the_same_number(text: str) -> None:
    assert parse(text) == Number(63, 2020)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("UA 04/10", Number(4, 2010)),
        ("044/22", Number(44, 2022)),
        ("AU: 274/11", Number(274, 2011)),
        ("UA-313/2014", Number(313, 2014)),
        ("1/73", Number(1, 1973)),
        ("468/72", Number(468, 2072)),
        ("388/00", Number(388, 2000)),
        ("12/99", Number(12, 1999)),
        ("9999/20", Number(9999, 2020)),
    ],
)
def test_two_digits_of_a_year_begin_with_the_first_urgent_action(text: str, number: Number) -> None:
    assert parse(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "63",
        "6320",
        "0/20",
        "000/20",
        "63/",
        "/20",
        "63/2",
        "63/202",
        "63/20200",
        "63/1972",
        "63/2073",
        "12345/20",
        "-63/20",
        "EX 63/20",
        "MA 63/20",
        "UA 63/20/en",
        "63//20",
        "63_20",
        "UAUA 63/20",
        "ASA 17/3279/2020",
        "63/20 and more",
        "63/20\x00",
        "½/20",
    ],
)
def test_anything_else_is_no_number(text: str) -> None:
    assert parse(text) is None


def test_a_number_is_written_in_two_ways() -> None:
    assert (str(Number(63, 2020)), Number(63, 2020).slug) == ("63/20", "ua-63-20")
    assert (str(Number(1, 1973)), Number(1, 1973).slug) == ("1/73", "ua-1-73")
    assert (str(Number(5, 2000)), Number(5, 2000).slug) == ("5/00", "ua-5-00")


@pytest.mark.parametrize("number", [Number(1, 1973), Number(63, 2020), Number(9999, 2072), Number(5, 2000)])
def test_an_address_leads_back_to_its_number(number: Number) -> None:
    converter = NumberConverter()

    assert converter.to_python(converter.to_url(number)) == number
    assert parse(str(number)) == number


# --- Deadlines: until the day has ended everywhere on Earth, at UTC-12 ------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "date"),
    [
        ("2020-12-29T11:59:59+00:00", datetime.date(2020, 12, 28)),
        ("2020-12-29T12:00:00+00:00", datetime.date(2020, 12, 29)),
        ("2020-12-30T11:59:59+00:00", datetime.date(2020, 12, 29)),
        ("2020-12-30T12:00:00+00:00", datetime.date(2020, 12, 30)),
        ("2020-12-30T02:00:00+14:00", datetime.date(2020, 12, 29)),
        ("2021-01-01T11:59:59+00:00", datetime.date(2020, 12, 31)),
    ],
)
def test_the_last_place_on_earth_is_twelve_hours_behind(moment: str, date: datetime.date) -> None:
    assert date_of_last_place(datetime.datetime.fromisoformat(moment)) == date


@pytest.mark.parametrize(
    ("moment", "days", "state", "words"),
    [
        ("2020-12-20T12:00:00+00:00", 9, State.LIVE, "9 days left"),
        ("2020-12-22T11:59:59+00:00", 8, State.LIVE, "8 days left"),
        ("2020-12-22T12:00:00+00:00", 7, State.ENDS_SOON, "7 days left"),
        ("2020-12-28T12:00:00+00:00", 1, State.ENDS_SOON, "1 day left"),
        ("2020-12-29T12:00:00+00:00", 0, State.LAST_DAY, "Last day"),
        ("2020-12-30T11:59:59+00:00", 0, State.LAST_DAY, "Last day"),
        ("2020-12-30T12:00:00+00:00", -1, State.PASSED, "The date has passed"),
        ("2021-02-01T12:00:00+00:00", -34, State.PASSED, "The date has passed"),
    ],
)
def test_a_notice_is_open_until_its_day_has_ended_everywhere(moment: str, days: int, state: State, words: str) -> None:
    notice = UrgentAction(case=Case(number=63, year=2020), act_by=datetime.date(2020, 12, 29))
    with time_machine.travel(moment, tick=False):
        now = timezone.now()

        assert (notice.days_left(), notice.state_if_newest(), notice.time_left()) == (days, state, words)
        assert (notice.days_left(now), notice.state_if_newest(now), notice.time_left(now)) == (days, state, words)


def test_a_notice_without_a_deadline_asks_nobody_to_write() -> None:
    assert UrgentAction(case=Case(number=63, year=2020)).state_if_newest() == State.PASSED
