"""The press under attack: each piece its own, whatever falls is replaced, and nothing of a text stays or gets out."""

import contextlib
import hashlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

from appeals import confinement, pdf, press
from appeals.pdf import CannotRender, Printed, Sheet
from appeals.press import BrokeOff, NoPress, Press

pytestmark = pytest.mark.skipif(not pdf.LINUX, reason="what is looked at is in /proc")

A4 = "@page { size: A4 }"
SECRET = "zzsecret"
HEAD = f'<!doctype html><html lang="en"><title>{SECRET}</title><body>'


def sheet(title: str = "A letter", body: str = "<p>Dear Director,</p>", setup: str = A4, language: str = "en") -> Sheet:
    html = f'<!doctype html><html lang="{language}"><title>{title}</title><body>{body}'
    return Sheet(html, "letter.css", (setup,))


def title(printed: Printed) -> str | None:
    metadata = PdfReader(io.BytesIO(printed.content)).metadata
    return metadata.title if metadata else None


def with_words(code: str, limits: str = "") -> list[str]:
    """The command for a press that something is done to before it starts."""
    return [*press.COMMAND[:3], "-c", f"from appeals import confinement, pdf, press\n{code}\npress.main({limits})"]


def with_limits(limits: str) -> list[str]:
    return with_words("", limits)


@contextlib.contextmanager
def started(command: Sequence[str] = press.COMMAND) -> Iterator[Press]:
    one = Press(command)
    try:
        yield one
    finally:
        one.end()


@pytest.fixture(scope="module")
def shared() -> Iterator[Press]:
    with started() as one:
        yield one


@pytest.fixture(scope="module")
def hasty() -> Iterator[Press]:
    """It gives a piece one second of computing."""
    with started(with_limits("cpu_seconds=1")) as one:
        yield one


@pytest.fixture(scope="module")
def free() -> Iterator[Press]:
    """It is not confined."""
    with started(with_words("confinement._LANDLOCK_CREATE_RULESET = 100_000")) as one:
        yield one


@pytest.fixture(scope="module")
def hostile() -> Iterator[Press]:
    """A fork of it runs whatever code comes as a stylesheet. It gives a piece three seconds."""
    code = (
        "import json, os, time\nordinary = press._make\n"
        "def make(request, cpu_seconds):\n"
        "  ((sheet, *_others),) = [json.loads(request)['sheets']]\n"
        "  if sheet['stylesheet'] == 'letter.css': return ordinary(request, cpu_seconds)\n"
        "  names = {'os': os, 'time': time}\n"
        "  exec(sheet['stylesheet'], names)\n"
        "  return names['answer']\n"
        "press._make = make"
    )
    with started(with_words(code, "seconds=3")) as one:
        yield one


def pid(one: Press) -> int:
    assert one._process is not None
    return one._process.pid


# --- Letters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "<h1>Nagyz <b>Muhammed</b></h1><p>ffi Ж “quoted”</p>"),
        ("ar", "<p>معالي الوزير، <b>تحية</b> Nagyz</p>"),
        ("zh", "<p>尊敬的<b>王江</b>局长：Nagyz</p>"),
    ],
)
def test_with_files_network_and_most_of_the_system_taken_away_not_a_byte_is_different(
    shared: Press, free: Press, language: str, text: str
) -> None:
    sheets = [sheet(body=text, language=language)]

    assert shared.render(sheets, is_confined=True) == free.render(sheets)


def test_several_sheets_are_one_file_with_the_pages_of_each(shared: Press) -> None:
    two_pages = "<p>one</p><p style='break-before: page'>two</p>"

    printed = shared.render([sheet("First"), sheet("Second", two_pages), sheet("Third")])

    assert (printed.pages, title(printed)) == ((1, 2, 1), "First")
    assert len(PdfReader(io.BytesIO(printed.content)).pages) == 4


def test_a_fresh_press_makes_the_same_bytes(shared: Press) -> None:
    with started() as fresh:
        assert fresh.render([sheet()]) == shared.render([sheet()])


def test_a_large_letter_comes_through_whole(shared: Press) -> None:
    """More than a pipe holds at once, on the way in and on the way out."""
    noise = " ".join(hashlib.sha256(bytes([number % 256, number // 256])).hexdigest() for number in range(3000))

    printed = shared.render([sheet(body=f"<!--{'x' * 3_000_000}--><p>{noise}</p><p>The end</p>")])

    assert len(printed.content) > 70_000
    assert "The end" in PdfReader(io.BytesIO(printed.content)).pages[-1].extract_text()


def test_the_function_that_all_call_renders_and_can_be_warmed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with started() as one:
        monkeypatch.setattr(press, "_press", one)
        press.warm_up()
        warmed = pid(one)

        assert title(press.render([sheet("Mine")], is_confined=True)) == "Mine"
        press.warm_up()
        assert pid(one) == warmed


# --- What it has and what it has not ----------------------------------------------------------------------------------


def lines_of(process: int, name: str) -> dict[str, str]:
    text = Path(f"/proc/{process}/{name}").read_text().splitlines()
    return {key: value.strip() for key, _colon, value in (line.partition(":") for line in text)}


def descriptors(process: int) -> dict[str, str]:
    folder = Path(f"/proc/{process}/fd")
    return {name.name: os.readlink(name).partition(":")[0] for name in folder.iterdir()}


def forks_of(process: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone meanwhile
            if path.read_text().rpartition(")")[2].split()[1] == str(process):
                found.append(int(path.parent.name))
    return found


def becomes_true(question: Callable[[], object], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not question():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def is_at_rest(one: Press) -> bool:
    """It has cleared away after the last piece, which it does once its answer is given."""
    return becomes_true(lambda: not forks_of(pid(one)))


def is_gone(process: int) -> bool:
    """Or dead, and only waited for by nobody."""
    try:
        return lines_of(process, "status")["State"].startswith("Z")
    except OSError:
        return True


FLEX = "<div style='display: flex'>" * 16
BOMB = f"{HEAD}{FLEX}{SECRET}"


@pytest.fixture
def at_work(shared: Press) -> Iterator["AtWork"]:
    """A press, its fork that works at what takes ten seconds, and where the answer will be."""
    shared.render([sheet()])
    assert is_at_rest(shared)
    answers: list[BaseException | Printed] = []

    def ask() -> None:
        try:
            answers.append(shared.render([Sheet(BOMB, "letter.css", (A4,))]))
        except CannotRender as error:
            answers.append(error)

    worker = threading.Thread(target=ask)
    worker.start()
    assert becomes_true(lambda: forks_of(pid(shared)))
    (fork,) = forks_of(pid(shared))
    assert becomes_true(lambda: lines_of(fork, "status")["Seccomp"] == "2")
    yield shared, fork, answers
    if worker.is_alive():
        os.kill(fork, signal.SIGKILL)
    worker.join()


AtWork = tuple[Press, int, list[BaseException | Printed]]


def test_no_secret_of_ours_is_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgres://ua:{SECRET}@db/ua")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    assert os.environ["SECRET_KEY"] == settings.SECRET_KEY

    with started() as one:
        one.render([sheet()])
        environment = Path(f"/proc/{pid(one)}/environ").read_bytes()

    names = {each.partition(b"=")[0].decode() for each in environment.split(b"\0") if each}
    assert names - {"HOME", "TMPDIR", "LD_LIBRARY_PATH"} == {"PATH", "FONTCONFIG_FILE"}
    assert SECRET.encode() not in environment
    assert settings.SECRET_KEY.encode() not in environment


def test_nothing_the_worker_has_open_reaches_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, (tmp_path / "open").open("w") as file, started() as one:
        os.set_inheritable(server.fileno(), True)
        os.set_inheritable(file.fileno(), True)
        one.render([sheet()])
        assert is_at_rest(one)
        found = descriptors(pid(one))

        assert (found.pop("0"), found.pop("1"), set(found)) == ("pipe", "pipe", {"2"})


def test_a_fork_at_work_has_its_pipe_alone_and_its_limits(at_work: AtWork) -> None:
    one, fork, _answers = at_work

    status, limits = lines_of(fork, "status"), Path(f"/proc/{fork}/limits").read_text()
    rows = {line[:25].strip(): line[25:].split() for line in limits.splitlines()[1:]}

    assert list(descriptors(fork).values()) == ["pipe"]
    assert (status["Seccomp"], status["NoNewPrivs"]) == ("2", "1")
    assert rows["Max cpu time"][:2] == [str(confinement.CPU_SECONDS), str(confinement.CPU_SECONDS + 1)]
    assert rows["Max file size"][:2] == rows["Max core file size"][:2] == ["0", "0"]
    assert int(rows["Max address space"][1]) < confinement.MEMORY + 400_000_000
    assert lines_of(pid(one), "status")["Seccomp"] == "0"  # the press itself can fork again


def test_the_text_of_one_reader_is_not_in_the_memory_of_the_next() -> None:
    """What the press forgets only by letting go of it is in the memory of every later fork."""
    with started() as one:
        with pytest.raises(CannotRender):
            one.render([sheet(SECRET, "<div>" * 900 + SECRET)])
        content = one.render([sheet(SECRET, f"<p>{SECRET}" * 1000)]).content
        assert is_at_rest(one)
        memory = memory_of(pid(one))

    assert b"UALetterSerif" in memory  # it can be looked into
    assert SECRET.encode() not in memory
    assert [place for place in range(80, len(content), 400) if content[place : place + 40] in memory] == []


def memory_of(process: int) -> bytes:
    parts = []
    try:
        with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
            for line in Path(f"/proc/{process}/maps").read_text().splitlines():
                bounds, rights = line.split()[:2]
                start, end = (int(bound, 16) for bound in bounds.split("-"))
                if rights.startswith("rw"):
                    memory.seek(start)
                    parts.append(memory.read(end - start))
    except PermissionError:
        pytest.skip("This machine lets nobody look into a process")
    return b"".join(parts)


def test_it_does_not_grow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def size_and_descriptors() -> tuple[int, dict[str, str]]:
        assert is_at_rest(one)
        return int(lines_of(pid(one), "status")["VmRSS"].removesuffix("kB")), descriptors(pid(one))

    with started() as one:
        for number in range(310):
            if number == 10:
                before, open_before = size_and_descriptors()
            one.render([sheet(f"{number}", f"<p>Letter {number}</p>")])
        after, open_after = size_and_descriptors()

        assert after < 1.1 * before
        assert (open_after, list(tmp_path.iterdir())) == (open_before, [])


# --- Bombs ------------------------------------------------------------------------------------------------------------

LAUGHS = "".join(f"--a{number}: {f'var(--a{number - 1}) ' * 10};" for number in range(1, 12))
USES = "".join(f"<g id='a{number}'>" + f"<use href='#a{number - 1}'/>" * 10 + "</g>" for number in range(1, 12))

BOMBS = {
    "flex": FLEX + SECRET,
    "colspan": f"<table><tr><td colspan=1000000>{SECRET}",
    "columns of a table": f"<table><col span=1000000><tr><td>{SECRET}",
    "variables": f"<style>:root {{ --a0: lol lol; {LAUGHS} }} p {{ font-family: var(--a11) }}</style><p>{SECRET}",
    "uses": f'<svg xmlns="http://www.w3.org/2000/svg"><path id="a0" d="M0 0h1"/>{USES}<use href="#a11"/></svg>',
    "nested": "<div>" * 800 + SECRET,
    "deeply nested": "<div>" * 20_000 + SECRET,
    "huge letters": f"<p style='font-size: 1e9px'>{SECRET}",
    "wide letters": f"<p style='letter-spacing: 1e300px'>{SECRET}",
    "rows": "<table>" + f"<tr><td>{SECRET}<td>x" * 5000,
    "marks": f"<p>{SECRET} a" + "\u0301" * 50_000,
    "line breaks": f"<p>{SECRET}" + "<br>" * 25_000,
    "gradient": f"<p style='background: repeating-linear-gradient(red 0px, blue .000001px)'>{SECRET}",
    "brackets": f"<p style='width: {'calc(' * 5000}1px{')' * 5000}'>{SECRET}",
    "selectors": f"<style>{':is(' * 3000}p{')' * 3000} {{ color: red }}</style><p>{SECRET}",
    "half a sign": f"<p>{SECRET} \ud800",
    "a profile": f"<style>@color-profile --x {{ src: url(file:///etc/passwd) }}</style><p>{SECRET}",
    "a font": f"<style>@font-face {{ font-family: x; src: url({pdf.OURS}fonts/{pdf.FONT_NAMES[0]}) }}</style>{SECRET}",
}
SETUPS = {
    "tiny page": ("@page { size: 1mm; margin: 0 }", f"<p>{f'{SECRET} ' * 3000}"),
    "margin": (f"@page {{ size: A4; @top-center {{ content: '{'a ' * 200_000}' }} }}", f"<p>{SECRET}"),
    "open brackets": (f"@page {{ size: {'(' * 20_000}", f"<p>{SECRET}"),
}
ENDS = (
    "It took too much time or memory.",
    "It took too much memory.",
    *(
        f"The renderer gave up ({name})."
        for name in (
            *("OSError", "OverflowError", "PermissionError", "RecursionError", "UnicodeEncodeError", "ValueError"),
            *("ZeroDivisionError", "URLFetchingError"),
        )
    ),
)


def all_told(error: BaseException) -> str:
    """What a log would have of it."""
    return "".join(traceback.format_exception(error)) + repr(error)


@pytest.mark.parametrize("name", [*BOMBS, *SETUPS])
def test_a_bomb_ends_in_time_tells_nothing_and_the_next_letter_is_made(hasty: Press, name: str) -> None:
    setup, body = SETUPS[name] if name in SETUPS else (A4, BOMBS[name])
    hasty.render([sheet()])
    started_at, before = time.monotonic(), pid(hasty)

    with pytest.raises(CannotRender) as caught:
        hasty.render([Sheet(HEAD + body, "letter.css", (setup,))])

    assert time.monotonic() - started_at < press.LONGEST_RENDER
    assert (type(caught.value), str(caught.value) in ENDS) == (CannotRender, True)  # no other try would go better
    assert SECRET not in all_told(caught.value)
    assert (title(hasty.render([sheet("Next")])), pid(hasty)) == ("Next", before)


def test_a_bomb_has_ten_seconds(shared: Press) -> None:
    shared.render([sheet()])
    started_at = time.monotonic()

    with pytest.raises(CannotRender, match=r"^It took too (long|much time or memory)\.$"):
        shared.render([Sheet(BOMB, "letter.css", (A4,))])

    assert confinement.CPU_SECONDS - 1 < time.monotonic() - started_at < press.PATIENCE
    assert title(shared.render([sheet("Next")])) == "Next"


def test_what_is_too_large_is_not_even_sent(shared: Press) -> None:
    shared.render([sheet()])
    before = pid(shared)

    with pytest.raises(CannotRender, match=r"^It is too large\.$"):
        shared.render([sheet(body="x" * press.LARGEST)])

    assert (title(shared.render([sheet("Next")])), pid(shared)) == ("Next", before)


def test_what_is_not_ours_is_not_opened_as_a_stylesheet(shared: Press) -> None:
    with pytest.raises(CannotRender, match=r"^The renderer gave up \(PermissionError\)\.$"):
        shared.render([Sheet(HEAD, "../../../../../../etc/passwd", (A4,))])


def test_nothing_is_written_where_the_worker_logs(capfd: pytest.CaptureFixture[str]) -> None:
    with started() as one:
        for body in ("<p style='colour: " + SECRET + "'>", "<div>" * 900, f"<img src='{SECRET}.png'>", "<p>\ud800"):
            with contextlib.suppress(CannotRender):
                one.render([Sheet(HEAD + body, "letter.css", (A4, f"@page {{ {SECRET}: 1 }}"))])
        one.render([sheet()])

    assert capfd.readouterr() == ("", "")


# --- Falls ------------------------------------------------------------------------------------------------------------


def test_one_killed_between_two_letters_is_replaced(shared: Press) -> None:
    shared.render([sheet()])
    before = pid(shared)
    os.kill(before, signal.SIGKILL)
    assert becomes_true(lambda: is_gone(before))

    assert title(shared.render([sheet("Next")])) == "Next"
    assert pid(shared) != before


def test_one_killed_in_the_middle_takes_its_fork_along_and_is_replaced(at_work: AtWork) -> None:
    one, fork, answers = at_work
    before = pid(one)
    os.kill(before, signal.SIGKILL)

    assert becomes_true(lambda: answers)
    assert repr(answers) == "[BrokeOff('The press broke off.')]"
    assert becomes_true(partial(is_gone, fork), seconds=4)  # long before its own time is up
    assert title(one.render([sheet("Next")])) == "Next"
    assert pid(one) != before


def test_a_fork_killed_in_the_middle_leaves_the_press_at_work(at_work: AtWork) -> None:
    one, fork, answers = at_work
    before = pid(one)
    os.kill(fork, signal.SIGKILL)

    assert becomes_true(lambda: answers)
    assert repr(answers) == "[CannotRender('It took too much time or memory.')]"
    assert (title(one.render([sheet("Next")])), pid(one)) == ("Next", before)


def test_a_fork_that_stands_still_is_ended_by_the_press(hostile: Press) -> None:
    hostile.render([sheet()])
    assert is_at_rest(hostile)
    before = pid(hostile)

    def stop_the_fork() -> None:
        assert becomes_true(lambda: forks_of(before))
        os.kill(forks_of(before)[0], signal.SIGSTOP)

    stopper = threading.Thread(target=stop_the_fork)
    stopper.start()
    with pytest.raises(CannotRender, match=r"^It took too long\.$"):
        hostile.render([Sheet(BOMB, "letter.css", (A4,))])
    stopper.join()

    assert (title(hostile.render([sheet("Next")])), pid(hostile)) == ("Next", before)
    assert is_at_rest(hostile)


@pytest.mark.parametrize("size", [10, 1_000_000], ids=["short", "longer than a pipe"])
def test_a_press_that_stands_still_is_replaced(shared: Press, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    shared.render([sheet()])
    before = pid(shared)
    os.kill(before, signal.SIGSTOP)

    monkeypatch.setattr(shared, "_patience", 0.5)
    with pytest.raises(BrokeOff, match=r"^The press broke off\.$"):
        shared.render([sheet(body=f"<!--{'x' * size}-->")])
    monkeypatch.undo()

    assert is_gone(before)
    assert title(shared.render([sheet("Next")])) == "Next"


# Code of a fork that a stranger has taken over, and what the worker makes of its answer.
TAKEN_OVER = {
    "os._exit(0)": "It took too much time or memory.",
    "os.abort()": "It took too much time or memory.",
    "answer = b'rubbish', b''": "The press broke off.",
    "answer = b'', b''": "The press broke off.",
    "answer = bytes([255]), b''": "The press broke off.",
    "answer = b'[1]', b''": "The press broke off.",
    "answer = b'[' * 100_000, b''": "The press broke off.",
    "answer = b'{}', b''": "The press broke off.",
    "answer = b'{}', bytes(30_000_000)": "It took too much time or memory.",
    "for pipe in range(9):\n try: os.write(pipe, bytes([255]) * 64)\n except OSError: pass": (
        "It took too much time or memory."
    ),
    "for pipe in range(9):\n try: os.write(pipe, bytes(7) + bytes([9, 123, 125]))\n except OSError: pass\n"
    "time.sleep(60)": "It took too long.",
    "os.write(1, b'to the worker')": "It took too much time or memory.",
    "os.read(0, 100)": "It took too much time or memory.",
}


@pytest.mark.parametrize("code", TAKEN_OVER)
def test_a_fork_taken_over_by_a_stranger_harms_its_own_letter_alone(hostile: Press, code: str) -> None:
    with pytest.raises(CannotRender) as caught:
        hostile.render([Sheet("", code, (A4,))])

    broke_off = TAKEN_OVER[code] == "The press broke off."
    assert (str(caught.value), type(caught.value)) == (TAKEN_OVER[code], BrokeOff if broke_off else CannotRender)
    assert [title(hostile.render([sheet(f"Next {number}")])) for number in range(3)] == ["Next 0", "Next 1", "Next 2"]


# --- Whose letter it is -----------------------------------------------------------------------------------------------


def test_two_threads_are_each_given_their_own(shared: Press) -> None:
    found: dict[str, list[str | None]] = {"a": [], "b": [], "c": []}

    def ask(name: str) -> None:
        for number in range(15):
            found[name].append(title(shared.render([sheet(f"{name}{number}")])))

    threads = [threading.Thread(target=ask, args=(name,)) for name in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {name: [f"{name}{number}" for number in range(15)] for name in found}


def test_a_press_outlives_the_thread_that_started_it() -> None:
    with started() as one:
        thread = threading.Thread(target=one.render, args=([sheet()],))
        thread.start()
        thread.join()
        before = pid(one)
        time.sleep(0.2)

        assert (title(one.render([sheet("Next")])), pid(one)) == ("Next", before)


class TimeLimit(Exception):
    """As Celery raises it, wherever the task happens to be."""


@pytest.mark.parametrize("delay", [0.001, 0.05, 0.3])
def test_a_letter_that_was_given_up_is_not_the_answer_to_the_next(shared: Press, delay: float) -> None:
    def give_up(*_arguments: object) -> None:
        raise TimeLimit

    shared.render([sheet()])
    before = signal.signal(signal.SIGALRM, give_up)
    try:
        signal.setitimer(signal.ITIMER_REAL, delay)
        with pytest.raises(TimeLimit):
            shared.render([sheet("Given up", "<p>word</p>" * 5000)])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert [title(shared.render([sheet(each)])) for each in ("Next", "After that")] == ["Next", "After that"]


def test_a_fork_of_the_worker_has_a_press_of_its_own(at_work: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one that is made while another thread waits for a letter: it neither waits as well nor holds that press."""
    one, _fork, _answers = at_work
    monkeypatch.setattr(press, "_press", one)
    pipes = {os.readlink(f"/proc/self/fd/{descriptor}") for descriptor in (one._input, one._output)}
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        try:
            signal.alarm(20)
            held = pipes & {os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()}
            titles = [title(press.render([sheet(f"child {number}")])) for number in range(3)]
            os.write(theirs, f"{len(held)} {titles}".encode())
            press._press.end()
        finally:
            os._exit(0)
    os.close(theirs)
    with open(ours) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)

    assert told == "0 ['child 0', 'child 1', 'child 2']"


# --- The end of a worker ----------------------------------------------------------------------------------------------

WORKER = f"""
import sys, threading, time
from appeals import press
from appeals.pdf import Sheet
press.render([Sheet("<html lang=en><title>x</title>", "letter.css", ("{A4}",))])
print(press._press._process.pid, flush=True)
if "middle" in sys.argv:
    press.render([Sheet(sys.stdin.read(), "letter.css", ("{A4}",))])
elif "wait" in sys.argv:
    time.sleep(60)
"""


@contextlib.contextmanager
def worker(how: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A worker that has rendered, and its press."""
    command = [sys.executable, "-c", WORKER, how]
    with subprocess.Popen(command, cwd=pdf.BASE, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def test_a_killed_worker_leaves_no_press_behind() -> None:
    with worker("wait") as (process, its_press):
        assert not is_gone(its_press)
        process.kill()

        assert becomes_true(partial(is_gone, its_press))


def test_a_worker_killed_in_the_middle_of_a_letter_leaves_neither_press_nor_fork() -> None:
    with worker("middle") as (process, its_press):
        assert becomes_true(lambda: not forks_of(its_press))
        assert process.stdin is not None
        process.stdin.write(BOMB.encode())
        process.stdin.close()
        assert becomes_true(lambda: forks_of(its_press))
        (fork,) = forks_of(its_press)
        process.kill()

        assert becomes_true(lambda: is_gone(its_press) and is_gone(fork), seconds=4)


def test_a_worker_that_ends_takes_its_press_along() -> None:
    with worker("end") as (process, its_press):
        assert process.wait(10) == 0
        assert becomes_true(partial(is_gone, its_press))


def test_what_asks_everything_to_stop_does_not_take_the_press_from_a_worker_at_work(at_work: AtWork) -> None:
    one, fork, answers = at_work
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(pid(one), number)
        os.kill(fork, number)
    time.sleep(0.2)

    assert (is_gone(pid(one)), is_gone(fork), answers) == (False, False, [])


# --- Where there is none ----------------------------------------------------------------------------------------------

UNCONFINED = "This machine cannot confine the press: it needs Linux 5.13 with Landlock, and libseccomp2."


@pytest.mark.parametrize(
    "lack",
    ["confinement.pyseccomp = None", "confinement._LANDLOCK_CREATE_RULESET = 100_000"],
    ids=["libseccomp", "Landlock"],
)
def test_where_it_cannot_be_confined_only_those_get_a_letter_who_do_not_insist(lack: str) -> None:
    with started(with_words(lack)) as one:
        assert title(one.render([sheet("Mine")])) == "Mine"
        with pytest.raises(NoPress) as caught:
            one.render([sheet("Not mine")], is_confined=True)

        assert str(caught.value) == UNCONFINED
        assert title(one.render([sheet("Mine again")])) == "Mine again"


def test_a_fork_that_cannot_be_confined_this_once_does_not_render() -> None:
    """That the others could is no promise for this one."""
    once = (
        "def confine():\n if confinement.fails: raise OSError\n"
        "def serve(*arguments):\n ordinary(*arguments); confinement.fails = True\n"
        "confinement.fails, confinement.confine, ordinary = False, confine, press._serve\npress._serve = serve"
    )
    with started(with_words(once)) as one:
        one.render([sheet()], is_confined=True)

        with pytest.raises(NoPress, match="cannot confine"):
            one.render([sheet()], is_confined=True)


def test_a_font_that_is_not_there_is_named(shared: Press) -> None:
    """Without it letters would be boxes, and nobody would know before an official opens one."""
    command = with_words("pdf.FONT_NAMES = (*pdf.FONT_NAMES, 'Gone.woff2')")
    with started(command) as one, pytest.raises(NoPress, match=r"No such file or directory: '.*Gone\.woff2'"):
        one.render([sheet()])


@pytest.mark.parametrize("content", [b"version https://git-lfs.github.com/spec/v1", b"wOF2" + bytes(500)])
def test_a_font_that_is_none_is_named(tmp_path: Path, content: bytes) -> None:
    for path in pdf.FONTS.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "UALetterArabic-Bold.woff2").write_bytes(content)

    command = with_words(f"pdf.FONTS = pdf.Path({str(tmp_path)!r})")
    with started(command) as one, pytest.raises(NoPress, match="Font-face 'UA Letter Arabic' cannot be loaded"):
        one.render([sheet()])


@pytest.mark.parametrize(
    "command",
    [
        ["/nowhere/python"],
        [sys.executable, "-c", "pass"],
        [sys.executable, "-c", "raise SystemExit(3)"],
        [sys.executable, "-c", "print('hello ' * 10)"],
        [sys.executable, "-c", "import sys; sys.stdout.buffer.write(bytes(7) + b'\\x03xyz')"],
    ],
    ids=["no Python", "ends", "fails", "talks", "talks rubbish"],
)
def test_one_that_does_not_start_is_no_press(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with started(command) as one:
        for _attempt in range(2):
            with pytest.raises(NoPress, match=r"^The press does not start"):
                one.render([sheet()])
        monkeypatch.setattr(press, "_press", one)
        press.warm_up()  # says nothing: whoever needs a letter will be told


def test_one_that_takes_too_long_to_start_is_no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "LONGEST_START", 0.2)
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with started(command) as one, pytest.raises(NoPress, match=r"^The press does not start\.$"):
        one.render([sheet()])
