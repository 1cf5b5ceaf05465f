"""What is written to the right of an operator: values, bounds, patterns, versions, each read strictly."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from swanlab_ci.gate.parse.names import Curves, read_aggregate, read_field
from swanlab_ci.gate.parse.suggestions import (
    STATE_SYNONYMS,
    did_you_mean,
    instead_of_number,
)
from swanlab_ci.gate.parse.variables import Variables
from swanlab_ci.gate.parse.yaml_reader import resolve
from swanlab_ci.gate.spec import patterns
from swanlab_ci.gate.spec.aggregates import Aggregate
from swanlab_ci.gate.spec.conditions import Bound, Subject
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.operators import OPERATORS, Operand
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Place, Scalar, SequenceNode
from swanlab_ci.gate.spec.values import (
    SHORTEST_COMMIT,
    UNITS,
    Literal,
    Number,
    ValueKind,
    is_number,
    number_in,
    spelled,
)
from swanlab_ci.gate.spec.wildcards import is_pattern
from swanlab_ci.messages import Key, Message

TYPES = ("number", "text", "bool", "list", "map")
_LONGEST_SPECIFIER = 256
_SPECIFIER = Key('">=2.3,<2.6"')
_TIMES = tuple(map(Key, ("30s", "5m", "4h", "14d")))
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
    """Reads what is written to the right of an operator; `variables` gives `$name` its values.

    `curves` are those of the file, which is read for them first.
    """

    curves: Curves
    _readers: Mapping[Operand, Callable[[Subject, Node], tuple[Any, str]]]

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.curves = {}
        self._readers = {
            Operand.VALUE: self._single,
            Operand.VALUES: self._several,
            Operand.BOUND: self._bound,
            Operand.TEXT: lambda _, node: self._text(node),
            Operand.GLOB: lambda _, node: self._glob(node),
            Operand.REGEX: lambda _, node: _regex(node),
            Operand.VERSION: lambda _, node: _version(node),
            Operand.BOOL: lambda _, node: _exists(node),
            Operand.TYPE: lambda _, node: _type(node),
        }

    def read(self, operator: str, subject: Subject, node: Node) -> tuple[Any, str]:
        """Return the operand of `operator`, and how a message spells it."""
        return self._readers[OPERATORS[operator].operand](subject, node)

    def literals(self, subject: Subject, node: Node) -> tuple[Literal, ...]:
        """Read a value or a list of values, variables replaced, each fit for `subject`."""
        if isinstance(node, SequenceNode) and not node.items:
            raise GateSyntaxError(node.place, Message("gate-file.no-values"))
        found: list[Literal] = []
        for item in node.items if isinstance(node, SequenceNode) else (node,):
            if not isinstance(item, Scalar):
                message = Message("gate-file.value-needed", field=subject.text, found=_found(item))
                raise GateSyntaxError(item.place, message)
            known = self.variables.literals(item) or (_written(subject, item),)
            found += (_fit(subject, each, item.place) for each in known)
        return tuple(found)

    def _single(self, subject: Subject, node: Node) -> tuple[Any, str]:
        if not isinstance(node, Scalar) or self.variables.is_list(node):
            raise GateSyntaxError(node.place, Message("gate-file.one-value"))
        wanted = self.literals(subject, node)
        return wanted, spelled(wanted[0].value)

    def _several(self, subject: Subject, node: Node) -> tuple[Any, str]:
        wanted = self.literals(subject, node)
        return wanted, ", ".join(spelled(literal.value) for literal in wanted)

    def _text(self, node: Node) -> tuple[Any, str]:
        if not isinstance(node, Scalar) or not node.raw:
            raise GateSyntaxError(node.place, Message("gate-file.text-needed"))
        known = self.variables.literals(node)
        text = node.raw if known is None else known[0].raw
        if known is not None and self.variables.is_list(node):
            raise GateSyntaxError(node.place, Message("gate-file.variable-list", variable=node.raw))
        return text, spelled(text)

    def _glob(self, node: Node) -> tuple[Any, str]:
        text = _pattern(node)
        if self.variables.literals(node) is not None:  # type: ignore[arg-type]
            raise GateSyntaxError(node.place, Message("gate-file.pattern-variable", variable=text))
        return patterns.glob(text), spelled(text)

    def _bound(self, subject: Subject, node: Node) -> tuple[Any, str]:
        if not isinstance(node, MappingNode):
            number = self.number(node, time=subject.kind is ValueKind.TIME)
            return number, node.raw + self.variables.shown(node) if isinstance(node, Scalar) else ""
        bound = self._other_field(subject, node)
        return bound, bound.written

    def _other_field(self, subject: Subject, node: MappingNode) -> Bound:
        known = ("field", "times", "plus")
        parts: dict[str, Any] = {}
        for key, value in node.entries:
            if key.raw not in known:
                message = Message("gate-file.unknown-key", key=key.raw, hint=did_you_mean(key.raw, known))
                raise GateSyntaxError(key.place, message)
            parts[key.raw] = self._bound_part(subject, key, value)
        if "field" not in parts:
            raise GateSyntaxError(node.place, Message("gate-file.bound-form"))
        return Bound(**parts)

    def _bound_part(self, subject: Subject, key: Scalar, node: Node) -> Any:
        if key.raw != "field":
            return self.number(node, time=key.raw == "plus" and subject.kind is ValueKind.TIME)
        if not isinstance(node, Scalar):
            raise GateSyntaxError(node.place, Message("gate-file.bound-field"))
        call = read_aggregate(node, self.curves)
        if isinstance(subject, Aggregate) and call is None:
            raise GateSyntaxError(node.place, Message("gate-file.bound-of-all", call=subject.text))
        if not isinstance(subject, Aggregate) and call:
            raise GateSyntaxError(node.place, Message("gate-file.bound-of-run", call=call.text, field=subject.text))
        field: Subject = call or read_field(node, self.curves, star=True)
        if isinstance(field, Field) and is_pattern(field) and field != subject:  # the bound of each key is one value
            raise GateSyntaxError(
                node.place, Message("gate-file.star-in-bound", field=field.text, subject=subject.text)
            )
        both_times = (field.kind is ValueKind.TIME) == (subject.kind is ValueKind.TIME)
        seconds = subject.kind is ValueKind.TIME and field.kind in {ValueKind.ANY, ValueKind.NUMBER}
        if not (both_times or seconds) or field.kind in {ValueKind.LIST, ValueKind.BOOL, ValueKind.TEXT}:
            message = Message("gate-file.bound-kind", bound=field.text, kind=field.kind, field=subject.text)
            raise GateSyntaxError(node.place, message)
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
            hint = instead_of_number(node.raw) if isinstance(node, Scalar) else None
            raise GateSyntaxError(node.place, Message("gate-file.number-needed", found=_found(node), hint=hint))
        return number


def _pattern(node: Node) -> str:
    if not isinstance(node, Scalar) or not node.raw:
        raise GateSyntaxError(node.place, Message("gate-file.pattern-needed"))
    if len(node.raw) > patterns.LONGEST_PATTERN:
        message = Message("gate-file.pattern-long", length=len(node.raw), limit=patterns.LONGEST_PATTERN)
        raise GateSyntaxError(node.place, message)
    return node.raw


def _regex(node: Node) -> tuple[Any, str]:
    text = _pattern(node)
    try:
        return patterns.safe(text), spelled(text)
    except patterns.PatternError as error:
        raise GateSyntaxError(node.place, error.message) from None


def _version(node: Node) -> tuple[Any, str]:
    if not isinstance(node, Scalar) or not node.raw:
        raise GateSyntaxError(node.place, Message("gate-file.version-needed", example=_SPECIFIER))
    if len(node.raw) > _LONGEST_SPECIFIER:
        message = Message("gate-file.version-long", length=len(node.raw), limit=_LONGEST_SPECIFIER)
        raise GateSyntaxError(node.place, message)
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - for gates that compare versions

    try:
        return SpecifierSet(node.raw), node.raw
    except InvalidSpecifier:
        hint = Key(f'"=={node.raw}"') if node.raw[0].isdigit() else None
        example = None if hint else _SPECIFIER
        message = Message("gate-file.version-form", text=node.raw, hint=hint, example=example)
        raise GateSyntaxError(node.place, message) from None


def _exists(node: Node) -> tuple[Any, str]:
    if not isinstance(node, Scalar) or not isinstance(node.value, bool):
        is_quoted = isinstance(node, Scalar) and node.is_quoted and isinstance(resolve(node.raw), bool)
        hint = Message("gate-file.hint-unquote") if is_quoted else None
        raise GateSyntaxError(node.place, Message("gate-file.exists", found=_found(node), hint=hint))
    return node.value, node.raw


def _type(node: Node) -> tuple[Any, str]:
    if not isinstance(node, Scalar) or node.raw not in TYPES:
        hint = did_you_mean(node.raw, TYPES, _TYPE_SYNONYMS) if isinstance(node, Scalar) else None
        raise GateSyntaxError(node.place, Message("gate-file.type", known=tuple(map(Key, TYPES)), hint=hint))
    return (node.raw,), node.raw


def _written(subject: Subject, node: Scalar) -> Literal:
    if node.value is None:
        raise GateSyntaxError(node.place, Message("gate-file.no-value", field=subject.text))
    if subject.kind is ValueKind.ANY and not node.is_quoted and node.raw.lower() in _OTHER_BOOLS:
        value = Key(_OTHER_BOOLS[node.raw.lower()])
        quoted = Key(f'"{node.raw}"')
        message = Message("gate-file.bool-in-yaml", text=node.raw, value=value, quoted=quoted)
        raise GateSyntaxError(node.place, message)
    return Literal(node.value, node.raw)


def _fit(subject: Subject, literal: Literal, place: Place) -> Literal:
    """Return the literal as a value of the kind that `subject` has."""
    wrong = _misfit(subject, literal)
    if wrong:
        raise GateSyntaxError(place, wrong)
    return Literal(literal.raw, literal.raw) if subject.kind in {ValueKind.TEXT, ValueKind.LIST} else literal


def _misfit(subject: Subject, literal: Literal) -> Message | None:
    value, raw, name = literal.value, literal.raw, subject.text
    choices = subject.spec.choices if isinstance(subject, Field) else ()
    if choices and raw not in choices:
        return Message("gate-file.not-a-state", state=raw, hint=did_you_mean(raw, choices, STATE_SYNONYMS))
    if name == "git.commit" and len(raw) < SHORTEST_COMMIT:
        return Message("gate-file.commit-short", commit=raw, least=SHORTEST_COMMIT)
    if subject.kind is ValueKind.NUMBER and not is_number(value):
        return Message("gate-file.field-is-number", field=name, text=raw, hint=instead_of_number(raw))
    if subject.kind is ValueKind.BOOL and not isinstance(value, bool):
        return Message("gate-file.field-is-bool", field=name, text=raw)
    if is_number(value) and not _is_plain(value):
        return Message("gate-file.not-finite", text=raw)
    return None


def _is_plain(value: Any) -> bool:
    number = number_in(value)
    return number is not None and number - number == 0


def _found(node: Node) -> Message:
    """Return what `node` is: the text of a scalar, or a list, a map or nothing."""
    if isinstance(node, Scalar):
        return Message("gate-file.found-text", text=node.raw) if node.raw else Message("gate-file.found-nothing")
    return Message("gate-file.found-list") if isinstance(node, SequenceNode) else Message("gate-file.found-map")


def read_time(node: Node) -> Number:
    """Read a length of time with its unit, as seconds."""
    match = _TIME.fullmatch(node.raw) if isinstance(node, Scalar) else None
    if match:
        number = float(match.group(1)) * UNITS[match.group(2)]
        return int(number) if number.is_integer() else number
    if isinstance(node, Scalar) and is_number(node.value):
        examples = tuple(Key(node.raw + unit) for unit in reversed(UNITS))
        raise GateSyntaxError(node.place, Message("gate-file.unit-missing", examples=examples))
    raise GateSyntaxError(node.place, Message("gate-file.time-needed", examples=_TIMES, found=_found(node)))
