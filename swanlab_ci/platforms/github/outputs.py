"""The outputs of a step: written before anything can fail, and again when the verdict is known.

The runner reads the file line by line, takes `name=value`, and lets the last line of a name win
(`FileCommandManager.cs`).
"""

from collections.abc import Mapping
from pathlib import Path

from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.platforms.github.events import is_job
from swanlab_ci.security.escaping import visible


def begin(environ: Mapping[str, str], language: Language) -> None:
    """Write that nothing has passed yet, for whatever may end this program early; raises `OSError`."""
    if is_job(environ):
        summary = plain(Message("output.no-verdict"), language)
        write(environ.get("GITHUB_OUTPUT", ""), {"passed": "false", "verdict": "error", "summary": summary})


def write(path: str, values: Mapping[str, str]) -> None:
    """Append `values` to the outputs file `path`, one line each; without a path nothing is written."""
    if path:
        lines = "".join(f"{name}={visible(value)}\n" for name, value in values.items())
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(lines)
