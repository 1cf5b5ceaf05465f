"""A part of the file becomes conditions: fields, operators and their operands, each mistake at its own place."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from swanlab_ci.errors import Problem
from swanlab_ci.gate.parse.names import read_aggregate, read_field
from swanlab_ci.gate.parse.operands import Operands
from swanlab_ci.gate.parse.punctuation import missing_space, refuse_full_width
from swanlab_ci.gate.parse.suggestions import OPERATOR_SYNONYMS, did_you_mean
from swanlab_ci.gate.parse.variables import Variables
from swanlab_ci.gate.spec.aggregates import Aggregate
from swanlab_ci.gate.spec.conditions import AllOf, AnyOf, Condition, FieldCondition, Named, Optional, Subject
from swanlab_ci.gate.spec.operators import OPERATORS, Operand, operators_for
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar, SequenceNode
from swanlab_ci.gate.spec.values import Literal, ValueKind, is_number, spelled
from swanlab_ci.messages import Key, Message

_BRANCHES = frozenset(each.name for each in OPERATORS.values() if each.operand is Operand.CONDITIONS)


T = TypeVar("T")
Memory = dict[int, tuple[Node, Any]]
"""What nodes were read as, by their `id`; each is kept with its node, so that no other has this `id`."""


class Grammar:
    """Reads conditions, and collects what is wrong with them in `problems`."""

    problems: list[Problem]

    def __init__(self, variables: Variables, memory: Memory | None = None) -> None:
        self.operands = Operands(variables)
        self.problems = []
        self._memory = memory

    def once(self, node: Node, read: Callable[[], T]) -> T:
        """Read `node`; with a memory, only once if no variable is in it and nothing is wrong with it."""
        memory, variables = self._memory, self.operands.variables
        if memory is None:
            return read()
        if id(node) not in memory:
            before, variables.used = variables.used, set()
            found, problems = read(), len(self.problems)
            if variables.used or problems:
                variables.used |= before
                return found
            variables.used = before
            memory[id(node)] = node, found
        return cast("T", memory[id(node)][1])

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
        table = self.table(node, Message("gate-file.map-of-conditions"))
        if not table.entries:
            raise GateSyntaxError(node.place, Message("gate-file.no-fields"))
        for key, value in table.entries:
            with self.going_on():
                if (space := missing_space(key)) and isinstance(value, Scalar) and not value.raw:
                    raise GateSyntaxError(key.place, space)
                if key.raw in _BRANCHES:
                    condition: Condition = AnyOf(tuple(self._branches(key, value)), none=key.raw == "none_of")
                else:
                    condition = self.condition(self.subject(key, across=across), value)
                yield key, value, condition

    def _branches(self, key: Scalar, node: Node) -> Iterator[Condition]:
        if not isinstance(node, SequenceNode) or not node.items:
            raise GateSyntaxError(node.place, Message("gate-file.branches-of-fields", operator=key.raw))
        for item in node.items:
            yield AllOf(tuple(Named(name.raw, part) for name, _, part in self.fields(item)))

    def written(self, node: Node) -> str:
        """Spell `node` on one line as the file does, with the values of a variable behind its name."""
        if isinstance(node, SequenceNode):
            return "[" + ", ".join(map(self.written, node.items)) + "]"
        if isinstance(node, MappingNode):
            return ", ".join(f"{key.raw} {self.written(value)}" for key, value in node.entries)
        return node.raw + self.operands.variables.shown(node)

    def table(self, node: Node, needed: Message) -> MappingNode:
        """Return `node` as a map; raises `GateSyntaxError` with `needed` where it is none."""
        if not isinstance(node, MappingNode):
            refuse_full_width(node, as_key=True)
            raise GateSyntaxError(node.place, missing_space(node) or needed)
        return node

    def subject(self, key: Scalar, *, across: bool = False) -> Subject:
        """Read the name of a field, or of an aggregate where `across` allows one."""
        call = read_aggregate(key, self.operands.curves)
        if call is None:
            return read_field(key, self.operands.curves, star=across)
        if not across:
            raise GateSyntaxError(key.place, Message("gate-file.function-elsewhere", call=key.raw))
        return call

    def condition(self, subject: Subject, node: Node) -> Condition:
        """Read the condition on `subject`: a bare value, a list, or a map of operators."""
        if not isinstance(node, MappingNode):
            wanted = self.operands.literals(subject, node)
            return self._bare(subject, node, wanted)
        if not node.entries:
            raise GateSyntaxError(node.place, Message("gate-file.no-condition", field=subject.text))
        parts: list[Condition] = []
        optional = False
        for key, value in node.entries:
            with self.going_on():
                if self.operator(subject, key) == "optional":
                    optional = _true(value)
                else:
                    parts.append(self._part(subject, key, value))
        _check_range(node, parts)
        if len(node.entries) == 1 and optional:
            raise GateSyntaxError(node.place, Message("gate-file.only-optional", field=subject.text))
        if optional and any(isinstance(each, FieldCondition) and _asks_for_presence(each) for each in parts):
            raise GateSyntaxError(node.place, Message("gate-file.exists-and-optional", field=subject.text))
        whole = parts[0] if len(parts) == 1 else AllOf(tuple(parts))
        return Optional(subject, whole) if optional else whole

    def operator(self, subject: Subject, key: Scalar) -> str:
        """Read the name of an operator that `subject` takes."""
        name, kind = key.raw, _kind(subject)
        allowed = operators_for(kind)
        if name in allowed:
            return name
        if name not in OPERATORS:
            hint = did_you_mean(name, allowed, OPERATOR_SYNONYMS)
            message = Message("gate-file.unknown-operator", operator=name, hint=hint)
            raise GateSyntaxError(key.place, missing_space(key) or message)
        if OPERATORS[name].operand is Operand.BOUND and subject.text in {"created_at", "finished_at"}:
            example = Key("age: {max: 14d}")
            message = Message("gate-file.operator-for-date", operator=name, field=subject.text, example=example)
            raise GateSyntaxError(key.place, message)
        known = tuple(map(Key, allowed))
        message = Message("gate-file.operator-for-kind", operator=name, field=subject.text, kind=kind, known=known)
        raise GateSyntaxError(key.place, message)

    def _bare(self, subject: Subject, node: Node, wanted: tuple[Literal, ...]) -> Condition:
        if subject.kind is ValueKind.TIME:
            raise GateSyntaxError(node.place, Message("gate-file.time-without-operator", field=subject.text))
        return FieldCondition(subject, "bare", wanted, ", ".join(spelled(literal.value) for literal in wanted))

    def _part(self, subject: Subject, key: Scalar, node: Node) -> Condition:
        name = key.raw
        if name in _BRANCHES:
            if not isinstance(node, SequenceNode) or not node.items:
                raise GateSyntaxError(node.place, Message("gate-file.branches-of-conditions", operator=name))
            return AnyOf(tuple(self.condition(subject, item) for item in node.items), none=name == "none_of")
        operand, written = self.operands.read(name, subject, node)
        return FieldCondition(subject, name, operand, written)


def _asks_for_presence(part: FieldCondition) -> bool:
    return part.operator == "exists" and part.operand is True


def _true(node: Node) -> bool:
    if not isinstance(node, Scalar) or node.value is not True:
        raise GateSyntaxError(node.place, Message("gate-file.optional-true"))
    return True


def _kind(subject: Subject) -> ValueKind:
    if isinstance(subject, Aggregate):
        return ValueKind.AGGREGATE_TIME if subject.kind is ValueKind.TIME else ValueKind.AGGREGATE
    return ValueKind(subject.kind)


def _check_range(node: MappingNode, parts: Iterable[Condition]) -> None:
    """Refuse a lower bound above an upper bound."""
    bounds = [part for part in parts if isinstance(part, FieldCondition) and is_number(part.operand)]
    for low in (each for each in bounds if OPERATORS[each.operator].polarity == 1):
        for high in (each for each in bounds if OPERATORS[each.operator].polarity == -1):
            strict = low.operator == "above" or high.operator == "below"
            if low.operand > high.operand or (strict and low.operand == high.operand):
                raise GateSyntaxError(node.place, _no_range(node, low, high))


def _no_range(node: MappingNode, low: FieldCondition, high: FieldCondition) -> Message:
    spelled_as = {key.raw: Key(f"{key.raw}: {value.raw}") for key, value in node.entries if isinstance(value, Scalar)}
    lower, upper = spelled_as[low.operator], spelled_as[high.operator]
    if low.operand == high.operand:
        return Message("gate-file.empty-range", low=lower, high=upper)
    return Message("gate-file.swapped-range", low=lower, high=upper, lower=low.operator, upper=high.operator)
