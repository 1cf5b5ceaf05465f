"""Annotations: what is wrong, beside the line of the gate file that says so."""

from collections.abc import Iterable

from swanlab_ci.errors import Problem
from swanlab_ci.judgement import GateResult, Judgement
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.model import Status
from swanlab_ci.platforms.base import Annotation
from swanlab_ci.report import wording

_LEVELS = {
    Status.ERROR: "error",
    Status.FAIL: "error",
    Status.PENDING: "warning",
    Status.WARN: "warning",
    Status.INFO: "notice",
}


def of_judgement(judgement: Judgement, language: Language) -> tuple[Annotation, ...]:
    """Return an annotation for each gate that needs attention, worst first."""
    return tuple(
        _of_gate(gate, level, judgement.gate_file, language)
        for status, level in _LEVELS.items()
        for gate in judgement.verdict.gates
        if gate.status is status
    )


def of_problems(problems: Iterable[Problem], language: Language) -> tuple[Annotation, ...]:
    """Return an annotation for each thing that is wrong in an input or in the gate file."""
    return tuple(
        Annotation(
            level="error", text=plain(each.message, language), file=each.file, line=each.line, column=each.column
        )
        for each in problems
    )


def of_template(problem: Problem, language: Language) -> tuple[Annotation, ...]:
    """Return the annotation that a template was not used, which is a warning: the verdict stands."""
    text = plain(Message("template.line", reason=problem.message), language)
    return (Annotation(level="warning", text=text, file=problem.file, line=problem.line, column=problem.column),)


def _of_gate(gate: GateResult, level: str, file: str, language: Language) -> Annotation:
    parts = (wording.gate_summary(gate), wording.gate_advice(gate))
    text = " ".join(plain(part, language) for part in parts if part)
    line = gate.line if gate.file == file else 0  # a gate of an extended file is on no line of this one
    return Annotation(level=level, text=text, title=plain(wording.gate_title(gate), language), file=file, line=line)
