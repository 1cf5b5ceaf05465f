"""What bounds the past of a metric supports: the lowest value that is still usual, and how much seeds vary."""

import statistics
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from swanlab_ci.gate.evaluate.student import t_quantile
from swanlab_ci.history.chi_squared import chi_squared_quantile
from swanlab_ci.history.intervals import Interval

FEWEST_RUNS = 8
"""With fewer runs, no floor is suggested."""

FEWEST_UNITS = 3
"""With fewer units of two runs, it is not known how much seeds vary."""

_TAIL = 0.025


class Basis(StrEnum):
    """What a suggested bound rests on."""

    WORST_RUN = "worst-run"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Sample:
    """The values of a metric in the runs of each unit, oldest first; a larger value is better if `higher_is_better`.

    `names` are the values that name the units.
    """

    units: tuple[tuple[float, ...], ...]
    higher_is_better: bool
    names: tuple[str, ...] = ()

    def without(self, number: int) -> "Sample":
        """Return the sample without one of its units."""
        return Sample((*self.units[:number], *self.units[number + 1 :]), self.higher_is_better)

    def older(self, count: int) -> "Sample":
        """Return the sample of the oldest `count` units."""
        return Sample(self.units[:count], self.higher_is_better, self.names[:count])

    @property
    def values(self) -> tuple[float, ...]:
        """All values."""
        return tuple(value for unit in self.units for value in unit)

    @property
    def mean(self) -> float:
        """Their mean."""
        return statistics.fmean(self.values)

    @property
    def runs_a_unit(self) -> int:
        """How many runs a unit has: the median."""
        return max(1, round(statistics.median(map(len, self.units))))

    def is_worse(self, value: float, bound: float) -> bool:
        """Tell whether `value` misses `bound`."""
        return value < bound if self.higher_is_better else value > bound

    def missing(self, bound: float) -> int:
        """Return how many values miss `bound`."""
        return sum(self.is_worse(value, bound) for value in self.values)


@dataclass(frozen=True, slots=True)
class Floor:
    """A bound for every run, and the share of harmless changes of usual size that it stops (`alarms`)."""

    bound: float
    alarms: float
    basis: Basis


def floor(sample: Sample, alarms: float) -> Floor | None:
    """Suggest a bound that stops at most `alarms` of harmless changes; None for fewer than 8 runs.

    If a change of k runs is like the N runs of the past, one of them is worse than all of these with probability
    k/(N + k), whatever their distribution is. Where that is more than `alarms`, the prediction bound of a normal
    distribution takes its place.
    """
    values, k = sample.values, sample.runs_a_unit
    n = len(values)
    if n < FEWEST_RUNS:
        return None
    worst = min(values) if sample.higher_is_better else max(values)
    share = k / (n + k)
    spread = 0.0 if share <= alarms else statistics.stdev(values)
    if spread == 0:
        return Floor(worst, share, Basis.WORST_RUN)
    distance = t_quantile(1 - alarms / k, n - 1) * spread * sqrt(1 + 1 / n)
    return Floor(sample.mean - distance if sample.higher_is_better else sample.mean + distance, alarms, Basis.NORMAL)


@dataclass(frozen=True, slots=True)
class Spread:
    """The standard deviation of runs of one unit, from `degrees` of freedom, and its 95 % interval."""

    deviation: float
    degrees: int
    interval: Interval


def spread_within(sample: Sample) -> Spread | None:
    """Pool the variance within the units; None for fewer than three units with two runs.

    Across units a trend would count as noise.
    """
    groups = [unit for unit in sample.units if len(unit) > 1]
    if len(groups) < FEWEST_UNITS:
        return None
    degrees = sum(len(unit) - 1 for unit in groups)
    squares = sum(statistics.variance(unit) * (len(unit) - 1) for unit in groups)
    deviation = sqrt(squares / degrees)
    low, high = (sqrt(squares / chi_squared_quantile(tail, degrees)) for tail in (1 - _TAIL, _TAIL))
    return Spread(deviation, degrees, Interval(low, high))
