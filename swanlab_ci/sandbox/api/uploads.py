"""Routes that receive what a run logs: scalars, media, lines, columns, files.

Source: 0.7.20 `core_python/uploader/`, 0.10.3 `sdk/internal/core_python/api/upload.py`, `…/save.py`,
`…/transport/sender/__init__.py`.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from swanlab_ci.sandbox.http.exchange import Answer, Call, Refusal, answer
from swanlab_ci.sandbox.storage.store import StoredRun, moment

_NOT_FINITE = {"NAN": "NaN", "INF": "INF", "-INF": "-INF", "INFINITY": "INF", "-INFINITY": "-INF"}


def metrics(call: Call) -> Answer:
    """`POST /house/metrics`: store scalars, media or lines; 202 for a session that another process has taken over."""
    asked = call.object()
    _, run = call.own_run(str(asked.get("experimentId", "")))
    if asked.get("flagId") not in {None, run.flag_id}:
        return answer({}, 202)
    read = _KINDS.get(asked.get("type", ""), (None,))[0]
    if read is None:
        raise Refusal(400, "Bad_Request", "type must be scalar, media or log")
    items = [read(item) for item in asked["metrics"]]  # all before the first is stored: all of them or none
    take(run, asked["type"], items)
    call.store.uploaded(run, asked["type"], items)
    return answer({})


def take(run: StoredRun, kind: str, items: list[Any]) -> None:
    """Add uploaded items to a run; raises `LookupError`, `TypeError` or `ValueError` for items of a wrong form."""
    _, put_one = _KINDS[kind]
    for item in items:
        put_one(run, item)


def _scalar(item: dict[str, Any]) -> tuple[str, list[Any]]:
    time = int(moment(item["create_time"]).timestamp() * 1000) if item.get("create_time") else 0
    return str(item["key"]), [int(item["index"]), _value(item["data"]), time]


def _value(data: Any) -> float | str:
    if isinstance(data, str):
        return _NOT_FINITE[data.upper()]
    return data if isinstance(data, int) or math.isfinite(data) else "NaN"


def put(points: list[list[Any]], point: list[Any]) -> None:
    """Insert a point by step; a later one with the same step replaces the earlier."""
    place = bisect_left(points, point[0], key=lambda known: known[0])
    known = place < len(points) and points[place][0] == point[0]
    points[place : place + known] = [point]


def _media(item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return str(item["key"]), {"index": int(item["index"]), "data": item["data"], "more": item.get("more")}


def _line(item: dict[str, Any]) -> dict[str, Any]:
    line = {"epoch": item["epoch"], "level": item["level"], "message": item["message"], "tag": ""}
    return {**line, "timestamp": item.get("create_time", "")}


def _add(known: list[dict[str, Any]], item: dict[str, Any]) -> None:
    """Add an item without a key, unless it was added recently: a client without an answer sends it again."""
    if item not in known[-_LATELY:]:
        known.append(item)


_LATELY = 1000
_KINDS: dict[str, tuple[Callable[[Any], Any], Callable[[StoredRun, Any], None]]] = {
    "scalar": (_scalar, lambda run, item: put(run.series.setdefault(item[0], []), item[1])),
    "media": (_media, lambda run, item: _add(run.media.setdefault(item[0], []), item[1])),
    "log": (_line, lambda run, item: _add(run.logs, item)),
}


def columns(call: Call) -> Answer:
    """`POST /experiment/{run}/columns`: the description of the run's keys."""
    _, run = call.own_run(call.parts["run"])
    run.columns |= {str(column["key"]): column for column in _listed(call.json())}
    run.changed()
    return answer({}, 201)


def series(call: Call) -> Answer:
    """`POST /projects/{space}/{project}/series`: the same for all runs of the project; since 0.8."""
    project = call.own_project()
    project.columns |= {str(column["key"]): column for column in _listed(call.object().get("series"))}
    return answer({}, 201)


def _listed(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise Refusal(400, "Bad_Request", "columns must be a list of objects")
    return given


def latest_steps(call: Call) -> Answer:
    """`GET /house/metrics/summaries/{id}/{run}`: where a resumed run continues; 0.7.20 needs an entry in `log`."""
    _, run = call.any_run(call.parts["run"])
    scalar = [{"key": key, "step": points[-1][0]} for key, points in run.series.items() if points]
    media = [{"key": key, "step": items[-1]["index"]} for key, items in run.media.items()]
    lines = run.logs[-1]["epoch"] if run.logs else 0
    return answer({"log": [{"key": "LOG", "step": lines}], "media": media, "scalar": scalar})


def presigned(call: Call) -> Answer:
    """`POST /resources/presigned/put`: addresses to which `paths` can be sent without a cookie."""
    asked = call.object()
    _, run = call.own_run(str(asked.get("experimentId", "")))
    return answer({"urls": [_address(call, run, str(path)) for path in asked["paths"]]})


def prepare(call: Call) -> Answer:
    """`POST /experiment/{run}/files/prepare`: the same for saved files."""
    _, run = call.own_run(call.parts["run"])
    return answer({"urls": [_address(call, run, str(file["path"])) for file in call.object()["files"]]})


def prepare_parts(call: Call) -> Answer:
    """`POST /experiment/{run}/files/prepare-multipart`: the same for files in `count` parts."""
    _, run = call.own_run(call.parts["run"])
    return answer({"files": [_parts(call, run, file) for file in call.object()["files"]]})


def _parts(call: Call, run: StoredRun, file: dict[str, Any]) -> dict[str, Any]:
    address = _address(call, run, str(file["path"]))
    parts = [{"partNumber": number, "url": f"{address}?part={number}"} for number in range(1, int(file["count"]) + 1)]
    return {"uploadId": run.cuid, "parts": parts}


def complete(call: Call) -> Answer:
    """`POST /experiment/{run}/files/complete` and `…/complete-multipart`: the files have been sent."""
    call.own_run(call.parts["run"])
    return answer({}, 201)


def _address(call: Call, run: StoredRun, path: str) -> str:
    return f"{call.origin}/uploads/{run.cuid}/{quote(path)}"
