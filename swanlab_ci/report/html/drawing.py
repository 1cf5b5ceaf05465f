"""Numbers for charts: values at equally spaced steps, marks of an axis, and curves in two characters a point."""

import math
import string
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from swanlab_ci.model import Point

HEIGHT: Final = 4095
"""The largest coordinate of a curve: 12 bits, two characters of base64."""

Values = list[float | None]

_LETTERS: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_PAIRS: Final = [one + other for one in _LETTERS for other in _LETTERS]
_MISSING: Final = "~~"
_SMALLEST: Final = 1e-290  # with less, the parts of a length are not exact any more


class Scale(NamedTuple):
    """From the lowest value that is drawn to the highest; a flat curve lies in the middle."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Scale":
        """Return the scale of all the values, of which there is at least one."""
        found = list(values)
        low, high = min(found), max(found)
        if not math.isfinite(high - low):  # half of each, so that the length is finite
            low, high = low / 2, high / 2
        if high - low >= max(_SMALLEST, 1e-12 * abs(high)):
            return cls(low, high)
        apart = max(abs(high), _SMALLEST) / 2
        return cls(low - apart, high + apart)

    def at(self, value: float) -> int:
        """Return the coordinate of a value, 0 for the lowest."""
        share = (value - self.low) / (self.high - self.low)
        return round(HEIGHT * min(1.0, max(0.0, share)))


def spread_evenly(points: Sequence[Point], first: int, last: int, count: int) -> Values:
    """Return the values at `count` equally spaced steps, on the lines between the points; None outside of them."""
    found: Values = [None] * count
    if not points or count < 2:  # noqa: PLR2004 - a line has two ends
        return found
    width = (last - first) / (count - 1)
    start = max(0, math.ceil((points[0].step - first) / width - 1e-9))
    end = min(count - 1, math.floor((points[-1].step - first) / width + 1e-9))
    right, most = 0, len(points) - 1
    for place in range(start, end + 1):
        step = first + place * width
        while right < most and points[right].step < step:
            right += 1
        after = points[right]
        before = points[right - 1] if right else after
        if after.step <= step or before is after:
            found[place] = after.value
        else:
            share = (step - before.step) / (after.step - before.step)
            found[place] = before.value * (1 - share) + after.value * share
    return found


def encoded(values: Values, scale: Scale) -> str:
    """Return a curve as text: two characters a point, `~~` where there is none."""
    low, factor = scale.low, HEIGHT / (scale.high - scale.low)
    pairs, missing = _PAIRS, _MISSING
    return "".join(
        [
            missing if value is None else pairs[min(HEIGHT, max(0, int((value - low) * factor + 0.5)))]
            for value in values
        ]
    )


def path(values: Values, scale: Scale) -> str:
    """Return the data of an SVG path: a line through the values, broken where there is none; y grows downwards."""
    return "".join(_line(stretch) for stretch in _stretches(values, scale))


def area(lows: Values, highs: Values, scale: Scale) -> str:
    """Return the data of an SVG path around all values from `lows` to `highs`, one shape for each stretch."""
    both = zip(_stretches(lows, scale), _stretches(highs, scale), strict=True)
    return "".join(_line([*high, *reversed(low)]) + "z" for low, high in both)


Place = tuple[int, int]


def _stretches(values: Values, scale: Scale) -> list[list[Place]]:
    """Return the coordinates of the values, a list for each stretch without a gap."""
    found: list[list[Place]] = [[]]
    for place, value in enumerate(values):
        if value is not None:
            found[-1].append((place, HEIGHT - scale.at(value)))
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def _line(places: Sequence[Place]) -> str:
    """Return a line by how far it goes from each place to the next, which takes half the characters."""
    steps = [f"{x - before} {y - above}" for (before, above), (x, y) in pairwise(places)]
    return f"M{places[0][0]} {places[0][1]}" + (f"l{' '.join(steps).replace(' -', '-')}" if steps else "")


def marks(low: float, high: float, most: int) -> list[float]:
    """Return at most `most` round numbers from `low` to `high`."""
    width = high - low
    if not math.isfinite(width) or width < _SMALLEST:
        return []
    step: float = 10 ** math.floor(math.log10(width / most))
    for factor in (1, 2, 2.5, 5, 10):
        first, last = math.ceil(low / (step * factor)), math.floor(high / (step * factor))
        if last - first < most:
            return [number * step * factor for number in range(first, last + 1)]
    return []
