"""What a gate file bounds or compares: the metrics and settings of which the past is looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from swanlab_ci.gate import GateFile
from swanlab_ci.gate.spec.conditions import AllOf, Condition, FieldCondition, Optional
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Comparison, Gate
from swanlab_ci.gate.spec.source import Place
from swanlab_ci.gate.spec.values import is_finite, number_in
from swanlab_ci.history.means import NOISE

_OPERATORS = {"min": True, "above": True, "max": False, "below": False}
USUAL_BASELINE = 5
_SIMULATED = ("mean", None, NOISE, "fail", "warn")


@dataclass(frozen=True, slots=True)
class Bounded:
    """A metric and the direction in which it is better, as `gate` says; the gate's own `bound` and where it stands.

    `gate` is empty for a metric that was asked for: then every finished run counts. `is_twofold`: the gate has more
    than one such bound. `newest` is how many runs the file's baseline takes at most, `baseline_runs` how many are
    usual.
    """

    field: Field
    higher_is_better: bool
    gate: str = ""
    bound: float | None = None
    operator: str = ""
    place: Place | None = None
    comparison: Comparison | None = None
    newest: int | None = None
    is_twofold: bool = False

    @property
    def baseline_runs(self) -> int:
        """How many runs a baseline has."""
        return self.newest or USUAL_BASELINE

    @property
    def is_simulated(self) -> bool:
        """Whether the rates of false alarms are known: those of means, by the usual noise and with outliers."""
        one = self.comparison
        return one is None or (one.over_runs, one.pair_by, one.noise, one.outliers, one.if_within_noise) == _SIMULATED


def bounded_metrics(gate_file: GateFile) -> list[Bounded]:
    """Return every metric that a gate bounds by a number or compares; a metric has one entry for each direction."""
    found: dict[tuple[str, bool, str], Bounded] = {}
    for gate in gate_file.gates:
        for each in (*_compared(gate, gate_file), *_conditions(gate)):
            key = (each.field.text, each.higher_is_better, each.gate)
            known = found.get(key)
            found[key] = _with_bound(known, each) if known else each
    return list(found.values())


def _with_bound(known: Bounded, more: Bounded) -> Bounded:
    twofold = known.bound is not None
    return replace(known, bound=more.bound, operator=more.operator, place=more.place, is_twofold=twofold)


def _compared(gate: Gate, gate_file: GateFile) -> Iterator[Bounded]:
    for comparison in gate.compare:
        if comparison.field.root == "metrics" and not comparison.required:
            newest = gate_file.baseline(comparison.to).selections[0].newest
            yield Bounded(
                comparison.field,
                comparison.higher_is_better,
                gate.id,
                comparison=comparison,
                newest=newest,
            )


def _conditions(gate: Gate) -> Iterator[Bounded]:
    """Yield the bounds of a gate; where it limits how many runs may meet them, a stricter bound is a looser gate."""
    for clause in () if gate.how_many.is_limit else gate.expect:
        for field, condition, bound in _bounds(clause.condition, "metrics"):
            higher = _OPERATORS[condition.operator]
            yield Bounded(field, higher, gate.id, bound, condition.operator, clause.place)


def bounded_settings(gate_file: GateFile) -> list[Bounded]:
    """Return every setting (`config.KEY`) that a gate bounds by a number, once for each gate."""
    found: dict[tuple[str, str], Bounded] = {}
    for gate in gate_file.gates:
        for clause in gate.expect:
            for field, condition, bound in _bounds(clause.condition, "config"):
                one = Bounded(field, _OPERATORS[condition.operator], gate.id, bound, condition.operator, clause.place)
                found.setdefault((field.text, gate.id), one)
    return list(found.values())


def _bounds(condition: Condition, root: str) -> Iterator[tuple[Field, FieldCondition, float]]:
    for part in _parts(condition):
        field, bound = part.subject, _number(part.operand)
        if isinstance(field, Field) and field.root == root and part.operator in _OPERATORS and bound is not None:
            yield field, part, bound


def _parts(condition: Condition) -> Iterator[FieldCondition]:
    if isinstance(condition, FieldCondition):
        yield condition
    elif isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _parts(part)
    elif isinstance(condition, Optional):
        yield from _parts(condition.part)


def _number(operand: Any) -> float | None:
    value = operand[0] if isinstance(operand, tuple) and len(operand) == 1 else operand
    number = number_in(getattr(value, "value", value))
    return float(number) if number is not None and is_finite(number) else None
