"""The metrics of one run: their keys, and all points of one from SwanLab's CSV file; works without a network."""

import csv
import io
import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from swanlab_ci.client.protocol import Ask, Request, route
from swanlab_ci.client.types import Experiment
from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message, Name

_KEYS_PER_PAGE = 2000  # as in the SDK
_MOST_PAGES = 1000

SeriesPoint = dict[str, Any]
"""`{"step": int, "value": float, "timestamp": int | None}`; milliseconds since 1970."""


NO_POINTS = b"step"
"""A file like SwanLab's for a metric without points."""


class PointColumns(NamedTuple):
    """All points of a metric in 16 bytes each: a million of them fit into memory."""

    steps: "array[int]"
    values: "array[float]"


class RunMetric(NamedTuple):
    """A metric of a run."""

    run: Experiment
    key: str

    @property
    def about(self) -> Message:
        """Name it in messages."""
        return _about(self.run.cuid, self.key)


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
    return _points(file_of(ask, base, run, key), _about(run, key))


def read_export(ask: Ask, base: str, project_id: str, reference: dict[str, Any], key: str) -> list[SeriesPoint]:
    """Return what `read_points` returns, from the file of the newer route; empty for an unknown key."""
    return _points(exported_file(ask, base, project_id, reference, key), _about(reference["experimentId"], key))


def file_of(ask: Ask, base: str, run: str, key: str) -> bytes:
    """Return SwanLab's file of all points of a metric, by two requests."""
    about = _about(run, key)
    answer = ask(Request(about=about, path=route("experiment", run, "column", "csv"), params={"key": key}))
    address = answer.get("url") if isinstance(answer, dict) else None
    if not isinstance(address, str):
        raise UnavailableError(Message("client.no-file", about=about))
    return bytes(ask(Request(about=about, address=file_address(base, address))))


def exported_file(ask: Ask, base: str, project_id: str, reference: dict[str, Any], key: str) -> bytes:
    """Return what `file_of` returns, by the three requests of the newer route; without points for an unknown key.

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
            return bytes(ask(Request(about=about, address=file_address(base, address))))
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
    rows = _rows(body, about)
    return [{"step": step, "value": value, "timestamp": time} for step, value, time in rows if value is not None]


def columns_of(body: bytes, about: Message) -> PointColumns:
    """Return the points in SwanLab's file; raises `UnavailableError` for a file of another form.

    A step without a value counts as NaN: a file of one metric has no other reason for it, and a gate must not miss one.
    """
    found = PointColumns(array("q"), array("d"))
    try:
        for step, value, _ in _rows(body, about):
            found.steps.append(step)
            found.values.append(math.nan if value is None else value)
    except OverflowError:  # no step that a training counts to
        raise UnavailableError(Message("client.bad-file", about=about)) from None
    return found


def _rows(body: bytes, about: Message) -> Iterator[tuple[int, float | None, int | None]]:
    """Read `step,{run}-{key}_step,{run}-{key}_timestamp`; the second column holds the value, in spite of its name."""
    try:
        rows = csv.reader(io.TextIOWrapper(io.BytesIO(body), "utf-8-sig", newline=""), strict=True)
        first, *_ = next(rows, [])
        if first != "step":
            raise ValueError  # noqa: TRY301 - as every other file of another form
        yield from (_row(*row) for row in rows if row)
    except (ValueError, TypeError, IndexError, csv.Error):
        raise UnavailableError(Message("client.bad-file", about=about)) from None


def _row(step: str, value: str, timestamp: str = "") -> tuple[int, float | None, int | None]:
    return int(step), float(value) if value else None, int(timestamp) if timestamp else None


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
