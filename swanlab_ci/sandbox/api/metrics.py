"""Routes that read scalars: summaries, series, keys, columns, logs."""

from typing import Any

from swanlab_ci.sandbox.api import wire
from swanlab_ci.sandbox.api.sampling import thinned
from swanlab_ci.sandbox.http.exchange import Answer, Call, Refusal, answer, encode
from swanlab_ci.sandbox.storage.store import StoredRun

_MOST_POINTS, _MOST_COLUMNS = 1500, 16
_SYSTEM = "__swanlab__"


def summaries(call: Call) -> Answer:
    """`POST /house/metrics/summaries`: summaries of all scalars by experiment id, for both forms of the body.

    The old form is a list of references; the answer omits a clone without its roots (SwanLab issue 1244). The new form
    is `{"experiments": […], "keys": […]}`, with null for a run that has no scalars.
    Source: 0.7.20 `api/deprecated/experiment.py:122`, 0.10.3 `api/summary.py:37`.
    """
    asked = call.json()
    if isinstance(asked, list):
        found = {reference["experimentId"]: _summary(run) for reference, run in referred(call, asked)}
        return answer({name: sums for name, sums in found.items() if sums})
    references, keys = call.object().get("experiments"), call.object().get("keys")
    return answer(
        {reference["experimentId"]: _summary(run, keys) or None for reference, run in referred(call, references)}
    )


def referred(call: Call, references: Any) -> list[tuple[dict[str, Any], StoredRun]]:
    """Find the runs that store the scalars of the given experiments; unknown ones are omitted."""
    if not isinstance(references, list) or not all(isinstance(item, dict) for item in references):
        raise Refusal(400, "Bad_Request", "experiments must be a list of objects")
    pairs = [(reference, _referred(call, reference)) for reference in references]
    return [(reference, run) for reference, run in pairs if run]


def _referred(call: Call, reference: dict[str, Any]) -> StoredRun | None:
    """Find the run that stores the scalars: a clone has none itself, so its root must be given too."""
    found = call.store.find(str(reference.get("rootExpId") or reference.get("experimentId", "")))
    project = reference.get("rootProId") or reference.get("projectId")
    if not found or found[0].cuid != project:
        return None
    return call.any_run(found[1].cuid)[1]


def _summary(run: StoredRun, keys: Any = None) -> dict[str, Any]:
    return {key: wire.summary(points) for key, points in run.series.items() if points and (keys is None or key in keys)}


def scalar_keys(call: Call) -> Answer:
    """`POST /house/metrics/scalar/keys`: the keys of the experiments' scalars, `limit` at a time from `cursor`."""
    asked = call.object()
    runs = [run for _, run in referred(call, asked.get("experiments"))]
    keys = sorted({key for run in runs for key in run.series})
    start, limit = int(asked.get("cursor") or 0), int(asked.get("limit") or _MOST_POINTS)
    more = start + limit < len(keys)
    return answer(
        {"keys": keys[start : start + limit], "hasMore": more, "nextCursor": str(start + limit) if more else None}
    )


def media_keys(call: Call) -> Answer:
    """`POST /house/metrics/media/keys`: the keys of the experiments' media, all at once."""
    runs = [run for _, run in referred(call, call.object().get("experiments"))]
    return answer({"keys": sorted({key for run in runs for key in run.media}), "hasMore": False, "nextCursor": None})


def _class(key: str) -> str:
    return "SYSTEM" if key.startswith(_SYSTEM) else "CUSTOM"


def availability(call: Call) -> Answer:
    """`POST /house/metrics/scalar/availability`: which of the experiments have which of `keys`."""
    asked = call.object()
    runs = referred(call, asked.get("experiments"))
    keys = [str(key) for key in asked.get("keys") or []]
    return answer({key: [reference["experimentId"] for reference, run in runs if key in run.series] for key in keys})


def series(call: Call) -> Answer:
    """`POST /house/metrics/scalar`: points of the columns by step, thinned to `num`; only finite values.

    A column that the run does not have is left out. The SDK asks for at most 16 columns and 1,500 points at a time
    (0.10.3 `api/typings/common.py`, `api/helper/request.py`).
    """
    asked = call.object()
    columns, wanted = asked.get("columns"), asked.get("num") or _MOST_POINTS
    if not isinstance(wanted, int) or not 0 < wanted <= _MOST_POINTS:
        raise Refusal(400, "Bad_Request", f"num must be a whole number from 1 to {_MOST_POINTS}")
    if isinstance(columns, list) and len(columns) > _MOST_COLUMNS:
        raise Refusal(400, "Bad_Request", f"columns must be at most {_MOST_COLUMNS}")
    found = series_of(call, asked)
    return answer([{"key": column["key"], "metrics": _points(points, wanted)} for column, points in found if points])


def _points(points: list[list[Any]], most: int) -> list[dict[str, Any]]:
    finite = sorted((point for point in points if not isinstance(point[1], str)), key=lambda point: point[0])
    kept = thinned([(step, value) for step, value, _ in finite], most)
    return [{"index": step, "data": value, "timestamp": time} for step, value, time in map(finite.__getitem__, kept)]


def values(call: Call) -> Answer:
    """`POST /house/metrics/scalar/value`: the summaries of the columns."""
    found = series_of(call, call.object())
    return answer([{"key": column["key"], **_aggregates(points)} for column, points in found if points])


def _aggregates(points: list[list[Any]]) -> dict[str, Any]:
    sums = wire.summary(points)
    latest = {"index": sums["step"], "data": sums["value"]}
    middle = {key: {"index": sums["step"], "data": sums[key]} for key in ("avg", "median")}
    return {"min": sums["min"], "max": sums["max"], **middle, "latest": latest}


def series_of(call: Call, asked: dict[str, Any]) -> list[tuple[dict[str, Any], list[list[Any]]]]:
    """Find the points of each of the requested `columns`; none for a key that the run does not have."""
    columns = asked.get("columns")
    project = {"projectId": asked.get("projectId")}
    found = referred(call, [project | column for column in columns] if isinstance(columns, list) else None)
    return [(column, run.series.get(str(column.get("key")), [])) for column, run in found]


def columns(call: Call) -> Answer:
    """`GET /experiment/{run}/column`: a page of the run's columns, or with `all` every one."""
    project, run = call.any_run(call.parts["run"])
    said = {key: project.columns.get(key, {}) for key in run.series | run.media} | run.columns
    rows = [row for key in said if _asked_for(call, row := _column(run, key, said[key]))]
    if call.query.get("all", "").lower() == "true":
        return answer({"list": rows, "total": len(rows), "pages": 1, "size": len(rows)})
    page, size = call.page()
    part = [encode(row) for row in rows[(page - 1) * size : page * size]]
    return Answer(body=wire.page(part, size=size, total=len(rows)))


def _asked_for(call: Call, row: dict[str, Any]) -> bool:
    wanted = call.query.get("search", "").lower() in row["name"].lower()
    return wanted and all(call.query.get(part, row[part]) == row[part] for part in ("class", "type"))


def _column(run: StoredRun, key: str, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": key,
        "name": said.get("name") or key,
        "type": said.get("type") or "FLOAT",
        "class": said.get("class") or _class(key),
        "error": said.get("error"),
        "createdAt": run.created_at,
    }


def logs(call: Call) -> Answer:
    """`GET /house/metrics/log`: the last `size` lines that the run printed."""
    _, run = call.any_run(call.query.get("experimentId", ""))
    size = int(call.query.get("size") or 1000)
    return answer({"logs": run.logs[-size:], "count": len(run.logs)})
