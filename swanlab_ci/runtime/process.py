"""The process on its host: it gives up root, bounds its memory, and ends with a message when a signal ends it."""

import os
import resource
import signal
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from types import FrameType

from swanlab_ci.errors import InterruptionError
from swanlab_ci.messages.message import Message, Name
from swanlab_ci.runtime.deadline import Deadline

_MEMORY = 2 << 30  # threads reserve address space that they never use; 1 GiB could be too little
_NOBODY = 65534


def leave_root(environ: Mapping[str, str]) -> Message | None:
    """Become the owner of the step's output file, if this process is root; return a warning where that fails.

    The runner starts container actions as root and mounts the Docker socket; the owner of the output file can do all
    that this program needs. Its *group* is not taken over: on hosted runners it has been `docker`.
    """
    output = environ.get("GITHUB_OUTPUT", "")
    if os.geteuid() != 0 or not output:
        return None
    try:
        owner = os.stat(output).st_uid  # noqa: PTH116 - the same, without loading pathlib before privileges are gone
        if owner == 0:
            return None
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(owner, owner, owner)
    except OSError as error:
        return Message("process.still-root", reason=Name(error.strerror or type(error).__name__))
    return None


def forget_loaders(environ: MutableMapping[str, str]) -> None:
    """Drop what makes the TLS library load code, or write its secrets to a file, that an earlier step named."""
    for name in [name for name in environ if name.upper().startswith(("OPENSSL_", "LD_", "SSLKEYLOGFILE"))]:
        del environ[name]


def bound_memory() -> None:
    """Make a hostile answer or template end in a `MemoryError` here, not in a runner without memory."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def end_gently() -> None:
    """Make SIGTERM end the program as Ctrl-C does; in a container, for PID 1, it would do nothing."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def use_reserve(deadline: Deadline) -> None:
    """Move the end, inside `ending_in_words`, to the end of the time that is reserved for publishing."""
    signal.setitimer(signal.ITIMER_REAL, deadline.without_reserve().left() or 0.01)


@contextmanager
def part_of(deadline: Deadline, share: float) -> Iterator[None]:
    """Let the alarm of `ending_in_words` ring after a share of the time that is left; afterwards as before."""
    signal.setitimer(signal.ITIMER_REAL, share * deadline.left() or 0.01)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, deadline.left() or 0.01)


@contextmanager
def ending_in_words(deadline: Deadline) -> Iterator[None]:
    """Turn SIGTERM, SIGINT and the deadline into a `SwanlabCiError` that says which of them it was."""

    def interrupted(number: int, _frame: FrameType | None) -> None:
        raise InterruptionError(
            Message("process.interrupted-by", signal=Name(signal.Signals(number).name)), Message("process.no-verdict")
        )

    def out_of_time(_number: int, _frame: FrameType | None) -> None:
        raise deadline.expired(Message("deadline.working"))

    handlers = {signal.SIGTERM: interrupted, signal.SIGINT: interrupted, signal.SIGALRM: out_of_time}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    signal.setitimer(signal.ITIMER_REAL, deadline.left())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
