"""Runs as they were at a time in the past: nothing that came later is known."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from swanlab_ci.model import TERMINAL_STATES, Points, Run

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Past:
    """The runs of a project as they are at `now`, asked for as they were at one time after the other.

    A run without the time of its creation has no place in any past.
    """

    def __init__(self, runs: Iterable[Run], now: datetime) -> None:
        self._now = now
        placed = (run for run in runs if run.created_at is not None)
        self._runs = sorted(placed, key=_created)
        self._created = [_created(run) for run in self._runs]

    def at(self, moment: datetime) -> tuple[Run, ...]:
        """Return the runs as they were at `moment`.

        A run that was created later does not exist. One that ended later still runs, and what it has logged until then
        is not known: its metrics and their points are missing, and not settled.
        """
        existing = self._runs[: bisect_right(self._created, moment)]
        if moment >= self._now:
            return tuple(existing)
        return tuple(run if _was_over(run, moment) else _running(run) for run in existing)


def _created(run: Run) -> datetime:
    return run.created_at or _LONG_AGO


def _was_over(run: Run, moment: datetime) -> bool:
    return run.state in TERMINAL_STATES and run.finished_at is not None and run.finished_at <= moment


def _running(run: Run) -> Run:
    known: Mapping[str, Mapping[str, Any]] | None = None if run.metrics is None else {}
    points = run.points and dict.fromkeys(run.points, Points.of((), ()))
    return replace(run, state="RUNNING", finished_at=None, metrics=known, points=points)
