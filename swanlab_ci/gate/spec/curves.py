"""Curves: quantities made from the points of a metric, such as the mean of the last ten or the step that got to 0.9."""

import dataclasses
import math
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from weakref import WeakKeyDictionary

from swanlab_ci.gate.spec.conditions import AllOf, AnyOf, Condition, FieldCondition
from swanlab_ci.gate.spec.operators import JUDGES
from swanlab_ci.gate.spec.readings import Reading
from swanlab_ci.gate.spec.source import Place
from swanlab_ci.judgement import CurveFacts
from swanlab_ci.model import Points, Truth


@dataclass(frozen=True, slots=True)
class Window:
    """Which points count: from one step to another (both included), and of these the `last` few or a share of them."""

    last: int | Fraction | None = None
    from_step: int | None = None
    to_step: int | None = None

    def of(self, points: Points) -> Points:
        """Return the points in the window."""
        steps = points.steps
        start = 0 if self.from_step is None else bisect_left(steps, self.from_step)
        end = len(steps) if self.to_step is None else bisect_right(steps, self.to_step)
        if self.last is not None:
            count = math.ceil(self.last * (end - start)) if isinstance(self.last, Fraction) else self.last
            start = max(start, end - count)
        if (start, end) == (0, len(steps)):
            return points
        return Points(steps[start:end], points.values[start:end])


@dataclass(frozen=True, slots=True)
class Curve:
    """A quantity of the metric `of`: what `take` makes of the window's points, or the step of the first that holds.

    `last` is how the gate file spells the window's `last`.
    """

    name: str
    of: str
    window: Window = Window()
    take: str = ""
    first: Condition | None = None
    last: str = ""
    place: Place | None = dataclasses.field(default=None, compare=False)

    def read(self, points: Points | None, *, over: bool) -> Reading:
        """Compute the quantity from all points of a run's metric; `over` says that no more will come.

        None is a metric whose points were not fetched, no points are one that was not logged. A point in the window
        that is not finite makes every quantity but `count`, `not_finite` and the first step that holds not finite.
        """
        if points is None:
            return Reading(gap=Truth.NOT_FETCHED)
        if not points:
            return Reading(gap=Truth.MISSING, settled=over, trend=self._trend)
        known = _READINGS.setdefault(points, {})
        key = (self, over)
        if key not in known:
            known[key] = self._read(points, over=over)
        return known[key]

    def facts(self, points: Points | None, *, decided: bool) -> CurveFacts:
        """Say as plain values what it is made of, how many points the run has, and which of them `decided`."""
        return CurveFacts(
            of=self.of,
            take=self.take or "first_step",
            condition=self.first.expectation() if self.first else None,
            last=self.last,
            from_step=self.window.from_step,
            to_step=self.window.to_step,
            points=None if points is None else len(points),
            at=_deciding_step(self.take, self.window.of(points)) if points and decided else None,
        )

    def _read(self, points: Points, *, over: bool) -> Reading:
        chosen = self.window.of(points)
        reading = self._first(self.first, chosen) if self.first else self._taken(chosen)
        if over or self._is_final(points, reading):
            return reading
        return reading._replace(settled=False, trend=self._trend)

    @staticmethod
    def _first(condition: Condition, points: Points) -> Reading:
        for step, value in zip(points.steps, points.values, strict=True):  # pragma: no mutate - of one length
            if math.isfinite(value) and _holds(condition, value):
                return Reading(step)
        return Reading(gap=Truth.MISSING)

    def _taken(self, points: Points) -> Reading:
        if self.take == "count" or (self.take == "not_finite" and points):  # of no points, none was seen to be finite
            return Reading(TAKES[self.take](points))
        if not all(map(math.isfinite, points.values)):
            return Reading(math.nan, Truth.NOT_FINITE)
        if len(points) < _FEWEST.get(self.take, 1):
            return Reading(gap=Truth.MISSING)
        try:
            value = TAKES[self.take](points)
        except (OverflowError, ValueError):  # beyond a float, or steps that are one as floats
            value = math.inf
        return Reading(value) if math.isfinite(value) else Reading(value, Truth.NOT_FINITE)

    @property
    def _trend(self) -> int:
        """How the quantity moves while points are added: 1 only up, 0 in any way, as a NaN would make it not finite."""
        return 1 if self.take in {"count", "not_finite"} and self.window.last is None else 0

    def _is_final(self, points: Points, reading: Reading) -> bool:
        """Return whether later points cannot change the quantity: their steps are beyond the window, or it is found."""
        if self.window.last is None and self.first and not reading.gap:
            return True
        end = self.window.to_step
        return end is not None and points.steps[-1] > end


_READINGS: WeakKeyDictionary[Points, dict[tuple[Curve, bool], Reading]] = WeakKeyDictionary()
"""What was computed, as long as the points are there: several gates ask for one curve, and it may have 10⁶ points."""


def _holds(condition: Condition, value: float) -> bool:
    """Return whether `condition`, whose only subject is a point, holds for a finite value: there is no third answer."""
    match condition:
        case FieldCondition():
            judge, name = JUDGES[condition.operator], condition.subject.text
            return judge(name, value, condition.operand) is Truth.HOLDS  # pragma: no mutate - a point is no commit
        case AllOf():
            return all(_holds(part, value) for part in condition.parts)
        case AnyOf():
            return any(_holds(part, value) for part in condition.parts) is not condition.none
        case _:  # pragma: no mutate - for the type checker
            raise AssertionError("`optional` is refused here")  # pragma: no mutate - same


def _deciding_step(take: str, points: Points) -> int | None:
    """Return the step of the first point that is not finite, else the one that the quantity is of, if it is of one."""
    steps, values = points.steps, points.values
    for step, value in zip(steps, values, strict=True):  # pragma: no mutate - same
        if not math.isfinite(value):
            return None if take in {"", "count"} else step
    if take in {"min", "max"} and values:
        return steps[values.index(TAKES[take](points))]
    if take not in {"max_rise", "max_drop"} or len(values) < _FEWEST[take]:
        return None
    ratios = _rises(points) if take == "max_rise" else _drops(points)
    largest = _largest(ratios)
    return None if math.isnan(largest) else steps[ratios.index(largest) + 1]


def _slope(points: Points) -> float:
    """Return the least-squares slope by step; raises `ValueError` where all steps are one."""
    return statistics.linear_regression(points.steps, points.values).slope


def _area(points: Points) -> float:
    """Return the area under the curve by the trapezoidal rule."""
    pairs = pairwise(zip(points.steps, points.values, strict=True))  # pragma: no mutate - same
    return math.fsum((b - a) * (low + high) / 2 for (a, low), (b, high) in pairs)


def _ratio(numerator: float, denominator: float) -> float:
    """Return a ratio of two values; NaN unless both are positive or equal, as only then it says how much one grew."""
    if numerator == denominator:
        return 1.0
    return numerator / denominator if numerator >= 0 and denominator > 0 else math.nan


def _rises(points: Points) -> list[float]:
    return [_ratio(after, before) for before, after in pairwise(points.values)]


def _drops(points: Points) -> list[float]:
    return [_ratio(before, after) for before, after in pairwise(points.values)]


def _largest(ratios: list[float]) -> float:
    return math.nan if any(map(math.isnan, ratios)) else max(ratios)


TAKES: dict[str, Callable[[Points], float]] = {
    "mean": lambda points: statistics.fmean(points.values),
    "median": lambda points: statistics.median(points.values),
    "min": lambda points: min(points.values),
    "max": lambda points: max(points.values),
    "stdev": lambda points: statistics.stdev(points.values),
    "first": lambda points: points.values[0],
    "last": lambda points: points.values[-1],
    "count": len,
    "not_finite": lambda points: sum(not math.isfinite(value) for value in points.values),
    "max_rise": lambda points: _largest(_rises(points)),
    "max_drop": lambda points: _largest(_drops(points)),
    "slope": _slope,
    "area": _area,
}
"""What can be made of the points of a window. A rise or drop is the largest ratio of neighbours, 1 for no change."""

_FEWEST = dict.fromkeys(("stdev", "max_rise", "max_drop", "slope", "area"), 2)
