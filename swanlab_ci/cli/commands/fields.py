"""`swanlab-ci fields`: every field of a run, as a gate file would write it."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci.check import one_run
from swanlab_ci.cli.commands.check import input_reader, options_of
from swanlab_ci.report.fields import fields_json, fields_text
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.escaping import log_json


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print the fields of every run with this id or name; return 0."""
    if parsed.case:
        runs, now = one_run.of_bundle(parsed.case, parsed.run)
    else:
        runs, now = one_run.of_project(input_reader(parsed, environ), options_of(parsed, environ, console), parsed.run)
    if parsed.format == "json":
        console.document(log_json(fields_json(runs, now)))
    else:
        console.document(fields_text(runs, now, console.language))
    return 0
