"""Both sides of a comparison: which runs of the baseline count, which belong together, and the number of each."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import Any

from swanlab_ci.gate.evaluate.checks import run_ref
from swanlab_ci.gate.evaluate.conditions_of_runs import ambiguous, distinct_values
from swanlab_ci.gate.evaluate.statistics import paired_error, standard_error
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Comparison
from swanlab_ci.gate.spec.readings import Reading, unfit
from swanlab_ci.gate.spec.values import identity, number_in, type_of
from swanlab_ci.judgement import Comparing, ComparisonResult, RunValue, Side
from swanlab_ci.model import Run, RunRef, Status, Truth

_GAPS = {
    Truth.MISSING: (Status.FAIL, Comparing.VALUE_MISSING),
    Truth.NOT_FINITE: (Status.FAIL, Comparing.VALUE_NOT_FINITE),
    Truth.PENDING: (Status.PENDING, Comparing.VALUE_PENDING),
    Truth.WRONG_TYPE: (Status.ERROR, Comparing.VALUE_NO_NUMBER),
    Truth.AMBIGUOUS: (Status.ERROR, Comparing.VALUE_AMBIGUOUS),
    Truth.NOT_FETCHED: (Status.ERROR, Comparing.VALUE_NOT_FETCHED),
}


class NotComparedError(Exception):
    """The comparison cannot be made: `found` says why, `details` are further fields of the result."""

    def __init__(self, status: Status, found: Comparing, **details: Any) -> None:
        self.status, self.found, self.details = status, found, details


def no_baseline(comparison: Comparison, **details: Any) -> NotComparedError:
    """Return what to raise where the baseline has too few runs, at the price that `on_missing` names."""
    status = {"skip": Status.SKIPPED, "warn": Status.WARN}.get(comparison.on_missing, Status.ERROR)
    return NotComparedError(status, Comparing.NO_BASELINE, **details)


def _numbers(field: Field, runs: Sequence[Run], now: datetime, *, in_baseline: bool = False) -> list[float]:
    values = []
    for run in runs:
        reading = field.read(run, now)
        gap = Truth.PENDING if not reading.settled else reading.gap or unfit(number_in(reading.value))
        if gap:
            status, found = _GAPS[gap]
            if in_baseline and status is Status.FAIL:  # no fault of the runs under test
                status = Status.ERROR
            raise NotComparedError(status, found, **_culprit(field, run, reading, gap), in_baseline=in_baseline)
        values.append(float(number_in(reading.value) or 0))
    return values


def _culprit(field: Field, run: Run, reading: Reading, gap: Truth) -> dict[str, Any]:
    return {
        "culprit": run_ref(run),
        "culprit_field": field.text,
        "nearest": field.nearest(run) if gap is Truth.MISSING else "",
        "spellings": reading.spellings,
    }


def read_sides(
    comparison: Comparison, blank: ComparisonResult, runs: Sequence[Run], base: Sequence[Run], now: datetime
) -> ComparisonResult:
    """Return `blank` with both sides, their difference, and the noise of it."""
    new_values = _numbers(comparison.field, runs, now)
    base, left_out = _sound(comparison.field, base, now)
    if len(base) < blank.min_runs:
        raise no_baseline(comparison, left_out=left_out)
    _must_be_alike(comparison, runs, base, now)  # pragma: no mutate - same as below
    unpaired: tuple[RunRef, ...] = ()
    if comparison.pair_by:
        base, unpaired = _partners(comparison.pair_by, runs, base, left_out, now)  # pragma: no mutate - same
    base_values = _numbers(comparison.field, base, now, in_baseline=True)
    if comparison.over_runs == "best" and len(runs) != len(base):
        raise NotComparedError(Status.ERROR, Comparing.UNEQUAL_COUNTS, counts=(len(runs), len(base)))
    middle, sign = _centre(comparison), 1 if comparison.higher_is_better else -1
    new, old = middle(new_values), middle(base_values)
    if comparison.pair_by:
        pairs = zip(new_values, base_values, strict=True)  # pragma: no mutate - each run has its partner
        differences = [sign * (old - new) for new, old in pairs]
        worse, error = middle(differences), paired_error(differences)
    else:
        worse, error = sign * (old - new), standard_error(new_values, base_values)
    noise = None if error is None else comparison.noise * error
    must_be_finite(new, old, worse, noise)
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
        for side in (runs, base):
            if unclear := ambiguous(field, side, now):  # pragma: no mutate - same as below
                reading = field.read(unclear, now)  # pragma: no mutate - same as below
                details = _culprit(field, unclear, reading, Truth.AMBIGUOUS)  # pragma: no mutate - no key is nearer
                raise NotComparedError(Status.ERROR, Comparing.VALUE_AMBIGUOUS, **details, in_baseline=side is base)
        ours = distinct_values(field, runs, now)  # pragma: no mutate - what is the same does not change with time
        theirs = distinct_values(field, base, now)  # pragma: no mutate - same
        if len(ours | theirs) > 1 or Truth.NOT_FETCHED in ours or Truth.MISSING in ours:
            raise NotComparedError(
                Status.ERROR,
                Comparing.DIFFERENT_CONDITIONS,
                culprit_field=field.text,
                new_values=tuple(ours.values()),
                base_values=tuple(theirs.values()),
            )


def _sound(field: Field, runs: Sequence[Run], now: datetime) -> tuple[list[Run], tuple[RunRef, ...]]:
    """Return the baseline runs to compare with, and those without a finite number.

    A broken baseline run is no fault of the runs under test, so the comparison is made without it. Fewer runs leave the
    noise less to explain: with one on each side there is none. They must not take the rule for outliers away: that rule
    counts the broken runs as well.
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


def must_be_finite(*amounts: float | None) -> None:
    """Raise `OverflowError`, as the standard library does, for what is beyond a float and has no order."""
    if not all(amount is None or isfinite(amount) for amount in amounts):
        raise OverflowError


def _centre(comparison: Comparison) -> Callable[[Sequence[float]], float]:
    if comparison.over_runs == "best":
        return max if comparison.higher_is_better else min
    return statistics.fmean if comparison.over_runs == "mean" else statistics.median


def _partners(
    by: Field, runs: Sequence[Run], base: Sequence[Run], left_out: tuple[RunRef, ...], now: datetime
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
            raise NotComparedError(Status.ERROR, Comparing.SAME_PARTNER, culprit_field=by.text, without_partner=pair)
    if lonely := [run for key, run in ours.items() if key not in known]:
        raise NotComparedError(
            Status.ERROR,
            Comparing.NO_PARTNER,
            culprit_field=by.text,
            without_partner=tuple(map(run_ref, lonely)),
            left_out=left_out,
        )
    return [known[key] for key in ours], tuple(run_ref(run) for key, run in known.items() if key not in ours)


def _key(by: Field, run: Run, now: datetime) -> tuple[str, str]:
    reading = by.read(run, now)  # pragma: no mutate - no time in it: what changes with time pairs no runs
    if reading.gap or type_of(reading.value) in {"list", "map"}:
        raise NotComparedError(
            Status.ERROR, Comparing.CANNOT_PAIR, **_culprit(by, run, reading, reading.gap or Truth.WRONG_TYPE)
        )
    return identity(reading.value)
