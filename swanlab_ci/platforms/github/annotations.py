"""Annotations: what is wrong, beside the line of the gate file that says so."""

from collections.abc import Callable, Iterable, Sequence

from swanlab_ci.errors import Problem
from swanlab_ci.judgement import GateResult, Judgement
from swanlab_ci.messages import Language, plain
from swanlab_ci.model import Status
from swanlab_ci.report import wording
from swanlab_ci.security.escaping import Safe, annotation

MOST = 10
"""How many annotations of one type the runner keeps for a step (`_maxCountPerIssueType` in `ExecutionContext.cs`)."""

_LEVELS = {
    Status.ERROR: "error",
    Status.FAIL: "error",
    Status.PENDING: "warning",
    Status.WARN: "warning",
    Status.INFO: "notice",
}


def for_judgement(
    judgement: Judgement, redact: Callable[[str], str], language: Language = Language.EN
) -> tuple[Safe, ...]:
    """Write a workflow command for each gate in trouble, worst first, as many as the runner keeps."""
    commands: dict[str, list[Safe]] = {level: [] for level in _LEVELS.values()}
    for status, level in _LEVELS.items():
        commands[level] += [
            _at_its_line(level, gate, judgement.gate_file, redact, language)
            for gate in judgement.verdict.gates
            if gate.status is status
        ]
    return tuple(command for level in commands for command in _kept(level, commands[level]))


def for_problems(problems: Iterable[Problem]) -> tuple[Safe, ...]:
    """Write a workflow command for each thing wrong in an input or the gate file."""
    commands = [annotation("error", str(p.message), file=p.file, line=p.line, column=p.column) for p in problems]
    return _kept("error", commands)


def _at_its_line(level: str, gate: GateResult, file: str, redact: Callable[[str], str], language: Language) -> Safe:
    parts = (wording.gate_summary(gate), wording.gate_advice(gate))
    message = " ".join(plain(part, language) for part in parts if part)
    line = gate.line if gate.file == file else 0  # a gate of an extended file is on no line of this one
    return annotation(level, redact(message), title=redact(gate.name), file=file, line=line)


def _kept(level: str, commands: Sequence[Safe]) -> tuple[Safe, ...]:
    if len(commands) <= MOST:
        return tuple(commands)
    more = annotation(level, f"{len(commands) - MOST + 1} more are in the job's log and summary.")
    return (*commands[: MOST - 1], more)
