"""The fields of runs, as lines to paste below `expect` of a gate, and as JSON."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from swanlab_ci.gate.spec.listing import ListedField, fields_of
from swanlab_ci.gate.spec.values import ValueKind, type_of
from swanlab_ci.messages import Language, Message, Name, plain
from swanlab_ci.model import TERMINAL_STATES, Run, Truth
from swanlab_ci.report.writers import line
from swanlab_ci.security.escaping import Safe, capped, log_line, yaml_scalar

_LONGEST_TEXT = 200
_WIDEST = 60


def fields_text(runs: Sequence[Run], now: datetime, language: Language) -> Safe:
    """Write the fields of each run as `FIELD: CONDITION  # type`; what no gate can expect is a comment."""
    lines: list[str] = []
    for run in runs:
        lines += [] if not lines else [""]
        title = Message("fields.run", name=Name(run.name), id=Name(run.id), state=Name(run.state))
        lines.append("# " + line(title, language))
        lines += _lines(run, now, language)
    return Safe("\n".join(lines))


def fields_json(runs: Iterable[Run], now: datetime) -> dict[str, Any]:
    """Return the fields of each run as JSON types; a number that is not finite is a text, as JSON has none."""
    return {"runs": [_run(run, now) for run in runs]}


def _run(run: Run, now: datetime) -> dict[str, Any]:
    listed = tuple(fields_of(run, now))
    return {
        "id": run.id,
        "name": run.name,
        "state": run.state,
        "url": run.url,
        "fields": [
            {
                "field": each.field.text,
                "type": _type(each),
                "value": _json(each.reading.value),
                "condition": _condition(each, run),
            }
            for each in listed
            if each.reading.gap is not Truth.NOT_FETCHED
        ],
        "not_fetched": [each.field.text for each in listed if each.reading.gap is Truth.NOT_FETCHED],
    }


def _lines(run: Run, now: datetime, language: Language) -> Iterator[str]:
    rows = [(_row(each, run), _remark(each, language)) for each in fields_of(run, now)]
    width = max(len(row) for row, _ in rows if len(row) <= _WIDEST)
    for row, remark in rows:
        yield log_line(f"{row:{width}}  # {remark}")


def _row(each: ListedField, run: Run) -> str:
    condition = _condition(each, run)
    key = yaml_scalar(each.field.text, is_key=True)
    if condition is not None:
        return f"{key}: {condition}"
    value = "" if each.reading.gap is Truth.NOT_FETCHED else f": {_shown(each.reading.value)}"
    return f"# {key}{value}"


def _remark(each: ListedField, language: Language) -> str:
    if each.reading.gap is Truth.NOT_FETCHED:
        return plain(Message("fields.not-fetched"), language)
    kind, value = _type(each), each.reading.value
    if each.reading.gap is Truth.NOT_FINITE:
        return plain(Message("fields.not-finite", type=Name(kind)), language)
    if isinstance(value, str) and (not value or len(value) > _LONGEST_TEXT):
        return plain(Message("fields.text", type=Name(kind), count=len(value)), language)
    if isinstance(value, str) and _scalar(value) is None:
        return f"{kind}, {yaml_scalar(value)}"
    if each.field.kind is ValueKind.TIME and value is not None:
        return f"{kind}, {_shown(value)}s"
    return kind


def _type(each: ListedField) -> str:
    if each.reading.value is None:
        return "missing"
    if each.reading.gap is Truth.NOT_FINITE:
        return "number"
    return "time" if each.field.kind is ValueKind.TIME else type_of(each.reading.value)


def _condition(each: ListedField, run: Run) -> str | None:
    """Spell a condition of the gate language that holds for the value, as exactly as it can; None: there is none."""
    value = each.reading.value
    if each.reading.gap is Truth.MISSING:
        return "{exists: false}"
    if each.reading.gap:
        return None
    if each.field.kind is ValueKind.TIME:  # it grows while the run goes on, and an age always does
        done = run.state in TERMINAL_STATES and each.field.root != "age"
        return f"{{max: {math.ceil(value)}s}}" if done else f"{{min: {math.floor(value)}s}}"
    if isinstance(value, (list, tuple)):
        items = [_scalar(item) for item in value]
        known = items and None not in items and len(items) <= _LONGEST_TEXT
        return f"{{has: [{', '.join(filter(None, items))}]}}" if known else "{type: list}"
    return _scalar(value) or ("{exists: true}" if isinstance(value, str) else f"{{type: {type_of(value)}}}")


def _scalar(value: Any) -> str | None:
    """Spell a number, a bool or a text; None for what has no spelling of its own."""
    if isinstance(value, str):
        short = value and len(value) <= _LONGEST_TEXT and not value.isspace() and "$" not in value
        return yaml_scalar(value) if short else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def _shown(value: Any) -> str:
    return yaml_scalar(capped(value, _LONGEST_TEXT)) if isinstance(value, str) else f"{value:g}"


def _json(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {key: _json(below) for key, below in value.items()}
    return [_json(item) for item in value] if isinstance(value, (list, tuple)) else value
