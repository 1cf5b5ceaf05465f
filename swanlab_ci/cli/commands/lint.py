"""`swanlab-ci lint`: find mistakes in gate files, offline."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from swanlab_ci.check.gate_file import LoadedGateFile, read_gate_file
from swanlab_ci.cli.confinement import confined_to
from swanlab_ci.errors import ConfigurationError, Problem
from swanlab_ci.messages import Message, Name
from swanlab_ci.runtime.console import Console


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print each mistake of each file as FILE:LINE:COL: message, warnings marked as such; return 2 for a mistake.

    A file that cannot be read is a mistake, too, and the files after it are still read.
    """
    within = confined_to(parsed, environ)
    return max([_lint(file, console, within) for file in parsed.files])


def _lint(file: str, console: Console, within: Path | None) -> int:
    try:
        loaded = read_gate_file(file, within)
    except ConfigurationError as error:
        for problem in error.problems:
            console.problem(problem)
        if error.problems:
            console.say(error.what)
        else:
            console.stop(error)
        return error.exit_code
    gate_file = loaded.gate_file
    console.suggest_language(gate_file.report.language)
    for warning in gate_file.warnings:
        console.problem(replace(warning, message=Message("console.warning", text=warning.message)))
    if gate_file.report.template and (found := _template_problem(loaded)):
        console.problem(found)
        console.say(Message("gate-file.problems", file=file, count=1))
        return ConfigurationError.exit_code
    warned = len(gate_file.warnings) or None
    console.say(Message("lint.no-mistakes", file=Name(file), count=len(gate_file.gates), warnings=warned))
    return 0


def _template_problem(loaded: LoadedGateFile) -> Problem | None:
    from swanlab_ci.check.template_trial import template_problem  # noqa: PLC0415 - few gate files have a template

    return template_problem(loaded)
