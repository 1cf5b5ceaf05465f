"""The results of all gates become one verdict: the worst of them, and never a pass without a check."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from swanlab_ci.model import STATUSES_WORST_FIRST, GateResult, Level, Status, Verdict

_WEIGHTY = frozenset({Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN})
_SAYS = {
    Status.ERROR: ("cannot be judged", "cannot be judged"),
    Status.FAIL: ("fails", "fail"),
    Status.PENDING: ("is pending", "are pending"),
    Status.WARN: ("warns", "warn"),
    Status.INFO: ("misses at level info", "miss at level info"),
    Status.WAIVED: ("is waived", "are waived"),
    Status.SKIPPED: ("is skipped", "are skipped"),
    Status.PASS: ("passes", "pass"),
}
_NAMES_SHOWN = 5
_LEVELS = tuple(Level)


def verdict(results: Sequence[GateResult], *, strict: bool = False, level_cap: Level = Level.FAIL) -> Verdict:
    """Weigh the results: error > fail > pending > warn > pass; with `strict` a warning stops the merge, too.

    Where no gate has a single check, nothing was judged: that is an error, whatever the gates say.
    A `level_cap` below `fail` is shadow mode: no miss costs more than the cap, and a verdict that would still stop the
    merge, or would have without the cap, is a warning that says so.
    """
    found = _weighed(results, strict=strict)
    if level_cap is Level.FAIL:
        return found
    capped = _weighed([_capped(result, level_cap) for result in results])
    if found.passed:
        return capped
    words = f"Shadow mode, would have ended in {found.status}"
    headline, summary = f"{words}: {found.headline}", f"{words}: {found.summary}"
    return replace(found, status=Status.WARN, headline=headline, summary=summary, gates=capped.gates)


def _capped(result: GateResult, cap: Level) -> GateResult:
    """Lower a miss to the cap; what cannot be judged, or not yet, is no miss and stays what it is."""
    result = replace(result, level=_lower(result.level, cap))
    words = {Status.FAIL: "would have failed", Status.WARN: "would have warned"}.get(result.status)
    status = Status(_lower(Level(result.status), cap)) if words else result.status
    return result if status is result.status else replace(result, status=status, summary=f"{words}: {result.summary}")


def _lower(level: Level, cap: Level) -> Level:
    return max(level, cap, key=_LEVELS.index)


def _weighed(results: Sequence[GateResult], *, strict: bool = False) -> Verdict:
    found = {result.status for result in results}
    worst = next((status for status in STATUSES_WORST_FIRST if status in found & _WEIGHTY), Status.PASS)
    if worst in {Status.PASS, Status.WARN} and not any(map(_was_checked, results)):
        headline = "Nothing was checked: no gate found a run"
        return Verdict(Status.ERROR, f"{headline}.", _first_advice(results), tuple(results), headline)
    blocked = strict and worst is Status.WARN
    strictly = ", and strict makes that a fail" if blocked else ""
    return Verdict(
        Status.FAIL if blocked else worst,
        _sentence(results, "; ", names=True) + strictly,
        "" if worst is Status.PASS else _first_advice(results),
        tuple(results),
        counted(results) + strictly,
    )


def _was_checked(result: GateResult) -> bool:
    return result.status is Status.WAIVED or (bool(result.checks) and result.status is not Status.SKIPPED)


def counted(results: Sequence[GateResult]) -> str:
    """Count the gates of each status in a sentence that names none, such as `2 of 7 gates fail, 1 is waived`."""
    return _sentence(results, ", ")


def _sentence(results: Sequence[GateResult], joint: str, *, names: bool = False) -> str:
    text = joint.join(_parts(results, names=names))
    found = {result.status for result in results}
    if not found & _WEIGHTY and found != {Status.PASS}:
        return f"No gate fails: {text}"
    return text[:1].upper() + text[1:]


def _parts(results: Sequence[GateResult], *, names: bool) -> Iterator[str]:
    """Yield a part of the sentence for each status, the worst first; what passes is told only beside no trouble."""
    by_status = {status: [each for each in results if each.status is status] for status in STATUSES_WORST_FIRST}
    if any(by_status[status] for status in _WEIGHTY):
        del by_status[Status.PASS]
    of_how_many = len(results)
    for status, found in by_status.items():
        if found:
            named = _names(found) if names and status is not Status.PASS else ""
            yield _count(status, len(found), of_how_many) + named
            of_how_many = 0  # pragma: no mutate - None would do as well


def _count(status: Status, count: int, of_how_many: int) -> str:
    """Say how many gates; only the first part of a sentence has an `of_how_many`."""
    says = _SAYS[status][count > 1]
    if count == of_how_many:
        return f"the only gate {says}" if count == 1 else f"all {count} gates {says}"
    return f"{count} of {of_how_many} gates {says}" if of_how_many else f"{count} {says}"


def _names(results: Sequence[GateResult]) -> str:
    shown = [f"{result.name} [{result.group}]" if result.group else result.name for result in results[:_NAMES_SHOWN]]
    more = f" and {len(results) - _NAMES_SHOWN} more" if len(results) > _NAMES_SHOWN else ""
    return f": {', '.join(shown)}{more}"


def _first_advice(results: Sequence[GateResult]) -> str:
    ranked = sorted(results, key=lambda result: STATUSES_WORST_FIRST.index(result.status))
    return next((result.advice for result in ranked if result.advice), "")
