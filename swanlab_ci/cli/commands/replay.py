"""`swanlab-ci replay`: judge a bundle again, offline, by its own rules or by others."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci.check.bundle import read_bundle
from swanlab_ci.check.gate_file import read_gate_file
from swanlab_ci.cli.confinement import confined_to
from swanlab_ci.report import render, template_note
from swanlab_ci.runtime.console import Console


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print the report in the form asked for, and return the verdict's exit code."""
    bundle = read_bundle(parsed.file)
    if parsed.gates:
        bundle = bundle.by(read_gate_file(parsed.gates, confined_to(parsed, environ)))
    console.suggest_language(bundle.rules().report.language)
    verdict = bundle.judge()
    judgement, insight = bundle.judgement(verdict), bundle.insight(verdict)
    report = render(
        judgement,
        insight,
        redact=console.redact,
        language=console.language,
        colour=console.colour,
        template=bundle.template if parsed.format == "comment" else None,
    )
    if report.template_problem:
        console.warn(template_note(report.template_problem))
    console.document(report.in_form(parsed.format))
    return judgement.exit_code
