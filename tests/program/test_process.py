"""What the process owes its host."""

import os
import resource
import signal
import time
from pathlib import Path

import pytest

from swanlab_ci.errors import InterruptionError, TimeLimitError
from swanlab_ci.messages import Message, Name
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.runtime.process import bound_memory, ending_in_words, forget_loaders, leave_root


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_becomes_an_error_and_the_old_handlers_come_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)

    with pytest.raises(InterruptionError) as interruption, ending_in_words(Deadline(60)):
        signal.raise_signal(number)

    assert interruption.value.what == Message("process.interrupted-by", signal=Name(number.name))
    assert signal.getsignal(number) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_deadline_ends_what_nothing_else_would() -> None:
    with pytest.raises(TimeLimitError), ending_in_words(Deadline(0.05)):
        time.sleep(30)


def in_a_child(work: str, *arguments: str) -> int:
    """Run a function of this module in a forked child; return its exit code."""
    child = os.fork()
    if child == 0:
        try:
            globals()[work](*arguments)
        except BaseException:  # noqa: BLE001 - a child must not go on as a second pytest
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def memory_is_bounded() -> None:
    bound_memory()
    assert resource.getrlimit(resource.RLIMIT_AS)[0] <= 2 << 30
    try:
        bytearray(4 << 30)
    except MemoryError:
        return
    raise AssertionError


def root_stays_where_the_owner_is_root_or_unknown(folder: str) -> None:
    assert leave_root({}) is None
    assert leave_root({"GITHUB_OUTPUT": ""}) is None
    before = os.getresuid()
    (Path(folder) / "output").touch()
    assert leave_root({"GITHUB_OUTPUT": f"{folder}/output"}) is None
    assert os.getresuid() == before


def test_memory_is_bounded() -> None:
    assert in_a_child("memory_is_bounded") == 0


def test_root_is_kept_where_nobody_else_owns_the_outputs(tmp_path: Path) -> None:
    assert in_a_child("root_stays_where_the_owner_is_root_or_unknown", str(tmp_path)) == 0


def test_what_an_earlier_step_could_make_the_tls_library_do_is_dropped() -> None:
    environ = {"OPENSSL_CONF": "a", "LD_PRELOAD": "b", "SSLKEYLOGFILE": "c", "HTTPS_PROXY": "d"}

    forget_loaders(environ)

    assert environ == {"HTTPS_PROXY": "d"}
