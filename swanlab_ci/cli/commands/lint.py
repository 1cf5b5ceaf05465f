"""`swanlab-ci lint`: find mistakes in gate files, offline."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from swanlab_ci import gate
from swanlab_ci.cli.confinement import confined_to
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Message, Name
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.files import read_beside, read_text


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print each mistake of each file as FILE:LINE:COL: message; return 2 if there is one.

    A file that cannot be read is a mistake, too, and the files after it are still read.
    """
    within = confined_to(parsed, environ)
    return max([_lint(file, console, within) for file in parsed.files])


def _lint(file: str, console: Console, within: Path | None) -> int:
    try:
        text = read_text(file, within=within)
        gate_file = gate.load(text, name=file, read=read_beside(file, within=within))
    except ConfigurationError as error:
        for problem in error.problems:
            console.problem(problem)
        if error.problems:
            console.say(error.what)
        else:
            console.stop(error)
        return error.exit_code
    console.suggest_language(gate_file.report.language)
    for warning in gate_file.warnings:
        console.problem(warning)
    console.say(Message("lint.no-mistakes", file=Name(file), count=len(gate_file.gates)))
    return 0
