"""The command line: its arguments are parsed, and the command that they name is run."""

import re
from collections.abc import Mapping
from importlib import import_module

from swanlab_ci.cli.parser import parse
from swanlab_ci.messages import Language
from swanlab_ci.runtime.console import Console
from swanlab_ci.runtime.language import language_of


def run(arguments: list[str], environ: Mapping[str, str], console: Console) -> int:
    """Run the command that `arguments` name and return its exit code; raises `SwanlabCiError` where it cannot go on."""
    console.suggest_language(language_of(environ))
    ours, command_line = _split(arguments)
    console.choose_language(_language_in(ours))
    parsed = parse(ours)
    parsed.command_line = command_line
    command = import_module(f"swanlab_ci.cli.commands.{parsed.command}")
    code: int = command.run(parsed, environ, console)
    return code


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Return our own arguments, and the command line after the first `--` that `exec` starts as it stands."""
    if arguments[:1] != ["exec"] or "--" not in arguments:
        return arguments, []
    end = arguments.index("--")
    return arguments[:end], arguments[end + 1 :]


def _language_in(arguments: list[str]) -> Language | None:
    """Return the language that the arguments ask for, before anything else is read: mistakes in them are told in it."""
    asked = re.findall(r"(?<=\0)--language[=\0](\w+)(?=\0)", "\0".join(["", *arguments, ""]))
    return Language(asked[-1]) if asked and asked[-1] in list(Language) else None
