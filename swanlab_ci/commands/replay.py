"""`swanlab-ci replay`: a bundle is judged again, offline."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci.bundle import read_bundle
from swanlab_ci.console import Console
from swanlab_ci.report import render


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Print the report in the form asked for, and return the verdict's exit code."""
    bundle = read_bundle(parsed.file)
    judgement = bundle.judgement(bundle.judge())
    rendering = render(judgement, redact=console.redact, colour=console.colour)
    console.document(rendering.in_form(parsed.format))
    return judgement.exit_code
