"""How sure a share is that was counted in a few cases."""

from math import sqrt
from typing import NamedTuple

_95_PERCENT = 1.959963984540054  # the quantile of the normal distribution that leaves 2.5 % on either side


class Interval(NamedTuple):
    """From `low` to `high`, as shares of 1."""

    low: float
    high: float


def wilson(found: int, of: int) -> Interval:
    """Return the 95 % interval of Wilson for a share that was `found` times in `of` cases; also of none or all.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    share, spread = found / of, _95_PERCENT**2 / of
    middle = (share + spread / 2) / (1 + spread)
    half = _95_PERCENT * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))
