"""How often the shipped rule of a comparison fails and warns, simulated with seeds of a normal distribution.

The unit is the standard deviation of one seed. docs/statistics.md shows the same rates.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from swanlab_ci.gate.evaluate.student import prediction_factor

DRAWS = 4_000
"""How many pairs of samples are drawn: a share of 5 % is then known to 0.7 points."""

NOISE = 2.0
_OUTLIER_ERROR_RATE = 0.02
_FEWEST_FOR_SPREAD = 3
_LARGEST_DROP = 16.0
_STEPS = 10


@dataclass(frozen=True, slots=True)
class Rates:
    """The shares of changes that warn and that fail."""

    warn: float
    fail: float


@lru_cache(maxsize=4096)
def rates(new: int, base: int, allowed: float, drop: float = 0.0) -> Rates:
    """Return how often `new` runs against `base` baseline runs warn and fail, if each new run is worse by `drop`.

    The random numbers are the same in every call, so that a smaller allowance never fails less often.
    """
    source = random.Random(20_26)  # noqa: S311 - a simulation, not a secret
    factor = prediction_factor(new, base, _OUTLIER_ERROR_RATE) if base >= _FEWEST_FOR_SPREAD else None
    said: Counter[str] = Counter()
    for _ in range(DRAWS):
        baseline = [source.gauss(0, 1) for _ in range(base)]
        change = [source.gauss(0, 1) - drop for _ in range(new)]
        said[_verdict(change, baseline, allowed, factor)] += 1
    return Rates(said["warn"] / DRAWS, said["fail"] / DRAWS)


def _verdict(new: Sequence[float], base: Sequence[float], allowed: float, factor: float | None) -> str:
    base_mean, base_variance = _moments(base)
    mean, variance = _moments(new)
    worse = base_mean - mean
    if factor is not None and base_mean - min(new) > max(allowed, factor * sqrt(base_variance)):
        return "fail"
    if worse <= allowed:
        return "pass"
    noise = _noise(len(new), variance, len(base), base_variance)
    return "warn" if noise is not None and worse <= noise else "fail"


def _noise(new: int, variance: float, base: int, base_variance: float) -> float | None:
    """Return two standard errors of the difference, as `gate.evaluate.statistics` does; None for too few runs."""
    if base < (_FEWEST_FOR_SPREAD if new == 1 else 2):
        return None
    if new == 1:
        return NOISE * sqrt(base_variance * (1 + 1 / base))
    return NOISE * sqrt(variance / new + base_variance / base)


def _moments(values: Sequence[float]) -> tuple[float, float]:
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
