"""Measure what `swanlab-ci exec` adds to the start of a command: `exec -- true` beside `true`, in turn.

`python benchmarks/exec.py [--repeat N]` prints wall and processor time, fastest and median. It exits with 1 where the
fastest start with `exec` takes more than 0.15 s longer.
"""

import argparse
import os
import shutil
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

MOST_SECONDS = 0.15
OURS = (str(Path(sys.executable).with_name("swanlab-ci")), "exec", "--")
JOB = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_REPOSITORY": "octo/model", "GITHUB_SHA": "a" * 40}
Took = tuple[float, float]


def once(command: tuple[str, ...], environ: Mapping[str, str]) -> Took:
    """Run a command; return its wall time and the processor time of it and its children, in seconds."""
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, environ, file_actions=quiet)
    _, status, used = os.wait4(process, 0)
    took = time.perf_counter() - started
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return took, used.ru_utime + used.ru_stime


def contenders(command: str) -> dict[str, tuple[tuple[str, ...], Mapping[str, str]]]:
    """Return what is started, with its environment: a job names the commit, elsewhere git is asked."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return {
        "`true`": ((command,), kept),
        "`swanlab-ci exec -- true` in a job": ((*OURS, command), kept | JOB),
        "`swanlab-ci exec -- true` in a clone": ((*OURS, command), kept),
    }


def row(name: str, found: Sequence[Took]) -> str:
    """Write fastest and median of both times."""
    columns = (list(column) for column in zip(*found, strict=True))
    cells = [f"{each(column):.3f}" for column in columns for each in (min, statistics.median)]
    return f"| {name} | {' | '.join(cells)} |\n"


def main() -> int:
    """Measure all in turn, after one start of each that is not counted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=40)
    repeat = parser.parse_args().repeat
    started = contenders(shutil.which("true") or "/bin/true")
    found: dict[str, list[Took]] = {name: [] for name in started}
    for number in range(repeat + 1):
        for name, (command, environ) in started.items():
            took = once(command, environ)
            found[name] += [took] if number else []
    sys.stdout.write("| command | fastest s | median s | processor: fastest s | processor: median s |\n")
    sys.stdout.write("|---|--:|--:|--:|--:|\n" + "".join(row(name, took) for name, took in found.items()))
    plain, *with_exec = (min(took)[0] for took in found.values())
    return int(max(with_exec) - plain > MOST_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
