"""What a gate file asks, and the values that it meets, as messages: signs rather than words where there is one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from swanlab_ci.gate.spec.operators import BARE, OPERATORS
from swanlab_ci.gate.spec.values import number_in, number_text, spelled
from swanlab_ci.judgement import Expectation, Reason
from swanlab_ci.messages import Message, Name, Param, Quantity, Seconds, alike


def expectation(asked: Expectation, reason: Reason | None = None) -> Message:
    """Say what is required; with the `reason` of a check, what another field as a bound came to."""
    words = _words(asked, reason)
    return Message("expect.named", field=Name(asked.field), condition=words) if asked.field else words


def _words(asked: Expectation, reason: Reason | None) -> Message:
    written: Param = Name(asked.written)
    if asked.parts:
        return _composed(asked, tuple(expectation(part, reason) for part in asked.parts))
    if asked.other and reason and reason.bound is not None:
        bound = quantity(reason.bound, asked.unit, *_numbers([reason.actual]))
        written = Message("expect.bound", formula=written, bound=bound)
    match asked.operator:
        case "same_as":
            return Message("expect.same-as", baseline=written)
        case "exists":
            return Message("expect.present") if asked.values == (True,) else Message("expect.absent")
        case _:
            said = (BARE if asked.operator == BARE.name else OPERATORS[asked.operator]).said
            return said(written, len(asked.values) > 1) if said else Message("value.shown", value=written)


def _composed(asked: Expectation, parts: tuple[Message, ...]) -> Message:
    match asked.operator:
        case "all_of":
            return _all_of(parts)
        case "any_of":
            return _any_of(_bracketed(asked, parts))
        case "none_of":
            return Message("expect.none-of", parts=_bracketed(asked, parts))
        case _:
            return Message("expect.optional", condition=parts[0])


def _bracketed(asked: Expectation, parts: tuple[Message, ...]) -> tuple[Message, ...]:
    """Put brackets around each part that has parts of its own."""
    return tuple(
        Message("expect.group", condition=part) if len(each.parts) > 1 else part
        for each, part in zip(asked.parts, parts, strict=True)
    )


def _all_of(parts: Sequence[Message]) -> Message:
    return Message("expect.and", first=parts[0], rest=_all_of(parts[1:])) if len(parts) > 1 else parts[0]


def _any_of(parts: Sequence[Message]) -> Message:
    return Message("expect.or", first=parts[0], rest=_any_of(parts[1:])) if len(parts) > 1 else parts[0]


def value(actual: Any, unit: str = "", *others: float) -> Param:
    """Return a value as a parameter: numbers with digits enough to differ from `others`, lengths of time with units."""
    if actual is None:
        return Message("value.missing")
    if isinstance(actual, Mapping):
        return Message("value.map", count=len(actual))
    number = None if isinstance(actual, (str, bool)) else number_in(actual)
    if number is not None:
        return quantity(number, unit, *others)
    return Name(spelled(actual))


def quantity(number: float, unit: str = "", *others: float) -> Quantity | Seconds:
    """Return a number with its digits, or with the `unit` `s` a length of time."""
    if unit == "s":
        return Seconds(number, exact=any(alike(number, other) for other in others if other != number))
    return Quantity(number, number_text(number, *others))


def with_differing_digits(reason: Reason) -> Param:
    """Return the actual value of a check so that it does not look like a number that it was held against."""
    against = [reason.bound] if reason.bound is not None else []
    return value(reason.actual, reason.unit, *_numbers([*against, *(reason.part.values if reason.part else ())]))


def _numbers(values: Sequence[Any]) -> Iterator[float]:
    for each in values:
        if isinstance(each, (int, float)) and not isinstance(each, bool):
            yield each
