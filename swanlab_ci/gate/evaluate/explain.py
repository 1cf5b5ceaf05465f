"""The way of one run through a gate: which conditions select it, and what the gate makes of it."""

from functools import partial

from swanlab_ci.gate.evaluate.checks import check_of, run_ref
from swanlab_ci.gate.evaluate.gates import judge_gate
from swanlab_ci.gate.evaluate.selection import GateInput, as_selected
from swanlab_ci.gate.spec.gates import Gate
from swanlab_ci.judgement import CheckKind, RunPath
from swanlab_ci.model import Run, Truth


def run_path(gate: Gate, run: Run, given: GateInput) -> RunPath:
    """Return whether `gate` selects `run`, condition by condition, and the results of the gate that concern it."""
    findings = [
        (clause, clause.condition.ask(partial(as_selected, run, given.now))) for clause in gate.selection.clauses
    ]
    selected = run.id in {chosen.id for chosen in given.selector(gate.origin).select(gate.selection).runs}
    return RunPath(
        gate=gate.id,
        run=run_ref(run),
        selected=selected,
        conditions=tuple(
            check_of(clause, clause.condition.expectation(), finding, None, kind=CheckKind.SELECTION)
            for clause, finding in findings
        ),
        newest=gate.selection.newest if all(finding.answer is Truth.HOLDS for _, finding in findings) else None,
        results=tuple(judge_gate(gate, given)) if selected else (),
    )
