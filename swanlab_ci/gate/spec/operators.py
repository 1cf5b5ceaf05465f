"""The operators of a condition, each as one record: what it takes, on which values, and how it judges.

The reader, the JSON Schema, the suggestions and the evaluation are all made from `OPERATORS`: a further operator is a
further record, its messages and its row in docs/gates.md.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any

from swanlab_ci.gate.spec.logic import negated
from swanlab_ci.gate.spec.patterns import LONGEST_SUBJECT
from swanlab_ci.gate.spec.values import Literal, Number, ValueKind, equal, is_finite, number_in, same_commit, type_of
from swanlab_ci.messages import Message, Param
from swanlab_ci.model import Truth

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

SIMPLE = (str, int, float)
Said = Callable[[Param, bool], Message]
"""Says what is required, given the operand as the file spells it and whether it is several values."""

Judge = Callable[[str, Any, Any], Truth]
"""Judges (name of the subject, its value, the operand); the name, because commits are compared in their own way."""


class Operand(Enum):
    """What a gate file writes to the right of an operator."""

    VALUE = auto()
    VALUES = auto()
    BOUND = auto()
    TEXT = auto()
    GLOB = auto()
    REGEX = auto()
    VERSION = auto()
    BOOL = auto()
    TYPE = auto()
    TRUE = auto()
    CONDITIONS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator.

    `kinds` are the kinds of value it applies to. `needs` is the type that a value must have (as `type_of` names it, or
    `version`), empty where any simple value will do. `judge` is None where there is no value to judge: `exists` asks
    whether there is one, `optional` and the branches are no conditions of their own. `polarity` is 1 where a value that
    holds still holds after it grows, -1 where it still holds after it shrinks, 0 where neither is sure. `said` makes
    the message that says what is required; it is None where there is no operand of its own. `synonyms` are words of
    other tools.
    """

    name: str
    operand: Operand
    kinds: frozenset[ValueKind]
    judge: Judge | None = None
    needs: str = ""
    polarity: int = 0
    said: Said | None = None
    synonyms: tuple[str, ...] = ()

    def lasts(self, answer: Truth, trend: int) -> bool:
        """Tell whether `answer` stays true of a value that only grows (`trend` 1) or only shrinks (-1)."""
        if not self.polarity or answer not in {Truth.HOLDS, Truth.FAILS}:
            return False
        return trend == (self.polarity if answer is Truth.HOLDS else -self.polarity)


def yes(holds: bool) -> Truth:  # noqa: FBT001 - it is the whole subject
    """Return the truth of a plain comparison."""
    return Truth.HOLDS if holds else Truth.FAILS


def _one_of(name: str, value: Any, wanted: tuple[Literal, ...]) -> bool:
    if name == "git.commit":
        return any(same_commit(value, literal.raw) for literal in wanted)
    for literal in wanted:  # noqa: SIM110 - asked of every run by every gate, and `any` takes twice the time
        if equal(value, literal):
            return True
    return False


def _is(name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    return yes(_one_of(name, value, wanted)) if isinstance(value, SIMPLE) else Truth.WRONG_TYPE


def _not(name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    return negated(_is(name, value, wanted))


def _bare(name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    if not isinstance(value, SIMPLE) and type_of(value) == "list":
        return yes(any(_one_of(name, item, wanted) for item in value))  # pragma: no mutate - no list holds commits
    return _is(name, value, wanted)


def _ordered(holds: Callable[[Number, Number], bool], _name: str, value: Any, bound: Number) -> Truth:
    number = number_in(value)
    if number is None:
        return Truth.WRONG_TYPE
    return yes(holds(number, bound)) if is_finite(number) else Truth.NOT_FINITE


def _contains(_name: str, value: Any, part: str) -> Truth:
    return yes(part in value) if isinstance(value, str) else Truth.WRONG_TYPE


def _like(_name: str, value: Any, pattern: re.Pattern[str]) -> Truth:
    return yes(bool(pattern.match(value))) if isinstance(value, str) else Truth.WRONG_TYPE  # linear: read to its end


def _matches(_name: str, value: Any, pattern: re.Pattern[str]) -> Truth:
    return yes(bool(pattern.search(value[:LONGEST_SUBJECT]))) if isinstance(value, str) else Truth.WRONG_TYPE


def _has(_name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    if type_of(value) != "list":
        return Truth.WRONG_TYPE
    return yes(all(any(equal(item, literal) for item in value) for literal in wanted))


def _lacks(_name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    if type_of(value) != "list":
        return Truth.WRONG_TYPE
    return yes(not any(equal(item, literal) for item in value for literal in wanted))


def _version(_name: str, value: Any, wanted: "SpecifierSet") -> Truth:
    from packaging.version import Version  # noqa: PLC0415 - for gates that compare versions

    if not isinstance(value, str):  # pragma: no mutate - some releases of `packaging` refuse it by themselves
        return Truth.WRONG_TYPE
    try:
        return yes(wanted.contains(Version(value), prereleases=True))  # pragma: no mutate - some take them by default
    except ValueError:  # no version, or one with more digits than Python converts
        return Truth.WRONG_TYPE


def _type(_name: str, value: Any, wanted: tuple[str, ...]) -> Truth:
    return yes(type_of(value) in wanted)


_ALL = frozenset(ValueKind)
_AGGREGATES = frozenset({ValueKind.AGGREGATE, ValueKind.AGGREGATE_TIME})
_FIELDS = _ALL - _AGGREGATES
_EQUAL = _ALL - {ValueKind.TIME, ValueKind.LIST, ValueKind.AGGREGATE_TIME}
_ORDERED = _AGGREGATES | {ValueKind.ANY, ValueKind.NUMBER, ValueKind.TIME}
_TEXTS = frozenset({ValueKind.ANY, ValueKind.TEXT})
_LISTS = frozenset({ValueKind.ANY, ValueKind.LIST})


def _said_equal(written: Param, several: bool) -> Message:  # noqa: FBT001 - see `Said`
    return Message("expect.in", values=written) if several else Message("expect.is", value=written)


def _said_unequal(written: Param, several: bool) -> Message:  # noqa: FBT001 - same
    return Message("expect.not-in", values=written) if several else Message("expect.not", value=written)


# pragma: no mutate start - these run at import, before any change is switched on
def _equality(name: str, operand: Operand, judge: Judge, said: Said, *synonyms: str) -> Operator:
    return Operator(name=name, operand=operand, kinds=_EQUAL, judge=judge, said=said, synonyms=synonyms)


def _order(name: str, holds: Callable[[Number, Number], bool], polarity: int, said: Said, *synonyms: str) -> Operator:
    return Operator(
        name=name,
        operand=Operand.BOUND,
        kinds=_ORDERED,
        judge=partial(_ordered, holds),
        needs="number",
        polarity=polarity,
        said=said,
        synonyms=synonyms,
    )


def _text(name: str, operand: Operand, judge: Judge, said: Said, *synonyms: str) -> Operator:
    return Operator(name=name, operand=operand, kinds=_TEXTS, judge=judge, needs="text", said=said, synonyms=synonyms)


def _list(name: str, judge: Judge, said: Said, *synonyms: str) -> Operator:
    return Operator(
        name=name, operand=Operand.VALUES, kinds=_LISTS, judge=judge, needs="list", said=said, synonyms=synonyms
    )


def _branches(name: str, *synonyms: str) -> Operator:
    return Operator(name=name, operand=Operand.CONDITIONS, kinds=_ALL, synonyms=synonyms)


# pragma: no mutate end


BARE = _equality("bare", Operand.VALUES, _bare, _said_equal)
"""What a value or a list without an operator means; no word of the language."""

OPERATORS = {
    each.name: each
    for each in (
        _equality("is", Operand.VALUE, _is, _said_equal, "eq", "==", "=", "equals", "equal", "value"),
        _equality("not", Operand.VALUE, _not, _said_unequal, "ne", "neq", "!=", "is_not"),
        _equality("in", Operand.VALUES, _is, _said_equal, "one_of", "oneOf", "enum"),
        _equality("not_in", Operand.VALUES, _not, _said_unequal, "none_in", "notin", "nin"),
        _order(
            "min",
            operator.ge,
            1,
            lambda it, _: Message("expect.min", bound=it),
            "gte",
            "ge",
            ">=",
            "minimum",
            "at_least",
            "from",
        ),
        _order(
            "max",
            operator.le,
            -1,
            lambda it, _: Message("expect.max", bound=it),
            "lte",
            "le",
            "<=",
            "maximum",
            "at_most",
            "to",
        ),
        _order(
            "above",
            operator.gt,
            1,
            lambda it, _: Message("expect.above", bound=it),
            "gt",
            ">",
            "greater",
            "more",
            "over",
        ),
        _order("below", operator.lt, -1, lambda it, _: Message("expect.below", bound=it), "lt", "<", "less", "under"),
        _text("contains", Operand.TEXT, _contains, lambda it, _: Message("expect.contains", text=it)),
        _text("like", Operand.GLOB, _like, lambda it, _: Message("expect.like", pattern=it), "glob", "wildcard"),
        _text(
            "matches",
            Operand.REGEX,
            _matches,
            lambda it, _: Message("expect.matches", pattern=it),
            "regex",
            "regexp",
            "pattern",
            "match",
        ),
        Operator(
            name="version",
            operand=Operand.VERSION,
            kinds=_TEXTS,
            judge=_version,
            needs="version",
            said=lambda it, _: Message("expect.version", specifier=it),
        ),
        _list("has", _has, lambda it, _: Message("expect.has", values=it), "includes", "all"),
        _list("lacks", _lacks, lambda it, _: Message("expect.lacks", values=it), "excludes"),
        Operator(name="exists", operand=Operand.BOOL, kinds=_FIELDS, synonyms=("present", "defined", "required")),
        Operator(
            name="type",
            operand=Operand.TYPE,
            kinds=_FIELDS - {ValueKind.TIME},
            judge=_type,
            said=lambda it, _: Message("expect.type", type=it),
        ),
        Operator(name="optional", operand=Operand.TRUE, kinds=_FIELDS, synonyms=("allow_missing",)),
        _branches("any_of", "or", "any", "anyOf"),
        _branches("none_of", "nor", "noneOf"),
    )
}
"""Every operator by its name, in the order of the documentation."""

JUDGES: dict[str, Judge] = {each.name: each.judge for each in (BARE, *OPERATORS.values()) if each.judge}


def operators_for(kind: ValueKind) -> tuple[str, ...]:
    """Return the names of the operators that apply to values of `kind`."""
    return tuple(name for name, each in OPERATORS.items() if kind in each.kinds)
