"""Waivers: a gate, or some runs of it, that may miss until a day; the report shows them, and what they cover."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from swanlab_ci.gate.evaluate.selection import selects
from swanlab_ci.gate.spec.gates import Waiver
from swanlab_ci.judgement import Check, GateResult, WaiverResult
from swanlab_ci.model import Run, Status

_MISSES = frozenset({Status.FAIL, Status.WARN, Status.INFO})
Waived = Callable[[Run], WaiverResult | None]


def waived_runs(waivers: Sequence[Waiver], gate_id: str, status: Status, now: datetime) -> Waived:
    """Return a test of whether a live waiver of the gate covers a run; `status` is what a miss of the gate costs."""
    today = now.astimezone(UTC).date()
    live = [waiver for waiver in waivers if waiver.gate == gate_id and waiver.clauses and waiver.until >= today]

    def waiver_of(run: Run) -> WaiverResult | None:
        found = (waiver for waiver in live if selects(waiver.clauses, run, now))
        return next((WaiverResult(each.until, each.reason, expired=False, status=status) for each in found), None)

    return waiver_of


def mark(checks: Sequence[Check], waived: dict[str, WaiverResult]) -> list[Check]:
    """Return the checks, those of waived runs (by id) with their waiver."""
    return [
        replace(check, waiver=waived[check.run.id]) if check.run and check.run.id in waived else check
        for check in checks
    ]


def waive(result: GateResult, waivers: Sequence[Waiver], now: datetime) -> GateResult:
    """Apply the waivers of a whole gate to its result, and show those that have expired.

    A live waiver makes a gate that misses `waived`, and keeps the status it would have without. An error and a pending
    gate are no misses: nobody agreed to not knowing.
    """
    if result.status not in _MISSES:
        return result
    today = now.astimezone(UTC).date()
    for waiver in (waiver for waiver in waivers if waiver.gate == result.id):
        expired = waiver.until < today
        if expired or not waiver.clauses:
            result = replace(result, waiver=WaiverResult(waiver.until, waiver.reason, expired, result.status))
        if not expired and not waiver.clauses:
            return replace(result, status=Status.WAIVED)
    return result
