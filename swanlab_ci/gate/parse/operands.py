"""What stands right of an operator: values, bounds, patterns, versions; each read strictly and told in words."""

import re
from collections.abc import Callable
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from swanlab_ci.gate.parse.suggestions import FIELDS, ROOTS, did_you_mean, instead_of_number
from swanlab_ci.gate.parse.suggestions import STATES as STATE_SYNONYMS
from swanlab_ci.gate.parse.variables import Variables
from swanlab_ci.gate.spec import patterns
from swanlab_ci.gate.spec.aggregates import Aggregate
from swanlab_ci.gate.spec.conditions import Bound, Subject
from swanlab_ci.gate.spec.fields import PLAIN, STATES, TREES, Field, parse_path
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Place, Scalar, SequenceNode
from swanlab_ci.gate.spec.values import SHORTEST_COMMIT, UNITS, Literal, Number, is_number, number_in, spelled

TYPES = ("number", "text", "bool", "list", "map")
_LONGEST_SPECIFIER = 256
_TIME = re.compile(r"(\d{1,9}(?:\.\d{1,18})?)\s*([smhd])", re.ASCII)
_OTHER_BOOLS = {**dict.fromkeys(("yes", "on"), "true"), **dict.fromkeys(("no", "off"), "false")}
_TYPE_SYNONYMS = {
    **dict.fromkeys(("int", "integer", "float", "double"), "number"),
    **dict.fromkeys(("str", "string"), "text"),
    **dict.fromkeys(("dict", "object", "mapping"), "map"),
    **dict.fromkeys(("array", "sequence"), "list"),
    "boolean": "bool",
}


class Operands:
    """Reads what stands right of an operator; `variables` gives `$name` its values."""

    _readers: dict[str, Callable[[Subject, Node], tuple[Any, str]]]

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        several, single, bound = self._several, self._single, self._bound
        self._readers = {
            **dict.fromkeys(("is", "not"), single),
            **dict.fromkeys(("in", "not_in", "has", "lacks"), several),
            **dict.fromkeys(("min", "max", "above", "below"), bound),
            "contains": self._text,
            "like": self._glob,
            "matches": self._regex,
            "version": _version,
            "exists": _exists,
            "type": _type,
        }

    def read(self, operator: str, subject: Subject, node: Node) -> tuple[Any, str]:
        """Return the operand of `operator`, and its words in a message."""
        return self._readers[operator](subject, node)

    def literals(self, subject: Subject, node: Node) -> tuple[Literal, ...]:
        """Read a value or a list of values, variables replaced, each fit for `subject`."""
        if isinstance(node, SequenceNode) and not node.items:
            raise GateSyntaxError(node.place, "an empty list; name at least one value")
        found: list[Literal] = []
        for item in node.items if isinstance(node, SequenceNode) else (node,):
            if not isinstance(item, Scalar):
                raise GateSyntaxError(item.place, f"a value is needed for `{subject.text}`, not {shape(item)}")
            known = self.variables.literals(item) or (_written(subject, item),)
            found += (_fit(subject, each, item.place) for each in known)
        return tuple(found)

    def _single(self, subject: Subject, node: Node) -> tuple[Any, str]:
        if not isinstance(node, Scalar) or self.variables.is_list(node):
            raise GateSyntaxError(node.place, "one value is needed here; for several there are `in` and `not_in`")
        wanted = self.literals(subject, node)
        return wanted, spelled(wanted[0].value)

    def _several(self, subject: Subject, node: Node) -> tuple[Any, str]:
        wanted = self.literals(subject, node)
        return wanted, ", ".join(spelled(literal.value) for literal in wanted)

    def _text(self, _subject: Subject, node: Node) -> tuple[Any, str]:
        if not isinstance(node, Scalar) or not node.raw:
            raise GateSyntaxError(node.place, "a text is needed here")
        known = self.variables.literals(node)
        text = node.raw if known is None else known[0].raw
        if known is not None and self.variables.is_list(node):
            raise GateSyntaxError(node.place, f"`{node.raw}` is a list, and one text is needed here")
        return text, spelled(text)

    def _glob(self, _subject: Subject, node: Node) -> tuple[Any, str]:
        text = _pattern(node)
        if self.variables.literals(node) is not None:  # type: ignore[arg-type]
            raise GateSyntaxError(node.place, f"`{text}` is a value, not a pattern; use `is` or `contains`")
        return patterns.glob(text), spelled(text)

    def _regex(self, _subject: Subject, node: Node) -> tuple[Any, str]:
        text = _pattern(node)
        try:
            return patterns.safe(text), spelled(text)
        except ValueError as error:
            raise GateSyntaxError(node.place, str(error)) from None

    def _bound(self, subject: Subject, node: Node) -> tuple[Any, str]:
        if not isinstance(node, MappingNode):
            number = self.number(node, time=subject.kind == "time")
            return number, node.raw + self.variables.shown(node) if isinstance(node, Scalar) else ""
        bound = self._other_field(subject, node)
        return bound, bound.written

    def _other_field(self, subject: Subject, node: MappingNode) -> Bound:
        if isinstance(subject, Aggregate):
            raise GateSyntaxError(
                node.place, f"`{subject.text}` is about all runs; its bound is a number, not a field of one run"
            )
        known = ("field", "times", "plus")
        parts: dict[str, Any] = {}
        for key, value in node.entries:
            if key.raw not in known:
                raise GateSyntaxError(key.place, f"unknown key `{key.raw}`{did_you_mean(key.raw, known)}")
            parts[key.raw] = self._bound_part(subject, key, value)
        if "field" not in parts:
            raise GateSyntaxError(node.place, "a bound is a number, or `{field: OTHER, times: x, plus: y}`")
        return Bound(**parts)

    def _bound_part(self, subject: Subject, key: Scalar, node: Node) -> Any:
        if key.raw != "field":
            return self.number(node, time=key.raw == "plus" and subject.kind == "time")
        if not isinstance(node, Scalar):
            raise GateSyntaxError(node.place, "`field` takes the name of a field")
        field = read_field(node)
        if (field.kind == "time") != (subject.kind == "time") or field.kind in {"list", "bool", "text"}:
            raise GateSyntaxError(node.place, f"`{field.text}` is a {field.kind}, and cannot bound `{subject.text}`")
        return field

    def number(self, node: Node, *, time: bool = False) -> Number:
        """Read a finite number, or a length of time with its unit as seconds."""
        literals = self.variables.literals(node) if isinstance(node, Scalar) else None
        value = node.value if isinstance(node, Scalar) else None
        if literals is not None and len(literals) == 1:
            value = literals[0].value
        if time:
            return read_time(node)
        number = number_in(value) if is_number(value) else None
        if number is None or number - number != 0:
            raise GateSyntaxError(node.place, f"a number is needed here, and {_found(node)} is none{_instead(node)}")
        return number


def _pattern(node: Node) -> str:
    if not isinstance(node, Scalar) or not node.raw:
        raise GateSyntaxError(node.place, "a text pattern is needed here")
    if len(node.raw) > patterns.LONGEST_PATTERN:
        raise GateSyntaxError(
            node.place, f"a pattern of {len(node.raw)} characters; at most {patterns.LONGEST_PATTERN} are allowed"
        )
    return node.raw


def _version(_subject: Subject, node: Node) -> tuple[Any, str]:
    if not isinstance(node, Scalar) or not node.raw:
        raise GateSyntaxError(node.place, 'a version specifier is needed here, like ">=2.3,<2.6"')
    if len(node.raw) > _LONGEST_SPECIFIER:
        message = f"a version specifier of {len(node.raw)} characters; at most {_LONGEST_SPECIFIER} are allowed"
        raise GateSyntaxError(node.place, message)
    try:
        return SpecifierSet(node.raw), node.raw
    except InvalidSpecifier:
        hint = f'; did you mean "=={node.raw}"?' if node.raw[0].isdigit() else ', like ">=2.3,<2.6" (PEP 440)'
        raise GateSyntaxError(node.place, f"`{node.raw}` is not a version specifier{hint}") from None


def _exists(_subject: Subject, node: Node) -> tuple[Any, str]:
    if not isinstance(node, Scalar) or not isinstance(node.value, bool):
        raise GateSyntaxError(node.place, "`exists` takes true or false")
    return node.value, node.raw


def _type(_subject: Subject, node: Node) -> tuple[Any, str]:
    if not isinstance(node, Scalar) or node.raw not in TYPES:
        hint = did_you_mean(node.raw, TYPES, _TYPE_SYNONYMS) if isinstance(node, Scalar) else ""
        raise GateSyntaxError(node.place, f"`type` is one of {', '.join(TYPES)}{hint}")
    return (node.raw,), node.raw


def read_field(key: Scalar) -> Field:
    """Read the name of a field of a run."""
    field = parse_path(key.raw)
    if field is None:
        raise GateSyntaxError(key.place, f"unknown field `{key.raw}`{_field_hint(key.raw)}")
    return field


def _field_hint(text: str) -> str:
    root = re.split(r"[.\[]", text)[0]
    if root in ROOTS and text != root:
        return f"; did you mean `{ROOTS[root]}{text.removeprefix(root)}`?"
    if text in TREES:
        return f"; name a key of it, like `{text}.{'torch' if text == 'requirements' else 'lr'}`"
    if root in TREES:
        return f'; a key that holds signs like `.` is quoted: `{root}["a.b"]`'
    return did_you_mean(text, PLAIN, FIELDS) or f"; did you mean `config.{text}` or `metrics.{text}`?"


def _written(subject: Subject, node: Scalar) -> Literal:
    if node.value is None:
        raise GateSyntaxError(
            node.place, f"`{subject.text}` is compared with nothing; write a value, or `{{exists: false}}`"
        )
    if subject.kind == "any" and not node.is_quoted and node.raw.lower() in _OTHER_BOOLS:
        meant = f'write {_OTHER_BOOLS[node.raw.lower()]}, or quote it if it is a text: "{node.raw}"'
        raise GateSyntaxError(
            node.place, f"`{node.raw}` is true or false to some readers of YAML and a text to others; {meant}"
        )
    return Literal(node.value, node.raw)


def _fit(subject: Subject, literal: Literal, place: Place) -> Literal:
    """Return the literal as a value of the kind that `subject` has."""
    value, raw = literal.value, literal.raw
    if subject.text == "state" and raw not in STATES:
        raise GateSyntaxError(place, f"`{raw}` is not a state{did_you_mean(raw, STATES, STATE_SYNONYMS)}")
    if subject.text == "git.commit" and len(raw) < SHORTEST_COMMIT:
        raise GateSyntaxError(place, f"`{raw}` is too short for a commit; write {SHORTEST_COMMIT} characters or more")
    if subject.kind == "number" and not is_number(value):
        raise GateSyntaxError(place, f"`{subject.text}` is a number, and `{raw}` is none{instead_of_number(raw)}")
    if subject.kind == "bool" and not isinstance(value, bool):
        raise GateSyntaxError(place, f"`{subject.text}` is true or false, and `{raw}` is neither")
    if is_number(value) and not _is_plain(value):
        raise GateSyntaxError(place, f"`{raw}` cannot be compared: it is no finite number")
    return Literal(raw, raw) if subject.kind in {"text", "list"} else literal


def _is_plain(value: Any) -> bool:
    number = number_in(value)
    return number is not None and number - number == 0


def _instead(node: Node) -> str:
    return instead_of_number(node.raw) if isinstance(node, Scalar) else ""


def _found(node: Node) -> str:
    return f"`{node.raw}`" if isinstance(node, Scalar) and node.raw else shape(node)


def shape(node: Node) -> str:
    """Name what `node` is."""
    if isinstance(node, Scalar):
        return "a value" if node.raw else "nothing"
    return "a list" if isinstance(node, SequenceNode) else "a map"


def read_time(node: Node) -> Number:
    """Read a length of time with its unit, as seconds."""
    match = _TIME.fullmatch(node.raw) if isinstance(node, Scalar) else None
    if match:
        number = float(match.group(1)) * UNITS[match.group(2)]
        return int(number) if number.is_integer() else number
    if isinstance(node, Scalar) and is_number(node.value):
        raw = node.raw
        raise GateSyntaxError(node.place, f"{raw} what? write a unit: {raw}s, {raw}m, {raw}h or {raw}d")
    raise GateSyntaxError(
        node.place, f"a length of time is needed here, like 30s, 5m, 4h or 14d; {_found(node)} is none"
    )
