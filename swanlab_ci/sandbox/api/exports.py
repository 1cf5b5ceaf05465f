"""Routes that export scalars as CSV files, and the files.

A file has one row per step, and for each series its value (in a column named `…_step`) and its time.
Source: 0.10.3 `api/helper/extractor.py:122`, SwanLab pull request 1148.
"""

import csv
import io
from typing import Any
from urllib.parse import parse_qsl, urlencode

from swanlab_ci.sandbox.api.metrics import referred
from swanlab_ci.sandbox.http.exchange import Answer, Call, Refusal, answer
from swanlab_ci.sandbox.storage.store import Store, StoredRun

_FOLDER = "exports/csv/"


def export(call: Call) -> Answer:
    """`POST /house/metrics/scalar/export`: the name of a file with the series of `columns`."""
    asked = call.object()
    columns = [{"projectId": asked.get("projectId"), **column} for column in asked.get("columns") or []]
    return answer({"cosKey": _name([(run.cuid, str(column["key"])) for column, run in referred(call, columns)])})


def column_csv(call: Call) -> Answer:
    """`GET /experiment/{run}/column/csv`: the address of a file with one series (0.7.20 `experiment.py:188`)."""
    _, run = call.any_run(call.parts["run"])
    key = call.query.get("key", "")
    if key not in run.series:
        raise Refusal(404, "Not_Found", f"column {key} not found")
    return answer({"url": f"{call.origin}/files/{_name([(run.cuid, key)])}"})


def _name(series: list[tuple[str, str]]) -> str:
    return f"{_FOLDER}{urlencode(series)}"


def presigned(call: Call) -> Answer:
    """`POST /files/presigned/get`: addresses at which the named files can be fetched without a cookie."""
    paths = call.object().get("paths") or []
    return answer({"urls": [f"{call.origin}/files/{path}" for path in paths]})


def file(store: Store, name: str) -> Answer | None:
    """Return the file that `name` describes, or None for any other name."""
    found = [(store.find(run), key) for run, key in parse_qsl(name.removeprefix(_FOLDER))]
    series = [(pair[1], key) for pair, key in found if pair and key in pair[1].series]
    if not name.startswith(_FOLDER) or not series:
        return None
    return Answer(body=_csv(series).encode(), content_type="text/csv; charset=utf-8")


def _csv(series: list[tuple[StoredRun, str]]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["step"] + [f"{run.name}-{key}_{part}" for run, key in series for part in ("step", "timestamp")])
    cells: dict[int, list[Any]] = {}
    for place, (run, key) in enumerate(series):
        for step, value, time in run.series[key]:
            cells.setdefault(step, [""] * (2 * len(series)))[2 * place : 2 * place + 2] = value, time
    rows.writerows([step, *cells[step]] for step in sorted(cells))
    return text.getvalue()
