"""The commands: one module each, loaded only when it is asked for, so that `lint` pays for no client."""

from collections.abc import Mapping
from importlib import import_module

from swanlab_ci.cli.parser import parser
from swanlab_ci.runtime.console import Console


def run(arguments: list[str], environ: Mapping[str, str], console: Console) -> int:
    """Run the command that `arguments` name and return its exit code; raises `SwanlabCiError` where it cannot go on."""
    parsed = parser().parse_args(arguments)
    command = import_module(f"swanlab_ci.cli.{parsed.command}")
    code: int = command.run(parsed, environ, console)
    return code
