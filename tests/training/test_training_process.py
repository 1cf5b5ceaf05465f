"""`exec` is transparent: exit codes, signals, what a command inherits and what it leaves behind."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest
from starting import PROGRAM, Exec, Start
from support.words import words

from swanlab_ci.messages import Name
from swanlab_ci.security.files import FileError

# prints the name of each signal that arrives, and ends with 7 at SIGTERM; it waits for them, as a handler could be lost
SAYS_SIGNALS = """
import os, signal, sys
ours = {signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2}
signal.pthread_sigmask(signal.SIG_BLOCK, ours)
print("ready", flush=True)
while True:
    number = signal.Signals(signal.sigwait(ours))
    print(number.name, flush=True)
    if number == signal.SIGTERM:
        sys.exit(7)
"""
FORWARDED = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def python(code: str) -> tuple[str, ...]:
    return "--", sys.executable, "-I", "-c", code


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("pass", 0),
        ("import sys; sys.exit(3)", 3),
        ("raise RuntimeError", 1),
        ("import os; os._exit(255)", 255),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
        ("import os, signal; signal.signal(15, signal.SIG_DFL); os.kill(os.getpid(), signal.SIGTERM)", 143),
        ("import os; os.abort()", 134),
    ],
)
def test_the_exit_code_is_the_commands(execute: Exec, code: str, expected: int) -> None:
    assert execute(*python(code)).code == expected


def test_every_argument_arrives_as_it_was_written(execute: Exec) -> None:
    given = ["--lr", "1e-3", "--", "--notify", "", "two words", "$HOME", "-h", "日本"]

    ended = execute("--", sys.executable, "-I", "-c", "import json, sys; print(json.dumps(sys.argv[1:]))", *given)

    assert json.loads(ended.out) == given


def test_output_and_input_are_the_commands_own(start: Start) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); print(repr(sys.stdin.read()))"
    process = start(*python(code))

    out, err = process.communicate(timeout=60)

    assert out == "out\n''\n"
    assert err.endswith("err\n")


@pytest.mark.parametrize("number", FORWARDED, ids=lambda number: number.name)
def test_a_signal_goes_to_the_command_once(start: Start, number: signal.Signals) -> None:
    process = start(*python(SAYS_SIGNALS))
    assert line(process) == "ready"

    process.send_signal(number)
    assert line(process) == number.name
    process.send_signal(signal.SIGTERM)

    rest, _ = process.communicate(timeout=60)
    assert rest.split() == ["SIGTERM"]
    assert process.returncode == 7


def test_a_command_that_ignores_sigterm_is_waited_for(start: Start) -> None:
    process = start(*python(SAYS_SIGNALS.replace("sys.exit(7)", "pass")))
    assert line(process) == "ready"

    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        assert line(process) == "SIGTERM"
    assert process.poll() is None
    (child,) = children_of(process.pid)
    os.kill(child, signal.SIGKILL)

    assert process.wait(timeout=60) == 137


def test_what_a_command_leaves_running_is_neither_ended_nor_waited_for(execute: Exec, folder: Path) -> None:
    os.mkfifo(folder / "end")
    left = "import os; open('pid', 'w').write(str(os.getpid())); open('end').read()"
    code = (
        "import os, subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-I', '-c', {left!r}], stdout=-3, stderr=-3)\n"  # -3: nowhere
        "while not (os.path.exists('pid') and open('pid').read()): time.sleep(0.01)\n"
        "sys.exit(5)"
    )

    ended = execute("--", sys.executable, "-I", "-c", code)

    assert ended.code == 5
    os.kill(int((folder / "pid").read_text()), 0)  # it runs
    with (folder / "end").open("w"):  # and ends now
        pass


def test_a_command_that_does_not_exist_ends_with_127(execute: Exec) -> None:
    ended = execute("--", "no-such-command")

    assert ended.code == 127
    assert "swanlab-ci: " + words("exec.not-found", command=Name("no-such-command")) in ended.err


def test_a_command_that_cannot_be_executed_ends_with_126(execute: Exec, folder: Path) -> None:
    (folder / "train.sh").write_text("#!/bin/sh\n")

    ended = execute("--", "./train.sh")

    assert ended.code == 126
    assert words("exec.cannot-start", command=Name("./train.sh"), reason=FileError.FORBIDDEN) in ended.err


@pytest.mark.parametrize("arguments", [(), ("--",), ("python", "train.py"), ("--notify",), ("python", "--", "true")])
def test_without_a_command_nothing_runs(execute: Exec, arguments: tuple[str, ...]) -> None:
    ended = execute(*arguments)

    assert ended.code == 2
    assert words("exec.no-command") in ended.err


def test_the_command_starts_with_the_signals_as_they_were(execute: Exec) -> None:
    code = (
        "import signal\n"
        "print([signal.Signals(n).name for n in signal.pthread_sigmask(signal.SIG_BLOCK, ())])\n"
        "print(open('/proc/self/status').read())"
    )

    status = execute(*python(code)).out

    assert status.startswith("[]\n")
    assert ignored(status) == ignored(Path("/proc/self/status").read_text("utf-8"))  # under `nohup` one more


def ignored(status: str) -> int:
    """Return the mask of the signals that a process ignores; the highest bits are the C library's own."""
    return int(status.partition("SigIgn:")[2].split()[0], 16) & 0x7FFF_FFFF


@pytest.mark.parametrize("ends", [True, False], ids=["the command ends", "the command goes on"])
def test_ctrl_c_reaches_the_command_once(folder: Path, *, ends: bool) -> None:
    """A terminal sends SIGINT to every process in its foreground; a second one would come from us."""
    code = SAYS_SIGNALS.replace("signal.SIGINT, ", "") if ends else SAYS_SIGNALS
    code = (
        code.replace('print("ready"', 'signal.signal(signal.SIGINT, signal.SIG_DFL); print("ready"') if ends else code
    )
    with Terminal(folder, code) as terminal:
        terminal.read_until("ready")
        terminal.write(b"\x03")
        if not ends:
            terminal.read_until("SIGINT")
            os.kill(terminal.pid, signal.SIGTERM)
        code_ = terminal.wait()

    assert code_ == (130 if ends else 7)
    assert terminal.shown.count("SIGINT") == (0 if ends else 1)


class Terminal:
    """`swanlab-ci exec` in a terminal of its own."""

    def __init__(self, folder: Path, code: str) -> None:
        self.shown = ""
        self.pid, self._terminal = pty.fork()
        if not self.pid:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.chdir(folder)
            os.execv(PROGRAM, [PROGRAM, "exec", *python(code)])  # noqa: S606 - our own program

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.close(self._terminal)

    def read_until(self, word: str) -> None:
        until = time.monotonic() + 60
        while word not in self.shown:
            assert select.select([self._terminal], [], [], until - time.monotonic())[0], self.shown
            self.shown += os.read(self._terminal, 4096).decode()

    def write(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    def wait(self) -> int:
        with suppress(OSError):  # the end of a terminal is an error
            while part := os.read(self._terminal, 4096):
                self.shown += part.decode()
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
