"""Quantiles of Student's t distribution, which the standard library does not have."""

from functools import lru_cache
from math import exp, lgamma, log, sqrt

_ENOUGH_STEPS = 300
_TINY = 1e-300
_PRECISION = 1e-15


@lru_cache(maxsize=1024)
def t_quantile(probability: float, degrees: int) -> float:
    """Return the value below which `probability` (0.75 or more, below 1) of Student's t with `degrees` of freedom lies.

    The distribution function is the regularised incomplete beta function, as the continued fraction 8.17.22 of the
    NIST Digital Library of Mathematical Functions (https://dlmf.nist.gov/8.17); its inverse is found by bisection.
    Raises `ValueError` outside these ranges.
    """
    if not 0.75 <= probability < 1 or degrees < 1:  # noqa: PLR2004 - the upper half; the lower is its mirror image, and near 0.5 the fraction loses digits
        raise ValueError(
            "a quantile of the upper half needs a probability of 0.75 or more, below 1, and a degree of freedom"
        )
    low, high = 0.0, 1.0
    while _above(high, degrees) > 1 - probability:
        low, high = high, 2 * high
    while high - low > _PRECISION * high:
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if _above(middle, degrees) > 1 - probability else (low, middle)
    return (low + high) / 2


def _above(t: float, degrees: int) -> float:
    """Return the probability of a value above `t`."""
    return _incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):  # pragma: no mutate - where the fraction converges fast; both give the same
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Evaluate the continued fraction by the modified method of Lentz."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for step in range(1, _ENOUGH_STEPS):
        for term in (
            step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step)),
            -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1)),
        ):
            d = 1 / _not_zero(1 + term * d)
            c = _not_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _PRECISION:  # pragma: no mutate - more steps change nothing
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY  # pragma: no mutate - no terms that are used make it zero


def prediction_factor(runs: int, baseline_runs: int, error_rate: float) -> float:
    """Return by how many standard deviations of the baseline one of `runs` new runs may differ from its mean.

    `error_rate` is the share of cases in which at least one of the runs of an unchanged model differs by more. The
    factor holds a new run against the mean and the spread of `baseline_runs` (2 or more):
    `t(1 - error_rate/runs; baseline_runs - 1) · √(1 + 1/baseline_runs)`.
    """
    return t_quantile(1 - error_rate / runs, baseline_runs - 1) * sqrt(1 + 1 / baseline_runs)
