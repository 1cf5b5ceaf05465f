"""A field of the selected runs against a baseline: worse than allowed, and by more than the noise, is a miss.

Each run is also held against the baseline alone, as a run that diverged inflates the noise of its own side.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import Any

from swanlab_ci.gate.evaluate.checks import run_ref
from swanlab_ci.gate.evaluate.conditions_of_runs import distinct_values
from swanlab_ci.gate.evaluate.selection import Selected
from swanlab_ci.gate.evaluate.statistics import exceeds, paired_error, standard_error
from swanlab_ci.gate.evaluate.student import prediction_factor
from swanlab_ci.gate.spec.fields import Field, Reading, unfit
from swanlab_ci.gate.spec.gates import Comparison
from swanlab_ci.gate.spec.values import identity, number_in, type_of
from swanlab_ci.judgement import Check, CheckKind, Comparing, ComparisonResult, Difference, FunnelStep, RunValue, Side
from swanlab_ci.model import STATUSES_WORST_FIRST, Outcome, Run, RunRef, Status, Truth

_GAPS = {
    Truth.MISSING: (Status.FAIL, Comparing.VALUE_MISSING),
    Truth.NOT_FINITE: (Status.FAIL, Comparing.VALUE_NOT_FINITE),
    Truth.PENDING: (Status.PENDING, Comparing.VALUE_PENDING),
    Truth.WRONG_TYPE: (Status.ERROR, Comparing.VALUE_NO_NUMBER),
    Truth.AMBIGUOUS: (Status.ERROR, Comparing.VALUE_AMBIGUOUS),
    Truth.NOT_FETCHED: (Status.ERROR, Comparing.VALUE_NOT_FETCHED),
}
_OUTCOMES = {
    Status.PASS: Outcome.OK,
    Status.SKIPPED: Outcome.OK,
    Status.ERROR: Outcome.ERROR,
    Status.PENDING: Outcome.PENDING,
}
_WITHIN_NOISE = {"warn": Status.WARN, "fail": Status.FAIL, "pass": Status.PASS}


class _NotComparedError(Exception):
    """The comparison cannot be made: `found` says why, `details` are further fields of the result."""

    def __init__(self, status: Status, found: Comparing, **details: Any) -> None:
        self.status, self.found, self.details = status, found, details


def compare(
    comparison: Comparison,
    runs: Sequence[Run],
    base: Selected,
    *,
    considered: int,
    now: datetime,
    min_runs: int = 1,
    rejected: tuple[tuple[FunnelStep, ...], ...] = (),
) -> Check:
    """Judge one comparison of `runs` with the baseline's runs, which were selected from `considered`.

    `costs` of the result is FAIL where it costs what the gate's level says.
    """
    blank = replace(_blank(comparison, min_runs), runs_considered=considered, rejected=rejected)
    try:
        sides = _sides(comparison, blank, runs, _baseline(comparison, base, min_runs), now)
        result = _weighed(comparison, sides)
    except _NotComparedError as stop:
        result = replace(blank, status=stop.status, costs=stop.status, found=stop.found, **stop.details)
    except OverflowError:
        result = replace(blank, status=Status.ERROR, costs=Status.ERROR, found=Comparing.TOO_LARGE)
    missing = result.found is Comparing.VALUE_MISSING and result.costs is Status.FAIL
    if missing or (result.found is Comparing.NO_BASELINE and result.costs is Status.WARN):
        outcome = Outcome.MISSING
    else:
        outcome = _OUTCOMES.get(result.costs, Outcome.VIOLATED)
    return Check(
        kind=CheckKind.COMPARISON,
        field=comparison.field.text,
        outcome=outcome,
        file=comparison.to_place.source.name,
        line=comparison.to_place.line,
        comparison=result,
    )


def _blank(comparison: Comparison, min_runs: int) -> ComparisonResult:
    return ComparisonResult(
        field=comparison.field.text,
        unit="s" if comparison.field.kind == "time" else "",
        to=comparison.to,
        higher_is_better=comparison.higher_is_better,
        over_runs=comparison.over_runs,
        required=comparison.required,
        written=tuple(Difference(each.amount, each.is_share) for each in comparison.allowances),
        found=Comparing.TOO_LARGE,
        status=Status.ERROR,
        costs=Status.ERROR,
        factor=comparison.noise,
        pair_by=comparison.pair_by.text if comparison.pair_by else "",
        min_runs=min_runs,
    )


def _baseline(comparison: Comparison, base: Selected, min_runs: int) -> Sequence[Run]:
    if base.doubts:
        doubt = base.doubts[0]
        raise _NotComparedError(
            Status.ERROR,
            Comparing.AMBIGUOUS_BASELINE,
            culprit=run_ref(doubt.run),
            culprit_field=doubt.clause.field,
            spellings=doubt.finding.reading.spellings,
        )
    if base.unplaced:
        raise _NotComparedError(Status.ERROR, Comparing.BASELINE_UNPLACED, culprit=run_ref(base.unplaced[0]))
    if base.awaited:
        raise _NotComparedError(Status.PENDING, Comparing.BASELINE_AWAITED, culprit=run_ref(base.awaited[0]))
    if len(base.runs) < min_runs:
        raise _no_baseline(comparison, funnel=base.funnel)
    return base.runs


def _no_baseline(comparison: Comparison, **details: Any) -> _NotComparedError:
    status = {"skip": Status.SKIPPED, "warn": Status.WARN}.get(comparison.on_missing, Status.ERROR)
    return _NotComparedError(status, Comparing.NO_BASELINE, **details)


def _numbers(field: Field, runs: Sequence[Run], now: datetime, *, in_baseline: bool = False) -> list[float]:
    values = []
    for run in runs:
        reading = field.read(run, now)
        gap = Truth.PENDING if not reading.settled else reading.gap or unfit(number_in(reading.value))
        if gap:
            status, found = _GAPS[gap]
            if in_baseline and status is Status.FAIL:  # no fault of the runs under test
                status = Status.ERROR
            raise _NotComparedError(status, found, **_culprit(field, run, reading, gap), in_baseline=in_baseline)
        values.append(float(number_in(reading.value) or 0))
    return values


def _culprit(field: Field, run: Run, reading: Reading, gap: Truth) -> dict[str, Any]:
    return {
        "culprit": run_ref(run),
        "culprit_field": field.text,
        "nearest": field.nearest(run) if gap is Truth.MISSING else "",
        "spellings": reading.spellings,
    }


def _sides(
    comparison: Comparison, blank: ComparisonResult, runs: Sequence[Run], base: Sequence[Run], now: datetime
) -> ComparisonResult:
    """Return `blank` with both sides, their difference, and the noise of it."""
    new_values = _numbers(comparison.field, runs, now)
    base, left_out = _sound(comparison.field, base, now)
    if len(base) < blank.min_runs:
        raise _no_baseline(comparison, left_out=left_out)
    _must_be_alike(comparison, runs, base, now)
    unpaired: tuple[RunRef, ...] = ()
    if comparison.pair_by:
        base, unpaired = _partners(comparison.pair_by, runs, base, now)  # pragma: no mutate - no time in it
    base_values = _numbers(comparison.field, base, now, in_baseline=True)
    if comparison.over_runs == "best" and len(runs) != len(base):
        raise _NotComparedError(Status.ERROR, Comparing.UNEQUAL_COUNTS, counts=(len(runs), len(base)))
    middle, sign = _centre(comparison), 1 if comparison.higher_is_better else -1
    new, old = middle(new_values), middle(base_values)
    if comparison.pair_by:
        pairs = zip(new_values, base_values, strict=True)  # pragma: no mutate - each run has its partner
        differences = [sign * (old - new) for new, old in pairs]
        worse, error = middle(differences), paired_error(differences)
    else:
        worse, error = sign * (old - new), standard_error(new_values, base_values)
    noise = None if error is None else comparison.noise * error
    _must_be_finite(new, old, worse, noise)
    return replace(
        blank,
        new=_side(new, new_values, runs),
        base=_side(old, base_values, base),
        pairs=len(runs) if comparison.pair_by else 0,
        delta=new - old,
        worse=worse,
        relative=(new - old) / abs(old) if old else None,
        noise=noise,
        counts=(len(runs), len(base)),
        left_out=left_out,
        unpaired=unpaired,
    )


def _must_be_alike(comparison: Comparison, runs: Sequence[Run], base: Sequence[Run], now: datetime) -> None:
    for field in comparison.same:
        ours, theirs = distinct_values(field, runs, now), distinct_values(field, base, now)
        if len(ours | theirs) > 1 or Truth.NOT_FETCHED in ours or Truth.MISSING in ours:
            raise _NotComparedError(
                Status.ERROR,
                Comparing.DIFFERENT_CONDITIONS,
                culprit_field=field.text,
                new_values=tuple(ours.values()),
                base_values=tuple(theirs.values()),
            )


def _sound(field: Field, runs: Sequence[Run], now: datetime) -> tuple[list[Run], tuple[RunRef, ...]]:
    """Return the baseline runs to compare with, and those without a finite number.

    A broken baseline run is no fault of the runs under test. Without it the baseline has fewer runs, so the comparison
    can only become stricter.
    """
    sound: list[Run] = []
    left_out: list[Run] = []
    for run in runs:
        reading = field.read(run, now)
        broken = reading.settled and reading.gap in {Truth.MISSING, Truth.NOT_FINITE}
        (left_out if broken else sound).append(run)
    return sound, tuple(map(run_ref, left_out))


def _side(centre: float, values: Sequence[float], runs: Sequence[Run]) -> Side:
    pairs = zip(runs, values, strict=True)  # pragma: no mutate - each run has its value
    found = tuple(RunValue(run_ref(run), value) for run, value in pairs)
    return Side(centre=centre, spread=statistics.stdev(values) if len(values) > 1 else None, runs=found)


def _must_be_finite(*amounts: float | None) -> None:
    """Raise `OverflowError`, as the standard library does, for what is beyond a float and has no order."""
    if not all(amount is None or isfinite(amount) for amount in amounts):
        raise OverflowError


def _centre(comparison: Comparison) -> Callable[[Sequence[float]], float]:
    if comparison.over_runs == "best":
        return max if comparison.higher_is_better else min
    return statistics.fmean if comparison.over_runs == "mean" else statistics.median


def _partners(
    by: Field, runs: Sequence[Run], base: Sequence[Run], now: datetime
) -> tuple[list[Run], tuple[RunRef, ...]]:
    """Return for each run the newest of the baseline with the same value of `by`, and those without a run here."""
    known: dict[tuple[str, str], Run] = {}
    for run in base:
        known.setdefault(_key(by, run, now), run)  # pragma: no mutate - no time in it
    ours: dict[tuple[str, str], Run] = {}
    for run in runs:
        first = ours.setdefault(_key(by, run, now), run)  # pragma: no mutate - no time in it
        if first is not run:  # two runs with one partner are not two independent pairs
            pair = (run_ref(first), run_ref(run))
            raise _NotComparedError(Status.ERROR, Comparing.SAME_PARTNER, culprit_field=by.text, without_partner=pair)
    if lonely := [run for key, run in ours.items() if key not in known]:
        raise _NotComparedError(
            Status.ERROR, Comparing.NO_PARTNER, culprit_field=by.text, without_partner=tuple(map(run_ref, lonely))
        )
    return [known[key] for key in ours], tuple(run_ref(run) for key, run in known.items() if key not in ours)


def _key(by: Field, run: Run, now: datetime) -> tuple[str, str]:
    reading = by.read(run, now)  # pragma: no mutate - no time in it: what changes with time pairs no runs
    if reading.gap or type_of(reading.value) in {"list", "map"}:
        raise _NotComparedError(
            Status.ERROR, Comparing.CANNOT_PAIR, **_culprit(by, run, reading, reading.gap or Truth.WRONG_TYPE)
        )
    return identity(reading.value)


def _allowed(comparison: Comparison, base: float) -> float:
    if base == 0 and all(allowance.is_share for allowance in comparison.allowances):
        raise _NotComparedError(Status.ERROR, Comparing.ZERO_BASELINE)
    return max(each.amount * abs(base) if each.is_share else each.amount for each in comparison.allowances)


def _weighed(comparison: Comparison, sides: ComparisonResult) -> ComparisonResult:
    """Return the result with what the difference amounts to, measured by what is allowed or required."""
    if sides.new is None or sides.base is None or sides.worse is None:
        raise AssertionError("both sides were read")
    allowed = _allowed(comparison, sides.base.centre)
    _must_be_finite(allowed)
    scale = max(abs(sides.new.centre), abs(sides.base.centre))
    found, status = _found(comparison, sides.worse, allowed, sides.noise, scale)
    limit, outliers = _outliers(comparison, sides.new, sides.base, allowed)
    costs = [status]
    if outliers:
        costs.append(_COSTS[comparison.outliers])
    if sides.unpaired:
        costs.append(_COSTS[comparison.unpaired])
    return replace(
        sides,
        allowed=allowed,
        found=found,
        status=status,
        outliers=outliers,
        outlier_limit=limit,
        costs=min(costs, key=STATUSES_WORST_FIRST.index),
    )


_COSTS = {"fail": Status.FAIL, "warn": Status.WARN, "ignore": Status.PASS}
_OUTLIER_ERROR_RATE = 0.02
_FEWEST_FOR_OUTLIERS = 3


def _outliers(
    comparison: Comparison, new: Side, base: Side, allowed: float
) -> tuple[float | None, tuple[RunValue, ...]]:
    """Return the value beyond which a run is an outlier, and the runs that are.

    An outlier is worse than the baseline's mean by more than the allowance and by more than one further run of an
    unchanged model would be in 98 of 100 cases. A baseline that does not vary leaves the allowance alone to decide;
    fewer than three runs say nothing, and of the best of many runs the others do not count.
    """
    values = [float(each.value) for each in base.runs]
    if len(values) < _FEWEST_FOR_OUTLIERS or base.spread is None or comparison.over_runs == "best":
        return None, ()
    mean, sign = statistics.fmean(values), 1 if comparison.higher_is_better else -1
    allowance = 0.0 if comparison.required else allowed
    bound = base.spread * prediction_factor(len(new.runs), len(values), _OUTLIER_ERROR_RATE)
    distance = max(allowance, bound)
    _must_be_finite(mean, distance)
    limit = mean - sign * distance
    outliers = tuple(
        each for each in new.runs if exceeds(sign * (mean - each.value), distance, max(abs(mean), abs(each.value)))
    )
    return limit, outliers


def _found(
    comparison: Comparison, worse: float, allowed: float, noise: float | None, scale: float
) -> tuple[Comparing, Status]:
    within = _WITHIN_NOISE[comparison.if_within_noise]
    if comparison.required:
        if exceeds(allowed, -worse, scale):
            return Comparing.NOT_BETTER, Status.FAIL
        drowned = noise is not None and noise > 0 and not exceeds(-worse, noise, scale)
        return (Comparing.BETTER_WITHIN_NOISE, within) if drowned else (Comparing.BETTER, Status.PASS)
    if not exceeds(worse, allowed, scale):
        return (Comparing.NOT_WORSE if worse <= 0 else Comparing.WITHIN_ALLOWANCE), Status.PASS
    if noise is not None and not exceeds(worse, noise, scale):
        return Comparing.WITHIN_NOISE, within
    return Comparing.WORSE, Status.FAIL
