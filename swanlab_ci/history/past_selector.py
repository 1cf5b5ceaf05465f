"""Selection at one time after the other: what does not change between units is found once, and not for each of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, overload

from swanlab_ci.gate.evaluate.selection import DOUBTS, Doubt, Selector, as_selected
from swanlab_ci.gate.spec.conditions import FieldCondition, Finding, fields_in
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Clause
from swanlab_ci.gate.spec.values import SHORTEST_COMMIT, Literal, identity, is_number
from swanlab_ci.history.as_of import Past
from swanlab_ci.model import Run, Truth

_EQUALITY = frozenset({"bare", "is", "in", "has"})
_TIMED = frozenset({"age", "duration"})


class _Newest(Sequence[Run]):
    """The runs at the first `count` of some places in time, newest first, as they were at a moment."""

    def __init__(self, at: Callable[[int], Run], places: Sequence[int], count: int) -> None:
        self._at, self._places, self._count = at, places, count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> list[Run]: ...
    def __getitem__(self, index: int | slice) -> Run | list[Run]:
        chosen = range(self._count - 1, -1, -1)[index]
        if isinstance(chosen, int):
            return self._at(self._places[chosen])
        return [self._at(self._places[place]) for place in chosen]

    def __iter__(self) -> Iterator[Run]:
        return map(self._at, map(self._places.__getitem__, range(self._count - 1, -1, -1)))


class Selecting:
    """Makes a selector for each moment of `past`; `by` is the field of which each unit is a value.

    A condition on what never changes has one answer for each run, so the runs that it leaves are known by their place
    in time, and a moment takes the earlier ones. Of a condition that names the unit, only those runs are asked that
    begin like its value.
    """

    def __init__(self, past: Past, by: Field) -> None:
        self.past, self._by = past, by
        self._left: dict[tuple[Clause, ...], tuple[Sequence[int], dict[int, Doubt]]] = {(): (range(len(past)), {})}
        self._answers: dict[Clause, dict[int, Finding] | None] = {}
        self._alike, self._always = self._index()

    def at(self, moment: datetime) -> "PastSelector":
        """Return what selects from the runs as they were at `moment`."""
        return PastSelector(self, moment)

    def is_of_unit(self, clause: Clause) -> bool:
        """Tell whether the clause differs between units."""
        return any(field == self._by for field in fields_in(clause.condition))

    def is_steady(self, clauses: Iterable[Clause]) -> bool:
        """Tell whether each clause has one answer for a run, at every time and for every unit."""
        return not any(
            self.is_of_unit(clause) or any(field.can_change for field in fields_in(clause.condition))
            for clause in clauses
        )

    def left(self, clauses: tuple[Clause, ...], now: datetime) -> tuple[Sequence[int], dict[int, Doubt]]:
        """Return the places that steady clauses leave of all runs, and of which it is not known."""
        if clauses not in self._left:
            before, known = self.left(clauses[:-1], now)
            clause, places, doubts = clauses[-1], [], dict(known)
            for place in before:
                run = self.past.latest(place)
                finding = clause.condition.ask(partial(as_selected, run, now))
                if finding.answer in DOUBTS:
                    doubts.setdefault(place, Doubt(run, clause, finding))
                if finding.answer is Truth.HOLDS or finding.answer in DOUBTS:
                    places.append(place)
            self._left[clauses] = places, doubts
        return self._left[clauses]

    def may_hold(self, clause: Clause) -> list[int] | None:
        """Return the places of the runs for which a clause on the unit may hold; None: any."""
        condition = clause.condition
        if not isinstance(condition, FieldCondition) or condition.subject != self._by or self._by.can_change:
            return None
        operand = condition.operand
        if condition.operator not in _EQUALITY or not isinstance(operand, tuple):
            return None
        if not all(isinstance(each, Literal) for each in operand):
            return None
        keys = {key for each in operand for key in (_key(each.raw), _key(each.value))}
        return sorted({place for key in keys for place in self._alike.get(key, ())}.union(self._always))

    def answers(self, clause: Clause) -> dict[int, Finding] | None:
        """Return what is known of a clause by the `id` of a run that `Past` handed out; None: it differs each time."""
        if clause not in self._answers:
            differs = self.is_of_unit(clause) or any(field.root in _TIMED for field in fields_in(clause.condition))
            self._answers[clause] = None if differs else {}
        return self._answers[clause]

    def _index(self) -> tuple[dict[str, list[int]], list[int]]:
        """Sort the places by how the values of the field begin; of some it is not known, or they begin like nothing."""
        alike: dict[str, list[int]] = {}
        always: list[int] = []
        for place in range(len(self.past)):
            reading = self._by.read(self.past.latest(place), self.past.now)
            if reading.gap is Truth.MISSING:
                continue
            values = [*(reading.value if isinstance(reading.value, (list, tuple)) else (reading.value,))]
            keys = {_key(value) for value in (*values, *reading.aliases)}
            if reading.gap or "" in keys:
                always.append(place)
            for key in keys - {""} if not reading.gap else ():
                alike.setdefault(key, []).append(place)
        return alike, always


def _key(value: Any) -> str:
    """Return what equal values have in common: how they begin; empty for what is neither a text nor a number."""
    if is_number(value):
        return identity(value)[1][:SHORTEST_COMMIT]
    return value[:SHORTEST_COMMIT].lower() if isinstance(value, str) else ""


class PastSelector(Selector):
    """Selects from the runs as they were at `now`, as a `Selector` of these runs does."""

    def __init__(self, selecting: Selecting, now: datetime) -> None:
        self._selecting, self.now = selecting, now
        past = selecting.past
        self._run = partial(past.as_of, now)
        self._count = past.existing(now)
        self.runs = _Newest(self._run, range(len(past)), self._count)
        self._narrowed = {(): (self.runs, {})}

    def _narrow(self, clauses: tuple[Clause, ...]) -> tuple[Sequence[Run], dict[str, Doubt]]:
        if clauses not in self._narrowed:
            if self._selecting.is_steady(clauses):
                self._narrowed[clauses] = self._steady(clauses)
            elif self._selecting.is_steady(clauses[:-1]) and (few := self._selecting.may_hold(clauses[-1])) is not None:
                self._narrowed[clauses] = self._of_unit(clauses, few)
            else:
                return super()._narrow(clauses)
        return self._narrowed[clauses]

    def _steady(self, clauses: tuple[Clause, ...]) -> tuple[Sequence[Run], dict[str, Doubt]]:
        places, doubts = self._selecting.left(clauses, self.now)
        left = _Newest(self._run, places, bisect_left(places, self._count))
        return left, {
            found.run.id: self._as_it_was(place, found) for place, found in doubts.items() if place < self._count
        }

    def _as_it_was(self, place: int, doubt: Doubt) -> Doubt:
        return doubt._replace(run=self._run(place))

    def _of_unit(self, clauses: tuple[Clause, ...], few: Sequence[int]) -> tuple[Sequence[Run], dict[str, Doubt]]:
        places, doubts = self._selecting.left(clauses[:-1], self.now)
        newest = [place for place in reversed(few) if place < self._count and _is_in(place, places)]
        known = {doubts[place].run.id: self._as_it_was(place, doubts[place]) for place in newest if place in doubts}
        return self._narrow_by(clauses[-1], [self._run(place) for place in newest], known)

    def _asked(self, clause: Clause, runs: Iterable[Run]) -> Iterator[tuple[Run, Finding]]:
        known = self._selecting.answers(clause)
        if known is None:
            yield from super()._asked(clause, runs)
            return
        ask = clause.condition.ask
        for run in runs:
            found = known.get(id(run))
            if found is None:
                found = known[id(run)] = ask(partial(as_selected, run, self.now))
            yield run, found


def _is_in(place: int, places: Sequence[int]) -> bool:
    at = bisect_right(places, place)
    return at > 0 and places[at - 1] == place
