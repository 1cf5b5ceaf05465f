"""Runs as they were at a time in the past: nothing that came later is known."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from operator import itemgetter
from typing import Any

from swanlab_ci.gate.evaluate.selection import in_time
from swanlab_ci.model import TERMINAL_STATES, Points, Run

_CHANGES_OF_THE_END = timedelta(minutes=1)
"""How long SwanLab may take to note the end of a run, which is a change of it, too."""


class Past:
    """The runs of a project as they are at `now`, asked for as they were at one time after the other.

    Each run has a place, in the order of creation. A run without the time of its creation has no place in any past.
    """

    def __init__(self, runs: Iterable[Run], now: datetime) -> None:
        self.now = now
        self._runs = sorted((run for run in runs if run.created_at is not None), key=in_time)
        self._created = [in_time(run)[0] for run in self._runs]
        self._running: dict[int, Run] = {}
        self._changes = sorted(
            change for place, run in enumerate(self._runs) for change in self._changes_of(place, run)
        )

    def __len__(self) -> int:
        return len(self._runs)

    def existing(self, moment: datetime) -> int:
        """Return how many runs existed at `moment`: those at the first places."""
        return bisect_right(self._created, moment)

    def changed(self, done: int, moment: datetime) -> tuple[Iterator[int], int]:
        """Return the places of the runs that began or ended after the first `done` such changes, up to `moment`.

        The number returned with them counts the changes up to `moment`.
        """
        until = bisect_right(self._changes, moment, done, key=itemgetter(0))
        return (place for _, place in islice(self._changes, done, until)), until

    def latest(self, place: int) -> Run:
        """Return the run at this place as it is at `now`."""
        return self._runs[place]

    def as_of(self, moment: datetime, place: int) -> Run:
        """Return the run at this place as it was at `moment`.

        One that ended later still runs, and what it has logged until then is not known: its metrics and their points
        are missing, and not settled. Each run is one of two objects.
        """
        run = self._runs[place]
        if moment >= min(_end_of(run) or self.now, self.now):
            return run
        if place not in self._running:
            self._running[place] = _running(run)
        return self._running[place]

    def _changes_of(self, place: int, run: Run) -> Iterator[tuple[datetime, int]]:
        """Yield when the run began, and when `as_of` gives another object for it."""
        began, ended = self._created[place], min(_end_of(run) or self.now, self.now)
        yield began, place
        if ended > began:
            yield ended, place

    def at(self, moment: datetime) -> tuple[Run, ...]:
        """Return the runs as they were at `moment`; a run that was created later does not exist."""
        return tuple(self.as_of(moment, place) for place in range(self.existing(moment)))


def changed_later(runs: Iterable[Run]) -> int:
    """Return how many runs were changed after their end: resumed, or edited. What they were before is not known."""
    return sum(
        run.updated_at - run.finished_at > _CHANGES_OF_THE_END for run in runs if run.updated_at and run.finished_at
    )


def _end_of(run: Run) -> datetime | None:
    return run.finished_at if run.state in TERMINAL_STATES else None


def _running(run: Run) -> Run:
    known: Mapping[str, Mapping[str, Any]] | None = None if run.metrics is None else {}
    points = run.points and dict.fromkeys(run.points, Points.of((), ()))
    return replace(run, state="RUNNING", finished_at=None, metrics=known, points=points)
