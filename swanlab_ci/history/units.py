"""The units of a history: the runs of one change each, by the field that the gate file compares with the change."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from typing import Any

from swanlab_ci import gate
from swanlab_ci.gate import GateFile, Memory
from swanlab_ci.gate.parse.variables import SAMPLES, Value
from swanlab_ci.gate.spec.conditions import FieldCondition, conditions_in
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Clause, within
from swanlab_ci.gate.spec.values import Literal, identity, spelled
from swanlab_ci.model import TERMINAL_STATES, Run

_MARKS: Mapping[str, Value] = {
    "pr_commits": ("c0" * 20,),
    "head_sha": "c1" * 20,
    "merge_sha": "c2" * 20,
    "pr_number": 987_654_321_987_654,
    "head_branch": "the-branch-of-the-change",
}
"""A value for each variable that names a change; where it stands in a condition, the file compares with the change."""

VARIABLES = tuple(_MARKS)
_TWO_VALUES = ("1234567", "7654321")
"""Values that each variable of a change can have."""

_COMMITS = frozenset({"pr_commits", "head_sha"})
_ALL_COMMITS = _COMMITS | {"merge_sha"}
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_MOST_DIGITS = 18
_SELECTING = frozenset({"bare", "is", "in", "has"})


class Unplaced(StrEnum):
    """Why a unit has no place in time, so that it cannot be judged."""

    NO_START = "no-start"
    NO_END = "no-end"
    ENDS_BEFORE_START = "ends-before-start"
    IN_THE_FUTURE = "in-the-future"


@dataclass(frozen=True, slots=True)
class Unit:
    """The runs of one change: those with this `value` of the field.

    It ends with its last run, at `end`; `is_open` where a run has not ended yet. `unplaced` says why it has no end.
    """

    value: Any
    runs: tuple[Run, ...]
    end: datetime
    is_open: bool = False
    unplaced: Unplaced | None = None

    @property
    def name(self) -> str:
        """The value as a message spells it: a commit cut to 7 characters, a text without quotes."""
        written = spelled(self.value)
        return self.value if isinstance(self.value, str) and written.startswith('"') else written


def compared_fields(gate_file: GateFile, given: Mapping[str, Value]) -> dict[Field, frozenset[str]]:
    """Return the fields by which gates select the runs of the change, each with the variables that it is compared with.

    `given` are the values of other variables.
    """
    marked = gate.bind(gate_file, {**SAMPLES, **given, **_MARKS}, event="")
    found: dict[Field, set[str]] = {}
    for one in marked.gates:
        for clause in one.selection.clauses:
            for condition in conditions_in(clause.condition):
                if not isinstance(condition, FieldCondition):
                    continue
                if isinstance(condition.subject, Field) and condition.operator in _SELECTING:
                    names = _marked(condition.operand)
                    if names:
                        found.setdefault(condition.subject, set()).update(names)
    return {field: frozenset(names) for field, names in found.items()}


def _clauses(gate_file: GateFile) -> Iterator[Clause]:
    selections = (each.selection for each in gate_file.gates)
    for selection in chain(selections, *(baseline.selections for baseline in gate_file.baselines)):
        yield from selection.clauses


def _marked(operand: Iterable[Literal]) -> set[str]:
    raws = {literal.raw for literal in operand}
    marks = {name: value if isinstance(value, tuple) else (value,) for name, value in _MARKS.items()}
    return {name for name, values in marks.items() if any(str(value) in raws for value in values)}


def units_of(runs: Sequence[Run], field: Field, now: datetime, *, numbers: bool = False) -> list[Unit]:
    """Return a unit for each value that `field` has in the runs, in the order in which they ended.

    Of a list, each item is a value. A run without the field is in no unit. With `numbers`, a text of digits is the
    number.
    """
    found: dict[tuple[str, str], list[Run]] = {}
    values: dict[tuple[str, str], Any] = {}
    for run in runs:
        reading = field.read(run, now)
        if reading.gap is not None:
            continue
        for read in reading.value if isinstance(reading.value, (list, tuple)) else (reading.value,):
            value = int(read) if numbers and isinstance(read, str) and _is_number(read) else read
            key = identity(value)
            found.setdefault(key, []).append(run)
            values.setdefault(key, value)
    units = [_unit(values[key], tuple(of_unit), now) for key, of_unit in found.items()]
    return sorted(units, key=lambda unit: (unit.end, unit.name))


def _unit(value: Any, runs: tuple[Run, ...], now: datetime) -> Unit:
    is_open = any(run.state not in TERMINAL_STATES for run in runs)
    ends = [run.finished_at for run in runs if run.finished_at is not None]
    end = max(ends, default=now)
    return Unit(value, runs, now if is_open else min(end, now), is_open, _unplaced(runs, now))


def _unplaced(runs: Iterable[Run], now: datetime) -> Unplaced | None:
    for run in runs:
        if run.created_at is None:
            return Unplaced.NO_START
        if run.finished_at is None and run.state in TERMINAL_STATES:
            return Unplaced.NO_END
        if run.finished_at is not None and run.finished_at < run.created_at:
            return Unplaced.ENDS_BEFORE_START
        if max(run.created_at, run.finished_at or run.created_at) > now:
            return Unplaced.IN_THE_FUTURE
    return None


@dataclass(frozen=True, slots=True)
class Binding:
    """How a gate file is bound to one unit after the other: the variables that are compared with `field`.

    Without any (`variables` is empty), each gate gets a condition on the field of its own, unless its scope is the
    project. `given` are the values of all other variables.
    """

    field: Field
    variables: frozenset[str]
    given: Mapping[str, Value]

    @property
    def of_commits(self) -> bool:
        """Whether each value is a commit: as SwanLab recorded it, or as a training put it into any other field."""
        return self.field.text == "git.commit" or bool(self.variables & _ALL_COMMITS)


class Rules:
    """A gate file, bound to one unit after the other as a check binds it to a change."""

    def __init__(self, gate_file: GateFile, binding: Binding) -> None:
        self._gate_file, self._binding = gate_file, binding
        self._memory: Memory = {}

    def of(self, unit: Unit) -> GateFile:
        """Return the file as it is for `unit`; raises `ConfigurationError` where a variable has no value."""
        binding = self._binding
        names = binding.variables | (_COMMITS if binding.variables & _COMMITS else frozenset())
        values = {**binding.given, **{name: _value(name, unit) for name in names}}
        bound = gate.bind(self._gate_file, values, event="", memory=self._memory)
        if binding.variables:
            return bound
        literal = Literal(unit.value, str(unit.value))
        condition = FieldCondition(binding.field, "is", (literal,), literal.raw)
        written = f"{binding.field.text} {unit.name}"
        gates = tuple(within(one, (Clause(binding.field.text, written, condition, one.place),)) for one in bound.gates)
        return replace(bound, gates=gates)

    def fixed(self) -> frozenset[Clause]:
        """Return the clauses of selections that are the same for every unit."""
        units = (Unit(value, (), datetime.now(UTC)) for value in _TWO_VALUES)
        some, others = ({*_clauses(self.of(unit))} for unit in units)
        return frozenset(some & others)


def fits(unit: Unit, variables: frozenset[str]) -> bool:
    """Tell whether the unit's value is one that these variables can have.

    A pull request has a number. A commit is a hash, if every variable names one: a group of runs may have any name.
    """
    if "pr_number" in variables:
        return _is_number(str(unit.value))
    return not variables or not variables <= _ALL_COMMITS or bool(_COMMIT.fullmatch(str(unit.value)))


def _is_number(text: str) -> bool:
    """Tell whether it can be a pull request's number; Python converts no text of thousands of digits."""
    return text.isdecimal() and len(text) <= _MOST_DIGITS


def _value(name: str, unit: Unit) -> Value:
    if name == "pr_number":
        return int(str(unit.value))
    return (str(unit.value),) if name == "pr_commits" else str(unit.value)
