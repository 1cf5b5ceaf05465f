"""The sampled points of a run's metrics, enough to draw their curves; works without a network.

Source: SDK 0.10.3, `api/metric.py` and `api/helper/request.py`: `POST /house/metrics/scalar`, which thins each curve by
the largest triangle of three buckets and leaves out values that are not finite. Self-hosted servers that are older
than SDK 0.8 do not have it.
"""

import math
from collections.abc import Sequence
from typing import Any

from swanlab_ci.client.protocol import Ask, Request
from swanlab_ci.client.series import SeriesPoint
from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message

KEYS_PER_REQUEST = 16
MOST_POINTS = 1500

Curves = dict[str, list[SeriesPoint]]
"""The points of each metric by its key, in the order of their steps; a metric without finite values has none."""


def read_sampled(ask: Ask, about: Message, reference: dict[str, Any], keys: Sequence[str], points: int) -> Curves:
    """Return about `points` (at most 1,500) of each of the run's metrics, in the order of `keys` (at most 16).

    One request for one run, because the answer names the key only and not the run. Metrics that the answer lacks are
    missing in the result. Raises `ValueError` for too many keys or points, and `UnavailableError` for an answer of
    another form.
    """
    if not 0 < len(keys) <= KEYS_PER_REQUEST or not 0 < points <= MOST_POINTS:
        raise ValueError(len(keys), points)
    column = {name: value for name, value in reference.items() if name != "projectId"}
    body = {
        "projectId": reference["projectId"],
        "xType": "step",
        "range": [0, 0],
        "columns": [column | {"key": key} for key in keys],
        "num": points,
    }
    answer = ask(Request(about=about, method="POST", path="/house/metrics/scalar", body=body))
    entries = {entry["key"]: entry for entry in answer if _is_entry(entry)} if isinstance(answer, list) else None
    if entries is None or len(entries) != len(answer) or not entries.keys() <= set(keys):
        raise UnavailableError(Message("client.not-by-metric", about=about))
    return {key: _points(entries[key]["metrics"]) for key in keys if key in entries}


def _is_entry(entry: Any) -> bool:
    match entry:
        case {"key": str(), "metrics": list() | None}:
            return True
        case _:
            return False


def _points(metrics: list[Any] | None) -> list[SeriesPoint]:
    """Return the points with a whole step and a finite value; a newer run of the same step replaces its point."""
    found: dict[int, SeriesPoint] = {}
    for point in metrics or ():
        match point:
            case {"index": int() | float() as index, "data": int() | float() as value} if _are_finite(index, value):
                time = point.get("timestamp")
                stamp = time if isinstance(time, int) and not isinstance(time, bool) else None
                found[int(index)] = {"step": int(index), "value": float(value), "timestamp": stamp}
    return [found[step] for step in sorted(found)]


def _are_finite(*numbers: float) -> bool:
    return all(not isinstance(number, bool) and math.isfinite(number) for number in numbers)
