"""The metrics of one run: their keys, and all points of one from SwanLab's CSV file; works without a network."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from swanlab_ci.client.protocol import Ask, Request, route
from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message, Name

_KEYS_PER_PAGE = 2000  # as in the SDK
_MOST_PAGES = 1000

SeriesPoint = dict[str, Any]
"""`{"step": int, "value": float, "timestamp": int | None}`; milliseconds since 1970."""


def read_keys(ask: Ask, about: Message, reference: dict[str, Any]) -> list[str]:
    """Return the keys of the run's scalars, page by page.

    Raises `UnavailableError` if the pages do not end.
    """
    keys: list[str] = []
    body = {"experiments": [reference], "limit": _KEYS_PER_PAGE, "cursor": ""}
    for _ in range(_MOST_PAGES):
        page = ask(Request(about=about, method="POST", path="/house/metrics/scalar/keys", body=body))
        found = page.get("keys") if isinstance(page, dict) else None
        if not isinstance(found, list) or not all(isinstance(key, str) for key in found):
            raise UnavailableError(Message("client.no-list", about=about))
        keys += found
        if not page.get("hasMore"):
            return keys
        if not isinstance(page.get("nextCursor"), str):
            break
        body = body | {"cursor": page["nextCursor"]}
    raise UnavailableError(Message("client.endless-list", about=about))


def read_points(ask: Ask, base: str, run: str, key: str) -> list[SeriesPoint]:
    """Return all points of a metric as `{"step", "value", "timestamp"}` (milliseconds), from SwanLab's file of them."""
    about = _about(run, key)
    answer = ask(Request(about=about, path=route("experiment", run, "column", "csv"), params={"key": key}))
    address = answer.get("url") if isinstance(answer, dict) else None
    if not isinstance(address, str):
        raise UnavailableError(Message("client.no-file", about=about))
    return _points(ask(Request(about=about, address=file_address(base, address))), about)


def read_export(ask: Ask, base: str, project_id: str, reference: dict[str, Any], key: str) -> list[SeriesPoint]:
    """Return what `read_points` returns, from the file of the newer route; empty for an unknown key.

    Source: SDK 0.10, `api/metric.py`: `_fetch_scalar_csv_batch`. The name there is for the file's first line only.
    """
    about = _about(reference["experimentId"], key)
    column = {key: value for key, value in reference.items() if key != "projectId"} | {
        "experimentName": reference["experimentId"],
        "key": key,
    }
    asked = {"projectId": project_id, "columns": [column]}
    made = ask(Request(about=about, method="POST", path="/house/metrics/scalar/export", body=asked))
    name = made.get("cosKey") if isinstance(made, dict) else None
    body = {"paths": [name]}
    signed = ask(Request(about=about, method="POST", path="/files/presigned/get", body=body)) if name else {}
    match signed:
        case {"urls": [str(address)]}:
            return _points(ask(Request(about=about, address=file_address(base, address))), about)
        case _:
            raise UnavailableError(Message("client.no-file", about=about))


def _about(run: str, key: str) -> Message:
    return Message("client.about.metric", key=Name(key), run=Name(run))


def file_address(base: str, given: str) -> str:
    """Complete an address that SwanLab gave; self-hosted servers leave out their own origin.

    Raises `UnavailableError` for anything but https or SwanLab's own origin.
    """
    address = urljoin(base, given)
    parts = urlsplit(address)
    if parts.scheme != "https" and (parts.scheme, parts.netloc) != urlsplit(base)[:2]:
        raise UnavailableError(Message("client.unsafe-file"))
    return address


def _points(body: bytes, about: Message) -> list[SeriesPoint]:
    """Read `step,{run}-{key}_step,{run}-{key}_timestamp`; the second column holds the value, in spite of its name."""
    try:
        (first, *_), *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        points = [_point(*row) for row in rows if row and row[1]]
    except (ValueError, TypeError, IndexError, csv.Error):
        first, points = "", []
    if first != "step":
        raise UnavailableError(Message("client.bad-file", about=about))
    return points


def _point(step: str, value: str, timestamp: str = "") -> SeriesPoint:
    return {"step": int(step), "value": float(value), "timestamp": int(timestamp) if timestamp else None}


def side_by_side(series: Mapping[str, Sequence[SeriesPoint]]) -> Any:
    """Return a row for each step that any metric has: a `pandas.DataFrame`, or a list of dicts without pandas.

    Source for index and names: `OpenApi.get_metrics` of SDK 0.7.20, `api/deprecated/experiment.py`. Raises `TypeError`
    if two columns would have the same name.
    """
    columns = ["step", *(name for key in series for name in (key, f"{key}_timestamp"))]
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise TypeError(Message("client.shared-column", column=Name(twice[0])))
    rows: dict[int, SeriesPoint] = {}
    for key, points in series.items():
        for point in points:
            row = rows.setdefault(point["step"], dict.fromkeys(columns) | {"step": point["step"]})
            row |= {key: point["value"], f"{key}_timestamp": point["timestamp"]}
    return _frame([rows[step] for step in sorted(rows)], columns)


def _frame(rows: list[SeriesPoint], columns: list[str]) -> Any:
    try:
        import pandas as pd  # type: ignore[import-untyped]  # noqa: PLC0415 - takes half a second, only for metrics
    except ImportError:
        return rows
    return pd.DataFrame.from_records(rows, columns=columns, index="step")
