"""One command serves everything, mends what falls, and stops without losing what was queued."""

import http.cookiejar
import http.server
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as project

from tests.smtp import free_port

PATIENCE = 60
LETTER = "cases/ua-63-20/letters/director-wang-jiang/en/letter.pdf"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


class Served:
    """`manage.py serve` on a free port, with its data in a folder of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port, self.output = folder, free_port(), ""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=project.BASE_DIR,
            env={
                **kept,
                "EMBEDDED": "on",
                "SECRET_KEY": "only-for-tests-" * 4,
                "DATA_DIR": str(folder),
                "PORT": str(self.port),
                "SITE_URL": f"http://127.0.0.1:{self.port}",
                # Said, though it is the default: a .env of the developer's must not lead to another database.
                "DATABASE_URL": f"sqlite:///{folder / 'ua_tracker.sqlite3'}",
                "REDIS_URL": "",
                "EMAIL_URL": "",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line

    def wait_until_ready(self) -> None:
        _until(lambda: "Mail goes to" in self.output or self.process.poll() is not None, self)
        assert f"Ready: http://127.0.0.1:{self.port}/\n" in self.output, self.output

    def children(self) -> dict[str, int]:
        """The running parts by name."""
        found = {}
        for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            name = next((name for name in ("granian", "worker", "beat") if name in command), "other")
            found[name] = int(pid)
        return found

    def get(self, path: str) -> tuple[int, bytes]:
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(f"http://127.0.0.1:{self.port}/{path}", timeout=15) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError as error:
            return 0, str(error).encode()

    def interrupt(self) -> float:
        """Ctrl-C; returns the seconds until everything had ended."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        return time.monotonic() - begun

    def kill(self) -> None:
        """For a test that failed: no part of it stays behind."""
        if self.process.poll() is None:
            groups = self.children().values()
            self.process.kill()
            self.process.wait()
            for group in groups:
                _kill_group(group)


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(is_so: Callable[[], bool], served: Served, patience: float = PATIENCE) -> None:
    until = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < until, served.output
        time.sleep(0.1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests: the demonstration is loaded once."""
    return tmp_path_factory.mktemp("serve") / "data"


@pytest.fixture
def start(data: Path) -> Iterator[Callable[[], Served]]:
    started: list[Served] = []

    def begin() -> Served:
        started.append(Served(data))
        return started[-1]

    yield begin
    for served in started:
        served.kill()


linux = pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc")


@linux
def test_serves_signs_in_survives_a_killed_worker_and_stops_with_everything_kept(
    start: Callable[[], Served], data: Path
) -> None:
    served = start()
    served.wait_until_ready()
    parts = served.children()
    assert sorted(parts) == ["beat", "granian", "worker"]
    assert [served.get(path)[0] for path in ("", "healthz", "readyz", "cases/ua-63-20/")] == [200] * 4
    assert _sign_in(served, _password(served)) == 302
    assert _sign_in(served, "wrong") == 200
    _until(lambda: served.get(LETTER)[0] == 200, served)
    assert served.get(LETTER)[1].startswith(b"%PDF-")

    for file in (data / "files" / "letters").rglob("*.pdf"):
        file.unlink()  # so that the next asking is work for a worker
    _kill_group(parts["worker"])
    assert served.get(LETTER)[0] == 202
    _until(lambda: served.children().get("worker", parts["worker"]) != parts["worker"], served)
    assert "The worker stopped after" in served.output
    _until(lambda: served.get(LETTER)[0] == 200, served, 120)
    assert {name: pid for name, pid in served.children().items() if name != "worker"} == {
        name: pid for name, pid in parts.items() if name != "worker"
    }

    parts = served.children()
    for file in (data / "files" / "letters").rglob("*.pdf"):
        file.unlink()
    os.kill(parts["worker"], signal.SIGSTOP)  # what is asked for now stays in the queue
    assert served.get(LETTER)[0] == 202
    assert _subscribe(served) == 302
    assert (_letters_to_make(data), _mails(data)) == (1, 0)
    os.kill(parts["worker"], signal.SIGKILL)
    assert served.interrupt() < 22
    assert served.process.returncode == 0, served.output
    assert [_is_alive(pid) for pid in parts.values()] == [False] * 3
    assert "Traceback" not in served.output

    again = start()
    again.wait_until_ready()
    assert _password(again) == _password(served)
    _until(lambda: _letters_to_make(data) == 0 and _mails(data) > 0, again)
    assert again.get(LETTER)[0] == 200
    time.sleep(16)  # another sweep
    assert _mails(data) == 1

    parts = again.children()
    again.process.kill()  # the command itself: its parts end with it
    again.process.wait()
    _until(lambda: not any(map(_is_alive, parts.values())), again, 25)


def _password(served: Served) -> str:
    (password,) = re.findall(r"Staff sign-in: \S+/admin/  user: staff  password: (\S+)", served.output)
    return str(password)


def _sign_in(served: Served, password: str) -> int:
    """302 is a way in, 200 the form again."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), NoRedirect)
    address = f"http://127.0.0.1:{served.port}/admin/login/"
    with opener.open(address, timeout=15) as response:
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.read().decode())
    fields = {"username": "staff", "password": password, "csrfmiddlewaretoken": token, "next": "/admin/"}
    try:
        with opener.open(address, urllib.parse.urlencode(fields).encode(), timeout=15) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def _subscribe(served: Served) -> int:
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(
            f"http://127.0.0.1:{served.port}/subscriptions/", b"email=reader%40example.org&scope=all", timeout=15
        ) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def _letters_to_make(data: Path) -> int:
    with sqlite3.connect(data / "ua_tracker.sqlite3", timeout=20) as database:
        (count,) = database.execute("SELECT count(*) FROM appeals_letterfile WHERE state <> 'ready'").fetchone()
    return int(count)


def _mails(data: Path) -> int:
    return sum(file.read_text().count("To: reader@example.org") for file in (data / "mail").iterdir())


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DATABASE_URL", "nonsense", "DATABASE_URL is not the address of a database"),
        ("DATABASE_URL", "mysql://somebody@127.0.0.1/x", "DATABASE_URL is not the address of a database"),
        ("DATABASE_URL", "postgres://nobody:secret@127.0.0.1:1/nothing", "The database does not answer"),
        ("DATABASE_URL", "sqlite:////proc/nowhere/ua.sqlite3", "The database does not answer"),
        ("REDIS_URL", "nonsense", "REDIS_URL is not the address of a Redis"),
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 50 characters"),
        ("SITE_URL", "nonsense", "SITE_URL must be a whole address"),
        ("EMBEDDED", "off", "REDIS_URL, EMAIL_URL, ALLOWED_HOSTS must be set. See .env.example"),
    ],
)
def test_wrong_configuration_is_one_sentence(data: Path, variable: str, value: str, sentence: str) -> None:
    served = Served(data, **{variable: value})
    served.process.wait(PATIENCE)
    served._reader.join(PATIENCE)
    assert served.process.returncode == 1
    assert sentence in served.output
    assert "Traceback" not in served.output
    assert "secret" not in served.output
    assert len(served.output.strip().splitlines()) == 1, served.output


class AnswersEverything(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@linux
def test_port_that_another_site_has_is_said_and_nothing_stays_behind(data: Path) -> None:
    """Most often that is this very site, started a second time: its answers must not pass for ours."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), AnswersEverything) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        served = Served(data, PORT=str(other.server_port))
        try:
            assert served.process.wait(PATIENCE) == 1
        finally:
            served.kill()
            other.shutdown()
    served._reader.join(PATIENCE)
    assert "Ready:" not in served.output
    assert str(other.server_port) in served.output
    assert "Traceback" not in served.output
