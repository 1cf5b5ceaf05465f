"""How often the means of a comparison fail and warn, by quadrature: seeds of a normal distribution, no outliers.

The unit is the standard deviation of one seed. The difference of two means is normal, and independent of the two
standard deviations that decide what counts as noise; so its tail is averaged over these, which are chi-distributed.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import erfc, exp, inf, log, sqrt

from swanlab_ci.gate.evaluate.statistics import can_estimate

NOISE = 2.0
_NODES = 96
_REACH = 8.0  # chi varies by less than 1 around the root of its degrees of freedom


@dataclass(frozen=True, slots=True)
class Rates:
    """The shares of changes that warn and that fail."""

    warn: float
    fail: float


@lru_cache(maxsize=65_536)
def means_rates(new: int, base: int, allowed: float, drop: float = 0.0) -> Rates:
    """Return how often the means of `new` runs against `base` baseline runs warn and fail, if the new are `drop` worse.

    They fail if they are worse than `allowed` and than two standard errors, and warn if worse than `allowed` only.
    """
    error = sqrt(1 / new + 1 / base)
    worse = _above((allowed - drop) / error)
    fail = sum(weight * _above((max(allowed, noise) - drop) / error) for noise, weight in _noises(new, base))
    return Rates(max(0.0, worse - fail), fail)


@lru_cache(maxsize=64)
def _noises(new: int, base: int) -> tuple[tuple[float, float], ...]:
    """Return values of two standard errors, each with its probability."""
    if not can_estimate(new, base):
        return ((-inf, 1.0),)
    if new == 1:
        return tuple((NOISE * one * sqrt(1 + 1 / base), weight) for one, weight in _deviations(base - 1))
    return tuple(
        (NOISE * sqrt(one * one / new + other * other / base), weight * others)
        for one, weight in _deviations(new - 1)
        for other, others in _deviations(base - 1)
    )


@lru_cache(maxsize=64)
def _deviations(degrees: int) -> tuple[tuple[float, float], ...]:
    """Return standard deviations with `degrees` of freedom, each with its probability: chi/√degrees."""
    low = max(0.0, sqrt(degrees) - _REACH)
    step = (sqrt(degrees) + _REACH - low) / _NODES
    nodes = [low + (number + 0.5) * step for number in range(_NODES)]
    peak = (degrees - 1) * log(sqrt(max(degrees - 1, 1))) - (degrees - 1) / 2
    weights = [exp((degrees - 1) * log(node) - node * node / 2 - peak) for node in nodes]
    total = sum(weights)
    return tuple((node / sqrt(degrees), weight / total) for node, weight in zip(nodes, weights, strict=True))


def _above(value: float) -> float:
    """Return the probability that a normal number is above `value`."""
    return erfc(value / sqrt(2)) / 2
