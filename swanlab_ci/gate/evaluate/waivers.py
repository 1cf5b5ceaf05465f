"""Waivers: a gate, or some runs of it, left to miss until a day; kept in sight, and over when the day is."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC

from swanlab_ci.gate.evaluate.selection import Selector, selects
from swanlab_ci.gate.spec.gates import Waiver
from swanlab_ci.model import GateResult, Run, Status

_MISSES = frozenset({Status.FAIL, Status.WARN, Status.INFO})
Again = Callable[[Sequence[Run]], GateResult]


def waive(
    result: GateResult,
    waivers: Sequence[Waiver],
    selector: Selector,
    again: Again | None = None,
) -> GateResult:
    """Return `result` as the waivers leave it; `again`, where runs were judged, judges the same gate by fewer runs.

    A live waiver makes a gate that misses `waived`, and keeps what would be without it; one for some runs does so only
    where the others pass. What cannot be judged, or not yet, is no miss: nobody agreed to not knowing.
    An expired waiver changes nothing, and says when it expired.
    """
    if result.status not in _MISSES:
        return result
    today = selector.now.astimezone(UTC).date()
    for waiver in (waiver for waiver in waivers if waiver.gate == result.id):
        live = waiver.until >= today
        result = _live(result, waiver, selector, again) if live else _expired(result, waiver)
        if result.status is Status.WAIVED:
            break
    return result


def _expired(result: GateResult, waiver: Waiver) -> GateResult:
    return replace(
        result,
        summary=f"{result.summary} (its waiver expired on {waiver.until})",
        advice=f"{result.advice} Its waiver expired on {waiver.until}: {waiver.reason}".strip(),
    )


def _live(result: GateResult, waiver: Waiver, selector: Selector, again: Again | None) -> GateResult:
    if not waiver.clauses:
        return _waived(result, waiver)
    if again is None:
        return result
    chosen = {ref.id for ref in result.runs_selected}
    runs = [run for run in selector.runs if run.id in chosen]
    rest = [run for run in runs if not selects(waiver.clauses, run, selector.now)]
    if len(rest) == len(runs):
        return result
    left = again(rest) if rest else None
    if left is None or left.status is Status.PASS:
        return _waived(result, waiver)
    return replace(left, checks=result.checks)


def _waived(result: GateResult, waiver: Waiver) -> GateResult:
    return replace(
        result,
        status=Status.WAIVED,
        summary=f"waived until {waiver.until}: {waiver.reason}; without the waiver: {result.status}, {result.summary}",
        advice=f"Before {waiver.until} ends: {result.advice}",
    )
