"""Suggestions: for each metric that a gate file bounds or compares, what its past supports."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from swanlab_ci.gate import GateFile
from swanlab_ci.gate.spec.conditions import AllOf, Condition, FieldCondition
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Comparison, Gate
from swanlab_ci.gate.spec.source import Place
from swanlab_ci.gate.spec.values import is_finite, number_in
from swanlab_ci.history.backtest import JudgedUnit
from swanlab_ci.history.bounds import Floor, HeldOut, Sample, Spread, floor, held_out, spread_within
from swanlab_ci.history.intervals import Interval, wilson
from swanlab_ci.history.rates import NOISE, Rates, rates, seen_drop, smallest_allowance

_OPERATORS = {"min": True, "above": True, "max": False, "below": False}
_USUAL_BASELINE = 5
_SIMULATED = ("mean", None, NOISE, "fail", "warn")
_SEEN_WITH = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Bounded:
    """A metric and the direction in which it is better, as `gate` says; the gate's own `bound` and where it stands.

    `gate` is empty for a metric that was asked for: then every finished run counts.
    """

    field: Field
    higher_is_better: bool
    gate: str = ""
    bound: float | None = None
    operator: str = ""
    place: Place | None = None
    comparison: Comparison | None = None
    baseline_runs: int = _USUAL_BASELINE

    @property
    def is_simulated(self) -> bool:
        """Whether the rates of false alarms are known: those of means, by the usual noise and with outliers."""
        one = self.comparison
        return one is None or (one.over_runs, one.pair_by, one.noise, one.outliers, one.if_within_noise) == _SIMULATED


@dataclass(frozen=True, slots=True)
class Existing:
    """A bound of the gate file: how many of the past runs it would have stopped, and the interval of that share."""

    bound: float
    missed: int
    runs: int
    share: Interval


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an allowance does to unchanged changes: `new` runs against `base`, in the metric's unit."""

    amount: float
    new: int
    base: int
    unchanged: Rates


@dataclass(frozen=True, slots=True)
class Seen:
    """The smallest drop that fails 8 times in 10 with `runs` runs of the change; None where none does."""

    runs: int
    drop: float | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the past of one metric supports; each part is None where it does not support it."""

    about: Bounded
    units: int
    runs: int
    mean: float
    runs_a_unit: int
    existing: Existing | None
    floor: Floor | None
    held_out: HeldOut | None
    spread: Spread | None
    allowance: Allowed | None
    suggested: Allowed | None
    seen: tuple[Seen, ...]


def bounded_metrics(gate_file: GateFile) -> list[Bounded]:
    """Return every metric that a gate bounds by a number or compares; a metric has one entry for each direction."""
    found: dict[tuple[str, bool, str], Bounded] = {}
    for gate in gate_file.gates:
        for each in (*_compared(gate, gate_file), *_conditions(gate)):
            key = (each.field.text, each.higher_is_better, each.gate)
            known = found.get(key)
            found[key] = replace(known, bound=each.bound, operator=each.operator, place=each.place) if known else each
    return list(found.values())


def _compared(gate: Gate, gate_file: GateFile) -> Iterator[Bounded]:
    for comparison in gate.compare:
        if comparison.field.root == "metrics" and not comparison.required:
            newest = gate_file.baseline(comparison.to).selections[0].newest
            yield Bounded(
                comparison.field,
                comparison.higher_is_better,
                gate.id,
                comparison=comparison,
                baseline_runs=newest or _USUAL_BASELINE,
            )


def _conditions(gate: Gate) -> Iterator[Bounded]:
    for clause in gate.expect:
        for condition in _parts(clause.condition):
            field, bound = condition.subject, _number(condition.operand)
            if isinstance(field, Field) and field.root == "metrics" and bound is not None:
                higher = _OPERATORS.get(condition.operator)
                if higher is not None:
                    yield Bounded(field, higher, gate.id, bound, condition.operator, clause.place)


def _parts(condition: Condition) -> Iterator[FieldCondition]:
    if isinstance(condition, FieldCondition):
        yield condition
    elif isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _parts(part)


def _number(operand: Any) -> float | None:
    value = operand[0] if isinstance(operand, tuple) and len(operand) == 1 else operand
    number = number_in(getattr(value, "value", value))
    return float(number) if number is not None and is_finite(number) else None


def sample_of(about: Bounded, units: Iterable[JudgedUnit]) -> Sample:
    """Return the finite values of the finished runs of each unit; with a gate, of those that it selected."""
    found = []
    for each in units:
        if each.verdict is None or each.unit.is_open:
            continue
        selected = {run.id for result in each.verdict.gates if result.id == about.gate for run in result.runs_selected}
        values = []
        for run in each.unit.runs:
            if run.state == "FINISHED" and (not about.gate or run.id in selected):
                reading = about.field.read(run, each.unit.end)
                number = None if reading.gap else number_in(reading.value)
                if number is not None and is_finite(number):
                    values.append(float(number))
        if values:
            found.append(tuple(values))
    return Sample(tuple(found), about.higher_is_better)


def suggest(about: Bounded, sample: Sample, alarms: float) -> Suggestion | None:
    """Say what the past of one metric supports; None where it has no value at all, or such that no float holds more."""
    try:
        return _suggested(about, sample, alarms) if sample.units else None
    except OverflowError:
        return None


def _suggested(about: Bounded, sample: Sample, alarms: float) -> Suggestion:
    spread = spread_within(sample)
    missed, runs = (sample.missing(about.bound) if about.bound is not None else 0), len(sample.values)
    allowed = _allowed(about.comparison, sample.mean) if about.comparison else None
    return Suggestion(
        about=about,
        units=len(sample.units),
        runs=runs,
        mean=sample.mean,
        runs_a_unit=sample.runs_a_unit,
        existing=None if about.bound is None else Existing(about.bound, missed, runs, wilson(missed, runs)),
        floor=floor(sample, alarms),
        held_out=held_out(sample, alarms),
        spread=spread,
        **_comparisons(about, sample, spread, allowed, alarms),
    )


def _comparisons(
    about: Bounded, sample: Sample, spread: Spread | None, allowed: float | None, alarms: float
) -> Mapping[str, Any]:
    new, base = sample.runs_a_unit, about.baseline_runs
    asked = (about.comparison is not None or not about.gate) and about.is_simulated
    if not asked or spread is None or not spread.deviation or base < 2 or new > 100:  # noqa: PLR2004 - what can be simulated
        return {"allowance": None, "suggested": None, "seen": ()}
    one = spread.deviation
    smallest = smallest_allowance(new, base, alarms)
    counts = allowed if allowed is not None else (smallest or 0) * one
    return {
        "allowance": None if allowed is None else Allowed(allowed, new, base, rates(new, base, _round(allowed / one))),
        "suggested": None if smallest is None else Allowed(smallest * one, new, base, rates(new, base, smallest)),
        "seen": tuple(_seen(runs, base, counts / one, one) for runs in _SEEN_WITH),
    }


def _seen(runs: int, base: int, allowed: float, one: float) -> Seen:
    drop = seen_drop(runs, base, _round(allowed))
    return Seen(runs, None if drop is None else drop * one)


def _round(allowed: float) -> float:
    """Round an allowance in standard deviations, so that what was simulated once is not simulated again."""
    return round(allowed, 3)


def _allowed(comparison: Comparison, mean: float) -> float:
    return max(each.amount * abs(mean) if each.is_share else each.amount for each in comparison.allowances)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestReport:
    """The suggestions for a gate file, and what they rest on; `without_history` are metrics of which there is none."""

    project: str
    gate_file: str
    field: str
    units: int
    runs: int
    alarms: float
    suggestions: Sequence[Suggestion]
    without_history: Sequence[Bounded]
