"""`swanlab-ci test`: try a gate file on made-up runs."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci import gate
from swanlab_ci.check.gate_file import read_gate_file
from swanlab_ci.cli.confinement import confined_to
from swanlab_ci.errors import Problem
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.report.wording.mismatch import mismatch_message
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.files import read_text


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print every expectation that is not met, and the gates that no test makes fail; return 1 for the former."""
    name, tests, within = parsed.gates, Name(parsed.file), confined_to(parsed, environ)
    gate_file = read_gate_file(name, within).gate_file
    console.suggest_language(gate_file.report.language)
    trial = gate.try_out(gate_file, read_text(parsed.file, within=within), name=parsed.file)
    for mismatch in trial.wrong:
        console.problem(Problem(mismatch_message(mismatch), parsed.file, mismatch.line))
    for gate_id in trial.untested:
        console.problem(Problem(Message("test.never-fails", gate=Key(gate_id)), name))
    if trial.wrong:
        console.say(Message("test.failed", file=tests, tests=trial.tests, count=len(trial.wrong)))
        return 1
    console.say(Message("test.passed", file=tests, tests=trial.tests))
    return 0
