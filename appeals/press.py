"""The press: a process of its own that renders, with no network, no files and no secrets of ours in reach.

A worker starts it once, `python -m appeals.press`, with an empty environment. It loads fonts and styles, and then
makes each piece in a fork of itself that is confined (see confinement.py), ends with the piece and takes whatever it
learnt with it: warm, and yet new for every reader. The press itself only passes on what goes in and out, unread, and
wipes it from its memory. What it says never repeats a text that it was given.
"""

import atexit
import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NoReturn

from appeals import confinement, pdf
from appeals.pdf import CannotRender, Printed, Sheet

LONGEST_START = 60.0  # seconds; unpacking the fonts on a slow machine takes some
LONGEST_RENDER = 20.0
PATIENCE = LONGEST_RENDER + 5  # the worker's: a press that lives has given up by then
LARGEST = 20_000_000  # bytes

NO_SYSTEM_FONTS = "ignore:No fonts configured"  # that is as it should be
COMMAND = (sys.executable, "-W", NO_SYSTEM_FONTS, "-m", "appeals.press")

UNCONFINED = "This machine cannot confine the press: it needs Linux 5.13 with Landlock, and libseccomp2."

_LENGTH = struct.Struct(">Q")


class BrokeOff(CannotRender):
    """The press fell in the middle of the piece. That need not be the piece's fault: another try may go well."""


class NoPress(Exception):
    """Nothing can be rendered on this machine for now; the message says what it lacks."""


# --- The worker's side ------------------------------------------------------------------------------------------------


class Press:
    """One press, started by the first piece and again after it fell; for any number of threads, one piece at a time."""

    def __init__(self, command: Sequence[str] = COMMAND, patience: float = PATIENCE) -> None:
        self._command = command
        self._patience = patience
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False

    def render(self, sheets: Sequence[Sheet], is_confined: bool = False) -> Printed:
        request = json.dumps({"sheets": [asdict(sheet) for sheet in sheets], "is_confined": is_confined}).encode()
        if len(request) > LARGEST:
            raise CannotRender("It is too large.")
        with self._lock:
            self._start()
            return self._ask(request)

    def warm_up(self) -> None:
        if self._lock.acquire(blocking=False):  # else somebody uses it already
            try:
                self._start()
            finally:
                self._lock.release()

    def _start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self.end()
        keep = {name: os.environ[name] for name in ("PATH", "TMPDIR", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        try:
            self._process = subprocess.Popen(
                self._command,
                bufsize=0,
                cwd=pdf.BASE,
                env={**keep, "FONTCONFIG_FILE": str(pdf.FONTS / "fonts.conf")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        except OSError as error:
            raise NoPress(f"The press does not start: {error.strerror}") from error

    def _ask(self, request: bytes) -> Printed:
        is_answered = False
        try:
            if not self._is_ready:
                self._wait_until_ready()
            head, content = self._answer(request)
            is_answered = True
        finally:
            if not is_answered:  # for whatever reason: an answer that comes late would be taken for the next piece's
                self.end()
        if "lacks" in head:
            raise NoPress(head["lacks"])
        if "refused" in head:
            raise CannotRender(head["refused"])
        if "pages" not in head:
            raise BrokeOff("The press broke off.")
        return Printed(content, tuple(head["pages"]))

    def _wait_until_ready(self) -> None:
        try:
            head = json.loads(_receive(self._output, time.monotonic() + LONGEST_START))
        except (EOFError, TimeoutError, ValueError) as error:
            raise NoPress("The press does not start.") from error
        if "lacks" in head:
            raise NoPress(head["lacks"])
        self._is_ready = True

    def _answer(self, request: bytes) -> tuple[dict[str, Any], bytes]:
        until = time.monotonic() + self._patience
        try:
            _send(self._input, request, until=until)
            head, content = json.loads(_receive(self._output, until)), _receive(self._output, until)
            return {**head}, bytes(content)
        except (EOFError, OSError, ValueError, TypeError, RecursionError) as error:
            raise BrokeOff("The press broke off.") from error

    @property
    def _input(self) -> int:
        assert self._process is not None
        assert self._process.stdin is not None
        return self._process.stdin.fileno()

    @property
    def _output(self) -> int:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def end(self) -> None:
        process = self._process
        self.let_go()
        if process is not None:
            process.kill()
            process.wait()

    def let_go(self) -> None:
        """Close this process's ends of the pipes: when nobody holds them any more the press ends by itself."""
        process, self._process, self._is_ready = self._process, None, False
        for pipe in (process.stdin, process.stdout) if process is not None else ():
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()


_press = Press()


def render(sheets: Sequence[Sheet], is_confined: bool = False) -> Printed:
    """The sheets as one PDF, made by the press. One that hangs or falls is replaced for the next piece.

    With `is_confined` only by a press that is. Raises CannotRender for a piece that takes too much, and NoPress.
    """
    return _press.render(sheets, is_confined)


def warm_up() -> None:
    """Start the press without waiting for it."""
    with contextlib.suppress(NoPress):
        _press.warm_up()


def _use_a_press_of_its_own() -> None:
    """A fork of the worker would share the pipes with it, and each be given the other's letters."""
    global _press
    _press.let_go()
    _press = Press()


os.register_at_fork(after_in_child=_use_a_press_of_its_own)
atexit.register(lambda: _press.end())


# --- Both sides: messages, each with its length before it -------------------------------------------------------------


def _send(descriptor: int, *messages: bytes | bytearray, until: float | None = None) -> None:
    """Raises BrokenPipeError when the other side is gone, and TimeoutError."""
    for message in messages:
        for part in (_LENGTH.pack(len(message)), message):
            rest = memoryview(part)
            while rest:
                _wait(descriptor, select.POLLOUT, until)
                rest = rest[os.write(descriptor, rest[: select.PIPE_BUF]) :]  # so much never waits, but what is longer


def _receive(descriptor: int, until: float | None = None, keeper: int | None = None) -> bytearray:
    """Raises EOFError when the other side is gone, and TimeoutError.

    Raises BrokenPipeError as soon as nobody holds the other end of `keeper` any more.
    """
    (length,) = _LENGTH.unpack(_exactly(descriptor, _LENGTH.size, until, keeper))
    if length > LARGEST:
        raise EOFError
    return _exactly(descriptor, length, until, keeper)


def _exactly(descriptor: int, length: int, until: float | None, keeper: int | None) -> bytearray:
    whole = bytearray(length)
    rest = memoryview(whole)
    while rest:
        _wait(descriptor, select.POLLIN, until, keeper)
        count = os.readv(descriptor, [rest])
        if not count:
            raise EOFError
        rest = rest[count:]
    return whole


def _wait(descriptor: int, event: int, until: float | None, keeper: int | None = None) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    if keeper is not None:
        poll.register(keeper, 0)  # that it was hung up is told unasked
    ready = poll.poll(None if until is None else max(0.0, until - time.monotonic()) * 1000)
    if not ready:
        raise TimeoutError
    if any(number == keeper for number, _event in ready):
        raise BrokenPipeError


# --- The press itself -------------------------------------------------------------------------------------------------

_IN, _OUT = 0, 1


def main(seconds: float = LONGEST_RENDER, cpu_seconds: int = confinement.CPU_SECONDS) -> None:
    """Serve until the worker closes its end."""
    for number in (signal.SIGINT, signal.SIGTERM):  # whatever stops the worker closes its end, after the last piece
        signal.signal(number, signal.SIG_IGN)
    try:
        pdf.load()
    except OSError as error:  # one of WeasyPrint's system libraries, or a font
        _send(_OUT, _head(lacks=str(error).splitlines()[0]))
        return
    gc.collect()
    gc.freeze()  # what all forks share stays shared
    with contextlib.suppress(EOFError, BrokenPipeError):
        _send(_OUT, _head())
        while True:
            request = _receive(_IN)
            _serve(request, seconds, cpu_seconds)
            _wipe(request)


def _serve(request: bytearray, seconds: float, cpu_seconds: int) -> None:
    """Pass the request to a fork, and its answer to the worker. Raises BrokenPipeError when the worker is gone."""
    press = os.getpid()
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        _be_the_fork(press, theirs, request, cpu_seconds)
    os.close(theirs)
    try:
        answer = _answer_of_fork(ours, time.monotonic() + seconds)
        os.kill(child, signal.SIGKILL)  # it has no more to do, whatever it thinks
        _send(_OUT, *answer)
        _wipe(*answer)
    finally:
        os.close(ours)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _answer_of_fork(ours: int, until: float) -> tuple[bytearray, bytearray]:
    try:
        return _receive(ours, until, keeper=_IN), _receive(ours, until, keeper=_IN)
    except TimeoutError:
        return _head(refused="It took too long."), bytearray()
    except EOFError:
        return _head(refused="It took too much time or memory."), bytearray()


def _wipe(*texts: bytearray) -> None:
    """The next fork, another reader's, has all of this memory."""
    for text in texts:
        text[:] = bytes(len(text))


def _be_the_fork(press: int, descriptor: int, request: bytearray, cpu_seconds: int) -> NoReturn:
    try:
        _end_with(press)
        gc.disable()  # it lives too short for that to pay
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        os.closerange(0, descriptor)
        os.closerange(descriptor + 1, 256)
        _send(descriptor, *_make(request, cpu_seconds))
    finally:
        os._exit(0)


def _end_with(press: int) -> None:
    if pdf.LINUX:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != press:
            os._exit(0)


def _make(request: bytearray, cpu_seconds: int) -> tuple[bytearray, bytes]:
    is_confined = _confine(cpu_seconds)
    wanted = json.loads(request)
    if wanted["is_confined"] and not is_confined:
        return _head(lacks=UNCONFINED), b""
    try:
        printed = pdf.render([Sheet(**sheet) for sheet in wanted["sheets"]])
    except MemoryError:
        return _head(refused="It took too much memory."), b""
    except Exception as error:  # the kind of trouble, never its words: they may repeat the text
        return _head(refused=f"The renderer gave up ({type(error).__name__})."), b""
    return _head(pages=printed.pages), printed.content


def _confine(cpu_seconds: int) -> bool:
    confinement.limit(cpu_seconds=cpu_seconds)
    try:
        confinement.confine()
    except OSError:
        return False
    return True


def _head(**facts: Any) -> bytearray:
    return bytearray(json.dumps(facts).encode())


if __name__ == "__main__":
    main()
