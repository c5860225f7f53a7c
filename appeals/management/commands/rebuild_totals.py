"""Prove that the running sums equal the counted reports, or make them so."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from appeals import totals


class Command(BaseCommand):
    help = "Make the totals anew from the counted reports; with --check only say whether they are right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where they differ")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = totals.differences() if options["check"] else totals.rebuild()
        for difference in wrong:
            self.stdout.write(difference)
        if wrong and options["check"]:
            raise CommandError(f"{len(wrong)} totals differ from the reports.")
        self.stdout.write(f"{len(wrong)} totals were wrong and are right now." if wrong else "All totals are right.")
