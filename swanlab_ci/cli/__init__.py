"""The commands: one module each, imported when it is asked for, so that `lint` does not load the client."""

from collections.abc import Mapping
from importlib import import_module

from swanlab_ci.cli.parser import parser
from swanlab_ci.messages import Language
from swanlab_ci.runtime.console import Console
from swanlab_ci.runtime.language import language_of


def run(arguments: list[str], environ: Mapping[str, str], console: Console) -> int:
    """Run the command that `arguments` name and return its exit code; raises `SwanlabCiError` where it cannot go on."""
    console.suggest_language(language_of(environ))
    parsed = parser().parse_args(arguments)
    chosen = getattr(parsed, "language", None)
    console.choose_language(Language(chosen) if chosen else None)
    command = import_module(f"swanlab_ci.cli.{parsed.command}")
    code: int = command.run(parsed, environ, console)
    return code
