"""Waiting: asks again about the runs that can still change the verdict, until it is settled or the time is over."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from swanlab_ci.judgement import Verdict
from swanlab_ci.model import Outcome, Run, Status
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sources.base import RunSource

_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 5.0, 60.0, 1.5
_NAMES_SHOWN = 3

Judge = Callable[[Sequence[Run], datetime], Verdict]


def wait_for_verdict(
    source: RunSource, judge: Judge, *, limit: Deadline, say: Callable[[str], None]
) -> tuple[tuple[Run, ...], Verdict, datetime]:
    """Return the runs, their verdict and its time, once it is not pending any more or `limit` is reached.

    The first gate that fails settles it: nothing that may still come makes it better.
    """
    now = datetime.now(UTC)
    runs, pause = source.fetch(now), _FIRST_PAUSE
    verdict = judge(runs, now)
    while verdict.status is Status.PENDING and (open_runs := undecided_runs(verdict)) and limit.left():
        say(_progress(open_runs, limit))
        time.sleep(min(pause, limit.left()))
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        now = datetime.now(UTC)
        runs = source.refresh(runs, open_runs, now)
        verdict = judge(runs, now)
        if verdict.passed:  # a pass speaks for runs that were started meanwhile, too
            now = datetime.now(UTC)
            runs = source.fetch(now)
            verdict = judge(runs, now)
    return runs, verdict, now


def undecided_runs(verdict: Verdict) -> dict[str, str]:
    """Return the names, by id, of the runs for whose end a pending gate waits.

    A check of all runs together names none: then every selected run that is not over counts.
    """
    found: dict[str, str] = {}
    for gate in verdict.gates:
        if gate.status is not Status.PENDING:
            continue
        for check in gate.checks:
            if check.outcome is Outcome.PENDING and check.run:
                found[check.run.id] = check.run.name
        found |= {run.id: run.name for run in gate.runs_selected if run.state in {"RUNNING", "OFFLINE"}}
    return found


def _progress(open_runs: dict[str, str], limit: Deadline) -> str:
    names = ", ".join(list(open_runs.values())[:_NAMES_SHOWN])
    more = f" and {len(open_runs) - _NAMES_SHOWN} more" if len(open_runs) > _NAMES_SHOWN else ""
    return f"waiting for {names}{more} ({limit.elapsed():.0f} of {limit.seconds:.0f} s)"
