"""The rows of the table of all checks: one for each gate and field, the worst first."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from swanlab_ci.gate.evaluate.checks import run_ref
from swanlab_ci.gate.spec.aggregates import FUNCTIONS, Aggregate
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.gate.spec.values import identity, number_in
from swanlab_ci.insight.facts import Measured, Row
from swanlab_ci.insight.sides import Sides
from swanlab_ci.judgement import (
    Check,
    CheckKind,
    ComparisonResult,
    Deciding,
    Expectation,
    GateResult,
    RunValue,
    Side,
    Verdict,
)
from swanlab_ci.model import STATUSES_WORST_FIRST, Outcome, Run, Status

_COMPARED_ROOTS = frozenset({"config", "metrics", "requirements", "duration"})
_FACTOR = 2


def rows(verdict: Verdict, sides: Sides | None = None) -> tuple[Row, ...]:
    """Return the rows, the worst status first, else in the order of the gate file; equal misses are one row."""
    found = [row for number, gate in enumerate(verdict.gates) for row in _of_gate(number, gate, sides)]
    return tuple(_merged(sorted(found, key=lambda row: STATUSES_WORST_FIRST.index(row.status))))


def _of_gate(number: int, gate: GateResult, sides: Sides | None) -> Iterator[Row]:
    if gate.decided_by is not Deciding.CHECKS or not gate.checks:
        check = gate.deciding[0] if gate.deciding else None
        field = gate.emptied.field if gate.emptied else check.field if check else ""
        missed = tuple(each.run for each in gate.deciding if each.run)
        yield Row(gate=number, status=gate.status, field=field, label=label(field), check=check, missed=missed)
        return
    base = sides.base_of(gate) if sides else ()
    compared = frozenset((each.comparison.over_runs, each.field) for each in gate.checks if each.comparison)
    together: dict[tuple[str, str], list[Check]] = {}
    for check in gate.checks:
        together.setdefault(_key(check, compared), []).append(check)
    for (function, field), checks in together.items():
        row = _row(number, gate, field, checks)
        row = replace(row, function=function if function in FUNCTIONS else "")
        yield row if row.comparison else _with_baseline(row, base, sides)


def _key(check: Check, compared: frozenset[tuple[str, str]]) -> tuple[str, str]:
    """Return function and field; an aggregate by which a comparison is made belongs to the comparison's row."""
    function, field = function_of(check.field) if check.kind is CheckKind.ALL_RUNS else ("", check.field)
    if check.kind in {CheckKind.GROUP, CheckKind.LATEST, CheckKind.UNCHANGED}:
        return check.kind.value, field
    return ("", field) if (function, field) in compared else (function, field)


def function_of(written: str) -> tuple[str, str]:
    """Split `mean(metrics.acc)` into function and field; what is no aggregate has no function."""
    function, bracket, rest = written.partition("(")
    return (function, rest.removesuffix(")")) if bracket and function in FUNCTIONS else ("", written)


def label(field: str) -> str:
    """Return the name of a field in a report: metrics go without their root."""
    return field.removeprefix("metrics.")


def _row(number: int, gate: GateResult, field: str, checks: Sequence[Check]) -> Row:
    deciding = {id(check) for check in gate.deciding}
    status_of = {id(check): _status(check, gate, decides=id(check) in deciding) for check in checks}
    status = min(status_of.values(), key=STATUSES_WORST_FIRST.index)
    bad = [check for check in checks if status_of[id(check)] is status and status is not Status.PASS]
    worst = (bad or list(checks))[0]
    comparison = next((check.comparison for check in checks if check.comparison), None)
    reason = next((check.reason for check in checks if check.reason), None)
    bounds = _bounds(checks)
    return Row(
        gate=number,
        status=status,
        field=field,
        label=label(field),
        unit=comparison.unit if comparison else reason.unit if reason else "",
        better=_better(comparison, bounds),
        check=worst,
        comparison=comparison,
        baseline=comparison.to if comparison else "",
        base=_of_side(comparison.base) if comparison else None,
        bounds=bounds,
        new=_new(bad or checks, checks),
        missed=tuple({each.run.id: each.run for each in bad if each.run}.values()),
    )


def _with_baseline(row: Row, base: Sequence[Run], sides: Sides | None) -> Row:
    row = replace(row, baseline=sides.name if sides else "", base=_base(row, base, sides))
    return replace(row, factor=_factor(row))


def _status(check: Check, gate: GateResult, *, decides: bool) -> Status:
    """Return what the check amounts to at the gate's level; a miss that did not decide the gate counts as passed."""
    if check.comparison and check.comparison.costs is Status.SKIPPED:
        return Status.SKIPPED
    if check.waiver or (gate.status is Status.WAIVED and check.outcome is not Outcome.OK):
        return Status.WAIVED if check.outcome is not Outcome.OK else Status.PASS
    missed_count = check.kind is CheckKind.HOW_MANY and check.outcome is not Outcome.OK  # its runs decide for it
    if not (decides or missed_count):
        return Status.PASS
    match check.outcome:
        case Outcome.ERROR:
            return Status.ERROR
        case Outcome.PENDING:
            return Status.PENDING
        case _:
            pass
    costs = check.comparison.costs if check.comparison else Status.FAIL
    capped = gate.status if gate.uncapped else Status(gate.level)
    return max(costs, capped, key=STATUSES_WORST_FIRST.index) if costs is not Status.PASS else Status.PASS


def _bounds(checks: Sequence[Check]) -> tuple[Expectation, ...]:
    """Return each distinct expectation."""
    once = {id(check.expected): check.expected for check in checks if check.expected}
    return tuple(dict.fromkeys(once.values()))


def _better(comparison: ComparisonResult | None, bounds: Sequence[Expectation]) -> str:
    """Return which way is better: what a comparison says, else what one-sided bounds imply."""
    if comparison:
        return "higher" if comparison.higher_is_better else "lower"
    ways = {_WAYS.get(bound.operator, "") for bound in bounds}
    return ways.pop() if len(ways) == 1 else ""


_WAYS = {"min": "higher", "above": "higher", "max": "lower", "below": "lower"}


def _new(shown: Sequence[Check], checks: Sequence[Check]) -> Measured | None:
    """Return the value of the runs that were judged: of those that missed, where there are some."""
    for check in checks:
        if check.comparison and check.comparison.new:
            return _of_side(check.comparison.new)
    together = next((check for check in checks if check.kind is CheckKind.ALL_RUNS), None)
    if together:
        centre = number_in(together.reason.actual) if together.reason else None
        numbers = numbers_in(together.values)
        function, _ = function_of(together.field)
        return Measured(values=together.values, centre=_finite(centre), spread=_spread(function, numbers))
    values = [RunValue(check.run, check.reason.actual) for check in shown if check.run and check.reason]
    return measured(values) if values else None


def measured(values: Sequence[RunValue]) -> Measured:
    """Return values with their mean and standard deviation, where all of them are numbers."""
    numbers = numbers_in(values)
    if not numbers or len(numbers) < len(values):
        return Measured(values=tuple(values))
    spread = _computed(statistics.stdev, numbers) if len(numbers) > 1 else None
    return Measured(values=tuple(values), centre=_computed(statistics.fmean, numbers), spread=spread)


def numbers_in(values: Sequence[RunValue]) -> list[float]:
    """Return the finite numbers among the values; a text is none, whatever it spells."""
    found = (number_in(each.value) for each in values if not isinstance(each.value, str))
    return [float(number) for number in found if number is not None and isfinite(number)]


def _finite(number: float | None) -> float | None:
    return float(number) if number is not None and isfinite(number) else None


def _of_side(side: Side | None) -> Measured | None:
    return Measured(values=side.runs, centre=side.centre, spread=side.spread) if side else None


def _base(row: Row, runs: Sequence[Run], sides: Sides | None) -> Measured | None:
    """Return what the field, or the aggregate of it, is in the runs of the baseline."""
    field = parse_path(row.field)
    if not runs or sides is None or field is None or field.root not in _COMPARED_ROOTS:
        return None
    values = tuple(
        RunValue(run_ref(run), reading.value) for run in runs if not (reading := field.read(run, sides.now)).gap
    )
    if not values:
        return None
    if row.function:
        return _aggregated(row.function, field, runs, values, sides)
    return measured(values)


def _aggregated(
    function: str, field: Field, runs: Sequence[Run], values: tuple[RunValue, ...], sides: Sides
) -> Measured | None:
    sound = [run for run in runs if not field.read(run, sides.now).gap]
    reading = Aggregate("", function, field).read(sound, sides.now)
    centre = None if reading.gap else _finite(number_in(reading.value))
    if centre is None:
        return None
    return Measured(values=values, centre=centre, spread=_spread(function, numbers_in(values)))


def _spread(function: str, numbers: Sequence[float]) -> float | None:
    """Return the standard deviation of what a mean or median was made of; other aggregates have none."""
    return _computed(statistics.stdev, numbers) if function in {"mean", "median"} and len(numbers) > 1 else None


def _computed(take: Callable[[Sequence[float]], float], numbers: Sequence[float]) -> float | None:
    """Return what `take` makes of the numbers, or None beyond a float; of equal numbers the mean is the number."""
    if take is statistics.fmean and len(set(numbers)) == 1:
        return numbers[0]
    try:
        return _finite(take(numbers))
    except OverflowError:
        return None


def _factor(row: Row) -> float | None:
    """Return how many times the baseline's setting the new one is, where each side has one and they are far apart."""
    if not row.field.startswith("config.") or row.function or row.new is None or row.base is None:
        return None
    new, base = _single(row.new), _single(row.base)
    if new is None or base is None or not base or not new or (new < 0) != (base < 0):
        return None
    factor = new / base
    return factor if isfinite(factor) and (factor >= _FACTOR or factor <= 1 / _FACTOR) else None


def _single(side: Measured) -> float | None:
    numbers = numbers_in(side.values)
    return numbers[0] if len(numbers) == len(side.values) and len(set(numbers)) == 1 else None


def _merged(found: Sequence[Row]) -> Iterator[Row]:
    """Join rows that miss the same value of the same field in the same runs."""
    first: dict[Any, Row] = {}
    for row in found:
        key = _sameness(row)
        if key in first:
            first[key] = replace(first[key], also=(*first[key].also, row.gate))
        else:
            first[key] = row
    yield from first.values()


def _sameness(row: Row) -> Any:
    if row.status is Status.PASS or row.comparison or not row.bounds:
        return object()  # like no other
    values = tuple((each.run.id, *_known(each.value)) for each in (row.new.values if row.new else ()))
    return row.status, row.field, row.function, row.bounds, values, tuple(run.id for run in row.missed)


def _known(value: Any) -> tuple[Any, ...]:
    """Return a value so that equal ones of one type are equal, and none is spelled that need not be."""
    simple = value is None or isinstance(value, (str, int, float))
    return (type(value), value) if simple else identity(value)
