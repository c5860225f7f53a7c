"""Everything on one machine: web, worker and timetable, started, watched and stopped together."""

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from appeals import pdf
from cases.models import Case
from ua_tracker import heartbeats

STOP_SECONDS = 20
READY_SECONDS = 90
SIGN_IN = "staff"
HEARTS = ("worker", "timetable")


@dataclass
class Part:
    """One of the processes, with what starts it."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_die_with_parent)
        self.started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Command(BaseCommand):
    help = "Serve the site with its worker and timetable, and stop all of them on Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "serve is for the embedded default (EMBEDDED=on). README.md says how to run it for real."
            )
        self._prepare()
        parts = [Part("web", web()), Part("worker", worker()), Part("timetable", timetable())]
        for number in (signal.SIGTERM, signal.SIGINT):  # a shell starts what goes to its background deaf to SIGINT
            signal.signal(number, _interrupt)
        try:
            for part in parts:
                part.start()
            self._wait_until_ready(parts)
            while True:
                self._restart_fallen(parts)
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping. What was queued is kept.")
        finally:
            stop(parts)

    def _prepare(self) -> None:
        os.umask(0o077)  # what lies in DATA_DIR is nobody else's to read
        if port_is_taken(settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is taken, perhaps by this site started before. PORT=... chooses another."
            )
        for folder in ("mail", "files", "cache"):
            (settings.DATA_DIR / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {str(error).splitlines()[0]}") from None
        call_command("migrate", verbosity=0, interactive=False)
        if static_files_changed():
            call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["flags"])
        if not Case.objects.exists():
            try:
                call_command("load_demo", stdout=self.stdout)
            except CommandError as error:
                self.stderr.write(str(error))
        heartbeats.forget(*HEARTS)
        missing = pdf.missing_libraries()
        if missing:
            self.stderr.write(
                f"PDFs cannot be made, or only slowly; all else works. To mend it: apt-get install {' '.join(missing)}"
            )

    def _wait_until_ready(self, parts: list[Part]) -> None:
        address = f"http://127.0.0.1:{settings.PORT}"
        until = time.monotonic() + READY_SECONDS
        while not (answers(f"{address}/healthz") and all(map(heartbeats.is_alive, HEARTS))):
            fallen = next((part for part in parts if not part.is_running), None)
            if fallen is not None:
                raise CommandError(f"The {fallen.name} did not start; its reason stands above.")
            if time.monotonic() > until:
                raise CommandError(f"Not ready after {READY_SECONDS} seconds; {address}/readyz says what fails.")
            time.sleep(0.2)
        self.stdout.write(f"Ready: {address}/")
        self.stdout.write(f"Staff sign-in: {address}/admin/  user: {SIGN_IN}  password: {demo_password()}")
        self.stdout.write(f"Mail goes to {settings.EMAIL_FILE_PATH}. Ctrl-C stops everything.")
        self.stdout.flush()

    def _restart_fallen(self, parts: list[Part]) -> None:
        for part in parts:
            if not part.is_running:
                lived = time.monotonic() - part.started_at
                self.stderr.write(f"The {part.name} stopped after {lived:.0f} s; it is started again.")
                time.sleep(0 if lived > 5 else 2)
                part.start()


def web() -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "ua_tracker.wsgi:application",
        "--host", "127.0.0.1", "--port", str(settings.PORT),
        "--workers", "1", "--blocking-threads", "2", "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip


def worker() -> list[str]:
    quiet = "ignore:You're running the worker with superuser privileges"  # on one's own machine, in a container ...
    return [
        sys.executable, "-W", quiet, "-m", "celery", "--quiet", "--app", "ua_tracker", "worker",
        "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
    ]  # fmt: skip


def timetable() -> list[str]:
    return [
        sys.executable, "-m", "celery", "--quiet", "--app", "ua_tracker", "beat",
        "--schedule", str(settings.DATA_DIR / "timetable"), "--pidfile", "", "--loglevel", "WARNING",
    ]  # fmt: skip


def stop(parts: list[Part]) -> None:
    """Ask every process to end what it is doing; after 20 seconds end it."""
    running = [part.process for part in parts if part.process is not None and part.is_running]
    for process in running:
        process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, until - time.monotonic()))
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 -- our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def port_is_taken(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def static_files_changed() -> bool:
    """Whether a source of the collected files is newer than the collection."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    sources = [*(settings.BASE_DIR / "static").rglob("*"), settings.BASE_DIR / "requirements.txt"]
    return any(source.stat().st_mtime > manifest.stat().st_mtime for source in sources)


def demo_password() -> str:
    """The demo account's password, made on the first run and kept beside the data, readable by its owner only."""
    file = settings.DATA_DIR / "staff-password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(12), encoding="ascii")
    password = file.read_text(encoding="ascii").strip()
    model = get_user_model()
    if not model.objects.filter(username=SIGN_IN).exists():
        model.objects.create_superuser(username=SIGN_IN, password=password)
    return password


def _interrupt(*args: Any) -> None:
    raise KeyboardInterrupt


_prctl: Callable[..., int] | None = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Linux ends the child when we are killed, so that nothing is left behind holding the port."""
    if _prctl is not None:
        _prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
