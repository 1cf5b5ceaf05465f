"""A command in place of this process: it gets the signals, its exit code is ours, and nothing else changes for it."""

import os
import signal
import sys
from collections.abc import Mapping

_OF_THE_TERMINAL = frozenset({signal.SIGHUP, signal.SIGINT, signal.SIGQUIT})
_FORWARDED = _OF_THE_TERMINAL | {signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2}
_FROM_THE_KERNEL = 0x80  # SI_KERNEL in <asm-generic/siginfo.h>; a process that calls kill() gives another code
_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
_AFTER_A_SIGNAL = 128  # as in a shell: POSIX, "Exit Status for Commands"
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126


class Child:
    """A running command; from its start on, this process itself is deaf to the signals that it hands on.

    Only one child can run at a time, and nothing else may start processes meanwhile: all that end are collected,
    because as the first process of a container this one is the parent of every orphan.
    """

    def __init__(self, command: list[str], environ: Mapping[str, str]) -> None:
        """Start `command`, searched in PATH; raises `OSError` if that is not possible, see `code_of`."""
        signal.signal(signal.SIGCHLD, _wake_up)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {*_FORWARDED, signal.SIGCHLD})
        try:
            self.pid = os.posix_spawnp(command[0], command, environ, setsigmask=before, setsigdef=_IGNORED_BY_PYTHON)
        except OSError:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            raise

    def wait(self) -> int:
        """Hand on signals until the command has ended; return its exit code, or 128 + n if signal n ended it.

        What the command started and left running keeps running.
        """
        while (status := self._ended()) is None:
            number = _next_signal()
            if number is not None:
                os.kill(self.pid, number)
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else _AFTER_A_SIGNAL - code

    def _ended(self) -> int | None:
        """Collect every process that has ended; return the status of ours if it is among them."""
        found = None
        try:
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] == self.pid:
                    found = ended[1]
        except ChildProcessError:  # none is left
            pass
        return found


def code_of(error: OSError) -> int:
    """Return the exit code for a command that could not be started, as a shell does."""
    return _NOT_FOUND if isinstance(error, FileNotFoundError) else _NOT_EXECUTABLE


def _next_signal() -> signal.Signals | None:
    """Wait for a signal; return it, or None where the command needs no copy of it.

    A terminal sends its signals to the command as well: a second Ctrl-C would end it more harshly than the first.
    """
    if sys.platform == "linux":
        info = signal.sigwaitinfo({*_FORWARDED, signal.SIGCHLD})
        number, is_sent_to_all = signal.Signals(info.si_signo), info.si_code == _FROM_THE_KERNEL
    else:  # without the sender: a signal of the terminal is taken for one that came from there
        number = signal.Signals(signal.sigwait({*_FORWARDED, signal.SIGCHLD}))
        is_sent_to_all = number in _OF_THE_TERMINAL and _is_in_the_foreground()
    return None if number is signal.SIGCHLD or is_sent_to_all else number


def _is_in_the_foreground() -> bool:
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:  # no terminal
        return False


def _wake_up(_number: int, _frame: object) -> None:
    """Do nothing; a signal without a handler could be dropped instead of waited for."""
