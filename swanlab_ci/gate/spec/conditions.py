"""Conditions as values: each can be asked about a run and answers in three values."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.logic import decides_all, decides_any, negated
from swanlab_ci.gate.spec.operators import BARE, JUDGES, OPERATORS, yes
from swanlab_ci.gate.spec.readings import Reading
from swanlab_ci.gate.spec.values import Literal, Number, ValueKind, equal, is_finite, number_in, number_text
from swanlab_ci.judgement import Expectation
from swanlab_ci.model import TERMINAL_STATES, Truth


class Subject(Protocol):
    """What a condition is about: a field of one run, or an aggregate of many."""

    @property
    def text(self) -> str:
        """The name, as written."""

    @property
    def kind(self) -> str:
        """The kind of value, see `Field.kind`."""

    @property
    def field(self) -> Field | None:
        """The field of a run that it is, or that it is made from."""


Read = Callable[[Any], Reading]


class Finding(NamedTuple):
    """The answer to a condition, and what decided it: the part, the subject, its reading, the bound it was held to."""

    answer: Truth
    part: "Condition"
    subject: Subject
    reading: Reading
    bound: Number | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """Another field of the run, or another aggregate of all runs, as a bound: `times` its value `plus` a number."""

    field: Subject
    times: Number = 1
    plus: Number = 0

    @property
    def written(self) -> str:
        """The bound as a formula, such as `1.3 x metrics.loss + 0.1`."""
        times = f"{number_text(self.times)} x " if self.times != 1 else ""
        plus = f" {'+' if self.plus > 0 else '-'} {number_text(abs(self.plus))}" if self.plus else ""
        return f"{times}{self.field.text}{plus}"

    def value(self, read: Read) -> tuple[Number | None, Reading]:
        """Return the bound for this run; None and the reason in the reading's gap where it is not known."""
        reading = read(self.field)
        if not reading.settled:
            return None, reading._replace(gap=Truth.PENDING)
        if reading.gap:
            return None, reading
        number = number_in(reading.value)
        if number is None:
            return None, reading._replace(gap=Truth.WRONG_TYPE)
        try:
            number = number * self.times + self.plus
        except OverflowError:  # a whole number, times 1000 and plus 0.5, beyond a float
            number = math.inf
        return (number, reading) if is_finite(number) else (None, reading._replace(gap=Truth.NOT_FINITE))


@dataclass(frozen=True, slots=True)
class FieldCondition:
    """One operator on one subject; `written` is the operand as the gate file spells it."""

    subject: Subject
    operator: str
    operand: Any
    written: str

    def expectation(self) -> Expectation:
        """Return what is asked, as plain values."""
        unit = "s" if self.subject.kind == "time" else ""
        if isinstance(self.operand, Bound):
            other = self.operand
            return Expectation(
                operator=self.operator,
                written=self.written,
                unit=unit,
                other=other.field.text,
                times=other.times,
                plus=other.plus,
            )
        return Expectation(operator=self.operator, values=_plain(self.operand), written=self.written, unit=unit)

    def ask(self, read: Read) -> Finding:
        """Judge the subject's reading, as far as it is known now."""
        reading = read(self.subject)
        if self.operator == "exists" and reading.gap in {None, Truth.MISSING}:
            finding = Finding(yes((reading.gap is None) == self.operand), self, self.subject, reading)
        elif reading.gap:
            gap = Truth.PENDING if _may_come(reading) else reading.gap
            return Finding(gap, self, self.subject, reading)
        else:
            finding = self._judge(reading, read)
        return finding if reading.settled else self._unsettled(finding)

    def _judge(self, reading: Reading, read: Read) -> Finding:
        if not isinstance(self.operand, Bound):
            return Finding(self._answer(reading), self, self.subject, reading)
        bound, other = self.operand.value(read)
        if bound is None and number_in(reading.value) is None:  # a wrong type is no miss, whatever the bound is
            return Finding(Truth.WRONG_TYPE, self, self.subject, reading)
        if bound is None:
            return Finding(other.gap or Truth.MISSING, self, self.operand.field, other)
        judge, name = JUDGES[self.operator], self.subject.text
        answer = judge(name, reading.value, bound)  # pragma: no mutate - what has a bound is no commit
        return Finding(answer, self, self.subject, reading, bound)

    def _answer(self, reading: Reading) -> Truth:
        """Judge the value, and what counts as well: any of them may hold, but all must where a value is ruled out."""
        judge, name = JUDGES[self.operator], self.subject.text
        if not reading.aliases:
            return judge(name, reading.value, self.operand)
        values = (reading.value, *reading.aliases)
        answers = [judge(name, value, self.operand) for value in values]  # pragma: no mutate - a commit has one name
        decides = decides_all if self.operator in {"not", "not_in"} else decides_any
        return answers[decides(answers)]

    def _has_left(self, reading: Reading) -> bool:
        """Return whether a value that moves one way is already beyond every value that it is compared with."""
        wanted = self.operand if isinstance(self.operand, tuple) else ()
        value = number_in(reading.value)
        if value is None or not wanted or not reading.trend:
            return False
        return all(isinstance(each, Literal) and _is_beyond(value, each, reading.trend) for each in wanted)

    def _unsettled(self, now: Finding) -> Finding:
        """Keep an answer that holds whatever comes; everything else is pending."""
        if self.operator == "exists" and now.reading.gap is None:
            may_be_lost = self.subject.kind is ValueKind.NUMBER and not now.reading.trend  # a NaN is no value at all
            return now._replace(answer=Truth.PENDING) if may_be_lost else now
        if self.subject.text == "state":
            judge, name = JUDGES[self.operator], self.subject.text
            states = {*TERMINAL_STATES, now.reading.value}
            answers = {judge(name, state, self.operand) for state in states}  # pragma: no mutate - no state is a commit
            return now if len(answers) == 1 else now._replace(answer=Truth.PENDING)
        lasts = OPERATORS.get(self.operator, BARE).lasts(now.answer, now.reading.trend) or self._has_left(now.reading)
        return now if lasts else now._replace(answer=Truth.PENDING)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold."""

    parts: tuple["Condition", ...]

    def expectation(self) -> Expectation:
        """Return what is asked, as plain values."""
        return Expectation(operator="all_of", parts=tuple(part.expectation() for part in self.parts))

    def ask(self, read: Read) -> Finding:
        """Return the finding of the part that decided."""
        findings = [part.ask(read) for part in self.parts]
        return findings[decides_all([finding.answer for finding in findings])]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part must hold; with `none`, no part may."""

    parts: tuple["Condition", ...]
    none: bool = False

    def expectation(self) -> Expectation:
        """Return what is asked, as plain values."""
        operator = "none_of" if self.none else "any_of"
        return Expectation(operator=operator, parts=tuple(part.expectation() for part in self.parts))

    def ask(self, read: Read) -> Finding:
        """Return the finding of the part that decided, stated for the whole."""
        findings = [part.ask(read) for part in self.parts]
        finding = findings[decides_any([finding.answer for finding in findings])]
        answer = negated(finding.answer) if self.none else finding.answer
        return finding._replace(answer=answer, part=self)


@dataclass(frozen=True, slots=True)
class Optional:
    """`part` must hold where `subject` is there at all."""

    subject: Subject
    part: "Condition"

    def expectation(self) -> Expectation:
        """Return what is asked, as plain values."""
        return Expectation(operator="optional", parts=(self.part.expectation(),))

    def ask(self, read: Read) -> Finding:
        """Let a field pass that is missing for good."""
        reading = read(self.subject)
        if reading.gap is Truth.MISSING and reading.settled:
            return Finding(Truth.HOLDS, self, self.subject, reading)
        return self.part.ask(read)


@dataclass(frozen=True, slots=True)
class Named:
    """A part that names its field, for it stands beside parts on other fields."""

    name: str
    part: "Condition"

    def expectation(self) -> Expectation:
        """Return what is asked, as plain values."""
        return replace(self.part.expectation(), field=self.name)

    def ask(self, read: Read) -> Finding:
        """Ask the part."""
        return self.part.ask(read)


Condition = FieldCondition | AllOf | AnyOf | Optional | Named


def _plain(operand: Any) -> tuple[Any, ...]:
    """Return an operand as JSON types: the values of literals, the text of a pattern or a version specifier."""
    if isinstance(operand, tuple):
        return tuple(each.value if isinstance(each, Literal) else each for each in operand)
    if isinstance(operand, re.Pattern):
        return (operand.pattern,)
    return (operand,) if isinstance(operand, (bool, int, float, str)) else (str(operand),)


def _is_beyond(value: float, wanted: Literal, trend: int) -> bool:
    number = number_in(wanted.value)
    if number is None or equal(value, wanted):
        return False
    return trend * (value - number) > 0  # pragma: no mutate - equal numbers are ruled out


def _may_come(reading: Reading) -> bool:
    return not reading.settled and reading.gap in {Truth.MISSING, Truth.NOT_FINITE}


def conditions_in(condition: Condition) -> Iterator[Condition]:
    """Yield `condition` and every part of it."""
    yield condition
    if not isinstance(condition, FieldCondition):
        for part in condition.parts if isinstance(condition, (AllOf, AnyOf)) else (condition.part,):
            yield from conditions_in(part)


def subjects_in(condition: Condition) -> Iterator[Subject]:
    """Yield every subject of `condition`, and the fields that bound it."""
    for part in conditions_in(condition):
        if isinstance(part, FieldCondition):
            yield part.subject
            if isinstance(part.operand, Bound):
                yield part.operand.field


def fields_in(condition: Condition) -> Iterator[Field]:
    """Yield every field of a run that `condition` reads."""
    for subject in subjects_in(condition):
        if subject.field is not None:
            yield subject.field
