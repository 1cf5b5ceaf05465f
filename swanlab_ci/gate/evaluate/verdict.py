"""The results of all gates become one verdict: the worst of them, and never a pass without a check."""

from collections.abc import Sequence
from dataclasses import replace

from swanlab_ci.judgement import GateResult, Verdict
from swanlab_ci.model import STATUSES_WORST_FIRST, Level, Status

_WEIGHTY = frozenset({Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN})
_MISSES = frozenset({Status.FAIL, Status.WARN})
_LEVELS = tuple(Level)


def verdict(results: Sequence[GateResult], *, strict: bool = False, level_cap: Level = Level.FAIL) -> Verdict:
    """Weigh the results: error > fail > pending > warn > pass; with `strict` a warning stops the merge, too.

    Where no gate has a single check, nothing was judged: that is an error, whatever the gates say.
    A `level_cap` below `fail` is shadow mode: no miss costs more than the cap, and a verdict that would still stop the
    merge, or would have without the cap, is a warning that names the status it would have had.
    """
    found = _weighed(results, strict=strict)
    if level_cap is Level.FAIL:
        return found
    capped = _weighed([_capped(result, level_cap) for result in results])
    if found.passed:
        return capped
    return replace(found, status=Status.WARN, shadow=found.status, gates=capped.gates)


def _capped(result: GateResult, cap: Level) -> GateResult:
    """Lower a miss to the cap; an error and a pending gate are no misses and stay what they are."""
    result = replace(result, level=_lower(result.level, cap))
    status = Status(_lower(Level(result.status), cap)) if result.status in _MISSES else result.status
    return result if status is result.status else replace(result, status=status, uncapped=result.status)


def _lower(level: Level, cap: Level) -> Level:
    return max(level, cap, key=_LEVELS.index)


def _weighed(results: Sequence[GateResult], *, strict: bool = False) -> Verdict:
    found = {result.status for result in results}
    worst = next((status for status in STATUSES_WORST_FIRST if status in found & _WEIGHTY), Status.PASS)
    if worst in {Status.PASS, Status.WARN} and not any(map(_was_checked, results)):
        return Verdict(Status.ERROR, tuple(results), nothing_checked=True)
    blocked = strict and worst is Status.WARN
    return Verdict(Status.FAIL if blocked else worst, tuple(results), strict=blocked)


def _was_checked(result: GateResult) -> bool:
    return result.status is Status.WAIVED or (bool(result.checks) and result.status is not Status.SKIPPED)
