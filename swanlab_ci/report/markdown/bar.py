"""A difference as a bar of text, in units of what is allowed."""

import math

from swanlab_ci.judgement import ComparisonResult

_HALF = 5  # cells on each side of the centre
_ALLOWED = 2  # cells for what is allowed; the limit is the next one


def bar(result: ComparisonResult) -> str:
    """Draw the difference in units of what is allowed, better to the right; empty where there is no unit.

    Eleven cells: the centre, two cells for what is allowed or required, then its limit, and an arrow beyond the end.
    """
    if not result.allowed or result.worse is None or not math.isfinite(result.worse / result.allowed):
        return ""
    limited = 1 if result.required else -1  # the side of the limit
    filled = _cells(result)
    side = -1 if result.worse > 0 else 1
    cells = ["│"]
    for distance in range(1, _HALF + 1):
        here = {side: "■" if distance <= filled else "·", -side: "·"}
        if distance == _HALF and filled > _HALF:
            here[side] = "▶" if side > 0 else "◀"
        if distance == _ALLOWED + 1:
            here[limited] = "┊"
        cells = [here[-1], *cells, here[1]]
    return "".join(cells)


def _cells(result: ComparisonResult) -> int:
    """Return how many cells are filled; the limit's own cell counts, and beyond it the next one is filled, too."""
    ratio = abs(result.worse or 0) / (result.allowed or 1)
    towards_limit = (result.worse or 0) > 0 if not result.required else (result.worse or 0) < 0
    if ratio > 1:
        return min(max(round(ratio * _ALLOWED) + towards_limit, _ALLOWED + 2), _HALF + 1)
    return round(ratio * _ALLOWED)
