"""A field of the selected runs against a baseline: worse than allowed, and by more than the noise, is a miss.

Each run is also held against the baseline alone, as a run that diverged inflates the noise of its own side.
"""

import statistics
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from swanlab_ci.gate.evaluate.checks import curve_facts, run_ref
from swanlab_ci.gate.evaluate.selection import Selected
from swanlab_ci.gate.evaluate.sides import NotComparedError, must_be_finite, no_baseline, read_sides
from swanlab_ci.gate.evaluate.statistics import can_estimate, exceeds
from swanlab_ci.gate.evaluate.student import prediction_factor
from swanlab_ci.gate.spec.gates import Comparison
from swanlab_ci.judgement import Check, CheckKind, Comparing, ComparisonResult, Difference, FunnelStep, RunValue, Side
from swanlab_ci.model import STATUSES_WORST_FIRST, Outcome, Run, Status

_OUTCOMES = {
    Status.PASS: Outcome.OK,
    Status.SKIPPED: Outcome.OK,
    Status.ERROR: Outcome.ERROR,
    Status.PENDING: Outcome.PENDING,
}
_WITHIN_NOISE = {"warn": Status.WARN, "fail": Status.FAIL, "pass": Status.PASS}


def compare(
    comparison: Comparison,
    runs: Sequence[Run],
    base: Selected,
    *,
    considered: int,
    now: datetime,
    min_runs: int,
    rejected: tuple[tuple[FunnelStep, ...], ...] = (),
    project: str,
) -> Check:
    """Judge one comparison of `runs` with the baseline's runs, which were selected from `considered` of `project`.

    `costs` of the result is FAIL where it costs what the gate's level says.
    """
    blank = replace(_blank(comparison, min_runs), runs_considered=considered, rejected=rejected, project=project)
    try:
        sides = read_sides(comparison, blank, runs, _baseline(comparison, base, min_runs), now)
        result = _weighed(comparison, sides)
    except NotComparedError as stop:
        result = replace(blank, status=stop.status, costs=stop.status, found=stop.found, **stop.details)
    except OverflowError:
        result = blank
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
        curve=curve_facts(comparison.field, None),
    )


def _baseline(comparison: Comparison, base: Selected, min_runs: int) -> Sequence[Run]:
    if base.doubts:
        doubt = base.doubts[0]
        raise NotComparedError(
            Status.ERROR,
            Comparing.AMBIGUOUS_BASELINE,
            culprit=run_ref(doubt.run),
            culprit_field=doubt.clause.field,
            spellings=doubt.finding.reading.spellings,
        )
    if base.unplaced:
        raise NotComparedError(Status.ERROR, Comparing.BASELINE_UNPLACED, culprit=run_ref(base.unplaced[0]))
    if base.awaited:
        raise NotComparedError(Status.PENDING, Comparing.BASELINE_AWAITED, culprit=run_ref(base.awaited[0]))
    if len(base.runs) < min_runs:
        raise no_baseline(comparison, funnel=base.funnel)
    return base.runs


def _allowed(comparison: Comparison, base: float) -> float:
    if base == 0 and all(allowance.is_share for allowance in comparison.allowances):
        raise NotComparedError(Status.ERROR, Comparing.ZERO_BASELINE)
    return max(each.amount * abs(base) if each.is_share else each.amount for each in comparison.allowances)


def _weighed(comparison: Comparison, sides: ComparisonResult) -> ComparisonResult:
    """Return the result with what the difference amounts to, measured by what is allowed or required."""
    if sides.new is None or sides.base is None or sides.worse is None:  # pragma: no mutate - for the type checker
        raise AssertionError("both sides were read")  # pragma: no mutate - same
    allowed = _allowed(comparison, sides.base.centre)
    must_be_finite(allowed)
    scale = max(abs(sides.new.centre), abs(sides.base.centre))
    selected = len(sides.base.runs) + len(sides.left_out)
    found, status = _found(comparison, sides.worse, allowed, sides.noise, scale)
    lost = sides.noise is None and not sides.pairs and can_estimate(len(sides.new.runs), selected)
    if lost and found is Comparing.BETTER:  # without the broken runs nothing shows that it is more than noise
        found, status = Comparing.BETTER_WITHIN_NOISE, _WITHIN_NOISE[comparison.if_within_noise]
    limit, outliers = _outliers(comparison, sides.new, sides.base, allowed=allowed, selected=selected)
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
    comparison: Comparison, new: Side, base: Side, *, allowed: float, selected: int
) -> tuple[float | None, tuple[RunValue, ...]]:
    """Return the value beyond which a run is an outlier, and the runs that are.

    An outlier is worse than the baseline's mean by more than the allowance and by more than one further run of an
    unchanged model would be in 98 of 100 cases. A baseline that does not vary, or of which a single run is left, leaves
    the allowance alone to decide. A baseline of fewer than three runs says nothing of single runs; but its broken runs
    count towards the three (`selected`), so that none of them makes the gate milder. Of the best of many runs the
    others do not count.
    """
    values = [float(each.value) for each in base.runs]
    if selected < _FEWEST_FOR_OUTLIERS or comparison.over_runs == "best":
        return None, ()
    mean, sign = statistics.fmean(values), 1 if comparison.higher_is_better else -1
    allowance = 0.0 if comparison.required else allowed
    spread = base.spread or 0.0
    bound = spread * prediction_factor(len(new.runs), len(values), _OUTLIER_ERROR_RATE) if spread else 0.0
    distance = max(allowance, bound)
    must_be_finite(distance)
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
