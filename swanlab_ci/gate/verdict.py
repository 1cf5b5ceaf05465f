"""The results of all gates become one verdict: the worst of them, and never a pass without a check."""

from collections.abc import Sequence
from dataclasses import replace

from swanlab_ci.model import GateResult, Level, Status, Verdict

_WORST_FIRST = (Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN)
_SAYS = {
    Status.ERROR: ("cannot be judged", "cannot be judged"),
    Status.FAIL: ("fails", "fail"),
    Status.PENDING: ("is pending", "are pending"),
    Status.WARN: ("warns", "warn"),
}
_NAMES_SHOWN = 5
_LEVELS = (Level.FAIL, Level.WARN, Level.INFO)


def verdict(results: Sequence[GateResult], *, strict: bool = False, level_cap: Level = Level.FAIL) -> Verdict:
    """Weigh the results: error > fail > pending > warn > pass; with `strict` a warning stops the merge, too.

    Where no gate has a single check, nothing was judged: that is an error, whatever the gates say.
    With a `level_cap` below `fail` whatever would stop the merge is told as a warning.
    """
    found = _weighed(results, strict=strict)
    if level_cap is Level.FAIL or found.passed:
        return found
    capped = tuple(_capped(result, level_cap) for result in results)
    words = f"Nothing is blocked (level-cap {level_cap}), but it would have ended in {found.status}: {found.summary}"
    return replace(found, status=Status.WARN, summary=words, gates=capped)


def _capped(result: GateResult, cap: Level) -> GateResult:
    level = max(cap, result.level, key=_LEVELS.index)
    if result.status is not Status.FAIL:
        return replace(result, level=level)
    return replace(result, level=level, status=Status(level), summary=f"would have failed: {result.summary}")


def _weighed(results: Sequence[GateResult], *, strict: bool) -> Verdict:
    found = {result.status for result in results}
    worst = next((status for status in _WORST_FIRST if status in found), Status.PASS)
    if worst in {Status.PASS, Status.WARN} and not any(map(_was_checked, results)):
        summary = "Nothing was checked: no gate found a run."
        return Verdict(Status.ERROR, summary, _first_advice(results), tuple(results))
    blocked = strict and worst is Status.WARN
    return Verdict(
        Status.FAIL if blocked else worst,
        _summary(results, worst) + (" (strict: a warning stops the merge)" if blocked else ""),
        "" if worst is Status.PASS else _first_advice(results),
        tuple(results),
    )


def _was_checked(result: GateResult) -> bool:
    return result.status is Status.WAIVED or (bool(result.checks) and result.status is not Status.SKIPPED)


def _summary(results: Sequence[GateResult], worst: Status) -> str:
    total = len(results)
    gates = f"{total} gate{'s' * (total != 1)}"
    aside = _aside(results)
    if worst is Status.PASS:
        passed = [_name(result) for result in results if result.status is Status.PASS]
        if len(passed) < total:
            return f"{len(passed)} of {gates} pass{'es' * (len(passed) == 1)}{aside}"
        return f"All {gates} pass" if total > 1 else f"The only gate passes: {passed[0]}"
    parts: list[str] = []
    for status in _WORST_FIRST:
        names = [_name(result) for result in results if result.status is status]
        if names:
            words = _SAYS[status][len(names) != 1]
            shown = ", ".join(names[:_NAMES_SHOWN]) + (
                f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
            )
            parts.append(f"{len(names)}{'' if parts else f' of {gates}'} {words}: {shown}")
    return "; ".join(parts) + aside


def _aside(results: Sequence[GateResult]) -> str:
    words = {Status.WAIVED: "waived", Status.SKIPPED: "skipped", Status.INFO: "missed at level info"}
    counts = ((sum(result.status is status for result in results), word) for status, word in words.items())
    told = ", ".join(f"{count} {word}" for count, word in counts if count)
    return f" ({told})" if told else ""


def _name(result: GateResult) -> str:
    return f"{result.name} [{result.group}]" if result.group else result.name


def _first_advice(results: Sequence[GateResult]) -> str:
    ranked = sorted(
        results, key=lambda result: _WORST_FIRST.index(result.status) if result.status in _WORST_FIRST else 9
    )
    return next((result.advice for result in ranked if result.advice), "")
