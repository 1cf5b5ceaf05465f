"""One metric of the runs of both sides, ready to be drawn."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from swanlab_ci.insight.facts import MetricCurves, RunCurve
from swanlab_ci.report.html.drawing import Scale, Values, spread_evenly

_ALL_POINTS: Final = 280_000  # of all curves of the page: two bytes each
_FEWEST_POINTS, _MOST_POINTS = 40, 500
_MOST_CUT: Final = 0.6
_RANGE_PER_DIFFERENCE: Final = 8

Line = tuple[RunCurve, Values]


@dataclass(frozen=True, slots=True)
class ChartSide:
    """The runs of one side: the lowest, mean and highest value at each place, None where there is no run."""

    runs: int = 0
    low: tuple[float | None, ...] = ()
    mean: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()

    @property
    def last(self) -> float | None:
        """The mean at the last place that has one."""
        return next((value for value in reversed(self.mean) if value is not None), None)


@dataclass(frozen=True, slots=True)
class Chart:
    """A metric at `count` equally spaced steps from `first` to `last`; what is compared shows from the place `cut` on.

    `new` are the runs that are compared with `base`; `lines` are these and the pull request's other runs, each with its
    values.
    """

    curve: MetricCurves
    first: int
    last: int
    count: int
    scale: Scale
    new: ChartSide
    base: ChartSide
    new_lines: tuple[Line, ...]
    base_lines: tuple[Line, ...]
    cut: int

    def step(self, place: float) -> float:
        """Return the step at a place."""
        return self.first + (self.last - self.first) * place / (self.count - 1)


def charts(curves: Sequence[MetricCurves], compared: Collection[str]) -> list[Chart]:
    """Return what can be drawn: each metric of which a run has two points; together they have a bounded size."""
    drawn = [(curve, _drawable(curve.new), _drawable(curve.base)) for curve in curves]
    lines = sum(len(new) + len(base) for _, new, base in drawn)
    most = max(_FEWEST_POINTS, min(_MOST_POINTS, _ALL_POINTS // max(1, lines)))
    return [_chart(curve, new, base, compared, most) for curve, new, base in drawn if new or base]


def _drawable(runs: Sequence[RunCurve]) -> list[RunCurve]:
    return [run for run in runs if len(run.points) > 1]


def _chart(
    curve: MetricCurves, new: Sequence[RunCurve], base: Sequence[RunCurve], compared: Collection[str], most: int
) -> Chart:
    every = [*new, *base]
    first, last = min(run.points[0].step for run in every), max(run.points[-1].step for run in every)
    count = max(2, min(most, last - first + 1, max(len(run.points) for run in every)))
    new_lines, base_lines = (
        tuple((run, spread_evenly(run.points, first, last, count)) for run in side) for side in (new, base)
    )
    own = [values for run, values in new_lines if run.run.id in compared] or [values for _, values in new_lines]
    two = _side(own, count), _side([values for _, values in base_lines], count)
    scale = Scale.of(value for _, values in (*new_lines, *base_lines) for value in values if value is not None)
    return Chart(curve, first, last, count, scale, *two, new_lines, base_lines, _cut(*two, count))


def _side(lines: Sequence[Values], count: int) -> ChartSide:
    low: Values = [None] * count
    mean, high = low.copy(), low.copy()
    for place, column in enumerate(zip(*lines, strict=True)):
        found = [value for value in column if value is not None]
        if found:
            low[place], high[place] = min(found), max(found)
            mean[place] = sum(value / len(found) for value in found)
    return ChartSide(len(lines), tuple(low), tuple(mean), tuple(high))


def _cut(new: ChartSide, base: ChartSide, count: int) -> int:
    """Return the place from which on the difference at the end can be seen: the range is at most 8 times as large.

    At most 60 % are cut. Without two sides nothing is.
    """
    ours, theirs = new.last, base.last
    if ours is None or theirs is None:
        return 0
    room = _RANGE_PER_DIFFERENCE * abs(ours - theirs)
    low = high = ours
    for place in range(count - 1, -1, -1):
        values = [each[place] for side in (new, base) for each in (side.low, side.high)]
        for value in values:
            if value is not None:
                low, high = min(low, value), max(high, value)
        if high - low > room:
            return min(place + 1, int(_MOST_CUT * count))
    return 0
