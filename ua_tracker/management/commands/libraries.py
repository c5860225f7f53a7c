"""The system libraries that make PDFs: are they there, and can they be installed."""

import os
import shutil
import subprocess
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appeals import pdf


class Command(BaseCommand):
    help = "Say which system libraries for PDFs are missing; with --install, install them where that is allowed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--install", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        missing = pdf.missing_libraries()
        if missing and options["install"]:
            install(missing)
            missing = pdf.missing_libraries()
        if missing:
            self.stderr.write(f"PDFs need: apt-get install {' '.join(missing)}. Everything else works without.")


def install(packages: list[str]) -> None:
    """Install Debian or Ubuntu packages as root or by sudo without a question; else do nothing."""
    if shutil.which("apt-get") is None:
        return
    prefix: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode:
            return
        prefix = ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        subprocess.run([*prefix, "apt-get", *command], env=environment, capture_output=True)
