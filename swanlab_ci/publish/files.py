"""The report as files, for artifacts and later steps."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from swanlab_ci.report import Report


@dataclass(frozen=True, slots=True)
class Files:
    """Where the report was written, as paths relative to the workspace; empty texts if it was not."""

    markdown: str = ""
    json: str = ""


def write(rendering: Report, folder: str, *, workspace: str, redact: Callable[[str], str]) -> Files:
    """Write report.md, report.json and junit.xml into `folder`, made if need be; no `folder`, no files.

    A relative `folder` counts from `workspace`. Raises `OSError`, also if a link in the checkout leads elsewhere.
    """
    if not folder:
        return Files()
    target = _inside(Path(workspace), folder)
    target.mkdir(parents=True, exist_ok=True)
    _write(target / "report.md", redact(rendering.summary))
    _write(target / "junit.xml", redact(rendering.junit))
    _write(target / "report.json", redact(json.dumps(rendering.json, indent=1, allow_nan=False)))
    return Files(f"{folder}/report.md", f"{folder}/report.json")


def write_inside(name: str, text: str, *, workspace: str) -> None:
    """Write one file; a relative `name` counts from `workspace`. Raises `OSError` as `write` does."""
    target = _inside(Path(workspace), name)
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, text)


def _inside(workspace: Path, folder: str) -> Path:
    target = Path(os.path.realpath(workspace / folder))  # `resolve` stumbles over loops of links before Python 3.13
    if not Path(folder).is_absolute() and not target.is_relative_to(os.path.realpath(workspace)):
        raise OSError(f"{folder} lies outside the workspace")
    return target


def _write(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK  # a link or pipe may be waiting there
    with os.fdopen(os.open(path, flags, 0o644), "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text + "\n")
