"""Aggregates: one number from all selected runs together, like `mean(metrics.val/acc)`."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.readings import Reading, unfit
from swanlab_ci.gate.spec.values import Number, ValueKind, identity, number_in
from swanlab_ci.model import Run, Truth

FUNCTIONS: dict[str, Callable[[Sequence[Any]], Number]] = {
    "count": len,
    "distinct": lambda values: len(set(map(identity, values))),
    "mean": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "max": max,
    "stdev": statistics.stdev,
    "sum": sum,
}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`function` over `field` of all selected runs; `count` takes no field."""

    text: str
    function: str
    field: Field | None = None

    @property
    def kind(self) -> ValueKind:
        """TIME where the field is a length of time and the function keeps its unit, else NUMBER."""
        counts = self.function in {"count", "distinct"}
        return ValueKind.TIME if self.field and self.field.kind is ValueKind.TIME and not counts else ValueKind.NUMBER

    def read(self, runs: Sequence[Run], now: datetime) -> Reading:
        """Compute the aggregate; a run that cannot be read makes it unreadable, and is its culprit."""
        if self.field is None:
            return Reading(len(runs))
        values = []
        settled = True
        for run in runs:
            reading = self.field.read(run, now)
            value = reading.value if self.function == "distinct" else number_in(reading.value)
            gap = reading.gap or unfit(value)
            if gap:
                nearest = self.field.nearest(run) if gap is Truth.MISSING else ""
                return reading._replace(gap=gap, culprit=run, nearest=nearest)
            settled &= reading.settled
            values.append(value)
        if self.function == "stdev" and len(values) == 1:
            return Reading(gap=Truth.MISSING, too_few=True, settled=settled)
        try:
            number = FUNCTIONS[self.function](values)
        except (OverflowError, RecursionError):  # beyond a float, or lists nested beyond the stack
            number = math.inf
        return Reading(number, unfit(number), settled=settled)
