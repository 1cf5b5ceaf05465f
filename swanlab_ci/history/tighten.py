"""The ratchet: when a bound may become tighter."""

from enum import StrEnum

from swanlab_ci.history.bounds import FEWEST_UNITS
from swanlab_ci.history.suggest import Suggestion


class Kept(StrEnum):
    """Why a bound stays as it is."""

    FEW_UNITS = "few-units"
    LAST_UNIT = "last-unit"


def why_kept(each: Suggestion) -> Kept | None:
    """Say why this suggestion must not tighten a bound; None where it may.

    A bound follows what three changes or more have shown. It never follows the newest one: a bound at the last value
    stops every second harmless change after it.
    """
    units = each.sample.units
    if each.floor is None or len(units) < FEWEST_UNITS:
        return Kept.FEW_UNITS
    bound, higher = each.floor.bound, each.about.higher_is_better
    earlier = [value for unit in units[:-1] for value in unit]
    worst = min(earlier) if higher else max(earlier)
    is_last = bound in units[-1] and each.sample.is_worse(bound, worst)
    return Kept.LAST_UNIT if is_last else None
