"""The statistics of a comparison: how far apart two small sets of runs would land by chance alone.

docs/statistics.md says why two standard errors and an allowance, and shows how often that errs.
"""

import statistics
from collections.abc import Sequence
from math import sqrt

SLACK = 1e-9
"""Differences below this share of the values compared are rounding, so an exact tie passes."""

_FEWEST_FOR_PREDICTION = 3


def standard_error(new: Sequence[float], base: Sequence[float]) -> float | None:
    """Estimate how much the difference of the two means varies; None where the runs are too few.

    Both sides with two runs or more: √(s²ₙ/n + s²ₘ/m). One new run against three or more: s·√(1 + 1/m), the spread of
    one more run around the mean of m.
    """
    n, m = len(new), len(base)
    if not can_estimate(n, m):
        return None
    if n == 1:
        return statistics.stdev(base) * sqrt(1 + 1 / m)
    return sqrt(statistics.variance(new) / n + statistics.variance(base) / m)


def can_estimate(new: int, base: int) -> bool:
    """Tell whether so many runs on each side are enough for `standard_error`."""
    return base >= (_FEWEST_FOR_PREDICTION if new == 1 else 2)


def paired_error(differences: Sequence[float]) -> float | None:
    """Estimate how much the mean of `differences` varies; None for a single pair."""
    return statistics.stdev(differences) / sqrt(len(differences)) if len(differences) > 1 else None


def exceeds(difference: float, bound: float, scale: float) -> bool:
    """Tell whether `difference` is above `bound` by more than rounding; `scale` is the size of the values compared."""
    return difference - bound > SLACK * scale
