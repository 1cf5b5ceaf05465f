"""The runs for which clauses hold at a moment; as it moves on, only those are asked again that may answer otherwise."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush

from swanlab_ci.gate.evaluate.others import group_of
from swanlab_ci.gate.evaluate.selection import DOUBTS, Doubt, as_selected
from swanlab_ci.gate.spec.conditions import Bound, Condition, FieldCondition, conditions_in, fields_in
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Clause
from swanlab_ci.gate.spec.values import is_number, spelled
from swanlab_ci.history.as_of import Past
from swanlab_ci.model import Run, Truth

_LONGEST = 10.0**9
"""An age in seconds that no run reaches."""


class Standing:
    """The places of the runs for which all `clauses` hold, in the order of creation, apart by their value of `by`.

    Each clause must be one that `is_kept_up`, and `by` a field with one value for each run, or a clause like these: of
    it the values that it reads. `doubts` are the runs of which it is not known whether they hold; their places are
    there, too.
    """

    def __init__(self, past: Past, clauses: tuple[Clause, ...], by: Field | Clause | None = None) -> None:
        self._past, self._clauses, self._by = past, clauses, by
        self._ages = [(field, age) for clause in clauses for field, age in _ages(clause.condition)]
        self._start()

    def _start(self) -> None:
        self._moment: datetime | None = None
        self._done = 0
        self._due: list[tuple[datetime, int]] = []
        self._keys: dict[int, object] = {}
        self._places: dict[object, list[int]] = {}
        self.doubts: dict[str, Doubt] = {}

    def move_to(self, moment: datetime) -> "Standing":
        """Look at the runs as they were at `moment`; it is cheap if it is not before the last one."""
        if moment == self._moment:
            return self
        if self._moment is not None and moment < self._moment:
            self._start()
        self._moment = moment
        changed, self._done = self._past.changed(self._done, moment)
        places = {*changed}
        while self._due and self._due[0][0] <= moment:
            places.add(heappop(self._due)[1])
        for place in places:
            self._ask(place, self._past.as_of(moment, place), moment)
        return self

    def places(self, value: object = None) -> Sequence[int]:
        """Return the places of the runs with this value of `by`, in order, until the moment moves on."""
        return self._places.get(value, ())

    def newest(self) -> Iterator[int]:
        """Yield the newest place of each value of `by`, the newest of all first."""
        return iter(sorted((places[-1] for places in self._places.values() if places), reverse=True))

    def _ask(self, place: int, run: Run, moment: datetime) -> None:
        if place in self._keys:
            places = self._places[self._keys.pop(place)]
            del places[bisect_left(places, place)]
        self.doubts.pop(run.id, None)
        self._ask_again(place, run, moment)
        doubt = None
        for clause in self._clauses:
            finding = clause.condition.ask(partial(as_selected, run, moment))
            if finding.answer in DOUBTS:
                doubt = doubt or Doubt(run, clause, finding)
            elif finding.answer is not Truth.HOLDS:
                return
        key = self._keys[place] = self._key(run, moment)
        insort(self._places.setdefault(key, []), place)
        if doubt:
            self.doubts[run.id] = doubt

    def _key(self, run: Run, moment: datetime) -> object:
        if isinstance(self._by, Clause):
            return spelled(self._by.condition.ask(partial(as_selected, run, moment)).reading.value)
        return self._by and group_of(self._by, run, moment)

    def _ask_again(self, place: int, run: Run, moment: datetime) -> None:
        """Note when the run has each age at which an answer may become another."""
        for field, age in self._ages:
            known = field.read(run, moment).value
            if known is not None and 0 <= age - known <= _LONGEST:
                heappush(self._due, (moment + timedelta(seconds=age - known), place))


def is_kept_up(clause: Clause) -> bool:
    """Tell whether the answers change only when a run ends, or has an age that the clause names."""
    return not any(
        isinstance(part, FieldCondition)
        and isinstance(part.operand, Bound)
        and any(field.root == "age" for field in fields_in(part))
        for part in conditions_in(clause.condition)
    )


def is_of_age(clause: Clause) -> bool:
    """Tell whether the clause reads an age."""
    return any(field.root == "age" for field in fields_in(clause.condition))


def _ages(condition: Condition) -> Iterator[tuple[Field, float]]:
    for part in conditions_in(condition):
        if isinstance(part, FieldCondition) and is_number(part.operand):
            yield from ((field, float(part.operand)) for field in fields_in(part) if field.root == "age")
