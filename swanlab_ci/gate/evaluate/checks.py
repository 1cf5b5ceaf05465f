"""From the finding of a condition to a check: what was asked, what is there, and what decided."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from swanlab_ci.gate.spec.aggregates import Aggregate
from swanlab_ci.gate.spec.conditions import Condition, FieldCondition, Finding, subjects_in
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Clause
from swanlab_ci.gate.spec.logic import OUTCOMES
from swanlab_ci.gate.spec.operators import OPERATORS
from swanlab_ci.gate.spec.values import number_in
from swanlab_ci.judgement import Check, CheckKind, CurveFacts, Expectation, Reason, RunValue
from swanlab_ci.model import Outcome, Run, RunRef, Truth

_ORDERING = frozenset(each.name for each in OPERATORS.values() if each.needs == "number")


def run_ref(run: Run) -> RunRef:
    """Return the run as a report names it."""
    return RunRef(run.id, run.name, run.url, run.state)


def check_of(
    clause: Clause,
    expected: Expectation,
    finding: Finding,
    run: Run | None,
    *,
    kind: CheckKind = CheckKind.RUN,
    ref: RunRef | None = None,
) -> Check:
    """Return the check of `clause` on one run, or on all selected runs together (`run` is None).

    `ref` is the run as the caller already names it, so that a hundred thousand checks share a few names.
    """
    missing = finding.answer is Truth.FAILS and finding.reading.gap is Truth.MISSING
    return Check(
        kind=kind,
        field=clause.field,
        outcome=Outcome.MISSING if missing else OUTCOMES[finding.answer],
        run=ref or (run_ref(run) if run else None),
        file=clause.place.source.name,
        line=clause.place.line,
        expected=expected,
        reason=_reason(finding, run, Truth.MISSING if missing else finding.answer),
    )


@lru_cache(maxsize=4096)
def _expectation(part: Condition) -> Expectation:
    """Return what `part` asks; one value for all the checks that it decides."""
    return part.expectation()


def aggregate_values(clause: Clause, runs: Sequence[Run], now: datetime) -> tuple[tuple[RunValue, ...], RunRef | None]:
    """Return what each run adds to the aggregate of `clause`, and the run that has the extreme of a `min` or `max`."""
    aggregate = next(each for each in subjects_in(clause.condition) if isinstance(each, Aggregate))
    if aggregate.field is None:
        return (), None
    values = tuple(RunValue(run_ref(run), aggregate.field.read(run, now).value) for run in runs)
    numbers = {each.run: number for each in values if (number := number_in(each.value)) is not None}
    if aggregate.function not in {"min", "max"} or not numbers:
        return values, None
    pick = min if aggregate.function == "min" else max
    return values, pick(numbers, key=numbers.__getitem__)


def _reason(finding: Finding, run: Run | None, truth: Truth) -> Reason:
    reading, subject = finding.reading, finding.subject
    if truth is Truth.HOLDS and not reading.gap:  # the usual case, a hundred thousand times
        return Reason(
            truth=truth,
            subject=subject.text,
            part=_expectation(finding.part) if finding.bound is not None else None,
            actual=reading.value,
            unit="s" if subject.kind == "time" else "",
            bound=finding.bound,
            read_as_number=_read_as_number(finding),
            curve=curve_facts(subject.field, run),
        )
    missing = truth is Truth.MISSING
    return Reason(
        truth=truth,
        subject=subject.text,
        part=_expectation(finding.part),
        actual=reading.value,
        unit="s" if subject.kind == "time" else "",
        bound=finding.bound,
        nearest=reading.nearest or (subject.nearest(run) if missing and run and isinstance(subject, Field) else ""),
        spellings=reading.spellings,
        culprit=run_ref(reading.culprit) if reading.culprit else None,
        culprit_field=subject.field.text if reading.culprit and subject.field else "",
        too_few=reading.too_few,
        read_as_number=_read_as_number(finding),
        optional_missing=truth is Truth.HOLDS and reading.gap is Truth.MISSING and not _asks_presence(finding.part),
        curve=curve_facts(subject.field, reading.culprit or run, decided=True),
    )


def curve_facts(field: Field | None, run: Run | None, *, decided: bool = False) -> CurveFacts | None:
    """Return what the curve is made of that `field` reads, if it reads one, and what `PointsReader.facts` says more."""
    if field is None or field.curve is None:
        return None
    return field.curve.facts((run.points or {}).get(field.curve.of) if run else None, decided=decided)


def _asks_presence(part: Any) -> bool:
    return isinstance(part, FieldCondition) and part.operator == "exists"


def _read_as_number(finding: Finding) -> bool:
    part, value = finding.part, finding.reading.value
    return (
        isinstance(value, str)
        and isinstance(part, FieldCondition)
        and part.operator in _ORDERING
        and not finding.reading.gap
        and number_in(value) is not None
    )
