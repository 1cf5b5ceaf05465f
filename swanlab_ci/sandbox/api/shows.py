"""Which runs `runs/shows` returns, in which order and nesting.

Source: 0.10.3 `api/typings/experiment.py:1-84` (what filters, groups and sorts mean, pinned runs, the final order),
`api/typings/common.py:89-136` (operators, stable keys); 0.7.20 `core_python/api/experiment/__init__.py:64-129`.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from swanlab_ci.sandbox.api import wire
from swanlab_ci.sandbox.http.exchange import Refusal, encode
from swanlab_ci.sandbox.storage.store import Store, StoredRun

_STABLE: dict[str, Callable[[StoredRun], Any]] = {
    "state": lambda run: run.state,
    "name": lambda run: run.name,
    "description": lambda run: run.description,
    "show": lambda run: run.show,
    "pin": lambda run: run.pin,
    "baseline": lambda run: run.baseline,
    "colors": lambda run: run.colors,
    "cluster": lambda run: run.cluster,
    "job": lambda run: run.job,
    "createdAt": lambda run: run.created_at,
    "updatedAt": lambda run: run.updated_at,
    "finishedAt": lambda run: run.finished_at,
    "pinnedAt": lambda run: run.pinned_at,
    "labels": lambda run: run.labels,
    "user.username": lambda run: run.username,
}


def selected(runs: Iterable[StoredRun], filters: Sequence[Any]) -> list[StoredRun]:
    """Keep the runs that pass all filters, and every pinned one."""
    tests = [_test(_asked(item)) for item in filters if _asked(item).get("active", True)]
    return [run for run in runs if run.pin or all(test(run) for test in tests)]


def arranged(store: Store, runs: list[StoredRun], groups: Sequence[Any], sorts: Sequence[Any]) -> bytes:
    """Write runs in order (as asked, then pinned first, then newest first), nested by the values of `groups`."""
    ordered = sorted(runs, key=lambda run: (run.pin, run.pinned_at or "", run.created_at), reverse=True)
    for item in reversed([_asked(item) for item in sorts]):
        read, down = _reader(item), item.get("order") == "DESC"
        ordered.sort(key=lambda run, read=read: _rank(read(run)), reverse=down)  # type: ignore[misc]  # a bound default
    return _nested(store, ordered, [_reader(_asked(item)) for item in groups])


def _nested(store: Store, runs: list[StoredRun], readers: list[Callable[[StoredRun], Any]]) -> bytes:
    if not readers:
        return b"[" + b",".join(wire.shown(store, run) for run in runs) + b"]"
    cells: dict[str, list[StoredRun]] = {}
    for run in runs:
        cells.setdefault(_text(readers[0](run)), []).append(run)
    inner = [encode(value) + b":" + _nested(store, cell, readers[1:]) for value, cell in cells.items()]
    return b"{" + b",".join(inner) + b"}"


def _asked(item: Any) -> Mapping[str, Any]:
    if not isinstance(item, dict) or not isinstance(item.get("key"), str):
        raise Refusal(400, "Bad_Request", "a filter, group or sort is an object with a key")
    return item


def _reader(item: Mapping[str, Any]) -> Callable[[StoredRun], Any]:
    key, source = item["key"], item.get("type", "STABLE")
    if source == "CONFIG":
        return lambda run: _config(run.config, key)
    if source == "SCALAR":
        return lambda run: run.series[key][-1][1] if run.series.get(key) else None
    if source == "STABLE" and key in _STABLE:
        return _STABLE[key]
    raise Refusal(400, "Bad_Request", f"no {source} key {key}")


def _config(config: Mapping[str, Any], key: str) -> Any:
    if key in config:
        return config[key]["value"]
    first, _, rest = key.partition(".")
    found = config[first]["value"] if first in config else None
    for part in rest.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _test(item: Mapping[str, Any]) -> Callable[[StoredRun], bool]:
    read, values = _reader(item), item.get("value")
    wanted = [_text(value) for value in (values if isinstance(values, list) else [values])]
    operator = str(item.get("op", "EQ"))
    if operator not in _OPERATORS:
        raise Refusal(400, "Bad_Request", f"op must be one of {', '.join(_OPERATORS)}")
    return lambda run: _OPERATORS[operator](_texts(read(run)), wanted)


def _texts(value: Any) -> list[str]:
    return [_text(part) for part in value] or [""] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(sorted(map(_text, value)))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _rank(value: Any) -> tuple[bool, float, str]:
    """Sort numbers before texts; NaN and infinities are texts, as everywhere in this protocol."""
    text = _text(value)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    return (False, number, "") if math.isfinite(number) else (True, 0.0, text)


def _equal(has: list[str], wanted: list[str]) -> bool:
    return bool({_rank(text) for text in has} & {_rank(text) for text in wanted})


def _contains(has: list[str], wanted: list[str]) -> bool:
    return any(want in text for text in has for want in wanted)


_OPERATORS: dict[str, Callable[[list[str], list[str]], bool]] = {
    "EQ": _equal,
    "NEQ": lambda has, wanted: not _equal(has, wanted),
    "IN": _equal,
    "NOT IN": lambda has, wanted: not _equal(has, wanted),
    "GTE": lambda has, wanted: _rank(has[0]) >= _rank(wanted[0]),
    "LTE": lambda has, wanted: _rank(has[0]) <= _rank(wanted[0]),
    "CONTAIN": _contains,
}
