"""A site of its own to measure: embedded, in a temporary folder, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASE = "/cases/ua-63-20/"
PATIENCE_SECONDS = 180


def choose_environment(folder: Path) -> None:
    """Decide what the settings will read, here and in every process started from here; before Django is imported."""
    port = free_port()
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "ua_tracker.settings",
            "EMBEDDED": "on",
            "SECRET_KEY": "only-for-measuring-" * 4,
            "DATA_DIR": str(folder),
            "STATIC_ROOT": str(folder / "static"),
            "DATABASE_URL": f"sqlite:///{folder / 'ua_tracker.sqlite3'}",
            "REDIS_URL": "",
            "EMAIL_URL": "",
            "DEBUG": "off",
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "LOG_LEVEL": "ERROR",
            "PYTHONUNBUFFERED": "1",
        }
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def seconds_of(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begun


def seconds_to_line(command: list[str], beginning: str) -> float:
    """How long `command` takes until it prints a line with this beginning; it is stopped then."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    impatience = threading.Timer(PATIENCE_SECONDS, process.kill)
    impatience.start()
    said = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if line.startswith(beginning):
                return time.perf_counter() - begun
        raise RuntimeError(f"{' '.join(command)} ended without saying {beginning!r}:\n{''.join(said[-20:])}")
    finally:
        impatience.cancel()
        stop(process)


@contextmanager
def running(command: list[str], address: str) -> Iterator[None]:
    """A server, from its first answer at `address` on."""
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        until = time.monotonic() + 30
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{' '.join(command)} does not answer at {address}")
            time.sleep(0.05)
        yield
    finally:
        stop(process)


def stop(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False
