"""The report as files, for artifacts and later steps."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from swanlab_ci.security.files import FileError, UnsuitableFileError, is_inside


@dataclass(frozen=True, slots=True)
class Files:
    """Where the report was written, as paths relative to the workspace; empty texts if it was not."""

    markdown: str = ""
    json: str = ""


def write(texts: Mapping[str, str], folder: str, *, workspace: str) -> Files:
    """Write each text under its file's name into `folder`, which is created; without a `folder` nothing is written.

    A relative `folder` counts from `workspace`. Raises `OSError`, also if a link in the checkout leads elsewhere.
    """
    if not folder:
        return Files()
    target = _inside(Path(workspace), folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        _write(target / name, text)
    return Files(f"{folder}/report.md", f"{folder}/report.json")


def write_inside(name: str, text: str, *, workspace: str) -> None:
    """Write one file; a relative `name` counts from `workspace`. Raises `OSError` as `write` does."""
    target = _inside(Path(workspace), name)
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, text)


def _inside(workspace: Path, name: str) -> Path:
    try:
        target = Path(os.path.realpath(workspace / name))
    except ValueError as error:  # a NUL in the name
        raise UnsuitableFileError(FileError.BAD_NAME) from error
    if not Path(name).is_absolute() and not is_inside(target, workspace):
        raise UnsuitableFileError(FileError.OUTSIDE)
    return target


def _write(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK  # a link or a pipe may be there
    with os.fdopen(os.open(path, flags, 0o644), "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text + "\n")
