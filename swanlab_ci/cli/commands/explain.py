"""`swanlab-ci explain`: why a gate has its result, or what a gate does with one run."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci import gate
from swanlab_ci.check.bundle import read_bundle
from swanlab_ci.check.pipeline import fetch
from swanlab_ci.check.record import unread_of
from swanlab_ci.cli.commands.check import input_reader, options_of
from swanlab_ci.report.explain import explain_paths, explain_results, explain_training
from swanlab_ci.runtime.console import Console


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print the explanation; return 0 whatever the gate's result is."""
    if parsed.case:
        bundle = read_bundle(parsed.case)
    else:
        bundle = fetch(input_reader(parsed, environ), options_of(parsed, environ, console), parsed.gate)
    rules, now, unread = bundle.rules(), bundle.judged_at, unread_of(bundle.others)
    console.suggest_language(rules.report.language)
    training = explain_training(bundle.exempt, bundle.carried, bundle.notes, console.language)
    if training:
        console.document(training)
    if parsed.run:
        paths = gate.run_paths(rules, parsed.gate, bundle.runs, now=now, run=parsed.run, unread=unread)
        console.document(explain_paths(paths, console.language))
    else:
        results = gate.results_of(rules, parsed.gate, bundle.runs, now=now, unread=unread)
        console.document(explain_results(results, console.language))
    return 0
