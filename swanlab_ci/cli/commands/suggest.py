"""`swanlab-ci suggest`: which bounds and allowances the past of a project supports."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci.check.suggest import read_wanted, run_suggest
from swanlab_ci.cli.commands.check import input_reader, options_of
from swanlab_ci.report.suggestions import suggestions_json, suggestions_text
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.escaping import log_json

_FLAGS = ("by", "last", "since", "metric", "better", "alarms")


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print the suggestions; return 0."""
    given = {name: value for name in _FLAGS if (value := getattr(parsed, name)) is not None}
    report = run_suggest(input_reader(parsed, environ), options_of(parsed, environ, console), read_wanted(given))
    if parsed.format == "json":
        console.document(log_json(suggestions_json(report)))
    else:
        console.document(suggestions_text(report, console.language))
    return 0
