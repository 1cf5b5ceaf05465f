"""A metric over all units of a backtest, and the bounds that it was held to at each time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite

from swanlab_ci.history.backtest import JudgedUnit
from swanlab_ci.insight import of_verdict
from swanlab_ci.insight.facts import Row
from swanlab_ci.judgement import ComparisonResult, Expectation
from swanlab_ci.model import Status

_LOW, _HIGH = frozenset({"min", "above"}), frozenset({"max", "below"})
_ROOTS = ("metrics.", "metrics[", "curve.")
_MISSED = frozenset({Status.FAIL, Status.ERROR, Status.WARN, Status.INFO, Status.WAIVED})


@dataclass(frozen=True, slots=True)
class Dot:
    """The runs' `values` in the unit number `unit`, and what they had to reach (`low`) or not to pass (`high`)."""

    unit: int
    values: tuple[float, ...]
    low: float | None
    high: float | None
    missed: bool


@dataclass(slots=True)
class Trend:
    """A field as one gate judged it, by unit; `function` is that of an aggregate."""

    gate: str
    name: str
    function: str
    dots: list[Dot] = field(default_factory=list)

    def numbers(self) -> list[float]:
        """Return all that is drawn."""
        bounds = [bound for dot in self.dots for bound in (dot.low, dot.high) if bound is not None]
        return [*(value for dot in self.dots for value in dot.values), *bounds]


def trends(units: Sequence[JudgedUnit]) -> list[Trend]:
    """Return what can be drawn: each metric that a gate bounds or compares, and that some unit has."""
    found: dict[tuple[str, str, str], Trend] = {}
    for number, each in enumerate(units):
        if each.verdict is None:
            continue
        for row in of_verdict(each.verdict).rows:
            dot = _dot(number, row)
            if dot:
                gate = each.verdict.gates[row.gate]
                key = (gate.id, row.function, row.field)
                found.setdefault(key, Trend(gate.name, row.label, row.function)).dots.append(dot)
    return [trend for trend in found.values() if any(dot.values for dot in trend.dots)]


def _dot(number: int, row: Row) -> Dot | None:
    if not row.field.startswith(_ROOTS) or row.new is None:
        return None
    numbers = (each.value for each in row.new.values)
    values = tuple(float(value) for value in numbers if _is_number(value))
    bounds = [*_bounds(row.bounds), *(_limits(row.comparison) if row.comparison else ())]
    lows, highs = ([bound for is_low, bound in bounds if is_low is wanted] for wanted in (True, False))
    if not bounds:
        return None
    low, high = max(lows, default=None), min(highs, default=None)
    return Dot(number, values, low, high, row.status in _MISSED)


def _bounds(expectations: Sequence[Expectation]) -> Iterator[tuple[bool, float]]:
    """Yield the numbers that bound the field, and whether from below."""
    for each in expectations:
        if each.operator == "all_of":
            yield from _bounds([part for part in each.parts if not part.field])
        elif each.operator in _LOW | _HIGH and not each.other and each.values and _is_number(each.values[0]):
            yield each.operator in _LOW, float(each.values[0])


def _limits(compared: ComparisonResult) -> Iterator[tuple[bool, float]]:
    """Yield the mean that the runs may fall to, or have to reach."""
    if compared.base is not None and compared.allowed is not None:
        change = compared.allowed if compared.required else -compared.allowed
        limit = compared.base.centre + (change if compared.higher_is_better else -change)
        if isfinite(limit):
            yield compared.higher_is_better, limit


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
