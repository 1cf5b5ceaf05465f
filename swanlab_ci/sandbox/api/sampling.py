"""Thin a curve to a number of points that keep its shape: largest triangle, three buckets.

Source: S. Steinarsson, "Downsampling Time Series for Visual Representation", 2013; SDK 0.10.3 `api/experiment.py` names
the method and says that the server leaves out values that are not finite.
"""

from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]


def thinned(points: Sequence[Point], most: int) -> list[int]:
    """Return the positions of at most `most` of the points, in order; the first and the last are among them.

    Each of the other equal parts of the curve keeps the point that spans the largest triangle with the point kept
    before it and the mean of the next part.
    """
    count = len(points)
    if count <= most:
        return list(range(count))
    if most <= 2:  # noqa: PLR2004 - without parts between the first and the last
        return [0, count - 1][:most]
    edges = [1 + part * (count - 2) // (most - 2) for part in range(most - 1)]
    parts = [*(range(start, end) for start, end in pairwise(edges)), range(count - 1, count)]
    kept = [0]
    for part, following in pairwise(parts):
        ahead = _mean([points[place] for place in following])
        behind = points[kept[-1]]
        kept.append(max(part, key=lambda place: _area(behind, points[place], ahead)))
    return [*kept, count - 1]


def _mean(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _area(first: Point, second: Point, third: Point) -> float:
    """Return twice the area of the triangle."""
    (ax, ay), (bx, by), (cx, cy) = first, second, third
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))
