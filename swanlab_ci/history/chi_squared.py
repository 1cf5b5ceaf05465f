"""Quantiles of the chi-squared distribution, which the standard library does not have."""

from math import exp, lgamma, log

_PRECISION = 1e-12
_MOST_TERMS = 10_000
_TINY = 1e-300


def chi_squared_quantile(probability: float, degrees: int) -> float:
    """Return the value below which `probability` (above 0, below 1) of chi-squared with `degrees` of freedom lies.

    The distribution function is the regularised incomplete gamma function (NIST Digital Library of Mathematical
    Functions, https://dlmf.nist.gov/8.7#E1 and 8.9#E2); its inverse is found by bisection. Raises `ValueError` outside
    these ranges.
    """
    if not 0 < probability < 1 or degrees < 1:
        raise ValueError("a quantile needs a probability between 0 and 1, and a degree of freedom")
    low, high = 0.0, float(degrees)
    while _below(high, degrees) < probability:
        low, high = high, 2 * high
    while high - low > _PRECISION * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _below(middle, degrees) < probability else (low, middle)
    return (low + high) / 2


def _below(value: float, degrees: int) -> float:
    """Return the probability of less than `value`."""
    a, x = degrees / 2, value / 2
    if x <= 0:
        return 0.0
    front = exp(a * log(x) - x - lgamma(a))
    return front * _series(a, x) if x < a + 1 else 1 - front * _fraction(a, x)


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    for number in range(1, _MOST_TERMS):
        term *= x / (a + number)
        total += term
        if term < total * _PRECISION / 100:
            break
    return total


def _fraction(a: float, x: float) -> float:
    """Evaluate the continued fraction by the modified method of Lentz."""
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value = d
    for number in range(1, _MOST_TERMS):
        term = -number * (number - a)
        b += 2
        d = 1 / _not_zero(term * d + b)
        c = _not_zero(b + term / c)
        value *= c * d
        if abs(c * d - 1) < _PRECISION / 100:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
