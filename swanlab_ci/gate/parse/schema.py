"""The JSON Schema of a gate file, for editors, made from the same records as the reader.

It accepts everything that the reader accepts, and a little more: it does not check variables, regular expressions and
references.
"""

from collections.abc import Iterable
from typing import Any

from swanlab_ci.gate.parse.comparisons import COMPARE
from swanlab_ci.gate.parse.curves import CURVE
from swanlab_ci.gate.parse.entries import PROJECT
from swanlab_ci.gate.parse.exempt_paths import NO_TRAINING
from swanlab_ci.gate.parse.gate_file import KEYS, VERSION
from swanlab_ci.gate.parse.gates import (
    BASELINE,
    CHOICE,
    FROM,
    GATE,
    HOW_MANY,
    IF_NO_RUNS,
    SHORTEST_REASON,
    TAKE,
    UNCHANGED,
    WAIVER,
)
from swanlab_ci.gate.parse.operands import TYPES
from swanlab_ci.gate.parse.report import MOST_CHARTS, REPORT, REPORT_CHANGES, REPORT_METRIC
from swanlab_ci.gate.spec.aggregates import FUNCTIONS
from swanlab_ci.gate.spec.curves import TAKES
from swanlab_ci.gate.spec.fields import FIELDS, PLAIN, TREES
from swanlab_ci.gate.spec.operators import OPERATORS, Operand, operators_for
from swanlab_ci.gate.spec.patterns import LONGEST_PATTERN
from swanlab_ci.gate.spec.values import ValueKind
from swanlab_ci.messages import Language
from swanlab_ci.model import Level

Schema = dict[str, Any]

_VALUE: Schema = {"type": ["string", "number", "boolean"]}
_VALUES: Schema = {"anyOf": [_VALUE, {"type": "array", "items": _VALUE, "minItems": 1}]}
_VARIABLE: Schema = {"type": "string", "pattern": r"^\$\w+$"}
_TEXT: Schema = {"type": ["string", "number", "boolean"], "minLength": 1}
_NUMBER: Schema = {"anyOf": [{"type": "number"}, _VARIABLE]}
_TIME: Schema = {"type": "string", "pattern": r"^\d+(\.\d+)?\s*[smhd]$"}
_PERCENT: Schema = {"type": "string", "pattern": r"^\d+(\.\d+)?%$"}
_DIFFERENCE: Schema = {"anyOf": [{"type": "number", "minimum": 0}, _PERCENT]}
_COUNT: Schema = {"type": "integer", "minimum": 1}
_FIELDS: Schema = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
}
_PATH: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": LONGEST_PATTERN,
    "pattern": r"^[^/!?\[\]{}\\$][^?\[\]{}\\$]*$",
}
_PROJECT: Schema = {"const": "project"}
_PROJECT_NAME: Schema = {
    "type": "string",
    "pattern": rf"^{PROJECT.pattern}$",
    "description": "workspace/project on SwanLab",
}
_ELSEWHERE: dict[str, Schema] = {
    "project": {**_PROJECT_NAME, "description": "another project, workspace/project, whose runs are read here"},
    "from": {"enum": list(FROM), "description": "read the runs from the server, also beside --local"},
}
_AGGREGATES = (ValueKind.AGGREGATE, ValueKind.AGGREGATE_TIME)


def schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a gate file."""
    parts: dict[str, Schema] = {
        "version": {"const": VERSION},
        "project": _PROJECT_NAME,
        "extends": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "runs": {"$ref": "#/$defs/runs"},
        "baselines": {"type": "object", "additionalProperties": _baseline()},
        "curves": {
            "type": "object",
            "additionalProperties": _curve(),
            "description": "quantities made from all points of a metric; curve.NAME is a field",
        },
        "gates": {"type": "array", "items": _gate(), "minItems": 1},
        "latest_by": {**_FIELDS, "description": "for every gate: of runs with the same value only the newest counts"},
        "waivers": {"type": "array", "items": _waiver(), "minItems": 1},
        "no_training_needed": {
            **_map(NO_TRAINING, {"only_in": {"type": "array", "items": _PATH, "minItems": 1}}, NO_TRAINING),
            "description": "a change of these files only passes without runs",
        },
        "report": _report(),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "swanlab-ci gate file",
        **_map(KEYS, parts),
        "$defs": {
            "runs": _fields(across=False),
            "expect": _fields(across=True),
            **{_definition(kind): _condition(kind) for kind in ValueKind},
        },
    }


def _map(keys: Iterable[str], parts: dict[str, Schema], required: Iterable[str] = ()) -> Schema:
    """Describe a map that takes exactly `keys`; a key that `parts` forgets is a KeyError here, not a gap there."""
    properties = {key: parts[key] for key in keys}
    return {"type": "object", "properties": properties, "additionalProperties": False, "required": list(required)}


def _gate() -> Schema:
    amount = {"anyOf": [{"type": "integer", "minimum": 0}, _PERCENT]}
    parts: dict[str, Schema] = {
        "name": _TEXT,
        "id": {"type": ["string", "number"]},
        "why": {**_TEXT, "description": "printed when the gate does not pass"},
        "level": {"enum": [level.value for level in Level], "default": Level.FAIL.value},
        "runs": {"$ref": "#/$defs/runs"},
        "scope": _PROJECT,
        "newest": _COUNT,
        "for_each": {"type": "string", "description": "one result for each value of this field"},
        "expect": {"$ref": "#/$defs/expect"},
        "how_many": {
            "anyOf": [
                {"enum": list(HOW_MANY)},
                {**_map(("at_least", "at_most"), {"at_least": amount, "at_most": amount}), "minProperties": 1},
            ],
        },
        "compare": {"type": "object", "additionalProperties": _comparison(), "minProperties": 1},
        "if_no_runs": {"enum": list(IF_NO_RUNS), "default": "fail"},
        "latest_by": {**_FIELDS, "description": "of runs with the same value only the newest counts"},
        "take": _take(),
        **_ELSEWHERE,
        "unchanged": _map(UNCHANGED, {"to": _TEXT, "fields": _FIELDS, "except": _FIELDS}, ["to", "fields"]),
    }
    checks = [{"required": [key]} for key in ("expect", "compare", "unchanged")]
    return {**_map(GATE, parts, ["name"]), "anyOf": checks}


def _take() -> Schema:
    parts: dict[str, Schema] = {"best": _COUNT, "by": {"type": "string"}, "better": {"enum": ["higher", "lower"]}}
    return _map(TAKE, parts, TAKE)


def _curve() -> Schema:
    step = {"type": "integer", "minimum": 0}
    point: Schema = {"$ref": f"#/$defs/{_definition(ValueKind.NUMBER)}"}
    parts: dict[str, Schema] = {
        "of": {**_TEXT, "description": "the key of a metric, as it is logged"},
        "last": {"anyOf": [_COUNT, _PERCENT], "description": "only so many of the last points"},
        "from_step": step,
        "to_step": step,
        "take": {"enum": list(TAKES)},
        "first": {**point, "description": "the step of the first point that meets this"},
    }
    return {**_map(CURVE, parts, ["of"]), "oneOf": [{"required": ["take"]}, {"required": ["first"]}]}


def _baseline() -> Schema:
    runs: Schema = {"$ref": "#/$defs/runs"}
    choice = {"runs": runs, "newest": _COUNT, "latest_by": _FIELDS, "take": _take()}
    parts: dict[str, Schema] = {
        **choice,
        **_ELSEWHERE,
        "scope": _PROJECT,
        "min_runs": {**_COUNT, "description": "with fewer runs there is no baseline"},
        "first_of": {
            "type": "array",
            "items": {"anyOf": [runs, _map(CHOICE, choice, ["runs"])]},
            "minItems": 1,
            "description": "the first of these with runs enough",
        },
    }
    return {**_map(BASELINE, parts), "oneOf": [{"required": ["runs"]}, {"required": ["first_of"]}]}


def _report() -> Schema:
    text, metric = {"type": "string", "minLength": 1}, {"type": "string", "pattern": r"^metrics[.\[]"}
    about = _map(REPORT_METRIC, {"better": {"enum": ["higher", "lower"]}, "label": {**text, "maxLength": 60}})
    one = {"type": "object", "patternProperties": {r"^metrics[.\[]": about}, "additionalProperties": False}
    parts: dict[str, Schema] = {
        "language": {"enum": [language.value for language in Language]},
        "baseline": {**text, "description": "the name of a baseline"},
        "metrics": {"type": "array", "items": {"anyOf": [metric, one]}, "minItems": 1},
        "columns": {"type": "array", "items": text, "minItems": 1},
        "charts": {
            "anyOf": [{"const": "none"}, {"type": "array", "items": metric, "minItems": 1, "maxItems": MOST_CHARTS}]
        },
        "changes": _map(REPORT_CHANGES, {"ignore": {"type": "array", "items": text, "minItems": 1}}),
        "template": {
            "type": "string",
            "pattern": r"^(?!/)(?!.*\.\.(/|$)).+\.j2$",
            "description": "a template for the comment, a path from the folder of this file",
        },
    }
    return _map(REPORT, parts)


def _comparison() -> Schema:
    amounts = {"anyOf": [_DIFFERENCE, {"type": "array", "items": _DIFFERENCE, "minItems": 1}]}
    parts: dict[str, Schema] = {
        "to": {**_TEXT, "description": "the name of a baseline"},
        "better": {"enum": ["higher", "lower"]},
        "allow_worse": amounts,
        "require_better": amounts,
        "over_runs": {"enum": ["mean", "median", "best"], "default": "mean"},
        "pair_by": {"type": "string"},
        "noise": {"type": "string", "pattern": r"^\d+(\.\d+)? se$", "default": "2 se"},
        "if_within_noise": {"enum": ["warn", "fail", "pass"], "default": "warn"},
        "on_missing": {"enum": ["error", "skip", "warn"], "default": "error"},
        "outliers": {"enum": ["fail", "warn", "ignore"], "default": "fail"},
        "unpaired": {"enum": ["fail", "warn", "ignore"], "default": "fail"},
        "same": {**_FIELDS, "description": "fields that must have one value in all runs of both sides"},
    }
    either = [{"required": ["allow_worse"]}, {"required": ["require_better"]}]
    return {**_map(COMPARE, parts, ["to", "better"]), "oneOf": either}


def _waiver() -> Schema:
    parts: dict[str, Schema] = {
        "gate": {**_TEXT, "description": "the id of a gate"},
        "runs": {"$ref": "#/$defs/runs"},
        "reason": {"type": "string", "minLength": SHORTEST_REASON},
        "until": {"type": "string", "pattern": r"^\d{4}-\d{1,2}-\d{1,2}$", "description": "the last day, UTC"},
    }
    return _map(WAIVER, parts, ["gate", "reason", "until"])


def _fields(*, across: bool) -> Schema:
    branches = {"type": "array", "items": {"$ref": "#/$defs/runs"}, "minItems": 1}
    patterns = {rf"^{root}[.\[].": _field(root) for root in TREES}
    if across:
        number, time = ({"$ref": f"#/$defs/{_definition(kind)}"} for kind in _AGGREGATES)
        calls = "|".join(function for function in FUNCTIONS if function != "count")
        timed = calls.replace("distinct|", "")
        patterns[rf"^(count\(\)|({calls})\((?!duration|age).+\))$"] = number
        patterns[r"^(distinct)\((duration|age)\)$"] = number
        patterns[rf"^({timed})\((duration|age)\)$"] = time
    return {
        "type": "object",
        "properties": {**{root: _field(root) for root in PLAIN}, "any_of": branches, "none_of": branches},
        "patternProperties": patterns,
        "additionalProperties": False,
        "minProperties": 1,
    }


def _field(root: str) -> Schema:
    spec = FIELDS[root]
    condition = {"$ref": f"#/$defs/{_definition(spec.kind)}"}
    if not spec.choices:
        return condition
    return {"allOf": [condition, {"anyOf": [{"enum": list(spec.choices)}, {"not": {"type": "string"}}]}]}


def _definition(kind: ValueKind) -> str:
    return f"condition-on-{kind}"


def _is_time(kind: ValueKind) -> bool:
    return kind in {ValueKind.TIME, ValueKind.AGGREGATE_TIME}


def _condition(kind: ValueKind) -> Schema:
    """Describe the conditions that a field of `kind` takes: a bare value, a list, or a map of operators."""
    names = operators_for(kind)
    operators = _map(names, {name: _operand(OPERATORS[name].operand, kind) for name in names})
    if _is_time(kind):
        return {**operators, "minProperties": 1}
    return {"anyOf": [_VALUES, {**operators, "minProperties": 1}]}


def _operand(operand: Operand, kind: ValueKind) -> Schema:
    match operand:
        case Operand.VALUE:
            return _VALUE
        case Operand.VALUES:
            return _VALUES
        case Operand.BOUND:
            return _bound(kind)
        case Operand.TEXT | Operand.GLOB | Operand.REGEX | Operand.VERSION:
            return _TEXT
        case Operand.BOOL:
            return {"type": "boolean"}
        case Operand.TYPE:
            return {"enum": list(TYPES)}
        case Operand.TRUE:
            return {"const": True}
        case Operand.CONDITIONS:
            return {"type": "array", "items": {"$ref": f"#/$defs/{_definition(kind)}"}, "minItems": 1}


def _bound(kind: ValueKind) -> Schema:
    simple = _TIME if _is_time(kind) else _NUMBER
    parts: dict[str, Schema] = {"field": {"type": "string"}, "times": _NUMBER, "plus": simple}
    return {"anyOf": [simple, _map(parts, parts, ["field"])]}
