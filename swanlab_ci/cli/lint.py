"""`swanlab-ci lint`: the mistakes of a gate file, offline."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.files import read_beside, read_text


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Print each mistake as FILE:LINE:COL: message; return 2 if there is one."""
    text = read_text(parsed.file)
    try:
        gate_file = gate.load(text, name=parsed.file, read=read_beside(parsed.file))
    except ConfigurationError as stop:
        for problem in stop.problems:
            console.problem(problem)
        console.say(stop.what)
        return stop.exit_code
    for warning in gate_file.warnings:
        console.problem(warning)
    count = len(gate_file.gates)
    console.say(f"{parsed.file}: {count} gate{'s' * (count != 1)}, no mistakes.")
    return 0
