"""What the cells of the table of checks say: a value with its spread, a difference with its noise, what is required.

Both sides of a row have the same digits: two that count of the larger spread.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from swanlab_ci.gate.spec.operators import BARE
from swanlab_ci.gate.spec.values import identity
from swanlab_ci.insight.facts import Measured, Row
from swanlab_ci.judgement import Check, CheckKind, ComparisonResult, Expectation, RunValue
from swanlab_ci.messages import Message, Name, Param, Quantity, Seconds
from swanlab_ci.model import Truth
from swanlab_ci.report.wording.checks import count_required, field_shown
from swanlab_ci.report.wording.comparison import difference_written
from swanlab_ci.report.wording.expectation import expectation, value

_DIGITS: Final = 5
_MOST_DECIMALS: Final = 12
_VALUES_SHOWN: Final = 3
_MINUS: Final = "\u2212"
_PERCENT: Final = 100
_TOO_LARGE: Final = 10**15
_LONGEST: Final = 20
_COMPARED: Final = frozenset({CheckKind.RUN, CheckKind.ALL_RUNS, CheckKind.HOW_MANY})
_SAID: Final = frozenset({Truth.HOLDS, Truth.FAILS})


def number(
    amount: float, decimals: int | None = None, *, signed: bool = False, others: Sequence[float] = ()
) -> Quantity:
    """Return a number with so many decimals (None: five significant digits), and a real minus.

    It has more digits where it would look like one of `others` that differs.
    """
    text = ""
    for more in range(_MOST_DECIMALS):
        text = _digits(amount, decimals, more, signed=signed)
        if all(other == amount or _digits(other, decimals, more, signed=signed) != text for other in others):
            break
    return Quantity(amount, text)


def _digits(amount: float, decimals: int | None, more: int, *, signed: bool) -> str:
    sign = "+" if signed else ""
    if decimals is None or not math.isfinite(amount) or abs(amount) >= _TOO_LARGE:
        return with_minus(f"{amount:{sign}.{_DIGITS + more}g}")
    return with_minus(f"{amount:{sign}.{decimals + more}f}")


def with_minus(text: str) -> str:
    """Write the sign of a negative number as in print."""
    return _MINUS + text[1:] if text.startswith("-") else text


def percent(share: float, *, signed: bool = True) -> Quantity:
    """Return a share as a percentage with two significant digits, from 100 on without decimals."""
    size = share * _PERCENT
    text = f"{size:+.0f}" if abs(size) >= _PERCENT else f"{size:+.2g}"
    text = _MINUS + text[1:] if text.startswith("-") else text if signed else text[1:]
    return Quantity(share, f"{text}%")


def decimals_of(row: Row) -> int | None:
    """Return the decimals that show two digits of the larger spread; None where nothing spreads."""
    spreads = [side.spread for side in (row.new, row.base) if side and side.spread and 0 < side.spread < math.inf]
    if not spreads:
        return None
    decimals = 1 - math.floor(math.log10(max(spreads)))
    return max(0, decimals) if decimals <= _MOST_DECIMALS else None


def measured(side: Measured | None, row: Row) -> Message | None:
    """Say what one side of a row is: the mean with its spread, or the distinct values."""
    return _said(value_and_spread(side, row))


def measured_now(row: Row) -> Message | None:
    """Say what the judged runs have: as `measured`, or how many of them passed."""
    return _said(value_now(row))


def _said(found: tuple[Param, Param] | None) -> Message | None:
    return Message("cell.measured", value=found[0], spread=found[1]) if found else None


def value_now(row: Row) -> tuple[Param, Param] | None:
    """Return the value of the judged runs and its spread; of a count of runs, how many passed: no baseline has one."""
    if row.check and row.check.count:
        return Message("value.count", passed=row.check.count.passed, total=row.check.count.total), None
    return value_and_spread(row.new, row)


def value_and_spread(side: Measured | None, row: Row) -> tuple[Param, Param] | None:
    """Return the value of one side of a row and its standard deviation (None: there is none to show)."""
    if side is None:
        return None
    if not (row.function or row.comparison) or side.centre is None:
        return _distinct(side.values, row), None
    others = [*limits(row), *(each.centre for each in (row.new, row.base) if each and each.centre is not None)]
    if row.unit == "s":
        shown: Param = value(side.centre, "s", *others)
        return shown, Seconds(side.spread) if side.spread else None
    decimals = decimals_of(row)
    spread = number(side.spread, decimals) if side.spread else None
    return number(side.centre, decimals, others=others), spread


def limits(row: Row) -> list[float]:
    """Return the numbers that the values of a row are held against."""
    return [number for bound in row.bounds for number in _numbers(bound)]


def _numbers(bound: Expectation) -> Iterator[float]:
    for each in bound.values:
        if isinstance(each, (int, float)) and not isinstance(each, bool):
            yield float(each)
    for part in bound.parts:
        yield from _numbers(part)


def _distinct(values: Sequence[RunValue], row: Row) -> Param:
    """Return the distinct values, at most three; where there are more numbers, their range."""
    once = list({identity(each.value): each.value for each in values}.values())
    numbers = sorted(each for each in once if isinstance(each, (int, float)) and not isinstance(each, bool))
    shown = [value(each, row.unit, *limits(row)) for each in once[:_VALUES_SHOWN]]
    if len(once) > _VALUES_SHOWN and len(numbers) == len(once):
        low, high = (value(each, row.unit) for each in (numbers[0], numbers[-1]))
        return Message("bound.between", low=low, high=high)
    if len(once) > _VALUES_SHOWN:
        return (*shown, Message("list.more", count=len(once) - _VALUES_SHOWN))
    return shown[0] if len(shown) == 1 else tuple(shown)


def delta(row: Row) -> Message | None:
    """Say how far the new value is from the baseline's, as a share of it where there is one; nothing without one."""
    if found := change_and_noise(row.comparison):
        change, noise = found
        return Message("cell.delta", change=change, noise=noise)
    if row.factor is None:
        return None
    return Message("cell.factor", factor=number(float(f"{row.factor:.3g}")))


def change_and_noise(result: ComparisonResult | None) -> tuple[Param, Param] | None:
    """Return the difference and its noise: shares of the baseline, or amounts where that is 0; None without one."""
    if result is None or result.delta is None:
        return None
    if result.relative is not None and result.base:
        noise = percent(result.noise / abs(result.base.centre), signed=False) if result.noise else None
        return percent(result.relative), noise
    if result.unit == "s":
        return Seconds(result.delta), Seconds(result.noise) if result.noise else None
    return number(result.delta, signed=True), number(result.noise) if result.noise else None


def bounds(row: Row) -> tuple[Message, ...]:
    """Say all that is required of a row, in signs."""
    found = [_allowed(row.comparison)] if row.comparison else []
    if row.check and row.check.count and row.field == "how_many":
        found.append(count_required(row.check.count))
    return (*found, *map(_bound, row.bounds))


def _bound(asked: Expectation) -> Message:
    operators = [part.operator for part in asked.parts]
    if asked.operator == "all_of" and operators == ["min", "max"] and not any(part.other for part in asked.parts):
        low, high = (_written(part) for part in asked.parts)
        return Message("bound.between", low=low, high=high)
    if asked.parts or asked.other or asked.field:
        return expectation(asked)
    operator = "in" if asked.operator in {BARE.name, "is"} and len(asked.values) > 1 else asked.operator
    said = _SIGNS.get(operator)
    return said(_written(asked)) if said else expectation(asked)


_SIGNS: dict[str, Callable[[Param], Message]] = {
    BARE.name: lambda written: Message("value.shown", value=written),
    "is": lambda written: Message("value.shown", value=written),
    "in": lambda written: Message("bound.in", values=written),
    "not_in": lambda written: Message("bound.not-in", values=written),
    "like": lambda written: Message("bound.like", pattern=written),
    "min": lambda written: Message("expect.min", bound=written),
    "max": lambda written: Message("expect.max", bound=written),
    "above": lambda written: Message("expect.above", bound=written),
    "below": lambda written: Message("expect.below", bound=written),
}
"""Signs in the place of the words that a sentence needs."""


def _written(asked: Expectation) -> Param:
    """Return an operand as it is written; a number stands without marks."""
    short = 0 < len(asked.written) < _LONGEST and asked.written.isascii() and asked.written[-1].isdigit()
    match asked.values:
        case (int() | float() as only,) if short and not isinstance(only, bool):
            return Quantity(only, with_minus(asked.written))
        case _:
            return Name(asked.written)


def _allowed(result: ComparisonResult) -> Message:
    written = tuple(difference_written(each, result.unit) for each in result.written)
    amount: Param = written[0] if len(written) == 1 else Message("comparison.larger-of", amounts=written)
    upwards = result.higher_is_better == result.required
    if result.allowed is not None and result.relative is not None and result.base:
        share = result.allowed / abs(result.base.centre)
        amount = percent(share if upwards else -share) if share else Quantity(0, "0%")
    elif len(written) == 1:
        sign = "+" if upwards else _MINUS
        first = result.written[0]
        shown = percent(first.amount, signed=False).text if first.is_share else number(first.amount).text
        amount = Quantity(first.amount, sign + shown if first.amount else shown)
    if result.higher_is_better:
        return Message("cell.least", amount=amount)
    return Message("cell.most", amount=amount)


def about(row: Row) -> Message | None:
    """Say of how many runs a row is, on both sides or in pairs."""
    result = row.comparison
    if result and result.pairs:
        return Message("comparison.pairs", count=result.pairs)
    if result and result.new:
        return Message("comparison.runs", new=result.counts[0], base=result.counts[1])
    if row.function and row.new:
        return Message("report.runs", count=len(row.new.values))
    return None


def says_all(row: Row) -> bool:
    """Tell whether value and bound say why a check missed, without a sentence."""
    check = row.check
    if check is None or check.kind not in _COMPARED:
        return False
    if check.reason is None:
        return check.kind is CheckKind.HOW_MANY
    of_the_field = check.reason.subject == check.field or check.kind is CheckKind.ALL_RUNS
    said = check.reason.truth in _SAID or (check.reason.truth is Truth.PENDING and check.reason.actual is not None)
    return of_the_field and said and check.reason.bound is None


def subject(row: Row) -> Message:
    """Name a row's field, with its aggregate."""
    name = Name(row.label)
    match row.function:
        case "mean":
            return Message("aggregate.mean", field=name)
        case "median":
            return Message("aggregate.median", field=name)
        case "min":
            return Message("aggregate.min", field=name)
        case "max":
            return Message("aggregate.max", field=name)
        case "sum":
            return Message("aggregate.sum", field=name)
        case "stdev":
            return Message("aggregate.stdev", field=name)
        case "distinct":
            return Message("aggregate.distinct", field=name)
        case "count":
            return Message("aggregate.count")
        case _:
            shown = (
                field_shown(row.check) if row.check and _has_curve(row.check) else Message("value.shown", value=name)
            )
            return Message("aggregate.how-many") if row.field == "how_many" else shown


def _has_curve(check: Check) -> bool:
    curve = check.comparison.curve if check.comparison else check.reason.curve if check.reason else None
    return curve is not None
