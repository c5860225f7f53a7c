"""Taking the network, the files and most of the system away from a process, for good and without being root.

Landlock closes the file system and TCP, seccomp everything else but what computing needs. Both are Linux alone, and
last until the process ends.
"""

import contextlib
import ctypes
import errno
import os
import resource
import struct
from pathlib import Path

try:
    import pyseccomp  # looks for its library when it is imported, which a confined process could not
except (ImportError, RuntimeError):
    pyseccomp = None

CPU_SECONDS = 10
MEMORY = 512 * 1024 * 1024  # bytes beyond what the process has at the start

_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446  # the same on every architecture
_EVERY_FILE_RIGHT = (1 << 13) - 1  # those of the first version; each later one adds its own
_RIGHTS_SINCE = {2: 13, 3: 14, 5: 15}  # version -> number of the right that it added
_EVERY_TCP_RIGHT, _TCP_SINCE = 0b11, 4
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_THREAD = 0x10000

# What a process needs that only computes and writes into a pipe it holds. All else answers "not permitted": what opens
# something, and also fcntl, which can have another process killed, and sched_setattr, which can starve it.
_SYSTEM_CALLS = (
    "read", "readv", "write", "writev", "close", "lseek", "fstat", "poll", "ppoll",
    "mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "futex", "membarrier", "rseq",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times",
    "getrandom", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrusage", "sysinfo",
    "uname", "sched_yield", "sched_getaffinity", "exit", "exit_group",
    "set_robust_list", "set_tid_address", "arch_prctl",  # what a thread begins with
)  # fmt: skip


def limit(memory: int = MEMORY, cpu_seconds: int = CPU_SECONDS) -> None:
    """End this process when it takes more time or memory than that; let it write no file and leave no core behind."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        most = int(statm.read_text().split()[0]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def confine() -> None:
    """From here on this process opens no file, no connection and no other process. Raises OSError where it cannot."""
    _close_files_and_tcp()
    _allow_computing_only()


def _close_files_and_tcp() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if version < 1:
        raise OSError(ctypes.get_errno(), "The kernel has no Landlock.")
    files = _EVERY_FILE_RIGHT
    for since, right in _RIGHTS_SINCE.items():
        files |= (1 << right) if version >= since else 0
    rights = struct.pack("QQ", files, _EVERY_TCP_RIGHT) if version >= _TCP_SINCE else struct.pack("Q", files)
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, rights, ctypes.c_size_t(len(rights)), ctypes.c_uint32(0))
    if ruleset < 0 or libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "Landlock refused.")
    try:
        if libc.syscall(_LANDLOCK_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)):
            raise OSError(ctypes.get_errno(), "Landlock refused.")
    finally:
        os.close(ruleset)


def _allow_computing_only() -> None:
    if pyseccomp is None:
        raise OSError(errno.ENOSYS, "There is no libseccomp.")
    allowed = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in _SYSTEM_CALLS:
        with contextlib.suppress(OSError, ValueError):  # this architecture has no such call
            allowed.add_rule(pyseccomp.ALLOW, name)
    # Pango looks for fonts in threads. A thread may begin, a process may not; the C library tries the old call when
    # the new one, whose arguments no filter can see, is not there.
    allowed.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    allowed.add_rule(pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, _CLONE_THREAD))
    allowed.load()
