"""`swanlab-ci doctor`: is the gate armed, and does all that it needs work."""

import json
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from swanlab_ci.check.diagnosis import diagnose
from swanlab_ci.check.options import CheckContext
from swanlab_ci.cli.commands.check import input_reader, options_of
from swanlab_ci.cli.git import is_uncommitted
from swanlab_ci.messages import Message, Name, as_data
from swanlab_ci.platforms import examine, forge_of, read_context, tokens_of
from swanlab_ci.platforms.findings import Health, Observation, exit_code
from swanlab_ci.runtime.console import Console
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import Safe, log_text

_SCHEMA = 1
_SIGNS = {Health.OK: "✓", Health.WARNING: "!", Health.PROBLEM: "✗", Health.UNKNOWN: "?"}


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print what was found; return 0 if all is well, 1 if something is broken, 3 if something could not be seen."""
    for secret in (environ.get("SWANLAB_API_KEY", ""), *tokens_of(environ)):
        console.hide(secret, tell_runner=False)
    inputs = input_reader(parsed, environ)()
    options, context = options_of(parsed, environ, console), read_context(environ)
    current = CheckContext(inputs, context, forge_of(context, "", environ), options, Deadline(inputs.timeout))
    findings = list(diagnose(current))
    if is_uncommitted(inputs.gates, environ):
        uncommitted = Message("doctor.uncommitted", file=Name(inputs.gates))
        findings.append(Observation("gate-file", Health.WARNING, uncommitted))
    findings += examine(
        environ, Path.cwd(), branch=parsed.branch or "", check=parsed.check or "", deadline=current.deadline
    )
    if parsed.format == "json":
        console.document(_document(findings, console))
    else:
        console.document(Safe(log_text(console.redact("\n".join(_lines(findings, console))))))
    return exit_code(findings)


def _lines(findings: Sequence[Observation], console: Console) -> list[str]:
    lines = []
    for finding in findings:
        lines.append(f"{_SIGNS[finding.health]} {console.worded(finding.message)}")
        lines += [f"    {console.worded(finding.advice)}"] if finding.advice else []
    problems = sum(each.health is Health.PROBLEM for each in findings)
    not_armed = Message("doctor.not-armed", count=problems)
    verdict = {0: Message("doctor.armed"), 1: not_armed, 3: Message("doctor.unknown")}[exit_code(findings)]
    return [*lines, console.worded(verdict)]


def _document(findings: Sequence[Observation], console: Console) -> Safe:
    """Return one JSON document; its escapes leave nothing that a log or a terminal could obey."""
    found = [
        {"part": each.part, "health": each.health, **_worded(each.message, console)}
        | ({"advice": _worded(each.advice, console)} if each.advice else {})
        for each in findings
    ]
    document = {"schema": _SCHEMA, "exit_code": exit_code(findings), "findings": found}
    return Safe(console.redact(json.dumps(document)))


def _worded(message: Message, console: Console) -> dict[str, object]:
    return as_data(message) | {"text": console.worded(message)}
