"""The names of fields and aggregates as a gate file writes them, and what to write where there is no such name."""

import re

from swanlab_ci.gate.parse.suggestions import (
    FIELD_SYNONYMS,
    FUNCTION_SYNONYMS,
    ROOT_SYNONYMS,
    did_you_mean,
)
from swanlab_ci.gate.spec.aggregates import FUNCTIONS, Aggregate
from swanlab_ci.gate.spec.fields import FIELDS, PLAIN, TREES, Field, parse_path
from swanlab_ci.gate.spec.source import GateSyntaxError, Scalar
from swanlab_ci.gate.spec.wildcards import is_pattern
from swanlab_ci.messages import Key, Message


def read_field(key: Scalar, *, star: bool = False) -> Field:
    """Read the name of a field of a run; `star` says whether it may stand for several keys."""
    field = parse_path(key.raw)
    if field is None:
        raise GateSyntaxError(key.place, Message("gate-file.unknown-field", field=key.raw, hint=_field_hint(key.raw)))
    if is_pattern(field) and not star:
        raise GateSyntaxError(key.place, Message("gate-file.star", field=key.raw))
    return field


_CALL = re.compile(r"(\w+)\((.*)\)", re.DOTALL)


def read_aggregate(key: Scalar) -> Aggregate | None:
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
    return Aggregate(key.raw, function, read_field(Scalar(inside, inside, key.place)) if inside else None)


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
