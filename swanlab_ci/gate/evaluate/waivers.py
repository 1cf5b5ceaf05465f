"""Waivers: a gate, or some runs of it, that may miss until a day; the report shows them, and what they cover."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC

from swanlab_ci.gate.evaluate.selection import Selector, selects
from swanlab_ci.gate.spec.gates import Waiver
from swanlab_ci.judgement import GateResult, WaiverResult
from swanlab_ci.model import Run, Status

_MISSES = frozenset({Status.FAIL, Status.WARN, Status.INFO})
Again = Callable[[Sequence[Run]], GateResult]


def waive(
    result: GateResult,
    waivers: Sequence[Waiver],
    selector: Selector,
    again: Again | None = None,
) -> GateResult:
    """Apply the waivers of the gate to its result; `again` judges the same gate by fewer runs, where runs were judged.

    A live waiver makes a gate that misses `waived`, and keeps the status it would have without; a waiver for some runs
    does so only where the other runs pass. An error and a pending gate are no misses: nobody agreed to not knowing.
    An expired waiver changes nothing but is shown.
    """
    if result.status not in _MISSES:
        return result
    today = selector.now.astimezone(UTC).date()
    for waiver in (waiver for waiver in waivers if waiver.gate == result.id):
        live = waiver.until >= today
        result = _live(result, waiver, selector, again) if live else _with(result, waiver, expired=True)
        if result.status is Status.WAIVED:
            break
    return result


def _live(result: GateResult, waiver: Waiver, selector: Selector, again: Again | None) -> GateResult:
    waived = replace(_with(result, waiver, expired=False), status=Status.WAIVED)
    if not waiver.clauses:
        return waived
    if again is None:
        return result
    chosen = {ref.id for ref in result.runs_selected}
    runs = [run for run in selector.runs if run.id in chosen]
    rest = [run for run in runs if not selects(waiver.clauses, run, selector.now)]
    if len(rest) == len(runs):
        return result
    left = again(rest) if rest else None
    if left is None or left.status is Status.PASS:
        return waived
    return replace(left, checks=result.checks)


def _with(result: GateResult, waiver: Waiver, *, expired: bool) -> GateResult:
    return replace(result, waiver=WaiverResult(waiver.until, waiver.reason, expired, result.status))
