"""The names of fields and aggregates as a gate file writes them, and what to write where there is no such name."""

import re
from collections.abc import Mapping
from dataclasses import replace

from swanlab_ci.gate.parse.punctuation import missing_space
from swanlab_ci.gate.parse.suggestions import (
    FIELD_SYNONYMS,
    FUNCTION_SYNONYMS,
    ROOT_SYNONYMS,
    did_you_mean,
)
from swanlab_ci.gate.spec.aggregates import FUNCTIONS, Aggregate
from swanlab_ci.gate.spec.fields import FIELDS, PLAIN, TREES, Field, parse_path
from swanlab_ci.gate.spec.readings import PointsReader
from swanlab_ci.gate.spec.source import GateSyntaxError, Scalar
from swanlab_ci.gate.spec.values import ValueKind
from swanlab_ci.gate.spec.wildcards import is_pattern
from swanlab_ci.messages import Key, Message

Curves = Mapping[str, PointsReader | None]
"""The curves of a gate file by name; None is one whose definition has a mistake, which is reported at its place."""


def read_field(key: Scalar, curves: Curves | None = None, *, star: bool = False) -> Field:
    """Read the name of a field of a run; `star` says whether it may stand for several keys.

    Without `curves` the field of a curve stays without its definition: for a place that refuses it anyway.
    """
    field = parse_path(key.raw)
    if field is None:
        if space := missing_space(key):
            raise GateSyntaxError(key.place, space)
        raise GateSyntaxError(key.place, Message("gate-file.unknown-field", field=key.raw, hint=_field_hint(key.raw)))
    if field.root == "curve" and curves is not None:
        return _curve(key, field, curves)
    if is_pattern(field) and not star:
        raise GateSyntaxError(key.place, Message("gate-file.star", field=key.raw))
    return field


def _curve(key: Scalar, field: Field, curves: Curves) -> Field:
    name = ".".join(part.text for part in field.path)
    if name not in curves:
        hint = did_you_mean(name, curves)
        raise GateSyntaxError(key.place, Message("gate-file.unknown-curve", curve=name, hint=hint))
    return replace(field, curve=curves[name])


_CALL = re.compile(r"(\w+)\((.*)\)", re.DOTALL)


def read_aggregate(key: Scalar, curves: Curves) -> Aggregate | None:
    """Read `function(field)`; None where it is none."""
    call = _CALL.fullmatch(key.raw)
    if not call:
        return None
    function, inside = call.groups()
    if function not in FUNCTIONS:
        hint = did_you_mean(function, FUNCTIONS, FUNCTION_SYNONYMS)
        raise GateSyntaxError(key.place, Message("gate-file.unknown-function", function=function, hint=hint))
    if function == "count" and inside:
        raise GateSyntaxError(key.place, Message("gate-file.count-of-field"))
    if function != "count" and not inside:
        raise GateSyntaxError(key.place, Message("gate-file.function-of-nothing", call=key.raw))
    field = read_field(Scalar(inside, inside, key.place), curves) if inside else None
    if field and function != "distinct" and field.kind in {ValueKind.TEXT, ValueKind.LIST, ValueKind.BOOL}:
        message = Message("gate-file.function-of-kind", function=function, field=field.text, kind=field.kind)
        raise GateSyntaxError(key.place, message)
    return Aggregate(key.raw, function, field)


def _field_hint(text: str) -> Message | None:
    root = re.split(r"[.\[]", text)[0]
    if root in ROOT_SYNONYMS and text != root:
        return Message("gate-file.hint-word", word=Key(ROOT_SYNONYMS[root] + text.removeprefix(root)))
    if text in TREES:
        return Message("gate-file.hint-key-of", example=Key(f"{text}.{FIELDS[text].example}"))
    if root in TREES:
        return Message("gate-file.hint-quoted-key", example=Key(f'{root}["a.b"]'))
    known = did_you_mean(text, PLAIN, FIELD_SYNONYMS)
    if known:
        return Message("gate-file.hint-word", word=known)
    return Message("gate-file.hint-either", one=Key(f"config.{text}"), other=Key(f"metrics.{text}"))
