"""Curves of many runs on one scale: their mean, lowest and highest at equally spaced steps."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from swanlab_ci.insight.facts import RunCurve
from swanlab_ci.model import Point


class Band(NamedTuple):
    """What several runs are together at one step."""

    lowest: float
    mean: float
    highest: float


def clean(points: Iterable[Sequence[float]]) -> tuple[Point, ...]:
    """Return the finite points by step; of several with one step the last one logged."""
    found: dict[int, Point] = {}
    for step, value in points:
        if math.isfinite(step) and math.isfinite(value):
            found[int(step)] = Point(int(step), float(value))
    return tuple(found[step] for step in sorted(found))


def span(curves: Sequence[RunCurve]) -> tuple[int, int] | None:
    """Return the first and the last step that any of the runs has; None where no run has two points."""
    drawn = [curve.points for curve in curves if len(curve.points) > 1]
    if not drawn:
        return None
    return min(points[0].step for points in drawn), max(points[-1].step for points in drawn)


def common_span(*sides: Sequence[RunCurve]) -> tuple[int, int] | None:
    """Return the steps at which every side that can be drawn has a run; None where there are none."""
    spans = [found for side in sides if (found := span(side))]
    if not spans:
        return None
    start, end = max(first for first, _ in spans), min(last for _, last in spans)
    return (start, end) if start < end else None


def grid(start: float, end: float, count: int) -> list[float]:
    """Return `count` equally spaced steps from `start` to `end`."""
    return [start + (end - start) * number / (count - 1) for number in range(count)]


def at(points: Sequence[Point], step: float) -> float | None:
    """Return the value at `step`, on the line between its neighbours; None before the first and after the last."""
    if not points or not points[0].step <= step <= points[-1].step:
        return None
    right = bisect_right(points, step, key=lambda point: point.step)
    if right == len(points):
        return points[-1].value
    before, after = points[right - 1], points[right]
    share = (step - before.step) / (after.step - before.step)
    value = before.value * (1 - share) + after.value * share
    return sorted((before.value, value, after.value))[1]  # rounding leads out of a flat line


def mean(values: Sequence[float]) -> float:
    """Return the mean; the sum may be beyond a float."""
    return math.fsum(value / len(values) for value in values)


def bands(curves: Sequence[RunCurve], steps: Sequence[float]) -> list[Band] | None:
    """Return the runs' lowest, mean and highest value at each step; None if at some step there is no run."""
    found = []
    drawn = [curve.points for curve in curves if len(curve.points) > 1]
    for step in steps:
        values = [value for points in drawn if (value := at(points, step)) is not None]
        if not values:
            return None
        found.append(Band(min(values), mean(values), max(values)))
    return found
