"""The demonstration: a real case from 2020 and four invented ones, with letters, outcomes and reports."""

import argparse
import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from appeals.demo import advice, arabic_letter, embassies, good_news, loading, spanish_letter, stopped, ua_63_20
from appeals.demo.shape import DemoCase, DemoOutcome, DemoStop, in_words
from cases import publishing
from cases.deadlines import date_of_last_place
from cases.models import Case


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a date such as 2026-11-24") from error


class Command(BaseCommand):
    help = (
        "Makes the demonstration cases: UA 63/20 and four invented ones. Makes only what is not there: a second run "
        "changes nothing, and what staff edited stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--historical-dates",
            action="store_true",
            help="keep the dates of UA 63/20 as they were in 2020; else they move so that it is open now",
        )
        parser.add_argument(
            "--today", type=_date, metavar="YYYY-MM-DD", help="the day from which dates are reckoned; else the real one"
        )

    def handle(
        self, *args: Any, historical_dates: bool = False, today: datetime.date | None = None, **options: Any
    ) -> None:
        today = today or date_of_last_place(timezone.now())
        moved = 0 if historical_dates else ua_63_20.days_moved(today)
        failures: list[str] = []

        real = ua_63_20.case(moved)
        changes = self._make(real, failures)
        if changes and moved:
            self._tell_of_moved_dates(moved)
        elif not changes and not failures:
            self._tell_of_kept_dates(real)
        for module in (spanish_letter, arabic_letter, good_news, stopped):
            changes += self._make(module.case(today), failures)

        countries = advice.add(today)
        if countries:
            self.stdout.write(f"Advice for writers: made for {', '.join(countries)}.")
        cities = embassies.add()
        if cities:
            self.stdout.write(f"Embassies of China: entered for {', '.join(cities)} ({embassies.CAVEAT}).")
        if not changes and not countries and not cities and not failures:
            self.stdout.write("Nothing was changed.")
        if failures:
            raise CommandError("\n".join(failures))

    def _make(self, demo: DemoCase, failures: list[str]) -> int:
        """Returns how many cases that made."""
        try:
            is_new = loading.make(demo)
        except publishing.NotReady as error:
            failures.append(f"UA {demo.number} was not made, because it could not be published: {error}")
            return 0
        if is_new:
            self.stdout.write(f"UA {demo.number}: made. {_described(demo)}")
        else:
            self.stdout.write(f"{loading.existing(demo)}: is there already and stays as it is.")
        return int(is_new)

    def _tell_of_moved_dates(self, moved: int) -> None:
        self.stdout.write(
            f"  This case is real, but its dates are not: all of them are moved by {moved:,} days, so that letters can "
            f"be tried out now.\n"
            f"  The Second UA was issued on {in_words(ua_63_20.SECOND_ISSUED_ON)}, with "
            f"{in_words(ua_63_20.SECOND_ACT_BY)} as its deadline. Its pages say so.\n"
            "  For the historical dates, start with an empty database and run: manage.py load_demo --historical-dates"
        )

    def _tell_of_kept_dates(self, demo: DemoCase) -> None:
        """Say so where the case has other dates than this run would give it."""
        case = Case.objects.numbered(demo.number).get()
        newest = case.notices.public().exclude(kind="stop").order_by("-sequence").first()
        if newest is not None and newest.issued_on is not None and newest.issued_on != demo.notices[-1].issued_on:
            self.stdout.write(
                f"  Its newest notice keeps {in_words(newest.issued_on)} as its day of issue. For other dates, start "
                "with an empty database."
            )


def _described(demo: DemoCase) -> str:
    """What there is to see in this case."""
    last = demo.notices[-1]
    languages = ", ".join(letter.language for letter in last.letters)
    if isinstance(demo.ending, DemoStop):
        state = "stopped"
    elif isinstance(demo.ending, DemoOutcome):
        state = "closed with good news"
    else:
        state = f"deadline {in_words(last.act_by)}"
    kind = "Invented" if demo.is_fictional else "Real"
    return f"{kind}; {state}; letters in {languages}."
