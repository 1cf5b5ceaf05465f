"""Waiting: fetch the runs that can still change the verdict again, until it is final or the time is over."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from swanlab_ci.judgement import Verdict
from swanlab_ci.messages import Message, Name, Seconds
from swanlab_ci.model import Outcome, Run, Status
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sources.base import RunSource

_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 5.0, 60.0, 1.5
_NAMES_SHOWN = 3

Judge = Callable[[Sequence[Run], datetime], Verdict]


def wait_for_verdict(
    source: RunSource, judge: Judge, *, limit: Deadline, say: Callable[[Message], None]
) -> tuple[tuple[Run, ...], Verdict, datetime]:
    """Return the runs, their verdict and its time, once it is not pending any more or `limit` is reached.

    The first gate that fails decides: nothing that is still running can make the verdict better.
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
        if verdict.passed:  # runs that were started meanwhile must pass, too
            now = datetime.now(UTC)
            runs = source.fetch(now)
            verdict = judge(runs, now)
    return runs, verdict, now


def undecided_runs(verdict: Verdict) -> dict[str, str]:
    """Return the names, by id, of the runs for which a pending gate waits.

    A check of all runs together names none: then every selected run that has not ended counts.
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


def _progress(open_runs: dict[str, str], limit: Deadline) -> Message:
    names = tuple(map(Name, open_runs.values()))
    return Message(
        "check.waiting",
        runs=names[:_NAMES_SHOWN],
        more=len(names[_NAMES_SHOWN:]) or None,
        elapsed=Seconds(round(limit.elapsed())),
        limit=Seconds(round(limit.seconds)),
    )
