"""One gate meets the runs: select, check each run, check all together, compare; and what the gate comes to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any

from swanlab_ci.gate.evaluate import wording
from swanlab_ci.gate.evaluate.comparison import Compared, compare
from swanlab_ci.gate.evaluate.how_many import tally
from swanlab_ci.gate.evaluate.selection import Selected, Selector, funnel_text
from swanlab_ci.gate.evaluate.waivers import waive
from swanlab_ci.gate.parse.yaml_reader import Place
from swanlab_ci.gate.spec.conditions import Finding
from swanlab_ci.gate.spec.fields import Field, Reading
from swanlab_ci.gate.spec.gates import Clause, Comparison, Gate, GateFile
from swanlab_ci.gate.spec.logic import Truth, decides_all
from swanlab_ci.gate.spec.values import distinct_names, identity, type_of
from swanlab_ci.model import (
    OUTCOMES_WORST_FIRST,
    STATUSES_WORST_FIRST,
    Check,
    FunnelStep,
    GateResult,
    Level,
    Outcome,
    Run,
    Status,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that gates are judged by: the runs as they are at `now`, and what the gate file names for every gate."""

    selector: Selector
    gate_file: GateFile
    now: datetime


def judge_gate(gate: Gate, facts: Facts) -> Iterator[GateResult]:
    """Yield the gate's result, or with `for_each` one for each value found."""
    selected = facts.selector.select(gate.selection)
    own_file = gate.place.source.name == facts.gate_file.name
    blank = GateResult(
        id=gate.id,
        name=gate.name,
        level=gate.level,
        status=Status.ERROR,
        summary="",  # pragma: no mutate - whatever it comes to has words of its own
        why=gate.why,
        line=gate.place.line if own_file else 0,
        runs_considered=len(facts.selector.runs),
        runs_selected=tuple(map(wording.run_ref, selected.runs)),
        funnel=selected.funnel,
    )
    if selected.doubts:
        yield _in_doubt(blank, selected)
    elif not selected.runs:
        yield waive(_no_runs(blank, gate, selected), facts.gate_file.waivers, facts.selector)
    else:
        for result in _judged(blank, gate, selected.runs, facts):
            again = partial(judge_runs, result, gate, facts=facts)
            yield waive(result, facts.gate_file.waivers, facts.selector, again)


def _judged(blank: GateResult, gate: Gate, runs: Sequence[Run], facts: Facts) -> Iterator[GateResult]:
    if gate.for_each is None:
        yield judge_runs(blank, gate, runs, facts)
    else:
        yield from _each_group(blank, gate, gate.for_each, runs, facts)


def judge_runs(blank: GateResult, gate: Gate, runs: Sequence[Run], facts: Facts) -> GateResult:
    """Judge these runs by this gate; `blank` is the result with all that is known before."""
    checks, answers = _each_run(gate, runs, facts.now)
    single = [tally(answers, gate.how_many)] if answers else []
    aggregates = [_aggregate(clause, runs, facts.now) for clause in gate.aggregates]
    compared = [_compared(comparison, gate, runs, blank.group, facts) for comparison in gate.compare]
    together = aggregates + [each.check for each in compared]
    statuses = [*single, *(_STATUS[check.outcome] for check in aggregates), *(each.status for each in compared)]
    counting = [status for status in statuses if status is not Status.SKIPPED]
    worst = min(counting, key=STATUSES_WORST_FIRST.index, default=Status.SKIPPED)
    passes = worst in {Status.PASS, Status.SKIPPED}
    counted = _counted(gate, answers, single[0]) if single else []
    bad = _worst_first((_culprits(gate, checks) if single != [Status.PASS] else []) + together)
    return replace(
        blank,
        status=_at_level(worst, gate.level),
        summary=_praise(gate, answers, together) if passes else _summary(gate, answers, bad),
        advice="" if passes else _advice(gate, (bad or counted)[0], compared),
        checks=(*checks, *counted, *together),
    )


def _each_run(gate: Gate, runs: Sequence[Run], now: datetime) -> tuple[list[Check], list[Truth]]:
    """Check every run by itself; returns the checks, and for each run whether all its expectations hold."""
    checks: list[Check] = []
    answers: list[Truth] = []
    for run in runs if gate.expect else ():
        findings = _findings(gate.expect, run, now)
        checks += [wording.check(clause, finding, run) for clause, finding in findings]
        asked = [finding.answer for _, finding in findings]
        answers.append(asked[decides_all(asked)])
    return checks, answers


def _findings(clauses: Iterable[Clause], run: Run, now: datetime) -> list[tuple[Clause, Finding]]:
    return [(clause, clause.condition.ask(lambda field: field.read(run, now))) for clause in clauses]


def _counted(gate: Gate, answers: Sequence[Truth], status: Status) -> list[Check]:
    """Return the count as a check of its own, where the gate asks for a number of runs."""
    if gate.how_many.written in {"all", "none"}:
        return []
    outcome = {Status.PASS: Outcome.OK, Status.FAIL: Outcome.VIOLATED, Status.PENDING: Outcome.PENDING}
    return [
        Check(
            run=None,
            field="how_many",
            expected=gate.how_many.written,
            actual=f"{answers.count(Truth.HOLDS)} of {len(answers)}",
            outcome=outcome.get(status, Outcome.ERROR),
            message=_held(gate, answers),
        ),
    ]


def _aggregate(clause: Clause, runs: Sequence[Run], now: datetime) -> Check:
    return wording.check(clause, clause.condition.ask(lambda total: total.read(runs, now)), None)


def _compared(comparison: Comparison, gate: Gate, runs: Sequence[Run], group: str, facts: Facts) -> Compared:
    """Compare with the baseline, less the runs under test, and of these the group's like."""
    tested = {run.id for run in facts.selector.select(gate.selection).runs}

    def group_of(run: Run) -> object:
        return gate.for_each and identity(gate.for_each.read(run, facts.now).value)  # pragma: no mutate - no time in it

    own = group_of(runs[0])
    selection = facts.gate_file.baseline(comparison.to).selection

    words = "not under test" + (f", {gate.for_each.text} {group}" if gate.for_each else "")
    base = facts.selector.select(selection, keep=lambda run: run.id not in tested and group_of(run) == own, kept=words)
    return compare(comparison, runs, base, considered=len(facts.selector.runs), now=facts.now)


_STATUS = {
    Outcome.OK: Status.PASS,
    Outcome.VIOLATED: Status.FAIL,
    Outcome.MISSING: Status.FAIL,
    Outcome.PENDING: Status.PENDING,
    Outcome.ERROR: Status.ERROR,
}


def _culprits(gate: Gate, checks: Sequence[Check]) -> list[Check]:
    """Return the checks that may have cost the gate; under "at most" a run that is not as expected is welcome."""
    return [check for check in checks if not (gate.how_many.is_limit and check.outcome is Outcome.VIOLATED)]


def _worst_first(checks: Iterable[Check]) -> list[Check]:
    bad = (check for check in checks if check.outcome is not Outcome.OK)
    return sorted(bad, key=lambda check: OUTCOMES_WORST_FIRST.index(check.outcome))


def _at_level(status: Status, level: Level) -> Status:
    """Return what `status` costs at `level`: a miss costs what the level says, a warning never more than it."""
    if status is Status.FAIL or (status is Status.WARN and level is Level.INFO):
        return Status(level)
    return status


def _in_doubt(blank: GateResult, selected: Selected) -> GateResult:
    checks = tuple(wording.check(doubt.clause, doubt.finding, doubt.run) for doubt in selected.doubts)
    return replace(
        blank,
        summary=f"which runs are meant cannot be told: {checks[0].message}{_more(len(checks))}",
        advice=f"Quote the key, or correct `runs` at {_spelled(selected.doubts[0].clause.place)}.",
        checks=checks,
    )


def _no_runs(blank: GateResult, gate: Gate, selected: Selected) -> GateResult:
    statuses = {"fail": Status.FAIL, "warn": Status.WARN, "skip": Status.SKIPPED, "pass": Status.PASS}
    emptied = selected.emptied
    place = emptied.clause.place if emptied else gate.place
    lost = funnel_text(blank.runs_considered, selected.funnel)
    if emptied and gate.if_no_runs in {"fail", "warn"}:  # the report of a miss shows the whole funnel
        lost = f"of {emptied.before} none is left after {emptied.clause.written}"
    advice = f"Start such a run and let it end, or correct `runs` at {_spelled(place)}."
    return replace(
        blank,
        status=_at_level(statuses[gate.if_no_runs], gate.level),
        summary=f"no runs are selected: {lost}" + (f" ({emptied.seen})" if emptied else ""),
        advice="" if gate.if_no_runs == "pass" else advice,
    )


def _each_group(blank: GateResult, gate: Gate, by: Field, runs: Sequence[Run], facts: Facts) -> Iterator[GateResult]:
    groups: dict[tuple[str, str], list[Run]] = {}
    values: dict[tuple[str, str], Any] = {}
    unsorted = []
    for run in runs:
        reading = by.read(run, facts.now)  # pragma: no mutate - what sorts runs does not change with time
        if reading.gap or type_of(reading.value) in {"list", "map"}:
            unsorted.append((run, reading))
        else:
            key = identity(reading.value)
            groups.setdefault(key, []).append(run)
            values.setdefault(key, reading.value)
    for key, name in sorted(distinct_names(values).items(), key=itemgetter(1)):
        chosen = tuple(map(wording.run_ref, groups[key]))
        steps = (*blank.funnel, FunnelStep(f"{by.text} {name}", len(chosen)))
        yield judge_runs(replace(blank, group=name, runs_selected=chosen, funnel=steps), gate, groups[key], facts)
    if unsorted:
        yield _without_group(blank, gate, by, unsorted)


def _without_group(blank: GateResult, gate: Gate, by: Field, unsorted: Sequence[tuple[Run, Reading]]) -> GateResult:
    """Tell of the runs that belong to no group: they are never left out in silence."""
    checks = tuple(
        Check(
            run=wording.run_ref(run),
            field=by.text,
            expected="one value to sort by",
            actual="missing" if reading.gap is Truth.MISSING else "not one value",
            outcome=Outcome.MISSING if reading.gap is Truth.MISSING else Outcome.ERROR,
            message=f"{by.text} is {'missing' if reading.gap is Truth.MISSING else 'not one value'} in {run.name}, "
            "so the run belongs to no group",
        )
        for run, reading in unsorted
    )
    missed = all(check.outcome is Outcome.MISSING for check in checks)
    return replace(
        blank,
        group="none",
        status=Status(gate.level) if missed else Status.ERROR,
        summary=checks[0].message + _more(len(checks)),
        advice=f"Log {by.text} in every run, or select only runs that have it: `{by.text}: {{exists: true}}`.",
        runs_selected=tuple(wording.run_ref(run) for run, _ in unsorted),
        checks=checks,
    )


def _summary(gate: Gate, answers: Sequence[Truth], bad: Sequence[Check]) -> str:
    text = bad[0].message + _more(len(bad)) if bad else ""
    if gate.how_many.written in {"all", "none"} or not answers:
        return text
    return _held(gate, answers) + (f": {text}" if text else "")


def _praise(gate: Gate, answers: Sequence[Truth], aggregates: Sequence[Check]) -> str:
    return "; ".join(([_held(gate, answers)] if answers else []) + [check.message for check in aggregates])


def _held(gate: Gate, answers: Sequence[Truth]) -> str:
    held = answers.count(Truth.HOLDS)
    text = f"{held} of {len(answers)} runs {'is' if held == 1 else 'are'} as expected"
    if gate.how_many.written in {"all", "none"}:
        return text
    return f"{text}, {gate.how_many.written} {'may' if gate.how_many.is_limit else 'must'}"


def _advice(gate: Gate, worst: Check, compared: Sequence[Compared]) -> str:
    special = next(
        (each.advice for each in compared if each.check is worst), ""
    )  # pragma: no mutate - None is as empty
    return special or wording.advice(worst, _spelled(_place(gate, worst)))


def _place(gate: Gate, check: Check) -> Place:
    """Return where the gate asks for what was checked."""
    places = {comparison.field.text: comparison.to_place for comparison in gate.compare}
    places |= {clause.field: clause.place for clause in gate.aggregates}
    if check.run:
        places = {clause.field: clause.place for clause in gate.expect}
    return places.get(check.field, gate.place)


def _spelled(place: Place) -> str:
    return f"{place.source.name}:{place.line}"


def _more(count: int) -> str:
    return f" (and {count - 1} more)" if count > 1 else ""
