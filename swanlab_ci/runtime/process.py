"""What the process owes its host: give up root, bound its memory, and end in words when it is told to end."""

import os
import resource
import signal
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from types import FrameType

from swanlab_ci.errors import InterruptionError
from swanlab_ci.runtime.deadline import Deadline

_MEMORY = 2 << 30  # threads reserve address space that they never use; 1 GiB could be too little
_NOBODY = 65534


def leave_root(environ: Mapping[str, str]) -> str:
    """Become the owner of the step's output file, if we are root; returns a warning, or the empty text.

    The runner starts container actions as root with the Docker socket at hand; the output file's owner can do all that
    this program needs. Its *group* is not taken over: on hosted runners that group has been `docker`.
    """
    output = environ.get("GITHUB_OUTPUT", "")
    if os.geteuid() != 0 or not output:
        return ""
    try:
        owner = os.stat(output).st_uid  # noqa: PTH116 - the same, without loading pathlib before privileges are gone
        if owner == 0:
            return ""
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(owner, owner, owner)
    except OSError as error:
        return f"Could not give up root ({error.strerror}); going on as root."
    return ""


def forget_loaders(environ: MutableMapping[str, str]) -> None:
    """Drop what makes the TLS library load code, or write its secrets to a file, that an earlier step named."""
    for name in [name for name in environ if name.upper().startswith(("OPENSSL_", "LD_", "SSLKEYLOGFILE"))]:
        del environ[name]


def bound_memory() -> None:
    """Let a hostile answer or template end in a `MemoryError` here, not in a runner out of memory."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def end_gently() -> None:
    """Let SIGTERM end the program as Ctrl-C does; as PID 1 in a container it would do nothing."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def use_reserve(deadline: Deadline) -> None:
    """Move the end, inside `ending_in_words`, to where the time that was kept for telling is over."""
    signal.setitimer(signal.ITIMER_REAL, deadline.without_reserve().left() or 0.01)


@contextmanager
def ending_in_words(deadline: Deadline) -> Iterator[None]:
    """Turn SIGTERM, SIGINT and the deadline into errors of ours, that say which it was."""

    def interrupted(number: int, _frame: FrameType | None) -> None:
        raise InterruptionError(
            f"Interrupted by {signal.Signals(number).name}.", "Nothing was decided; start the check again."
        )

    def out_of_time(_number: int, _frame: FrameType | None) -> None:
        raise deadline.expired("working")

    handlers = {signal.SIGTERM: interrupted, signal.SIGINT: interrupted, signal.SIGALRM: out_of_time}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    signal.setitimer(signal.ITIMER_REAL, deadline.left())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
