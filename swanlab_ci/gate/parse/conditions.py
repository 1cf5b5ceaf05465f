"""A part of the file becomes conditions: fields, operators and their operands, each mistake at its own place."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from swanlab_ci.errors import Problem
from swanlab_ci.gate.parse import suggestions as suggestion
from swanlab_ci.gate.parse.operands import Operands, read_field
from swanlab_ci.gate.parse.suggestions import did_you_mean
from swanlab_ci.gate.parse.variables import Variables
from swanlab_ci.gate.spec.aggregates import FUNCTIONS, Aggregate
from swanlab_ci.gate.spec.conditions import AllOf, AnyOf, Condition, FieldCondition, Named, Optional, Subject
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar, SequenceNode
from swanlab_ci.gate.spec.values import Literal, is_number, spelled

_EQUALITY = ("is", "not", "in", "not_in")
_ORDER = ("min", "max", "above", "below")
_TEXT = ("contains", "like", "matches", "version")
_LIST = ("has", "lacks")
_NESTED = ("any_of", "none_of")
_PRESENCE = ("exists", "type", "optional")
OPERATORS = {
    "any": (*_EQUALITY, *_ORDER, *_TEXT, *_LIST, *_PRESENCE, *_NESTED),
    "text": (*_EQUALITY, *_TEXT, *_PRESENCE, *_NESTED),
    "number": (*_EQUALITY, *_ORDER, *_PRESENCE, *_NESTED),
    "time": (*_ORDER, "exists", "optional", *_NESTED),
    "bool": (*_EQUALITY, *_PRESENCE, *_NESTED),
    "list": (*_LIST, *_PRESENCE, *_NESTED),
    "aggregate": (*_EQUALITY, *_ORDER, *_NESTED),
    "aggregate time": (*_ORDER, *_NESTED),
}
_CALL = re.compile(r"(\w+)\((.*)\)", re.DOTALL)


class Grammar:
    """Reads conditions, and collects what is wrong with them in `problems`."""

    problems: list[Problem]

    def __init__(self, variables: Variables) -> None:
        self.operands = Operands(variables)
        self.problems = []

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Note a `GateSyntaxError` and go on behind it, so that one reading finds every problem."""
        try:
            yield
        except GateSyntaxError as wrong:
            self.problems.append(wrong.problem)

    def fields(self, node: Node, *, across: bool = False) -> Iterator[tuple[Scalar, Node, Condition]]:
        """Read a map of fields to conditions; yields each key and value as written, and the condition that they are.

        `across` allows `f(field)`, which takes all runs together.
        """
        table = self.table(node, "fields and conditions, like `{state: FINISHED}`")
        if not table.entries:
            raise GateSyntaxError(node.place, "empty: name at least one field, like `{state: FINISHED}`")
        for key, value in table.entries:
            with self.going_on():
                if key.raw in _NESTED:
                    condition: Condition = AnyOf(tuple(self._branches(key, value)), none=key.raw == "none_of")
                else:
                    condition = self.condition(self.subject(key, across=across), value)
                yield key, value, condition

    def _branches(self, key: Scalar, node: Node) -> Iterator[Condition]:
        if not isinstance(node, SequenceNode) or not node.items:
            raise GateSyntaxError(node.place, f"`{key.raw}` takes a list of condition maps")
        for item in node.items:
            yield AllOf(tuple(Named(name.raw, part) for name, _, part in self.fields(item)))

    def written(self, node: Node) -> str:
        """Spell `node` on one line as the file does, with the values of a variable behind its name."""
        if isinstance(node, SequenceNode):
            return "[" + ", ".join(map(self.written, node.items)) + "]"
        if isinstance(node, MappingNode):
            return ", ".join(f"{key.raw} {self.written(value)}" for key, value in node.entries)
        return node.raw + self.operands.variables.shown(node)

    def table(self, node: Node, what: str) -> MappingNode:
        """Return `node` as a map, or say that a map of `what` is needed."""
        if not isinstance(node, MappingNode):
            raise GateSyntaxError(node.place, f"a map is needed here: {what}")
        return node

    def subject(self, key: Scalar, *, across: bool = False) -> Subject:
        """Read the name of a field, or of an aggregate where `across` allows one."""
        call = _CALL.fullmatch(key.raw)
        if not call:
            return read_field(key)
        if not across:
            raise GateSyntaxError(
                key.place, f"`{key.raw}` takes all runs together; it belongs directly below a gate's `expect`"
            )
        function, inside = call.groups()
        if function not in FUNCTIONS:
            hint = did_you_mean(function, FUNCTIONS, suggestion.FUNCTIONS)
            raise GateSyntaxError(key.place, f"unknown function `{function}`{hint}")
        if (function == "count") != (not inside):
            raise GateSyntaxError(
                key.place, "write `count()` without a field" if function == "count" else f"`{key.raw}` of what?"
            )
        return Aggregate(key.raw, function, read_field(Scalar(inside, inside, key.place)) if inside else None)

    def condition(self, subject: Subject, node: Node) -> Condition:
        """Read the condition on `subject`: a bare value, a list, or a map of operators."""
        if not isinstance(node, MappingNode):
            wanted = self.operands.literals(subject, node)
            return self._bare(subject, node, wanted)
        if not node.entries:
            raise GateSyntaxError(
                node.place, f"`{subject.text}` has no condition; `{{exists: true}}` asks only whether it is there"
            )
        parts, optional = [], False
        for key, value in node.entries:
            with self.going_on():
                if self.operator(subject, key) == "optional":
                    optional = _true(key, value)
                else:
                    parts.append(self._part(subject, key, value))
        _check_range(node, parts)
        if len(node.entries) == 1 and optional:
            raise GateSyntaxError(
                node.place, f"`{subject.text}` is optional and has no other condition, so nothing is checked"
            )
        whole = parts[0] if len(parts) == 1 else AllOf(tuple(parts))
        return Optional(subject, whole) if optional else whole

    def operator(self, subject: Subject, key: Scalar) -> str:
        """Read the name of an operator that `subject` takes."""
        allowed = OPERATORS[_kind(subject)]
        if key.raw in allowed:
            return key.raw
        if key.raw in _ORDER and subject.text in {"created_at", "finished_at"}:
            raise GateSyntaxError(
                key.place, f"`{key.raw}` is not for `{subject.text}`; bound the age, like `age: {{max: 14d}}`"
            )
        if key.raw in OPERATORS["any"]:
            takes = ", ".join(f"`{name}`" for name in allowed)
            kind = f"{'an' if _kind(subject).startswith('a') else 'a'} {_kind(subject)}"
            raise GateSyntaxError(
                key.place, f"`{key.raw}` does not apply to `{subject.text}`, {kind}; it takes {takes}"
            )
        hint = did_you_mean(key.raw, allowed, suggestion.OPERATORS)
        raise GateSyntaxError(key.place, f"unknown operator `{key.raw}`{hint}")

    def _bare(self, subject: Subject, node: Node, wanted: tuple[Literal, ...]) -> Condition:
        if subject.kind == "time":
            raise GateSyntaxError(
                node.place, f"`{subject.text}` takes `min`, `max`, `above` or `below`, like `{{max: 4h}}`"
            )
        return FieldCondition(subject, "bare", wanted, ", ".join(spelled(literal.value) for literal in wanted))

    def _part(self, subject: Subject, key: Scalar, node: Node) -> Condition:
        name = key.raw
        if name in _NESTED:
            if not isinstance(node, SequenceNode) or not node.items:
                raise GateSyntaxError(
                    node.place, f"`{name}` takes a list of conditions, like `[{{min: 1}}, {{is: 0}}]`"
                )
            return AnyOf(tuple(self.condition(subject, item) for item in node.items), none=name == "none_of")
        operand, written = self.operands.read(name, subject, node)
        return FieldCondition(subject, name, operand, written)


def _true(key: Scalar, node: Node) -> bool:
    if not isinstance(node, Scalar) or node.value is not True:
        raise GateSyntaxError(node.place, f"`{key.raw}` takes only true; leave it out otherwise")
    return True


def _kind(subject: Subject) -> str:
    if isinstance(subject, Aggregate):
        return "aggregate time" if subject.kind == "time" else "aggregate"
    return subject.kind


def _check_range(node: MappingNode, parts: Iterable[Condition]) -> None:
    tests = [part for part in parts if isinstance(part, FieldCondition) and is_number(part.operand)]
    for low in (test for test in tests if test.operator in {"min", "above"}):
        for high in (test for test in tests if test.operator in {"max", "below"}):
            strict = low.operator == "above" or high.operator == "below"
            if low.operand > high.operand or (strict and low.operand == high.operand):
                words = f"{low.operator} {low.written} and {high.operator} {high.written}"
                swapped = (
                    f"; `{low.operator}` and `{high.operator}` look swapped" if low.operand != high.operand else ""
                )
                raise GateSyntaxError(node.place, f"no value can be {words}{swapped}")
