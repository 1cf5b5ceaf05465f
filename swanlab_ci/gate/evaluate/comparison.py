"""A field of the selected runs against a baseline: worse than allowed, and by more than the noise, is a miss."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import NamedTuple

from swanlab_ci.gate.evaluate.selection import Selected, funnel_text
from swanlab_ci.gate.evaluate.statistics import exceeds, paired_error, standard_error
from swanlab_ci.gate.spec.fields import Field, unfit
from swanlab_ci.gate.spec.gates import Comparison
from swanlab_ci.gate.spec.logic import Truth
from swanlab_ci.gate.spec.values import identity, number_in, number_text, seconds_text, type_of
from swanlab_ci.model import Check, Outcome, Run, Status

_GAPS = {
    Truth.MISSING: (Status.FAIL, Outcome.MISSING, "is missing"),
    Truth.NOT_FINITE: (Status.FAIL, Outcome.VIOLATED, "is no finite number"),
    Truth.PENDING: (Status.PENDING, Outcome.PENDING, "can still change"),
    Truth.WRONG_TYPE: (Status.ERROR, Outcome.ERROR, "is no number"),
    Truth.AMBIGUOUS: (Status.ERROR, Outcome.ERROR, "can be read in more than one way"),
    Truth.NOT_FETCHED: (Status.ERROR, Outcome.ERROR, "was not fetched"),
}
_OUTCOMES = {Status.PASS: Outcome.OK, Status.ERROR: Outcome.ERROR, Status.SKIPPED: Outcome.OK}


class _Stop(Exception):
    """The comparison cannot be made; says what it comes to instead."""

    def __init__(self, status: Status, outcome: Outcome, message: str, advice: str = "") -> None:
        self.status, self.outcome, self.message, self.advice = status, outcome, message, advice


@dataclass(frozen=True, slots=True)
class _Sides:
    """The two sides as numbers, `worse` by how much, and the standard error of that (None: no estimate)."""

    new: float
    base: float
    worse: float
    error: float | None
    runs: str


class Compared(NamedTuple):
    """The check for the report, what it comes to (FAIL stands for the gate's own level), and what to do next."""

    check: Check
    status: Status
    advice: str = ""


def compare(comparison: Comparison, runs: Sequence[Run], base: Selected, *, considered: int, now: datetime) -> Compared:
    """Judge one comparison of `runs` with the baseline's runs, which were selected from `considered`."""
    try:
        sides = _sides(comparison, runs, _baseline(comparison, base, considered), now)
        allowed = _allowed(comparison, sides.base)
        noise = None if sides.error is None else comparison.noise * sides.error
        _must_be_finite(sides.new, sides.base, sides.worse, allowed, noise)
    except _Stop as stop:
        return Compared(_check(comparison, stop.outcome, stop.message), stop.status, stop.advice)
    except OverflowError:
        message = f"{comparison.field.text} is too large to compare"
        return Compared(_check(comparison, Outcome.ERROR, message), Status.ERROR)
    status, words = _weigh(comparison, sides, allowed, noise)
    check = _check(comparison, _OUTCOMES.get(status, Outcome.VIOLATED), _told(comparison, sides, noise, words), sides)
    at = f"{comparison.to_place.source.name}:{comparison.to_place.line}"
    if check.note:
        return Compared(check, status, f"Run more seeds: {sides.runs} cannot settle it.")
    return Compared(check, status, f"Find out what changed {check.field}; if the change is meant, allow it at {at}.")


def _must_be_finite(*amounts: float | None) -> None:
    """Raise `OverflowError`, as the standard library does, for what went beyond a float: no order tells it apart."""
    if not all(amount is None or isfinite(amount) for amount in amounts):
        raise OverflowError


def _baseline(comparison: Comparison, base: Selected, considered: int) -> Sequence[Run]:
    if base.doubts:
        doubt = base.doubts[0]
        message = f"{doubt.clause.field} of {doubt.run.name} cannot be told, so the baseline {comparison.to} cannot"
        raise _Stop(Status.ERROR, Outcome.ERROR, message)
    if not base.runs:
        status = {"skip": Status.SKIPPED, "warn": Status.WARN}.get(comparison.on_missing, Status.ERROR)
        message = f"the baseline {comparison.to} has no runs: {funnel_text(considered, base.funnel)}"
        advice = f"Train runs for the baseline {comparison.to} first; `on_missing: warn` lets it be empty until then."
        raise _Stop(status, Outcome.MISSING if status is Status.WARN else _OUTCOMES[status], message, advice)
    return base.runs


def _numbers(field: Field, runs: Sequence[Run], now: datetime, baseline: str = "") -> list[float]:
    values = []
    for run in runs:
        reading = field.read(run, now)
        gap = Truth.PENDING if not reading.settled else reading.gap or unfit(number_in(reading.value))
        if gap:
            status, outcome, words = _GAPS[gap]
            where = run.name + (f" of the baseline {baseline}" if baseline else "")
            where += field.nearest(run) if gap is Truth.MISSING else reading.hint and f": {reading.hint}"
            if baseline and status is Status.FAIL:  # no fault of the runs under test
                status, outcome = Status.ERROR, Outcome.ERROR
            raise _Stop(status, outcome, f"{field.text} {words} in {where}")
        values.append(float(number_in(reading.value) or 0))
    return values


def _sides(comparison: Comparison, runs: Sequence[Run], base: Sequence[Run], now: datetime) -> _Sides:
    new_values = _numbers(comparison.field, runs, now)
    if comparison.pair_by:
        base = _partners(comparison, comparison.pair_by, runs, base, now)  # pragma: no mutate - no time in it
    base_values = _numbers(comparison.field, base, now, comparison.to)
    sign = 1 if comparison.higher_is_better else -1
    if comparison.pair_by:
        pairs = zip(new_values, base_values, strict=True)  # pragma: no mutate - each run has its partner
        differences = [sign * (old - new) for new, old in pairs]
        middle = _centre(comparison)
        told = f"{len(runs)} pairs of runs"
        return _Sides(middle(new_values), middle(base_values), middle(differences), paired_error(differences), told)
    if comparison.over_runs == "best" and len(runs) != len(base):
        counts = f"{len(runs)} vs {len(base)} runs"
        message = f"the best of more runs is better by chance, so `best` takes equal counts; there are {counts}"
        raise _Stop(Status.ERROR, Outcome.ERROR, message)
    new, old = _centre(comparison)(new_values), _centre(comparison)(base_values)
    told = f"{len(runs)} vs {len(base)} runs"
    return _Sides(new, old, sign * (old - new), standard_error(new_values, base_values), told)


def _centre(comparison: Comparison) -> Callable[[Sequence[float]], float]:
    if comparison.over_runs == "best":
        return max if comparison.higher_is_better else min
    return statistics.fmean if comparison.over_runs == "mean" else statistics.median


def _partners(comparison: Comparison, by: Field, runs: Sequence[Run], base: Sequence[Run], now: datetime) -> list[Run]:
    """Return for each run the newest of the baseline with the same value of `by`."""
    known: dict[tuple[str, str], Run] = {}
    for run in base:
        known.setdefault(_key(by, run, now), run)  # pragma: no mutate - no time in it
    lonely = [run.name for run in runs if _key(by, run, now) not in known]  # pragma: no mutate - no time in it
    if lonely:
        message = f"no run of the baseline {comparison.to} has the {by.text} of {', '.join(lonely[:3])}"
        raise _Stop(Status.ERROR, Outcome.ERROR, message + (f" and {len(lonely) - 3} more" if len(lonely) > 3 else ""))  # noqa: PLR2004 - as many as are named
    return [known[_key(by, run, now)] for run in runs]  # pragma: no mutate - no time in it


def _key(by: Field, run: Run, now: datetime) -> tuple[str, str]:
    reading = by.read(run, now)  # pragma: no mutate - no time in it: what changes with time pairs no runs
    if reading.gap:
        _, _, words = _GAPS[reading.gap]
        raise _Stop(Status.ERROR, Outcome.ERROR, f"{by.text} {words} in {run.name}, so it cannot be paired")
    if type_of(reading.value) in {"list", "map"}:
        message = f"{by.text} is a {type_of(reading.value)} in {run.name}, so it cannot be paired"
        raise _Stop(Status.ERROR, Outcome.ERROR, message)
    return identity(reading.value)


def _allowed(comparison: Comparison, base: float) -> float:
    if base == 0 and all(allowance.is_share for allowance in comparison.allowances):
        message = f"{comparison.field.text} is 0 in the baseline {comparison.to}, and a percentage of 0 says nothing"
        raise _Stop(Status.ERROR, Outcome.ERROR, message)
    return max(each.amount * abs(base) if each.is_share else each.amount for each in comparison.allowances)


def _weigh(comparison: Comparison, sides: _Sides, allowed: float, noise: float | None) -> tuple[Status, str]:
    """Tell what the difference comes to, and in words how it stands to what is allowed or required."""
    scale = max(abs(sides.new), abs(sides.base))
    within = {"warn": Status.WARN, "fail": Status.FAIL, "pass": Status.PASS}[comparison.if_within_noise]
    amount = _amount(comparison, allowed)
    if comparison.required:
        better = -sides.worse
        if exceeds(allowed, better, scale):
            return Status.FAIL, f"not better by the required {amount}"
        drowned = noise is not None and noise > 0 and not exceeds(better, noise, scale)
        words = f"better by the required {amount}"
        return (within, f"{words}, but within noise") if drowned else (Status.PASS, words)
    if not exceeds(sides.worse, allowed, scale):
        return Status.PASS, "no worse" if sides.worse <= 0 else f"within the allowed {amount}"
    if noise is not None and not exceeds(sides.worse, noise, scale):
        return within, f"worse than the allowed {amount}, but within noise"
    return Status.FAIL, f"worse than the allowed {amount}"


def _told(comparison: Comparison, sides: _Sides, noise: float | None, words: str) -> str:
    name = comparison.field.text if sides.runs == "1 vs 1 runs" else f"{comparison.over_runs} {comparison.field.text}"
    change = sides.new - sides.base
    share = f"{change / abs(sides.base):+.2%}" if sides.base else f"{change:+.3g}"
    error = (
        f"no noise estimate from {sides.runs}"
        if noise is None
        else f"noise ±{_amount(comparison, noise)} from {sides.runs}"
    )
    new, base = _value(comparison, sides.new, sides.base), _value(comparison, sides.base, sides.new)
    return f"{name} {new} vs {comparison.to} {base} ({share}): {words}; {error}"


def _value(comparison: Comparison, value: float, other: float) -> str:
    return seconds_text(value, other) if comparison.field.kind == "time" else number_text(value, other)


def _amount(comparison: Comparison, amount: float) -> str:
    return seconds_text(amount) if comparison.field.kind == "time" else f"{amount:.3g}"


def _check(comparison: Comparison, outcome: Outcome, message: str, sides: _Sides | None = None) -> Check:
    verb = "better by" if comparison.required else "no worse by more than"
    amounts = " or ".join(
        f"{each.amount * 100:g}%" if each.is_share else f"{each.amount:g}" for each in comparison.allowances
    )
    return Check(
        run=None,
        field=comparison.field.text,
        expected=f"{verb} {amounts} than {comparison.to}",
        actual=_value(comparison, sides.new, sides.base) if sides else "not compared",
        outcome=outcome,
        message=message,
        note="within noise" if "within noise" in message else "",
    )
