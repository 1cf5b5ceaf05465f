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
_HELD_OUT = 0.3
_FEWEST_HELD_OUT = 10


class Basis(StrEnum):
    """What a suggested bound rests on."""

    WORST_RUN = "worst-run"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Sample:
    """The values of a metric in the runs of each unit, oldest first; a larger value is better if `higher_is_better`."""

    units: tuple[tuple[float, ...], ...]
    higher_is_better: bool

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
    spread = statistics.stdev(values)
    if share <= alarms or spread == 0:
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


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The newest `units`, and how many of them a bound from the older ones stops."""

    units: int
    stopped: int


def held_out(sample: Sample, alarms: float) -> HeldOut | None:
    """Suggest a floor from the older 70 % of the units, and try it on the others; None for fewer than 10 units."""
    count = round(len(sample.units) * _HELD_OUT)
    if len(sample.units) < _FEWEST_HELD_OUT:
        return None
    found = floor(Sample(sample.units[:-count], sample.higher_is_better), alarms)
    if found is None:
        return None
    stopped = sum(any(sample.is_worse(value, found.bound) for value in unit) for unit in sample.units[-count:])
    return HeldOut(count, stopped)
