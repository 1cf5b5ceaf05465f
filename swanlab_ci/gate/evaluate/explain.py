"""Why a gate came out as it did: its funnel and every comparison, or the way of one run through it."""

from collections.abc import Iterator
from functools import partial

from swanlab_ci.gate.evaluate import wording
from swanlab_ci.gate.evaluate.gates import Facts, judge_gate
from swanlab_ci.gate.evaluate.selection import as_selected, funnel_text
from swanlab_ci.gate.spec.gates import Gate
from swanlab_ci.gate.spec.logic import Truth
from swanlab_ci.model import GateResult, Run


def explain_gate(gate: Gate, facts: Facts) -> Iterator[str]:
    """Yield the lines that tell how the gate came to its result, or with `for_each` to each of them."""
    for result in judge_gate(gate, facts):
        group = f" [{result.group}]" if result.group else ""
        yield f"{gate.id}{group} is {result.status} at level {result.level}: {result.summary}"
        yield f"  selects: {funnel_text(result.runs_considered, result.funnel)}"
        yield from _checks(result)


def explain_run(gate: Gate, run: Run, facts: Facts) -> Iterator[str]:
    """Yield the lines that tell whether the gate selects `run`, clause by clause, and what it makes of it."""
    findings = [
        (clause, clause.condition.ask(partial(as_selected, run, facts.now))) for clause in gate.selection.clauses
    ]
    selected = {chosen.id for chosen in facts.selector.select(gate.selection).runs}
    yield f"{gate.id} {'selects' if run.id in selected else 'does not select'} {run.name}"
    for clause, finding in findings:
        told = wording.check(clause, finding, None)
        yield f"  {'yes' if finding.answer is Truth.HOLDS else 'no ':3} {told.message}"
    if gate.selection.newest is not None and all(finding.answer is Truth.HOLDS for _, finding in findings):
        yield f"  {'yes' if run.id in selected else 'no ':3} it is among the newest {gate.selection.newest}"
    if run.id in selected:
        for result in judge_gate(gate, facts):
            yield from _checks(result, run)


def _checks(result: GateResult, run: Run | None = None) -> Iterator[str]:
    for check in result.checks:
        if run is None or check.run is None or check.run.id == run.id:
            note = f" ({check.note})" if check.note else ""
            yield f"  {check.outcome:8} {check.message}{note}"
