"""Which runs a report compares: those that were judged, and those of the baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from swanlab_ci.gate.evaluate.selection import Selector
from swanlab_ci.gate.spec.fields import parse_path
from swanlab_ci.gate.spec.gates import GateFile
from swanlab_ci.gate.spec.values import identity
from swanlab_ci.judgement import Check, GateResult, Verdict
from swanlab_ci.model import Run


@dataclass(frozen=True, slots=True)
class Sides:
    """The runs of a report, newest first, as they are at `now`.

    `judged` are all that a gate selected, `compared` those of the first gate that compares (else all of them), `base`
    those of the baseline called `name`; without a baseline it is empty.
    """

    now: datetime
    judged: tuple[Run, ...] = ()
    compared: tuple[Run, ...] = ()
    base: tuple[Run, ...] = ()
    name: str = ""

    def base_of(self, gate: GateResult) -> tuple[Run, ...]:
        """Return the baseline's runs that the gate's runs meet: those of its group."""
        field = parse_path(gate.group_field) if gate.group_field else None
        if field is None or not gate.runs_selected:
            return self.base
        by_id = {run.id: run for run in self.judged}
        first = by_id.get(gate.runs_selected[0].id)
        if first is None:
            return ()
        own = identity(field.read(first, self.now).value)
        return tuple(run for run in self.base if identity(field.read(run, self.now).value) == own)


def sides(rules: GateFile, verdict: Verdict, runs: Sequence[Run], now: datetime) -> Sides:
    """Find the two sides of a report; the baseline is never guessed."""
    by_id = {run.id: run for run in runs}
    selector = Selector(runs, now)  # of all projects: it puts runs in order, and selects a baseline of one of them
    judged = _known(verdict.gates, by_id, selector)
    comparing = next((gate.id for gate in verdict.gates if _comparisons(gate)), "")
    compared = _known([gate for gate in verdict.gates if gate.id == comparing], by_id, selector) or judged
    name = rules.report.baseline or _only_baseline(rules)
    if not name:
        return Sides(now, judged, compared)
    return Sides(now, judged, compared, _baseline(rules, name, verdict, compared, selector), name)


def _known(gates: Sequence[GateResult], by_id: Mapping[str, Run], selector: Selector) -> tuple[Run, ...]:
    ids = {run.id for gate in gates for run in gate.runs_selected} & by_id.keys()
    return tuple(run for run in selector.runs if run.id in ids)


def _comparisons(gate: GateResult) -> list[Check]:
    return [check for check in gate.checks if check.comparison]


def _only_baseline(rules: GateFile) -> str:
    """Return the first baseline that a gate names, else the only one of the file, else nothing."""
    named = next((name for gate in rules.gates for name in gate.baselines()), "")
    return named or (rules.baselines[0].name if len(rules.baselines) == 1 else "")


def _baseline(
    rules: GateFile, name: str, verdict: Verdict, compared: Sequence[Run], selector: Selector
) -> tuple[Run, ...]:
    """Return the baseline's runs: those that comparisons were made with, else those that its conditions select."""
    made = [
        check.comparison.base
        for gate in verdict.gates
        for check in _comparisons(gate)
        if check.comparison and check.comparison.to == name and check.comparison.base
    ]
    ids = {each.run.id for side in made for each in side.runs}
    if ids:
        return tuple(run for run in selector.runs if run.id in ids)
    tested = {run.id for run in compared}
    baseline = next((each for each in rules.baselines if each.name == name), None)
    if baseline is None:
        return ()
    for selection in baseline.selections:
        found = selector.select(selection, keep=lambda run: run.id not in tested and run.origin == baseline.origin)
        if not found.doubts and len(found.runs) >= baseline.min_runs:
            return found.runs
    return ()
