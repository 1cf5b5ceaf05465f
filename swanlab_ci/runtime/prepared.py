"""Compiled code of dataclasses, which the image holds: Python keeps that of modules, and compiles this at every start.

Without the file, or for a text that is not in it, Python compiles as always. Nothing here loads another module of ours:
it is there before the first dataclass.
"""

import dataclasses
import marshal
import os
from collections.abc import Iterable
from importlib import import_module
from typing import Any

FILE = os.path.join(os.path.dirname(__file__), "prepared.bin")  # noqa: PTH118, PTH120 - pathlib takes a while to load


def use(file: str = FILE) -> None:
    """Take the methods of dataclasses from `file`, by the text that they are compiled from."""
    try:
        with open(file, "rb") as opened:  # noqa: PTH123 - as above
            known = marshal.loads(opened.read())  # noqa: S302 - a part of the program, like its compiled modules
    except (OSError, EOFError, ValueError, TypeError):
        return
    if not isinstance(known, dict):
        return

    def execute(text: str, *names: Any) -> None:
        exec(known.get(text, text), *names)  # noqa: S102 - what the standard library asks for

    _replace(execute)


def write(modules: Iterable[str], file: str = FILE) -> None:
    """Load `modules`, none of which may have been loaded, and write what their dataclasses compile."""
    known = {}

    def execute(text: str, *names: Any) -> None:
        known[text] = compile(text, "<string>", "exec")
        exec(known[text], *names)  # noqa: S102 - as above

    _replace(execute)
    for module in modules:
        import_module(module)
    with open(file, "wb") as opened:  # noqa: PTH123 - as above
        opened.write(marshal.dumps(known, 2))  # a later version writes the same code in several ways


def _replace(execute: Any) -> None:
    """Let the module `dataclasses` call `execute` instead of `exec`."""
    dataclasses.exec = execute  # type: ignore[attr-defined]
