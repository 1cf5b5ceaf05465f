"""One gate meets the runs: select, check each run, check all together, compare; the result of the gate."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import compress
from operator import itemgetter, not_
from typing import Any

from swanlab_ci.gate.evaluate.baselines import (
    compared_with_baselines,
    project_of,
    unchanged_from_baseline,
    unread_baselines,
    unread_check,
)
from swanlab_ci.gate.evaluate.checks import aggregate_values, check_of, run_ref
from swanlab_ci.gate.evaluate.how_many import tally
from swanlab_ci.gate.evaluate.selection import GateInput, Selected
from swanlab_ci.gate.evaluate.waivers import mark, waive, waived_runs
from swanlab_ci.gate.spec.conditions import fields_in
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Clause, Gate
from swanlab_ci.gate.spec.logic import decides_all
from swanlab_ci.gate.spec.readings import Reading
from swanlab_ci.gate.spec.values import distinct_names, identity, type_of
from swanlab_ci.gate.spec.wildcards import is_pattern, matching, on_field
from swanlab_ci.judgement import Check, CheckKind, Count, Deciding, FunnelStep, GateResult, Reason, WaiverResult
from swanlab_ci.model import (
    OUTCOMES_WORST_FIRST,
    STATUSES_WORST_FIRST,
    TERMINAL_STATES,
    Level,
    Outcome,
    Run,
    Status,
    Truth,
)


def judge_gate(gate: Gate, given: GateInput) -> Iterator[GateResult]:
    """Yield the gate's result, or with `for_each` one for each value found."""
    selector = given.selector(gate.origin)
    selected = selector.select(gate.selection)
    grouped = _with_lost(gate, selected, given.now)  # pragma: no mutate - what sorts runs does not change with time
    blank = GateResult(
        id=gate.id,
        name=gate.name,
        level=gate.level,
        status=Status.ERROR,
        why=gate.why,
        file=gate.place.source.name,
        line=gate.place.line,
        runs_considered=len(selector.runs),
        runs_selected=tuple(map(run_ref, selected.runs)),
        funnel=selected.funnel,
        if_no_runs=gate.if_no_runs,
        is_limit=gate.how_many.is_limit,
        project=project_of(gate.origin, given.gate_file),
    )
    if gate.origin in given.unread:
        unread = unread_check(gate.origin, gate.origin_place, given)
        yield replace(blank, checks=(unread,), deciding=(unread,), funnel=())
        return
    unsettled = _unsettled(gate, grouped, given.now)  # pragma: no mutate - what sorts runs does not change with time
    blank = replace(blank, checks=tuple(unsettled))
    if selected.doubts:
        yield _ambiguous(blank, selected)
    elif not grouped.runs and blank.checks:
        statuses = [_STATUS[check.outcome] for check in blank.checks]
        worst = min(
            statuses, key=STATUSES_WORST_FIRST.index
        )  # pragma: no mutate - as sorted by the alphabet, by chance
        result = replace(blank, status=_at_level(worst, gate.level), deciding=blank.checks)
        yield waive(result, given.gate_file.waivers, given.now)
    elif not grouped.runs:
        yield waive(_no_runs(blank, gate, selected), given.gate_file.waivers, given.now)
    else:
        for result in _judged(blank, gate, grouped.runs, given):
            yield waive(result, given.gate_file.waivers, given.now)


def _with_lost(gate: Gate, selected: Selected, now: datetime) -> Selected:
    """Count a run without a group among the runs, as without `latest_by`: it has a result of its own, and no reruns.

    Where no run has a group and something else is not settled, it stays in the one result that there is.
    """
    if gate.for_each is None or not selected.unplaced:
        return selected
    readings = [gate.for_each.read(run, now) for run in selected.unplaced]  # pragma: no mutate - no time in it
    has_group = [not (reading.gap or type_of(reading.value) in {"list", "map"}) for reading in readings]
    others = tuple(compress(selected.unplaced, has_group))
    lost = tuple(compress(selected.unplaced, map(not_, has_group)))
    if not selected.runs and (others or selected.awaited):
        return selected
    return selected._replace(runs=(*selected.runs, *lost), unplaced=others)


def _unsettled(gate: Gate, selected: Selected, now: datetime) -> Iterator[Check]:
    """Yield a check for each run without a value to find its reruns by, and for each that may still be the one."""
    fields = gate.selection.latest_by or ((gate.selection.take.by,) if gate.selection.take else ())
    near_of = partial(_nearest_of, fields, now=now)  # pragma: no mutate - what sorts runs does not change with time
    found = [(run, Outcome.MISSING, near_of(run)) for run in selected.unplaced]
    for run, outcome, near in (*found, *((run, Outcome.PENDING, "") for run in selected.awaited)):
        yield Check(
            kind=CheckKind.LATEST,
            run=run_ref(run),
            field=", ".join(field.text for field in fields),
            outcome=outcome,
            file=gate.place.source.name,
            line=gate.place.line,
            reason=Reason(truth=Truth.MISSING, subject=fields[0].text, nearest=near) if near else None,
        )


def _nearest_of(fields: Sequence[Field], run: Run, now: datetime) -> str:
    """Return the field of `run` that is most like the first of `fields` that it lacks, or the empty text."""
    readings = [(field, field.read(run, now)) for field in fields]  # pragma: no mutate - what sorts runs has no time
    near = (field.nearest(run) for field, reading in readings if reading.gap is Truth.MISSING)
    return next(filter(None, near), "")  # pragma: no mutate - None would do as well


def _judged(blank: GateResult, gate: Gate, runs: Sequence[Run], given: GateInput) -> Iterator[GateResult]:
    if gate.for_each is None:
        yield judge_runs(blank, gate, runs, given)
    else:
        yield from _each_group(blank, gate, gate.for_each, runs, given)


def judge_runs(blank: GateResult, gate: Gate, runs: Sequence[Run], given: GateInput) -> GateResult:
    """Judge these runs by this gate; `blank` is the result with all that is known before."""
    waived = _waived(gate, runs, given)
    checks, answers = _each_run(gate, runs, given)
    checks = mark(checks, waived)
    single = [_single(gate, runs, answers, waived)] if answers else []
    aggregates = [_aggregate(clause, runs, given.now) for clause in gate.aggregates]
    compared = list(compared_with_baselines(gate, runs, blank.group, given))
    unread = unread_baselines(gate, given)
    before = [*blank.checks, *unread, *unchanged_from_baseline(gate, runs, given)]
    together = before + aggregates + compared
    statuses = [
        *single,
        *(_STATUS[check.outcome] for check in before + aggregates),
        *(check.comparison.costs for check in compared if check.comparison),
    ]
    counting = [status for status in statuses if status is not Status.SKIPPED]
    worst = min(counting, key=STATUSES_WORST_FIRST.index, default=Status.SKIPPED)
    passed, asked = answers.count(Truth.HOLDS), gate.how_many
    count = Count(passed, len(answers), asked.keyword, asked.amount) if answers else None
    counted = _counted(gate, count, single[0]) if count else []
    own = [check for check in checks if worst is Status.WAIVED or check.waiver is None]
    bad = _worst_first((_culprits(gate, own) if single != [Status.PASS] else []) + together, worst)
    passes = worst in {Status.PASS, Status.SKIPPED}
    return replace(
        blank,
        status=_at_level(worst, gate.level),
        count=count,
        checks=(*checks, *counted, *together),
        deciding=() if passes else tuple(bad or counted),
        waiver=next(check.waiver for check in checks if check.waiver) if worst is Status.WAIVED else None,
    )


def _waived(gate: Gate, runs: Sequence[Run], given: GateInput) -> dict[str, WaiverResult]:
    """Return the waivers by id of the runs that they cover."""
    waiver_of = waived_runs(given.gate_file.waivers, gate.id, Status(gate.level), given.now)
    found = ((run.id, waiver_of(run)) for run in runs)
    return {run_id: waiver for run_id, waiver in found if waiver}


def _single(gate: Gate, runs: Sequence[Run], answers: Sequence[Truth], waived: Mapping[str, WaiverResult]) -> Status:
    """Return what the runs by themselves amount to; WAIVED where every run that misses is waived.

    A gate that asks for a number of runs counts all of them, so that a waiver never makes a gate fail.
    """
    status = tally(answers, gate.how_many)
    if status is not Status.FAIL or not waived or gate.how_many.keyword not in {"all", "none"}:
        return status
    pairs = zip(runs, answers, strict=True)  # pragma: no mutate - each run has its answer
    rest = [answer for run, answer in pairs if run.id not in waived]
    left = tally(rest, gate.how_many) if rest else Status.PASS
    return Status.WAIVED if left is Status.PASS else left


def _each_run(gate: Gate, runs: Sequence[Run], given: GateInput) -> tuple[list[Check], list[Truth]]:
    """Check every run by itself; returns the checks, and for each run whether all its expectations hold."""
    checks: list[Check] = []
    answers: list[Truth] = []
    now = given.now
    clauses = [(clause, clause.condition.expectation(), _pattern(clause)) for clause in gate.expect]
    for run in runs if clauses else ():
        found, ref = [], run_ref(run)
        for clause, expected, pattern in clauses:
            for each in _matched(clause, pattern, run) if pattern else (clause,):
                finding = each.condition.ask(lambda field, run=run: field.read(run, now))  # type: ignore[misc]
                if (
                    finding.answer is Truth.HOLDS
                    and pattern
                    and pattern.can_change
                    and run.state not in TERMINAL_STATES
                ):
                    finding = finding._replace(answer=Truth.PENDING)  # a key that comes later may not hold
                checks.append(check_of(each, expected, finding, run, ref=ref))  # pragma: no mutate - to be quick
                found.append(finding.answer)
        answers.append(found[decides_all(found)])
    return checks, answers


def _pattern(clause: Clause) -> Field | None:
    return next((field for field in fields_in(clause.condition) if is_pattern(field)), None)


def _matched(clause: Clause, pattern: Field, run: Run) -> list[Clause]:
    """Return the clause on each key of `run` that its star matches; where it matches none, itself: it is missing."""
    fields = matching(pattern, run)
    return [
        replace(clause, field=field.text, condition=on_field(clause.condition, pattern, field)) for field in fields
    ] or [clause]


def _counted(gate: Gate, count: Count, status: Status) -> list[Check]:
    """Return the count as a check of its own, where the gate asks for a number of runs."""
    if count.required in {"all", "none"}:
        return []
    outcome = {Status.PASS: Outcome.OK, Status.FAIL: Outcome.VIOLATED, Status.PENDING: Outcome.PENDING}
    return [
        Check(
            kind=CheckKind.HOW_MANY,
            field="how_many",
            outcome=outcome.get(status, Outcome.ERROR),
            file=gate.place.source.name,
            line=gate.place.line,
            count=count,
        ),
    ]


def _aggregate(clause: Clause, runs: Sequence[Run], now: datetime) -> Check:
    finding = clause.condition.ask(lambda aggregate: aggregate.read(runs, now))
    check = check_of(clause, clause.condition.expectation(), finding, None, kind=CheckKind.ALL_RUNS)
    values, at = aggregate_values(clause, runs, now)
    return replace(check, values=values, at=at)


_STATUS = {
    Outcome.OK: Status.PASS,
    Outcome.VIOLATED: Status.FAIL,
    Outcome.MISSING: Status.FAIL,
    Outcome.PENDING: Status.PENDING,
    Outcome.ERROR: Status.ERROR,
}


def _culprits(gate: Gate, checks: Sequence[Check]) -> list[Check]:
    """Return the checks that may have cost the gate; under "at most" a run that does not pass is welcome."""
    return [check for check in checks if not (gate.how_many.is_limit and check.outcome is Outcome.VIOLATED)]


def _worst_first(checks: Iterable[Check], status: Status) -> list[Check]:
    """Return the checks that are not OK, the worst first; of a gate that is pending, first those to wait for."""
    bad = [check for check in checks if check.outcome is not Outcome.OK]
    bad.sort(key=lambda check: OUTCOMES_WORST_FIRST.index(check.outcome))
    if status is Status.PENDING:
        bad.sort(key=lambda check: check.outcome is not Outcome.PENDING)
    return bad


def _at_level(status: Status, level: Level) -> Status:
    """Return what `status` costs at `level`: a miss costs what the level says, a warning never more than it."""
    if status is Status.FAIL or (status is Status.WARN and level is Level.INFO):
        return Status(level)
    return status


def _ambiguous(blank: GateResult, selected: Selected) -> GateResult:
    checks = tuple(
        check_of(doubt.clause, doubt.clause.condition.expectation(), doubt.finding, doubt.run, kind=CheckKind.SELECTION)
        for doubt in selected.doubts
    )
    return replace(blank, decided_by=Deciding.AMBIGUOUS_SELECTION, checks=checks, deciding=checks)


def _no_runs(blank: GateResult, gate: Gate, selected: Selected) -> GateResult:
    statuses = {"fail": Status.FAIL, "warn": Status.WARN, "skip": Status.SKIPPED, "pass": Status.PASS}
    return replace(
        blank,
        decided_by=Deciding.NO_RUNS,
        status=_at_level(statuses[gate.if_no_runs], gate.level),
        emptied=selected.emptied,
    )


def _each_group(
    blank: GateResult, gate: Gate, by: Field, runs: Sequence[Run], given: GateInput
) -> Iterator[GateResult]:
    groups: dict[tuple[str, str], list[Run]] = {}
    values: dict[tuple[str, str], Any] = {}
    unsorted = []
    for run in runs:
        reading = by.read(run, given.now)  # pragma: no mutate - what sorts runs does not change with time
        if reading.gap or type_of(reading.value) in {"list", "map"}:
            unsorted.append((run, reading))
        else:
            key = identity(reading.value)
            groups.setdefault(key, []).append(run)
            values.setdefault(key, reading.value)
    for key, name in sorted(distinct_names(values).items(), key=itemgetter(1)):
        chosen = tuple(map(run_ref, groups[key]))
        steps = (*blank.funnel, FunnelStep(f"{by.text} {name}", len(chosen), "group"))
        group = replace(blank, group_field=by.text, group=name, runs_selected=chosen, funnel=steps)
        yield judge_runs(group, gate, groups[key], given)
    if unsorted:
        yield _without_group(blank, gate, by, unsorted, given)


def _without_group(
    blank: GateResult, gate: Gate, by: Field, unsorted: Sequence[tuple[Run, Reading]], given: GateInput
) -> GateResult:
    """Return a result for the runs that belong to no group: they are never left out in silence."""
    checks = tuple(
        Check(
            kind=CheckKind.GROUP,
            run=run_ref(run),
            field=by.text,
            outcome=Outcome.MISSING if reading.gap is Truth.MISSING else Outcome.ERROR,
            file=gate.place.source.name,
            line=gate.place.line,
            reason=Reason(
                truth=reading.gap or Truth.WRONG_TYPE,
                subject=by.text,
                actual=reading.value,
                nearest=by.nearest(run) if reading.gap is Truth.MISSING else "",
                spellings=reading.spellings,
            ),
        )
        for run, reading in unsorted
    )
    checks = tuple(mark(checks, _waived(gate, [run for run, _ in unsorted], given)))
    missed = all(check.outcome is Outcome.MISSING for check in checks)
    covered = missed and all(check.waiver for check in checks)
    return replace(
        blank,
        decided_by=Deciding.NO_GROUP,
        group_field=by.text,
        status=Status.WAIVED if covered else Status(gate.level) if missed else Status.ERROR,
        runs_selected=tuple(run_ref(run) for run, _ in unsorted),
        checks=checks,
        deciding=tuple(check for check in checks if not check.waiver) or checks,
        waiver=checks[0].waiver if covered else None,
    )
