"""`swanlab-ci replay`: judge a bundle again, offline."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci.check.bundle import read_bundle
from swanlab_ci.report import render
from swanlab_ci.runtime.console import Console


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Print the report in the form asked for, and return the verdict's exit code."""
    bundle = read_bundle(parsed.file)
    console.suggest_language(bundle.rules().report.language)
    judgement = bundle.judgement(bundle.judge())
    report = render(judgement, redact=console.redact, language=console.language, colour=console.colour)
    console.document(report.in_form(parsed.format))
    return judgement.exit_code
