"""One gate meets the runs: select, check each run, check all together, compare; and what the gate comes to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from swanlab_ci.gate import wording
from swanlab_ci.gate.fields import Field, Reading
from swanlab_ci.gate.rules import Gate, HowMany
from swanlab_ci.gate.selection import Selected, Selector, funnel_text
from swanlab_ci.gate.truth import Answer, decides_all
from swanlab_ci.gate.values import spelled, type_of
from swanlab_ci.model import Check, FunnelStep, GateResult, Level, Outcome, Run, Status

_ERRORS = frozenset({Answer.WRONG_TYPE, Answer.AMBIGUOUS, Answer.NOT_FETCHED})
_MISSES = frozenset({Answer.MISSING, Answer.NOT_FINITE})
_OF_LEVEL = {Level.FAIL: Status.FAIL, Level.WARN: Status.WARN, Level.INFO: Status.INFO}


def judge_gate(gate: Gate, selector: Selector, now: datetime) -> Iterator[GateResult]:
    """Yield the gate's result, or with `for_each` one for each value found."""
    selected = selector.select(gate.selection)
    blank = GateResult(
        id=gate.id,
        name=gate.name,
        level=gate.level,
        status=Status.ERROR,
        summary="",
        why=gate.why,
        line=gate.place.line,
        runs_considered=len(selector.runs),
        runs_selected=tuple(map(wording.run_ref, selected.runs)),
        funnel=selected.funnel,
    )
    if selected.doubts:
        yield _in_doubt(blank, gate, selected)
    elif not selected.runs:
        yield _no_runs(blank, gate, selected)
    elif gate.for_each is None:
        yield judge_runs(blank, gate, selected.runs, now)
    else:
        yield from _each_group(blank, gate, gate.for_each, selected.runs, now)


def judge_runs(blank: GateResult, gate: Gate, runs: Sequence[Run], now: datetime) -> GateResult:
    """Judge these runs by this gate; `blank` is the result with all that is known before."""
    checks, answers = [], []
    for run in runs:
        findings = [(clause, clause.condition.ask(partial(_as_expected, run, now))) for clause in gate.expect]
        checks += [wording.check(clause, finding, run) for clause, finding in findings]
        if findings:
            asked = [finding.answer for _, finding in findings]
            answers.append(asked[decides_all(asked)])
    status = tally(answers, gate.how_many)
    totals = [
        wording.check(clause, clause.condition.ask(lambda total: total.read(runs, now)), None) for clause in gate.totals
    ]
    if gate.compare:
        return replace(blank, summary="comparisons are not judged yet")
    worst = _worst([status, *(_STATUS[check.outcome] for check in totals)])
    shown = [check for check in checks if status is not Status.PASS] + totals
    bad = sorted(
        (check for check in shown if check.outcome is not Outcome.OK), key=lambda check: _URGENCY[check.outcome]
    )
    return replace(
        blank,
        status=_OF_LEVEL[gate.level] if worst is Status.FAIL else worst,
        summary=_summary(gate, answers, bad) if worst is not Status.PASS else _praise(gate, answers, totals),
        advice=wording.advice(bad[0], gate.place.source.name, gate.place.line) if bad else "",
        checks=(*checks, *totals),
    )


_STATUS = {
    Outcome.OK: Status.PASS,
    Outcome.VIOLATED: Status.FAIL,
    Outcome.MISSING: Status.FAIL,
    Outcome.PENDING: Status.PENDING,
    Outcome.ERROR: Status.ERROR,
}
_URGENCY = {
    outcome: rank for rank, outcome in enumerate((Outcome.ERROR, Outcome.VIOLATED, Outcome.MISSING, Outcome.PENDING))
}
_ORDER = (Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN, Status.INFO, Status.PASS)


def _worst(statuses: Iterable[Status]) -> Status:
    return min(statuses, key=_ORDER.index)


def tally(answers: Sequence[Answer], how_many: HowMany) -> Status:
    """Tell whether enough runs, and not too many, are as expected: PASS, FAIL, PENDING or ERROR.

    What cannot be told never helps: it does not count towards "at least", and it does count against "at most".
    """
    if not answers:
        return Status.PASS  # the gate expects nothing of a single run
    count = Counter(answers)
    holds, pending = count[Answer.HOLDS], count[Answer.PENDING]
    errors, misses = sum(count[answer] for answer in _ERRORS), sum(count[answer] for answer in _MISSES)
    least, most = how_many.bounds(len(answers))
    told = holds + count[Answer.FAILS]
    if told and holds >= least and holds + pending + errors + misses <= most:
        return Status.PASS
    if errors:
        return Status.ERROR
    still_possible = holds + pending >= least and holds + misses <= most
    return Status.PENDING if pending and still_possible else Status.FAIL


def _as_expected(run: Run, now: datetime, field: Field) -> Reading:
    return field.read(run, now)


def _in_doubt(blank: GateResult, gate: Gate, selected: Selected) -> GateResult:
    checks = tuple(wording.check(doubt.clause, doubt.finding, doubt.run) for doubt in selected.doubts)
    return replace(
        blank,
        summary=f"which runs are meant cannot be told: {checks[0].message}{_more(len(checks))}",
        advice=f"Quote the key, or correct `runs` at {_at(gate)}.",
        checks=checks,
    )


def _no_runs(blank: GateResult, gate: Gate, selected: Selected) -> GateResult:
    statuses = {"warn": Status.WARN, "skip": Status.SKIPPED, "pass": Status.PASS}
    seen = f" ({selected.seen})" if selected.seen else ""
    return replace(
        blank,
        status=statuses.get(gate.if_no_runs, _OF_LEVEL[gate.level]),
        summary=f"no runs are selected: {funnel_text(blank.runs_considered, selected.funnel)}{seen}",
        advice=""
        if gate.if_no_runs == "pass"
        else f"Start such a run and let it end, or correct `runs` at {_at(gate)}.",
    )


def _each_group(blank: GateResult, gate: Gate, by: Field, runs: Sequence[Run], now: datetime) -> Iterator[GateResult]:
    groups: dict[str, list[Run]] = {}
    unsorted = []
    for run in runs:
        reading = by.read(run, now)
        if reading.gap or type_of(reading.value) in {"list", "map"}:
            unsorted.append((run, reading))
        else:
            groups.setdefault(spelled(reading.value), []).append(run)
    for name in sorted(groups):
        chosen = tuple(map(wording.run_ref, groups[name]))
        steps = (*blank.funnel, FunnelStep(f"{by.text} {name}", len(chosen)))
        yield judge_runs(replace(blank, group=name, runs_selected=chosen, funnel=steps), gate, groups[name], now)
    if unsorted:
        yield _without_group(blank, gate, by, unsorted)


def _without_group(blank: GateResult, gate: Gate, by: Field, unsorted: Sequence[tuple[Run, Reading]]) -> GateResult:
    """Tell of the runs that belong to no group: they are never left out in silence."""
    checks = tuple(
        Check(
            run=wording.run_ref(run),
            field=by.text,
            expected="one value to sort by",
            actual="missing" if reading.gap is Answer.MISSING else "not one value",
            outcome=Outcome.MISSING if reading.gap is Answer.MISSING else Outcome.ERROR,
            message=f"{by.text} is {'missing' if reading.gap is Answer.MISSING else 'not one value'} in {run.name}, "
            "so the run belongs to no group",
        )
        for run, reading in unsorted
    )
    missed = all(check.outcome is Outcome.MISSING for check in checks)
    return replace(
        blank,
        group="none",
        status=_OF_LEVEL[gate.level] if missed else Status.ERROR,
        summary=checks[0].message + _more(len(checks)),
        advice=f"Log {by.text} in every run, or select only runs that have it: `{by.text}: {{exists: true}}`.",
        runs_selected=tuple(wording.run_ref(run) for run, _ in unsorted),
        checks=checks,
    )


def _summary(gate: Gate, answers: Sequence[Answer], bad: Sequence[Check]) -> str:
    text = bad[0].message + _more(len(bad)) if bad else ""
    if gate.how_many.written in {"all", "none"} or not answers:
        return text
    return f"{_held(answers)}, {gate.how_many.written} must{': ' + text if text else ''}"


def _praise(gate: Gate, answers: Sequence[Answer], totals: Sequence[Check]) -> str:
    parts = [_held(answers) + ("" if gate.how_many.written in {"all", "none"} else f", {gate.how_many.written} must")]
    return "; ".join((parts if answers else []) + [check.message for check in totals])


def _held(answers: Sequence[Answer]) -> str:
    held = answers.count(Answer.HOLDS)
    return f"{held} of {len(answers)} runs {'is' if held == 1 else 'are'} as expected"


def _at(gate: Gate) -> str:
    return f"{gate.place.source.name}:{gate.place.line}"


def _more(count: int) -> str:
    return f" (and {count - 1} more)" if count > 1 else ""
