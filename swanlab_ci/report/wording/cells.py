"""What the cells of the table of checks say: a value with its spread, a difference with its noise, what is required.

Both sides of a row have the same digits: two that count of the larger spread.
"""

import math
from collections.abc import Sequence
from typing import Final

from swanlab_ci.gate.spec.values import identity
from swanlab_ci.insight.facts import Measured, Row
from swanlab_ci.judgement import ComparisonResult, RunValue
from swanlab_ci.messages import Message, Param, Quantity, Seconds
from swanlab_ci.report.wording.comparison import difference_written
from swanlab_ci.report.wording.expectation import expectation, value

_DIGITS: Final = 5
_MOST_DECIMALS: Final = 12
_VALUES_SHOWN: Final = 3
_MINUS: Final = "\u2212"
_PERCENT: Final = 100


def number(amount: float, decimals: int | None = None, *, signed: bool = False) -> Quantity:
    """Return a number with so many decimals (None: five significant digits), and a real minus."""
    if decimals is None or not math.isfinite(amount) or abs(amount) >= 10**15:
        text = f"{amount:{'+' if signed else ''}.{_DIGITS}g}"
    else:
        text = f"{amount:{'+' if signed else ''}.{decimals}f}"
    return Quantity(amount, _MINUS + text[1:] if text.startswith("-") else text)


def percent(share: float, *, signed: bool = True) -> Quantity:
    """Return a share as a percentage with two significant digits, from 100 on without decimals."""
    size = share * _PERCENT
    text = f"{size:+.0f}" if abs(size) >= _PERCENT else f"{size:+.2g}"
    text = _MINUS + text[1:] if text.startswith("-") else text if signed else text[1:]
    return Quantity(share, f"{text}%")


def decimals_of(row: Row) -> int | None:
    """Return the decimals that show two digits of the larger spread; None where nothing spreads."""
    spreads = [side.spread for side in (row.new, row.base) if side and side.spread and math.isfinite(side.spread)]
    if not spreads:
        return None
    decimals = 1 - math.floor(math.log10(max(spreads)))
    return max(0, decimals) if decimals <= _MOST_DECIMALS else None


def measured(side: Measured | None, row: Row) -> Message | None:
    """Say what one side of a row is: the mean with its spread, or the distinct values."""
    if side is None:
        return None
    if side.centre is None or (_are_equal(side.values) and not row.function and not row.comparison):
        return Message("cell.values", values=_distinct(side.values))
    decimals, spread = decimals_of(row), side.spread
    if row.unit == "s":
        shown: Param = Seconds(side.centre)
        return Message("cell.measured", value=shown, spread=Seconds(spread) if spread else None)
    return Message(
        "cell.measured",
        value=number(side.centre, decimals),
        spread=number(spread, decimals) if spread else None,
    )


def _are_equal(values: Sequence[RunValue]) -> bool:
    return len({identity(each.value) for each in values}) == 1


def _distinct(values: Sequence[RunValue]) -> tuple[Param, ...]:
    once = list({identity(each.value): each.value for each in values}.values())
    shown = [value(each) for each in once[:_VALUES_SHOWN]]
    return (
        (*shown, Message("list.more", count=len(once) - _VALUES_SHOWN)) if len(once) > _VALUES_SHOWN else tuple(shown)
    )


def delta(row: Row) -> Message | None:
    """Say how far the new value is from the baseline's, as a share of it where there is one; nothing without one."""
    result = row.comparison
    if result and result.delta is not None:
        noise = result.noise
        if result.relative is not None and result.base:
            size = abs(result.base.centre)
            return Message(
                "cell.delta",
                change=percent(result.relative),
                noise=percent(noise / size, signed=False) if noise is not None else None,
            )
        return Message(
            "cell.delta", change=number(result.delta, signed=True), noise=None if noise is None else number(noise)
        )
    if row.factor is None:
        return None
    return Message("cell.factor", factor=number(float(f"{row.factor:.2g}")))


def bounds(row: Row) -> tuple[Message, ...]:
    """Say all that is required of a row, in signs."""
    own = [expectation(bound) for bound in row.bounds]
    return tuple(([_allowed(row.comparison)] if row.comparison else []) + own)


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
        return Message("report.considered", runs=len(row.new.values))
    return None


def function(row: Row) -> Message | None:
    """Name the aggregate of a row."""
    match row.function:
        case "mean":
            return Message("cell.mean")
        case "median":
            return Message("cell.median")
        case "min":
            return Message("cell.lowest")
        case "max":
            return Message("cell.highest")
        case "stdev":
            return Message("cell.deviation")
        case "sum":
            return Message("cell.sum")
        case "count":
            return Message("cell.count")
        case "distinct":
            return Message("cell.distinct")
        case _:
            return None
