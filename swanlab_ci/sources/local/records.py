"""Read the payloads of both SDKs' `.swanlab` files into fields and metrics of a run.

Version 1 (0.6.13 to 0.7.20) holds JSON, version 2 (since 0.8) protobuf.
Source: 0.7.20 `proto/v0.py`; 0.10.3 `proto/swanlab/{record,run,metric/data}/v1/*_pb2.py`, for the field numbers.
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from swanlab_ci.messages import Message
from swanlab_ci.security.untrusted import mapping, mended, text, time_of
from swanlab_ci.sources.local.framing import DamagedRecordError
from swanlab_ci.sources.local.protobuf import ProtobufMessage

_START, _FINISH, _SCALAR = 10, 11, 13
_LARGEST_STEP = 2**63 - 1
_STATES = {0: "RUNNING", 1: "FINISHED", 2: "CRASHED", 3: "ABORTED"}


class LoggedValue(NamedTuple):
    """One logged value; one that is not finite is a text, as in SwanLab's answers: `"NaN"`, `"INF"`, `"-INF"`."""

    key: str
    step: int
    value: float | str


RunFields = Mapping[str, Any]
"""Fields of `model.Run` by name, and `project` and `workspace`."""


def _read_json(payload: bytes) -> LoggedValue | RunFields:
    try:
        record = mended(json.loads(payload)) if b"\\u" in payload else json.loads(payload)
    except RecursionError as error:
        raise DamagedRecordError(Message("source.record.too-deep")) from error
    except ValueError as error:
        raise DamagedRecordError(Message("source.not-json")) from error
    data = mapping(mapping(record).get("data"))
    match mapping(record).get("model_type"):
        case "Header":
            return {"created_at": time_of(text(data.get("create_time")))}
        case "Project":
            return {"project": text(data.get("name")), "workspace": text(data.get("workspace"))}
        case "Experiment":
            return _experiment(data)
        case "Scalar":
            return _json_point(data)
        case "Footer":
            return _footer(data)
        case _:
            return {}  # a line of a log, a column, a file, or something of a newer SDK


def _experiment(data: Mapping[str, Any]) -> RunFields:
    tags = data.get("tags")
    return {
        "id": text(data.get("id")),
        "name": text(data.get("name")),
        "description": text(data.get("description")),
        "labels": tuple(map(text, tags)) if isinstance(tags, list) else (),
    }


def _json_point(data: Mapping[str, Any]) -> LoggedValue:
    key, step, value = data.get("key"), data.get("step"), mapping(data.get("metric")).get("data")
    if isinstance(value, bool) or not (
        isinstance(key, str) and type(step) is int and isinstance(value, int | float | str)
    ):
        raise DamagedRecordError(Message("source.record.no-value"))
    if abs(step) > _LARGEST_STEP:
        raise DamagedRecordError(Message("source.record.value-too-large"))
    try:
        return LoggedValue(key, step, value if isinstance(value, str) else _number(float(value)))
    except OverflowError as error:
        raise DamagedRecordError(Message("source.record.value-too-large")) from error


def _footer(data: Mapping[str, Any]) -> RunFields:
    """Read how the run ended; an abort is recorded as a crash."""
    success = data.get("success")
    if not isinstance(success, bool):
        raise DamagedRecordError(Message("source.record.no-end"))
    return {
        "state": "FINISHED" if success else "CRASHED",
        "finished_at": time_of(text(data.get("create_time"))),
    }


def _read_protobuf(payload: bytes) -> LoggedValue | RunFields:
    record = ProtobufMessage(payload)
    if record.has(_START):
        return _start(record.message(_START))
    if record.has(_FINISH):
        return _finish(record.message(_FINISH))
    if record.has(_SCALAR):
        return _protobuf_point(record.message(_SCALAR))
    return {}


def _start(start: ProtobufMessage) -> RunFields:
    return {
        "project": start.text(1),
        "workspace": start.text(2),
        "name": start.text(4),
        "description": start.text(5),
        "labels": start.texts(6),
        "group": start.text(7) or None,
        "job": start.text(8) or None,
        "id": start.text(10),
        "created_at": start.time(12),
    }


def _finish(finish: ProtobufMessage) -> RunFields:
    state = finish.integer(1)
    if state not in _STATES:
        raise DamagedRecordError(Message("source.record.unknown-state"))
    return {"state": _STATES[state], "finished_at": finish.time(3)}


def _protobuf_point(scalar: ProtobufMessage) -> LoggedValue:
    if not scalar.has(5):
        raise DamagedRecordError(Message("source.record.no-value"))
    return LoggedValue(scalar.text(1), scalar.integer(2), _number(scalar.message(5).double(1)))


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"


READERS: Mapping[int, Callable[[bytes], LoggedValue | RunFields]] = {1: _read_json, 2: _read_protobuf}
"""By the file's version; each raises `DamagedRecordError` for a payload that it cannot read."""
