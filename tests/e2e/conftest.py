"""The whole site as `make run` starts it, and a real browser before it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)


@dataclass(frozen=True)
class Site:
    address: str
    data: Path
    password: str

    def mails(self) -> list[EmailMessage]:
        """Every mail sent so far, oldest first."""
        files = sorted((self.data / "mail").glob("*"), key=lambda file: file.stat().st_mtime)
        return [_first_message(file.read_bytes()) for file in files]

    def mail_to(self, address: str, subject: str, seconds: float = 40) -> EmailMessage:
        """Wait for a mail to `address` whose subject begins with `subject`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for mail in self.mails():
                if mail["To"] == address and mail["Subject"].strip().startswith(subject):
                    return mail
            time.sleep(0.2)
        raise AssertionError(f"No mail to {address} about {subject!r} came within {seconds} seconds.")


def _first_message(content: bytes) -> EmailMessage:
    """Django's file backend writes a line of dashes after each message."""
    return message_from_bytes(content.split(b"\n" + b"-" * 79)[0], policy=policy.default)


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Web, worker and timetable on data of their own, with the demo cases in it."""
    data = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ua_tracker.settings",
        "EMBEDDED": "on",
        "SECRET_KEY": "only-for-tests-" * 4,
        "DATA_DIR": str(data),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "REMINDER_DAYS": "60",  # so that a reminder for the demo case is due at once
        "PYTHONUNBUFFERED": "1",
    }
    with _database_of_its_own(environment):
        log = data / "serve.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        try:
            _wait_for(log, "Ready: ", process)
            yield Site(f"http://127.0.0.1:{port}", data, (data / "staff-password").read_text().strip())
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(40)


class _database_of_its_own:
    """On PostgreSQL, a database that is made for this run and dropped after it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.url = environment.get("DATABASE_URL", "")
        self.name = f"ua_e2e_{os.getpid()}"
        if self.url:
            environment["DATABASE_URL"] = urlsplit(self.url)._replace(path=f"/{self.name}").geturl()

    def __enter__(self) -> None:
        if self.url:
            self._run(f'CREATE DATABASE "{self.name}"')

    def __exit__(self, *exception: object) -> None:
        if self.url:
            self._run(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()


def _wait_for(log: Path, words: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while words not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"The site did not start:\n{log.read_text()}")
        time.sleep(0.2)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A reader without JavaScript. Anything that calls another host or breaks the content policy fails the test."""
    context = browser.new_context(java_script_enabled=False, locale="en", base_url=site.address)
    yield from _watched(context, site)


@pytest.fixture
def staff_page(browser: Browser, site: Site) -> Iterator[Page]:
    """A member of staff, signed in, with JavaScript."""
    context = browser.new_context(locale="en", base_url=site.address)
    for page in _watched(context, site):
        page.goto("/admin/login/")
        page.fill("#id_username", "staff")
        page.fill("#id_password", site.password)
        page.click("input[type=submit]")
        yield page


def _watched(context: BrowserContext, site: Site) -> Iterator[Page]:
    page = context.new_page()
    wrong: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(site.address) else wrong.append(request.url))
    page.on(
        "console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield page
    context.close()
    assert wrong == []
