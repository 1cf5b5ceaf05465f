"""Numbers as a gate file takes them."""

import math

from swanlab_ci.history.bounded import Bounded
from swanlab_ci.history.suggest import Suggestion

_DIGITS = 4
_SMALLEST_POWER = -307


def operator_of(about: Bounded) -> str:
    """Return the operator of a suggested bound."""
    return "min" if about.higher_is_better else "max"


def bound_of(each: Suggestion, operator: str | None = None) -> str:
    """Write the suggested bound with few digits, rounded so that it stops nothing that the exact one lets pass.

    For `above` and `below`, which the bound itself misses, it is one step further away.
    """
    bound = each.floor.bound if each.floor else 0.0
    higher, is_strict = each.about.higher_is_better, operator in {"above", "below"}
    if not bound and not is_strict:
        return "0"
    unit = _unit(bound, _DIGITS) if bound else _unit(max(map(abs, each.sample.values)) or 1.0, _DIGITS)
    steps = math.floor(bound / unit) if higher else math.ceil(bound / unit)
    if is_strict and float(f"{steps * unit:.{_DIGITS}g}") == bound:
        steps += -1 if higher else 1
    return f"{steps * unit:.{_DIGITS}g}"


def amount_of(amount: float, mean: float) -> str:
    """Write an amount as a percentage of the mean, or as it is where the mean is 0; rounded up to two digits."""
    shown = 100 * amount / abs(mean) if mean else amount
    if not math.isfinite(shown):  # of almost nothing, no share can be written
        return amount_of(amount, 0.0)
    if shown <= 0:
        return "0%" if mean else "0"
    unit = _unit(shown, 2)
    written = f"{math.ceil(round(shown / unit, 6)) * unit:.2g}"
    return f"{float(written):g}%" if mean else written


def _unit(number: float, digits: int) -> float:
    """Return the unit of the last of so many digits; a power of ten below the smallest normal float would be 0."""
    return float(10.0 ** max(math.floor(math.log10(abs(number))) - digits + 1, _SMALLEST_POWER))


def place_of(about: Bounded) -> str:
    """Return where a bound stands, as FILE:LINE; empty where it stands nowhere."""
    return f"{about.place.source.name}:{about.place.line}" if about.place else ""


def percent(share: float) -> int:
    """Return a share of 1 as a whole percentage."""
    return round(100 * share)
