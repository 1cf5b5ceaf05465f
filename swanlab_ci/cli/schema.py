"""`swanlab-ci schema`: the JSON Schema of gate files, for editors."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci import gate
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.escaping import log_json


def run(_parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Print it."""
    console.document(log_json(gate.schema()))
    return 0
