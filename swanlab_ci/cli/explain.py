"""`swanlab-ci explain`: how a gate, or one run in it, came out as it did."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci import gate
from swanlab_ci.check.bundle import read_bundle
from swanlab_ci.check.pipeline import fetch
from swanlab_ci.cli.check import asked, surroundings
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.escaping import Safe, log_text


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print the explanation; return 0 whatever the gate came to."""
    if parsed.case:
        bundle = read_bundle(parsed.case)
    else:
        bundle = fetch(asked(parsed, environ), surroundings(environ, console), parsed.gate)
    lines = gate.explain(bundle.rules(), parsed.gate, bundle.runs, now=bundle.judged_at, run=parsed.run)
    console.document(Safe("\n".join(map(log_text, lines))))
    return 0
