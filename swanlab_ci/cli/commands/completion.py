"""`swanlab-ci completion`: a script that completes commands, flags and files in a shell."""

import argparse
from argparse import Namespace
from collections.abc import Iterator, Mapping

import shtab

from swanlab_ci.cli.parser import parser
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.escaping import Safe

_PATHS = {"FILE": shtab.FILE, "TESTS": shtab.FILE, "DIR": shtab.DIRECTORY}


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Print the script for one shell."""
    top = parser()
    for action in _actions(top):
        if action.metavar in _PATHS:
            action.complete = _PATHS[str(action.metavar)]  # type: ignore[attr-defined]  # shtab reads this attribute
    console.document(Safe(shtab.complete(top, parsed.shell)))
    return 0


def _actions(command: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in command._actions:  # noqa: SLF001 - argparse has no public way to list them
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - same
            for below in action.choices.values():
                yield from _actions(below)
