"""`swanlab-ci schema`: print the JSON Schema of gate files or of report.json."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci import gate, report
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.escaping import log_json


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Print the schema."""
    console.document(log_json(report.schema() if parsed.report else gate.schema()))
    return 0
