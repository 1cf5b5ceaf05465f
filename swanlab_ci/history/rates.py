"""How often the shipped rule of a comparison fails and warns, outliers included; seeds are normally distributed.

The means are exact, by quadrature. What outliers add is simulated: how often a run is one while the means do not fail.
The unit is the standard deviation of one seed. docs/statistics.md shows the same rates.
"""

import random
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from swanlab_ci.gate.evaluate.student import prediction_factor
from swanlab_ci.history.means import NOISE, Rates, means_rates

DRAWS = 4_000
"""How many pairs of samples are drawn; the share that outliers add is then known to 0.3 points."""

_OUTLIER_ERROR_RATE = 0.02
_FEWEST_FOR_SPREAD = 3
_LARGEST_DROP = 16.0
_STEPS = 12


class _Draw(NamedTuple):
    """What a rule sees of two samples; `worst` is the worst new run, `noise` two standard errors, `bound` of outliers.

    `mean` and `worst` are distances from the baseline's mean, better ones above 0.
    """

    mean: float
    worst: float
    noise: float
    bound: float


@lru_cache(maxsize=65_536)
def rates(new: int, base: int, allowed: float, drop: float = 0.0) -> Rates:
    """Return how often `new` runs against `base` baseline runs warn and fail, if each new run is worse by `drop`.

    The random numbers are the same in every call.
    """
    means = means_rates(new, base, allowed, drop)
    passed = warned = 0
    for draw in _draws(new, base) if base >= _FEWEST_FOR_SPREAD else ():
        if drop - draw.worst > draw.bound and drop - draw.worst > allowed:
            worse = drop - draw.mean
            passed += worse <= allowed
            warned += allowed < worse <= draw.noise
    return Rates(max(0.0, means.warn - warned / DRAWS), min(1.0, means.fail + (passed + warned) / DRAWS))


@lru_cache(maxsize=16)
def _draws(new: int, base: int) -> tuple[_Draw, ...]:
    source = random.Random(20_26)  # noqa: S311 - a simulation, not a secret
    factor = prediction_factor(new, base, _OUTLIER_ERROR_RATE)
    return tuple(_draw(source, new, base, factor) for _ in range(DRAWS))


def _draw(source: random.Random, new: int, base: int, factor: float) -> _Draw:
    baseline = [source.gauss(0, 1) for _ in range(base)]
    change = [source.gauss(0, 1) for _ in range(new)]
    centre, base_variance = _moments(baseline)
    mean, variance = _moments(change)
    error = base_variance * (1 + 1 / base) if new == 1 else variance / new + base_variance / base
    return _Draw(mean - centre, min(change) - centre, NOISE * sqrt(error), factor * sqrt(base_variance))


def _moments(values: list[float]) -> tuple[float, float]:
    mean = sum(values) / len(values)
    return mean, sum((each - mean) ** 2 for each in values) / (len(values) - 1) if len(values) > 1 else 0.0


def smallest_allowance(new: int, base: int, alarms: float) -> float | None:
    """Return the smallest allowance with which at most `alarms` of unchanged changes fail; None where none does."""
    low, high = 0.0, 4.0
    if rates(new, base, high).fail > alarms:
        return None
    if rates(new, base, low).fail <= alarms:
        return low
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if rates(new, base, middle).fail <= alarms else (middle, high)
    return high


def seen_drop(new: int, base: int, allowed: float, share: float = 0.8) -> float | None:
    """Return the smallest drop that fails in `share` of the cases; None where 16 standard deviations are not enough."""
    low, high = 0.0, _LARGEST_DROP
    if rates(new, base, allowed, high).fail < share:
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if rates(new, base, allowed, middle).fail >= share else (middle, high)
    return high
