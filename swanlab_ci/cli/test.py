"""`swanlab-ci test`: rules are tried out on made-up runs."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci import gate
from swanlab_ci.errors import Problem, as_message
from swanlab_ci.report import wording
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.files import read_beside, read_text

_UNTESTED = "no test makes this gate miss, so nobody knows whether it can"


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Print every expectation that was not met, and the gates that no test makes miss; return 1 for the former."""
    name = parsed.gates
    gate_file = gate.load(read_text(name), name=name, read=read_beside(name))
    trial = gate.try_out(gate_file, read_text(parsed.file), name=parsed.file)
    for told in trial.wrong:
        console.problem(Problem(wording.mismatch(told), parsed.file, told.line))
    for gate_id in trial.untested:
        console.problem(Problem(as_message(f"`{gate_id}`: {_UNTESTED}"), name))
    tests = f"{trial.tests} test{'s' * (trial.tests != 1)}"
    failed = (
        f"{len(trial.wrong)} expectation{'s' * (len(trial.wrong) != 1)} not met" if trial.wrong else "all as expected"
    )
    console.say(f"{parsed.file}: {tests}, {failed}.")
    return 1 if trial.wrong else 0
