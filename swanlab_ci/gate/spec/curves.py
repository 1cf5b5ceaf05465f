"""Curves: quantities made from the points of a metric, such as the mean of the last ten or the step that got to 0.9."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from swanlab_ci.gate.spec.conditions import Condition
from swanlab_ci.gate.spec.readings import Reading
from swanlab_ci.model import Truth


class Point(NamedTuple):
    """One logged value of a metric; it may be NaN or infinite."""

    step: int
    value: float


@dataclass(frozen=True, slots=True)
class Window:
    """Which points count: from one step to another (both included), and of these the `last` few or a share of them."""

    last: int | Fraction | None = None
    from_step: int | None = None
    to_step: int | None = None

    def of(self, points: Sequence[Point]) -> list[Point]:
        """Return the points in the window, by step."""
        found = sorted(
            (
                point
                for point in points
                if (self.from_step is None or point.step >= self.from_step)
                and (self.to_step is None or point.step <= self.to_step)
            ),
            key=lambda point: point.step,
        )
        if self.last is None:
            return found
        count = math.ceil(self.last * len(found)) if isinstance(self.last, Fraction) else self.last
        return found[max(0, len(found) - count) :]


@dataclass(frozen=True, slots=True)
class Curve:
    """A quantity of the metric `of`: what `take` makes of the window's points, or the step of the first that holds."""

    name: str
    of: str
    window: Window = Window()
    take: str = ""
    first: Condition | None = None

    def read(self, points: Sequence[Point] | None, *, over: bool) -> Reading:
        """Compute the quantity from all points of a run's metric; `over` says that no more will come.

        None, or no points at all, is a metric that was not logged. A point in the window that is not finite makes
        every quantity but `count`, `not_finite` and the first step that holds not finite.
        """
        if not points:
            return Reading(gap=Truth.MISSING, settled=over, trend=self._trend)
        chosen = self.window.of(points)
        reading = self._first(chosen) if self.first else self._taken(chosen)
        if over or self._is_final(points, reading):
            return reading
        return reading._replace(settled=False, trend=self._trend)

    def _first(self, points: Sequence[Point]) -> Reading:
        condition = self.first
        for point in points:
            reading = Reading(point.value) if math.isfinite(point.value) else Reading(gap=Truth.NOT_FINITE)
            if condition and condition.ask(lambda _subject, reading=reading: reading).answer is Truth.HOLDS:  # type: ignore[misc]
                return Reading(point.step)
        return Reading(gap=Truth.MISSING)

    def _taken(self, points: Sequence[Point]) -> Reading:
        if self.take == "count":
            return Reading(len(points))
        if self.take == "not_finite":
            return Reading(sum(not math.isfinite(point.value) for point in points))
        if not all(math.isfinite(point.value) for point in points):
            return Reading(math.nan, Truth.NOT_FINITE)
        if len(points) < _FEWEST.get(self.take, 1):
            return Reading(gap=Truth.MISSING)
        try:
            value = TAKES[self.take](points)
        except OverflowError:  # beyond a float
            value = math.inf
        return Reading(value) if math.isfinite(value) else Reading(value, Truth.NOT_FINITE)

    @property
    def _trend(self) -> int:
        """How the quantity moves while points are added: 1 only up, -1 only down, 0 both."""
        if self.window.last is not None:
            return 0
        return {"max": 1, "count": 1, "not_finite": 1, "max_rise": 1, "max_drop": 1, "min": -1}.get(self.take, 0)

    def _is_final(self, points: Sequence[Point], reading: Reading) -> bool:
        """Return whether later points cannot change the quantity: their steps are beyond the window, or it is found."""
        if self.window.last is None and (self.first or self.take == "first") and not reading.gap:
            return True
        end = self.window.to_step
        return end is not None and max(point.step for point in points) > end


def _slope(points: Sequence[Point]) -> float:
    """Return the least-squares slope by step; NaN where all steps are one."""
    steps, values = [float(point.step) for point in points], [point.value for point in points]
    if len(set(steps)) == 1:
        return math.nan
    return statistics.linear_regression(steps, values).slope


def _area(points: Sequence[Point]) -> float:
    """Return the area under the curve by the trapezoidal rule."""
    return math.fsum((b.step - a.step) * (a.value + b.value) / 2 for a, b in pairwise(points))


def _ratio(numerator: float, denominator: float) -> float:
    """Return a ratio of two values; NaN unless both are positive or equal, as only then it says how much one grew."""
    if numerator == denominator:
        return 1.0
    return numerator / denominator if numerator >= 0 and denominator > 0 else math.nan


def _largest(ratios: Sequence[float]) -> float:
    return math.nan if any(map(math.isnan, ratios)) else max(ratios)


TAKES: dict[str, Callable[[Sequence[Point]], float]] = {
    "mean": lambda points: statistics.fmean(point.value for point in points),
    "median": lambda points: statistics.median(point.value for point in points),
    "min": lambda points: min(point.value for point in points),
    "max": lambda points: max(point.value for point in points),
    "stdev": lambda points: statistics.stdev(point.value for point in points),
    "first": lambda points: points[0].value,
    "last": lambda points: points[-1].value,
    "count": len,
    "not_finite": lambda points: sum(not math.isfinite(point.value) for point in points),
    "max_rise": lambda points: _largest([_ratio(b.value, a.value) for a, b in pairwise(points)]),
    "max_drop": lambda points: _largest([_ratio(a.value, b.value) for a, b in pairwise(points)]),
    "slope": _slope,
    "area": _area,
}
"""What can be made of the points of a window. A rise or drop is the largest ratio of neighbours, 1 for no change."""

_FEWEST = dict.fromkeys(("stdev", "max_rise", "max_drop", "slope", "area"), 2)
