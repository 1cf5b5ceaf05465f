"""`swanlab-ci explain`: how a gate, or one run in it, came out as it did."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci import gate
from swanlab_ci.check.bundle import read_bundle
from swanlab_ci.check.pipeline import fetch
from swanlab_ci.cli.check import asked, surroundings
from swanlab_ci.report.explain import explain_paths, explain_results
from swanlab_ci.runtime.console import Console


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print the explanation; return 0 whatever the gate came to."""
    if parsed.case:
        bundle = read_bundle(parsed.case)
    else:
        bundle = fetch(asked(parsed, environ), surroundings(environ, console), parsed.gate)
    rules, now = bundle.rules(), bundle.judged_at
    if parsed.run:
        paths = gate.run_paths(rules, parsed.gate, bundle.runs, now=now, run=parsed.run)
        console.document(explain_paths(paths, console.language))
    else:
        results = gate.results_of(rules, parsed.gate, bundle.runs, now=now)
        console.document(explain_results(results, console.language))
    return 0
