"""Erase personal data that serves no purpose any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from appeals import subscriptions


class Command(BaseCommand):
    help = "Erase addresses whose purpose has ended; the timetable does the same every hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be erased")

    def handle(self, *args: Any, **options: Any) -> None:
        pruned = subscriptions.prune(timezone.now(), dry_run=options["dry_run"])
        verb = "would be erased" if options["dry_run"] else "erased"
        self.stdout.write(f"{pruned.unconfirmed} addresses that were never confirmed: {verb}.")
        self.stdout.write(f"{pruned.case_ended} addresses whose case ended 90 days ago: {verb}.")
