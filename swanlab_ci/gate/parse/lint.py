"""Warnings about a gate file that loads: gates that cannot fail, baselines that are not used, too many exempt files."""

import re
from collections.abc import Iterator
from fractions import Fraction

from swanlab_ci.errors import Problem
from swanlab_ci.gate.parse.exempt_paths import exempt_warnings
from swanlab_ci.gate.parse.suggestions import instead_of_number
from swanlab_ci.gate.spec.conditions import FieldCondition, Subject, conditions_in
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Clause, Gate, GateFile
from swanlab_ci.gate.spec.source import Scalar
from swanlab_ci.gate.spec.values import Literal, ValueKind
from swanlab_ci.messages import Key, Message
from swanlab_ci.model import Level

_BOOLS = ("true", "false")
_RELEASE = re.compile(r"\d+(\.\d+)?", re.ASCII)
PLACEHOLDER = "my-team/my-project"
"""The project in a first gate file for which none was found."""


def warnings(gate_file: GateFile) -> Iterator[Problem]:
    """Yield a problem, with its place, for everything that is allowed but probably a mistake."""
    for gate in gate_file.gates:
        yield from _gate(gate)
    if gate_file.gates and all(gate.level is not Level.FAIL for gate in gate_file.gates):
        yield gate_file.gates[0].place.problem(Message("lint.no-fail-level"))
    yield from exempt_warnings(gate_file.no_training_needed)
    yield from _placeholder(gate_file)
    used = {name for gate in gate_file.gates for name in gate.baselines()}
    for baseline in gate_file.baselines:
        if baseline.name not in used:
            yield baseline.place.problem(Message("lint.unused-baseline", baseline=baseline.name))
    yield from _curves(gate_file)


def _placeholder(gate_file: GateFile) -> Iterator[Problem]:
    """Yield a problem for the project of a first gate file that nobody has replaced yet."""
    for tree in gate_file.documents:
        for key, node in tree.entries:
            if key.raw == "project" and isinstance(node, Scalar) and node.raw == PLACEHOLDER:
                yield node.place.problem(Message("lint.placeholder", project=Key(PLACEHOLDER)))


def _curves(gate_file: GateFile) -> Iterator[Problem]:
    """Yield a problem for each curve of the file itself that nothing reads, and for each `of` that looks like a field.

    A curve of a file that is extended may be read by another file.
    """
    fields = [field for gate in gate_file.gates for field in gate_file.fields(gate)]
    fields += [field for baseline in gate_file.baselines for each in baseline.selections for field in each.fields()]
    read = {field.curve for field in fields}
    for name, curve in gate_file.curves.items():
        if curve is None or curve.place is None or curve.place.source.name != gate_file.name:
            continue
        if curve not in read:
            yield curve.place.problem(Message("lint.unused-curve", curve=name))
        if curve.of.startswith("metrics."):
            metric = Key(curve.of.removeprefix("metrics."))
            yield curve.place.problem(Message("lint.curve-of-field", metric=metric))


def _texts(clause: Clause) -> Iterator[Problem]:
    """Yield a problem for each text that looks like a number, a bool or a comparison, and so equals nothing logged."""
    for part in conditions_in(clause.condition):
        if not isinstance(part, FieldCondition) or not isinstance(part.operand, tuple):
            continue
        for literal in part.operand:
            hint = _instead(part.subject, literal) if isinstance(literal, Literal) else None
            if hint:
                message = Message("lint.compared-text", field=part.subject.text, text=literal.raw, hint=hint)
                yield clause.place.problem(message)


def _instead(subject: Subject, literal: Literal) -> Message | None:
    if isinstance(subject, Field) and subject.root == "requirements" and _RELEASE.fullmatch(literal.raw):
        return Message("gate-file.hint-write", example=Key(f'{{version: "=={literal.raw}.*"}}'))
    if subject.kind is not ValueKind.ANY or not isinstance(literal.value, str):
        return None
    return Message("gate-file.hint-unquote") if literal.raw in _BOOLS else instead_of_number(literal.raw)


def _gate(gate: Gate) -> Iterator[Problem]:
    for clause in (*gate.selection.clauses, *gate.expect, *gate.aggregates):
        yield from _texts(clause)
    chosen = {(clause.field, clause.condition) for clause in gate.selection.clauses}
    for clause in gate.expect:
        if (clause.field, clause.condition) in chosen:
            yield clause.place.problem(Message("lint.always-holds", field=clause.field))
    if gate.how_many.is_limit and gate.how_many.most == Fraction(1) and isinstance(gate.how_many.most, Fraction):
        yield gate.place.problem(Message("lint.cannot-fail"))
    if gate.if_no_runs == "pass":
        yield gate.place.problem(Message("lint.passes-without-runs"))
