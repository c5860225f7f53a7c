"""What a confined process may do and what not: each attempt is made in a fork, first unconfined, then confined."""

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appeals import confinement

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are of Linux")

Attempt = Callable[[], object]

MEGABYTE = 1024 * 1024


def in_fork(work: Callable[[], Any], seconds: float = 20) -> tuple[Any, int]:
    """What `work` returns in a fork, None if it ended before; and the signal that ended it."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(ours)
            answer = json.dumps(work()).encode()
            while answer:
                answer = answer[os.write(theirs, answer) :]
        finally:
            os._exit(0)
    os.close(theirs)
    deadline = threading.Timer(seconds, os.kill, (child, signal.SIGHUP))
    deadline.start()
    with open(ours, "rb") as pipe:
        content = pipe.read()
    _child, status = os.waitpid(child, 0)
    deadline.cancel()
    return json.loads(content) if content else None, os.WTERMSIG(status)


def outcome(attempt: Attempt) -> str:
    """ "done", or the name of the error."""
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    return "done"


def outcomes(attempts: dict[str, Attempt]) -> dict[str, str]:
    return {name: outcome(attempt) for name, attempt in attempts.items()}


@pytest.fixture
def confinable() -> None:
    def why_not() -> str:
        try:
            confinement.confine()
        except OSError as error:
            return error.strerror or "confine() refused"
        return ""

    reason, _signal = in_fork(why_not)
    if reason:
        pytest.skip(f"This machine cannot confine: {reason}")


def libc(name: str, *arguments: Any) -> int:
    """Call it as C does, and raise as Python does."""
    result = int(getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), name)
    return result


def make_a_process() -> None:
    if not os.fork():
        os._exit(0)


@pytest.fixture
def attempts(tmp_path: Path) -> Iterator[dict[str, Attempt]]:
    """All that a stranger's code would try. Each works in a process that is not confined."""
    parent = os.getpid()
    for name in ("read", "append", "remove", "rename", "shorten", "touch", "guard", "link"):
        (tmp_path / name).write_text("canary")
    with contextlib.ExitStack() as held:
        server = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        address = server.getsockname()
        held.enter_context(socket.create_connection(address))
        one_end, _other_end = map(held.enter_context, socket.socketpair())
        tcp, udp = (held.enter_context(socket.socket(type=kind)) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM))
        folder = os.open(tmp_path, os.O_RDONLY)
        held.callback(os.close, folder)
        pipe = os.pipe()
        for end in pipe:  # not closerange: what lies between the two may be somebody else's
            held.callback(os.close, end)
        yield {
            # files
            "read a file": (tmp_path / "read").read_bytes,
            "read what everybody may": Path("/etc/passwd").read_bytes,
            "read a file in an inherited folder": lambda: os.open("read", os.O_RDONLY, dir_fd=folder),
            "list an inherited folder": lambda: os.listdir(folder),
            "list a folder": lambda: os.listdir("/"),
            "see whether a file is there": lambda: os.stat("/etc/passwd"),
            "read the environment": Path("/proc/self/environ").read_bytes,
            "read the parent's environment": Path(f"/proc/{parent}/environ").read_bytes,
            "read the memory": lambda: os.open("/proc/self/mem", os.O_RDONLY),
            "read a link": lambda: os.readlink("/proc/self/exe"),
            "read a device": lambda: os.open("/dev/urandom", os.O_RDONLY),
            "write to /tmp": lambda: tempfile.TemporaryFile(dir="/tmp").close(),
            "create a file": (tmp_path / "new").touch,
            "append to a file": lambda: os.open(tmp_path / "append", os.O_APPEND | os.O_WRONLY),
            "shorten a file": lambda: os.truncate(tmp_path / "shorten", 0),
            "remove a file": (tmp_path / "remove").unlink,
            "rename a file": lambda: (tmp_path / "rename").rename(tmp_path / "renamed"),
            "link a file": lambda: os.link(tmp_path / "link", tmp_path / "linked"),
            "make a symbolic link": lambda: (tmp_path / "symbolic").symlink_to("/etc/passwd"),
            "make a folder": (tmp_path / "folder").mkdir,
            "make a named pipe": lambda: os.mkfifo(tmp_path / "fifo"),
            "change who may read": lambda: (tmp_path / "guard").chmod(0o777),
            "change a time": lambda: os.utime(tmp_path / "touch", (1, 1)),
            "change the folder": lambda: os.chdir("/"),
            "make a file in memory": lambda: os.memfd_create("x"),
            # connections
            "TCP": socket.socket,
            "UDP": lambda: socket.socket(type=socket.SOCK_DGRAM),
            "a socket in the file system": lambda: socket.socket(socket.AF_UNIX),
            "a socket to the kernel": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
            "a pair of sockets": socket.socketpair,
            "accept a caller": server.accept,
            "connect an inherited socket": lambda: tcp.connect(address),
            "send from an inherited socket": lambda: udp.sendto(b"x", address),
            "send on an inherited connection": lambda: one_end.send(b"x"),
            # processes
            "fork": make_a_process,
            "start a program": lambda: subprocess.run(["true"], check=True),
            "spawn a program": lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}),
            "signal the parent": lambda: os.kill(parent, 0),
            "signal the group": lambda: os.killpg(0, 0),
            "have the parent signalled by a pipe": lambda: fcntl.fcntl(pipe[0], fcntl.F_SETOWN, parent),
            "hold the parent": lambda: os.pidfd_open(parent),
            "slow the parent down": lambda: os.setpriority(os.PRIO_PROCESS, parent, os.getpriority(0, parent)),
            "reschedule the parent": lambda: os.sched_setscheduler(parent, os.SCHED_OTHER, os.sched_param(0)),
            "move the parent to a processor": lambda: os.sched_setaffinity(parent, os.sched_getaffinity(0)),
            "limit the parent": lambda: resource.prlimit(parent, resource.RLIMIT_CORE),
            "change its own limits": lambda: resource.setrlimit(
                resource.RLIMIT_CPU, resource.getrlimit(resource.RLIMIT_CPU)
            ),
            "leave the session": os.setsid,
            "become somebody": lambda: os.setuid(os.getuid()),
            # descriptors
            "a pipe": os.pipe,
            "a counter": lambda: os.eventfd(0),
            "one more name for a pipe": lambda: os.dup(pipe[0]),
            "ask a terminal": lambda: fcntl.ioctl(pipe[0], 0x541B, bytes(4)),  # FIONREAD
        }


# What not every unconfined process may either: in some containers these are refused from the start.
RARE: dict[str, Attempt] = {
    "become a program": lambda: os.execv("/bin/true", ["true"]),
    "trace the parent": lambda: libc("ptrace", 16, os.getppid(), 0, 0),
    "be traced": lambda: libc("ptrace", 0, 0, 0, 0),
    "read the parent's memory": lambda: libc("process_vm_readv", os.getppid(), 0, 0, 0, 0, 0),
    "io_uring": lambda: libc("syscall", 425, 8, ctypes.byref(ctypes.create_string_buffer(200))),
    "open in the newest way": lambda: libc("syscall", 437, -100, b"/etc/passwd", bytes(24), 24),
    "take the parent's descriptor": lambda: libc("syscall", 438, 0, 0, 0),
    "a message queue": lambda: libc("msgget", 0, 0o1000),
    "shared memory": lambda: libc("shmget", 0, 4096, 0o1600),
    "mount": lambda: libc("mount", b"none", b"/", b"tmpfs", 0, None),
    "chroot": lambda: os.chroot("/"),
    "a namespace of its own": lambda: libc("unshare", 0),
    "TCP over IPv6": lambda: socket.socket(socket.AF_INET6),
}


def test_a_process_that_is_not_confined_can_do_all_this(attempts: dict[str, Attempt]) -> None:
    answer, _signal = in_fork(lambda: outcomes(attempts))

    assert answer == dict.fromkeys(attempts, "done")


def test_a_confined_process_can_do_nothing_of_it(confinable: None, attempts: dict[str, Attempt]) -> None:
    everything = attempts | RARE

    def confined() -> dict[str, str]:
        confinement.confine()
        return outcomes(everything)

    answer, _signal = in_fork(confined)

    assert answer == dict.fromkeys(everything, "EPERM")


def test_a_confined_process_still_computes(confinable: None) -> None:
    pipe = os.pipe()

    def in_threads() -> list[int]:
        found: list[int] = []
        threads = [threading.Thread(target=found.append, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(found)

    def through_the_pipe() -> str:
        os.write(pipe[1], b"through")
        return os.read(pipe[0], 100).decode()

    def confined() -> dict[str, object]:
        confinement.limit()
        confinement.confine()
        time.sleep(0.001)
        return {
            "sum": sum(range(1000)),
            "memory": len(bytes(50 * MEGABYTE)),
            "random": len(os.urandom(8)),
            "clock": time.monotonic() > 0,
            "threads": in_threads(),
            "pipe": through_the_pipe(),
        }

    answer = in_fork(confined)
    for end in pipe:
        os.close(end)

    assert answer == (
        {
            "sum": 499500,
            "memory": 50 * MEGABYTE,
            "random": 8,
            "clock": True,
            "threads": list(range(20)),
            "pipe": "through",
        },
        0,
    )


def test_threads_begun_afterwards_are_confined_as_well(confinable: None, tmp_path: Path) -> None:
    found: list[str] = []

    def confined() -> list[str]:
        confinement.confine()
        thread = threading.Thread(target=lambda: found.append(outcome((tmp_path / "new").touch)))
        thread.start()
        thread.join()
        return found

    assert (in_fork(confined), list(tmp_path.iterdir())) == ((["EPERM"], 0), [])


def test_calls_of_another_architecture_end_it(confinable: None) -> None:
    """The same numbers mean other calls there, so no list of ours is any good against them."""
    if os.uname().machine != "x86_64":
        pytest.skip("only known for x86-64")
    x32_socket = 0x40000000 | 41

    def confined() -> int:
        confinement.confine()
        return int(ctypes.CDLL(None).syscall(ctypes.c_long(x32_socket), 2, 1, 0))

    assert in_fork(confined) == (None, signal.SIGSYS)


# --- Either of the two alone ------------------------------------------------------------------------------------------


def test_landlock_alone_closes_files_and_tcp(confinable: None, attempts: dict[str, Attempt]) -> None:
    files = ["read a file", "read a file in an inherited folder", "list a folder", "create a file"]
    files += ["append to a file", "remove a file", "make a folder", "read the environment", "shorten a file"]

    def confined() -> dict[str, str]:
        confinement._close_files_and_tcp()
        return outcomes({name: attempts[name] for name in files})

    answer, _signal = in_fork(confined)

    assert answer == dict.fromkeys(files, "EACCES")


def test_landlock_alone_closes_tcp_where_it_knows_it(confinable: None, attempts: dict[str, Attempt]) -> None:
    if landlock_version() < confinement._TCP_SINCE:
        pytest.skip("This kernel's Landlock is too old to know TCP.")

    def confined() -> dict[str, str]:
        confinement._close_files_and_tcp()
        calls: dict[str, Attempt] = {
            "connect": attempts["connect an inherited socket"],
            "listen": lambda: socket.create_server(("127.0.0.1", 0)),
        }
        return outcomes(calls)

    assert in_fork(confined) == ({"connect": "EACCES", "listen": "EACCES"}, 0)


def landlock_version() -> int:
    number = confinement._LANDLOCK_CREATE_RULESET
    return int(ctypes.CDLL(None).syscall(number, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))


def test_seccomp_alone_refuses_as_much(confinable: None, attempts: dict[str, Attempt]) -> None:
    def confined() -> dict[str, str]:
        confinement._allow_computing_only()
        return outcomes(attempts)

    answer, _signal = in_fork(confined)

    assert answer == dict.fromkeys(attempts, "EPERM")


# --- Where it cannot be done ------------------------------------------------------------------------------------------


def test_a_kernel_without_landlock_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_LANDLOCK_CREATE_RULESET", 100_000)  # no kernel has that many calls

    with pytest.raises(OSError, match="The kernel has no Landlock"):
        confinement.confine()


def test_a_kernel_that_refuses_landlock_is_an_error(confinable: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_LANDLOCK_RESTRICT_SELF", 100_000)

    with pytest.raises(OSError, match="Landlock refused"):
        confinement._close_files_and_tcp()


def test_a_machine_without_libseccomp_is_an_error(confinable: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "pyseccomp", None)

    def confined() -> str:
        try:
            confinement.confine()
        except OSError as error:
            return str(error.strerror)
        return "confined"

    assert in_fork(confined) == ("There is no libseccomp.", 0)


# --- Time, memory, files ----------------------------------------------------------------------------------------------


def test_memory_beyond_the_limit_is_not_given() -> None:
    def limited() -> list[str]:
        confinement.limit(memory=100 * MEGABYTE)
        told = []
        for size in (50, 500):
            try:
                told.append(f"{len(bytes(size * MEGABYTE)) // MEGABYTE}")
            except MemoryError:
                told.append("MemoryError")
        return told

    assert in_fork(limited) == (["50", "MemoryError"], 0)


def test_many_small_things_reach_the_limit_as_well() -> None:
    def limited() -> str:
        confinement.limit(memory=50 * MEGABYTE)
        try:
            return str(len([bytes(10_000) for _number in range(50_000)]))
        except MemoryError:
            return "MemoryError"

    assert in_fork(limited) == ("MemoryError", 0)


@pytest.mark.parametrize(
    ("handler", "end"), [(signal.SIG_DFL, signal.SIGXCPU), (signal.SIG_IGN, signal.SIGKILL)], ids=["dies", "ignores"]
)
def test_time_beyond_the_limit_ends_the_process(handler: signal.Handlers, end: signal.Signals) -> None:
    def limited() -> None:
        signal.signal(signal.SIGXCPU, handler)
        confinement.limit(cpu_seconds=1)
        while True:
            pass

    assert in_fork(limited) == (None, end)


def test_time_of_all_threads_counts() -> None:
    def burn() -> None:
        while True:
            pass

    def limited() -> None:
        confinement.limit(cpu_seconds=1)
        for _number in range(5):
            threading.Thread(target=burn, daemon=True).start()
        time.sleep(20)

    assert in_fork(limited) == (None, signal.SIGXCPU)


def test_a_limited_process_can_write_no_file_but_its_pipe(tmp_path: Path) -> None:
    def limited() -> str:
        with (tmp_path / "before").open("wb", buffering=0) as file:
            confinement.limit()
            return outcome(lambda: file.write(b"text"))

    answer = in_fork(limited)

    assert (answer, (tmp_path / "before").read_bytes()) == (("EFBIG", 0), b"")


def test_it_leaves_no_memory_behind_in_a_file() -> None:
    def limited() -> list[int]:
        confinement.limit()
        return list(resource.getrlimit(resource.RLIMIT_CORE))

    assert in_fork(limited) == ([0, 0], 0)
