"""Which runs a gate is about: each clause narrows the set, and the funnel shows by how much."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple, Self

from swanlab_ci.gate.spec.conditions import FieldCondition, Finding
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Clause, GateFile, Selection, Take
from swanlab_ci.gate.spec.readings import Reading
from swanlab_ci.gate.spec.source import Place
from swanlab_ci.gate.spec.values import identity, number_in, spelled, type_of
from swanlab_ci.judgement import Emptied, FunnelStep
from swanlab_ci.messages import Message
from swanlab_ci.model import TERMINAL_STATES, Run, RunOrigin, Truth

DOUBTS = frozenset({Truth.NOT_FETCHED, Truth.AMBIGUOUS})
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_VALUES_KEPT = 6


class Doubt(NamedTuple):
    """A run that may or may not be selected, and why."""

    run: Run
    clause: Clause
    finding: Finding


class Selected(NamedTuple):
    """The runs left, newest first, and the steps on the way.

    `doubts` are runs of which it is not known whether they are selected, `unplaced` those without a value of a
    `latest_by` field, `awaited` those that still run and may replace a selected run or be one of the best. `emptied` is
    the clause that left none, if one did.
    """

    runs: tuple[Run, ...]
    funnel: tuple[FunnelStep, ...]
    doubts: tuple[Doubt, ...] = ()
    emptied: Emptied | None = None
    unplaced: tuple[Run, ...] = ()
    awaited: tuple[Run, ...] = ()


def in_time(run: Run) -> tuple[datetime, str]:
    """Return what runs are sorted by: the time of their creation, then their id."""
    return run.created_at or _LONG_AGO, run.id


class Selector:
    """Selects from `runs` as they are at `now`; sets that several gates have in common are made once."""

    def __init__(self, runs: Iterable[Run], now: datetime) -> None:
        self.runs: Sequence[Run] = sorted(runs, key=in_time, reverse=True)
        self.now = now
        self._narrowed: dict[tuple[Clause, ...], tuple[Sequence[Run], dict[str, Doubt]]] = {(): (self.runs, {})}

    def select(
        self, selection: Selection, *, keep: Callable[[Run], bool] | None = None, kept: FunnelStep | None = None
    ) -> Selected:
        """Return the runs for which every clause and `keep` hold; `kept` is the step of `keep` in the funnel."""
        steps = []
        for length in range(len(selection.clauses)):
            left, _ = self._narrow(selection.clauses[: length + 1])
            steps.append(FunnelStep(selection.clauses[length].written, len(left)))
        runs, doubts = self._narrow(selection.clauses)
        if keep and kept:  # pragma: no mutate - both or none are given
            runs = self._only(keep, selection.clauses, runs)  # pragma: no mutate - the clauses are for a history
            steps.append(replace(kept, runs=len(runs)))
        unplaced: tuple[Run, ...] = ()
        awaited: tuple[Run, ...] = ()
        before = runs
        if selection.latest_by:
            runs, unplaced, awaited = self._latest(selection, runs, keep)
            steps.append(FunnelStep(", ".join(field.text for field in selection.latest_by), len(runs), "latest"))
        if selection.newest is not None:
            runs = runs[: selection.newest]
            steps.append(FunnelStep(str(selection.newest), len(runs), "newest"))
        in_doubt = (
            *(doubts[run.id] for run in runs if run.id in doubts),
            *self._may_replace(selection, runs, before, keep),
        )
        if selection.take:
            in_doubt += self._not_ranked(selection.take, runs)
            runs, going = self._best(selection.take, runs)
            awaited += going
            written = f"take {{best: {selection.take.best}, by: {selection.take.by.text}}}"
            steps.append(FunnelStep(written, len(runs), "best"))
        return Selected(tuple(runs), tuple(steps), in_doubt, self._emptied(selection), unplaced, awaited)

    def _only(self, keep: Callable[[Run], bool], _clauses: tuple[Clause, ...], runs: Sequence[Run]) -> Sequence[Run]:
        """Return those of the runs that the clauses leave that are in `keep`."""
        return list(filter(keep, runs))

    def _latest(
        self, selection: Selection, runs: Sequence[Run], keep: Callable[[Run], bool] | None
    ) -> tuple[list[Run], tuple[Run, ...], tuple[Run, ...]]:
        """Return the newest run of each value; the runs without one; and newer runs that still go on.

        A newer run replaces the older ones even if a clause on something that changes, such as its state, does not
        select it: else a crash would bring back the run before it.
        """
        alike, _ = self._narrow(selection.stable_clauses)
        newest: dict[tuple[object, ...], Run] = {}
        for run in filter(keep, alike):  # every run where `keep` is None
            if (key := self._key(selection.latest_by, run)) is not None:
                newest.setdefault(key, run)
        keys = {run.id: self._key(selection.latest_by, run) for run in runs}
        placed = [(run, newest[key]) for run in runs if (key := keys[run.id]) is not None]
        latest = [run for run, newer in placed if newer is run]
        kept = {run.id for run in latest}
        going = {newer.id: newer for _, newer in placed if newer.state not in TERMINAL_STATES and newer.id not in kept}
        return latest, tuple(run for run in runs if keys[run.id] is None), tuple(going.values())

    def _key(self, fields: tuple[Field, ...], run: Run) -> tuple[object, ...] | None:
        readings = [field.read(run, self.now) for field in fields]  # pragma: no mutate - what sorts runs has no time
        if any(reading.gap or type_of(reading.value) in {"list", "map"} for reading in readings):
            return None
        return tuple(identity(reading.value) for reading in readings)

    def _may_replace(
        self, selection: Selection, latest: Sequence[Run], selected: Sequence[Run], keep: Callable[[Run], bool] | None
    ) -> tuple[Doubt, ...]:
        """Return the runs that no clause on what changes selects, and that may be newer runs of the `latest`.

        So it is where a value was not fetched: a check keeps of the runs that it cannot select only a part.
        """
        if not (selection.latest_by and latest):
            return ()
        known = {run.id for run in selected}
        alike, _ = self._narrow(selection.stable_clauses)
        newer = alike[: max(at for at, run in enumerate(alike) if run.id == latest[-1].id)]
        others = [run for run in newer if run.id not in known and (keep is None or keep(run))]
        if not others:
            return ()
        place = selection.clauses[0].place  # without a clause every run is selected
        return tuple(doubt for field in selection.latest_by for doubt in self.unread(field, others, place))

    def _not_ranked(self, take: Take, runs: Sequence[Run]) -> tuple[Doubt, ...]:
        """Return the runs of which it is not known whether they are among the best."""
        return self.unread(take.by, runs, take.place)

    def unread(self, field: Field, runs: Iterable[Run], place: Place) -> tuple[Doubt, ...]:
        """Return the runs in which `field` is ambiguous or was not fetched."""
        condition = FieldCondition(field, "exists", operand=True, written="true")
        clause = Clause(field.text, "", condition, place)  # pragma: no mutate - no step of a funnel is named after it
        readings = ((run, field.read(run, self.now)) for run in runs)
        return tuple(
            Doubt(run, clause, Finding(reading.gap, condition, field, reading))
            for run, reading in readings
            if reading.gap and reading.gap in DOUBTS
        )

    def _best(self, take: Take, runs: Sequence[Run]) -> tuple[list[Run], tuple[Run, ...]]:
        """Return the best runs, best first, and those that may still become one; a run without a number is none."""
        ranked: list[tuple[float, Run]] = []
        going = []
        for run in runs:
            reading = take.by.read(run, self.now)
            number = number_in(reading.value)
            if not reading.settled:
                going.append(run)
            elif number is not None and math.isfinite(number):
                ranked.append((number, run))
        ranked.sort(key=itemgetter(0), reverse=take.higher_is_better)
        return [run for _, run in ranked[: take.best]], tuple(going)

    def candidates(self, selection: Selection, *, spare: int | None = 0) -> Sequence[Run]:
        """Return every run that `select` could return once all fields are fetched, though `keep` lose `spare` of them.

        A `spare` of None says that `keep` may lose any number.
        """
        runs, doubts = self._narrow(selection.clauses)
        if selection.latest_by:
            alike, _ = self._narrow(selection.stable_clauses)
            return alike  # a run that is not selected may replace one that is
        if selection.newest is None or spare is None:
            return runs
        certain = [at for at, run in enumerate(runs) if run.id not in doubts]
        enough = selection.newest + spare
        return runs[: certain[enough - 1] + 1] if len(certain) >= enough else runs

    def _narrow(self, clauses: tuple[Clause, ...]) -> tuple[Sequence[Run], dict[str, Doubt]]:
        if clauses not in self._narrowed:
            before, doubts = self._narrow(clauses[:-1])
            self._narrowed[clauses] = self._narrow_by(clauses[-1], before, dict(doubts))
        return self._narrowed[clauses]

    def _narrow_by(
        self, clause: Clause, runs: Sequence[Run], doubts: dict[str, Doubt]
    ) -> tuple[Sequence[Run], dict[str, Doubt]]:
        left = []
        for run, finding in self._asked(clause, runs):
            if finding.answer is Truth.HOLDS:
                left.append(run)
            elif finding.answer in DOUBTS:
                doubts.setdefault(run.id, Doubt(run, clause, finding))
                left.append(run)
        return left, doubts

    def _asked(self, clause: Clause, runs: Iterable[Run]) -> Iterator[tuple[Run, Finding]]:
        ask, now = clause.condition.ask, self.now
        return ((run, ask(partial(as_selected, run, now))) for run in runs)

    def _emptied(self, selection: Selection) -> Emptied | None:
        for length, clause in enumerate(selection.clauses):
            before, _ = self._narrow(selection.clauses[:length])
            if before and not self._narrow(selection.clauses[: length + 1])[0]:
                return Emptied(
                    condition=clause.written,
                    field=clause.field,
                    before=len(before),
                    seen=self._seen(selection.clauses[:length], clause, before),
                    file=clause.place.source.name,
                    line=clause.place.line,
                )
        return None

    def _seen(self, _before: tuple[Clause, ...], clause: Clause, runs: Iterable[Run]) -> tuple[Any, ...]:
        """Return the first few values that `clause` reads in `runs`, which the clauses before it leave."""
        found: dict[str, Any] = {}
        for _, finding in self._asked(clause, runs):
            value = finding.reading.value
            if value is not None:
                found.setdefault(spelled(value), value)
            if len(found) == _VALUES_KEPT:
                break
        return tuple(found.values())


def selects(clauses: Iterable[Clause], run: Run, now: datetime) -> bool:
    """Return whether every clause holds for `run`; an answer that is not known counts as no."""
    return all(clause.condition.ask(partial(as_selected, run, now)).answer is Truth.HOLDS for clause in clauses)


def as_selected(run: Run, now: datetime, field: Field) -> Reading:
    """Read a field for a selection: `state` and `age` as they are, another that can still change not at all."""
    reading = field.read(run, now)
    if reading.settled:
        return reading
    if field.root in {"state", "age"}:
        return reading._replace(settled=True)
    return Reading(gap=reading.gap if reading.gap is Truth.NOT_FETCHED else Truth.PENDING)


@dataclass(frozen=True, slots=True)
class GateInput:
    """What gates are judged by: the runs as they are at `now`, and what the gate file names for every gate.

    The runs of each origin are apart. Of the origins `unread` it is not known which runs there are, and why.
    """

    selectors: Mapping[RunOrigin, Selector]
    gate_file: GateFile
    now: datetime
    unread: Mapping[RunOrigin, Message]

    @classmethod
    def of(cls, gate_file: GateFile, runs: Iterable[Run], now: datetime, unread: Mapping[RunOrigin, Message]) -> Self:
        """Sort the runs by their origin."""
        found: dict[RunOrigin, list[Run]] = {origin: [] for origin in gate_file.origins()}
        for run in runs:
            found.setdefault(run.origin, []).append(run)
        return cls({origin: Selector(each, now) for origin, each in found.items()}, gate_file, now, unread)

    def selector(self, origin: RunOrigin) -> Selector:
        """Return what selects from the runs at `origin`."""
        return self.selectors[origin]
