"""What a gate file says that is allowed and yet hardly meant: gates that cannot fail, names that nothing uses."""

from collections.abc import Iterator
from fractions import Fraction

from swanlab_ci.errors import Problem
from swanlab_ci.gate.spec.gates import Gate, GateFile
from swanlab_ci.model import Level


def warnings(gate_file: GateFile) -> Iterator[Problem]:
    """Yield what deserves a second look."""
    for gate in gate_file.gates:
        yield from _gate(gate)
    if gate_file.gates and all(gate.level is not Level.FAIL for gate in gate_file.gates):
        yield gate_file.gates[0].place.problem("no gate has level `fail`, so nothing in this file can stop a merge")
    used = {comparison.to for gate in gate_file.gates for comparison in gate.compare}
    for baseline in gate_file.baselines:
        if baseline.name not in used:
            yield baseline.place.problem(f"no gate compares with the baseline `{baseline.name}`")


def _gate(gate: Gate) -> Iterator[Problem]:
    chosen = {(clause.field, clause.condition) for clause in gate.selection.clauses}
    for clause in gate.expect:
        if (clause.field, clause.condition) in chosen:
            message = f"`{clause.field}` is selected by the very condition that is expected, so this always holds"
            yield clause.place.problem(message)
    if gate.how_many.is_limit and gate.how_many.most == Fraction(1) and isinstance(gate.how_many.most, Fraction):
        yield gate.place.problem(
            "`how_many` lets all runs through and none, so the expectations of this gate cannot fail"
        )
    if gate.if_no_runs == "pass":
        yield gate.place.problem(
            "this gate passes where it selects no runs; a typing mistake in `runs` would stay unseen"
        )
