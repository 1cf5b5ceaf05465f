"""Selection at one time after the other: what does not change between units is found once, and not for each of them."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import filterfalse, islice
from typing import Any, overload

from swanlab_ci.gate.evaluate.others import Others
from swanlab_ci.gate.evaluate.selection import DOUBTS, Doubt, Selector
from swanlab_ci.gate.spec.conditions import FieldCondition
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Clause
from swanlab_ci.gate.spec.source import Place
from swanlab_ci.gate.spec.values import SHORTEST_COMMIT, Literal, identity, is_number
from swanlab_ci.history.as_of import Past
from swanlab_ci.history.standing import Standing, is_kept_up, is_of_age
from swanlab_ci.model import Run, Truth

_EQUALITY = frozenset({"bare", "is", "in", "has"})


class _Newest(Sequence[Run]):
    """The runs at some `places` in time, newest first, `without` a few of them.

    It is read from the places when somebody looks at it, so it is right until the moment moves on.
    """

    def __init__(
        self, run_at: Callable[[int], Run], places: Sequence[int], without: frozenset[int] = frozenset()
    ) -> None:
        self._run_at, self._places = run_at, places
        self._without = frozenset(filter(self.has, without))

    def has(self, place: int) -> bool:
        """Tell whether the run at this place is among them, or is one of those left out."""
        at = bisect_left(self._places, place)
        return at < len(self._places) and self._places[at] == place

    def __len__(self) -> int:
        return len(self._places) - len(self._without)

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> list[Run]: ...
    def __getitem__(self, index: int | slice) -> Run | list[Run]:
        chosen = range(len(self))[index]
        if isinstance(chosen, int):
            return next(islice(self, chosen, None))
        return list(islice(self, chosen.start, chosen.stop, chosen.step))

    def __iter__(self) -> Iterator[Run]:
        return map(self._run_at, filterfalse(self._without.__contains__, reversed(self._places)))


class Selecting:
    """Makes a selector for each moment of `past`; `by` is the field of which each unit is a value.

    `fixed` are the clauses that are the same for all units. What these leave is known for one moment and corrected for
    the next. Of a condition that names the unit, only those runs are asked that have a value like it.
    """

    def __init__(self, past: Past, by: Field, fixed: Collection[Clause]) -> None:
        self.past, self._by, self._kept_up = past, by, frozenset(filter(is_kept_up, fixed))
        self._standing: dict[tuple[tuple[Clause, ...], Field | Clause | None], Standing] = {}
        self._named: dict[str, set[int]] = {}
        for place in range(len(past)):
            run = past.latest(place)
            for name in filter(None, (run.id, run.slug)):
                self._named.setdefault(name, set()).add(place)
        self._in_doubt: dict[Field, bool] = {}
        self._alike, self._always = self._index()

    def at(self, moment: datetime) -> "PastSelector":
        """Return what selects from the runs as they were at `moment`, until the next one is asked for."""
        return PastSelector(self, moment)

    def is_known(self, clauses: Iterable[Clause]) -> bool:
        """Tell whether what the clauses leave at one moment can be corrected for the next one."""
        return all(clause in self._kept_up for clause in clauses)

    def standing(self, clauses: tuple[Clause, ...], moment: datetime, by: Field | Clause | None = None) -> Standing:
        """Return what known clauses leave at `moment`, apart by the value of `by`."""
        if (clauses, by) not in self._standing:
            self._standing[clauses, by] = Standing(self.past, clauses, by)
        return self._standing[clauses, by].move_to(moment)

    def named(self, names: Iterable[str]) -> frozenset[int]:
        """Return the places of the runs that have one of these ids or slugs."""
        return frozenset().union(*(self._named.get(name, ()) for name in names))

    def is_in_doubt(self, field: Field) -> bool:
        """Tell whether a field that never changes is ambiguous, or was not fetched, in any run."""
        if field not in self._in_doubt:
            runs = map(self.past.latest, range(len(self.past)))
            self._in_doubt[field] = any(field.read(run, self.past.now).gap in DOUBTS for run in runs)
        return self._in_doubt[field]

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
        keys = {key for each in operand for key in (self._key(each.raw), self._key(each.value))}
        return sorted({place for key in keys for place in self._alike.get(key, ())}.union(self._always))

    def _key(self, value: Any) -> str:
        """Return what equal values have in common; of commits how they begin; empty for no text and no number."""
        key = identity(value)[1] if is_number(value) else value if isinstance(value, str) else ""
        return key[:SHORTEST_COMMIT].lower() if self._by.text == "git.commit" else key

    def _index(self) -> tuple[dict[str, list[int]], list[int]]:
        """Sort the places by the keys of the field's values; of some it is not known, or they have none."""
        alike: dict[str, list[int]] = {}
        always: list[int] = []
        for place in range(len(self.past)):
            reading = self._by.read(self.past.latest(place), self.past.now)
            if reading.gap is Truth.MISSING:
                continue
            values = [*(reading.value if isinstance(reading.value, (list, tuple)) else (reading.value,))]
            keys = {self._key(value) for value in (*values, *reading.aliases)}
            if reading.gap or "" in keys:
                always.append(place)
            for key in keys - {""} if not reading.gap else ():
                alike.setdefault(key, []).append(place)
        return alike, always


class PastSelector(Selector):
    """Selects from the runs as they were at `now`, as a `Selector` of these runs does."""

    def __init__(self, selecting: Selecting, now: datetime) -> None:
        self._selecting, self.now = selecting, now
        past = selecting.past
        self._run_at = partial(past.as_of, now)
        self.runs = _Newest(self._run_at, range(past.existing(now)))
        self._narrowed = {(): (self.runs, {})}

    def unread(self, field: Field, runs: Iterable[Run], place: Place) -> tuple[Doubt, ...]:
        """Do what a `Selector` does; no run is read where none is in doubt at any time."""
        if not field.can_change and not self._selecting.is_in_doubt(field):
            return ()
        return super().unread(field, runs, place)

    def _narrow(self, clauses: tuple[Clause, ...]) -> tuple[Sequence[Run], dict[str, Doubt]]:
        if clauses not in self._narrowed:
            if self._selecting.is_known(clauses):
                standing = self._selecting.standing(clauses, self.now)
                self._narrowed[clauses] = _Newest(self._run_at, standing.places()), standing.doubts
            elif (few := self._of_unit(clauses)) is not None:
                doubts = self._narrow(clauses[:-1])[1]
                known = {run.id: doubts[run.id] for run in few if run.id in doubts}
                self._narrowed[clauses] = self._narrow_by(clauses[-1], few, known)
            else:
                return super()._narrow(clauses)
        return self._narrowed[clauses]

    def _only(self, keep: Callable[[Run], bool], clauses: tuple[Clause, ...], runs: Sequence[Run]) -> Sequence[Run]:
        if not isinstance(keep, Others) or not self._selecting.is_known(clauses):
            return super()._only(keep, clauses, runs)
        standing = self._selecting.standing(clauses, self.now, keep.by)
        return _Newest(self._run_at, standing.places(keep.value), self._selecting.named(keep.tested))

    def _seen(self, before: tuple[Clause, ...], clause: Clause, runs: Iterable[Run]) -> tuple[Any, ...]:
        if self._selecting.is_known((*before, clause)) and not is_of_age(clause):
            runs = map(self._run_at, self._selecting.standing(before, self.now, clause).newest())
        return super()._seen(before, clause, runs)

    def _of_unit(self, clauses: tuple[Clause, ...]) -> list[Run] | None:
        """Return the runs, newest first, that may be of the unit, where the last clause alone names it; None: any."""
        if not self._selecting.is_known(clauses[:-1]):
            return None
        places = self._selecting.may_hold(clauses[-1])
        before = self._narrow(clauses[:-1])[0]
        if places is None or not isinstance(before, _Newest):
            return None
        return [self._run_at(place) for place in reversed(places) if before.has(place)]
