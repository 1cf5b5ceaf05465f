"""The report as files, for artifacts and later steps."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from swanlab_ci.security.files import FileError, UnsuitableFileError, is_inside, read_bytes


@dataclass(frozen=True, slots=True)
class Files:
    """Where the report was written, as paths relative to the workspace; empty texts if it was not."""

    markdown: str = ""
    json: str = ""
    html: str = ""


def write(texts: Mapping[str, str], folder: str, *, workspace: str) -> Files:
    """Write each text under its file's name into `folder`, which is created; without a `folder` nothing is written.

    Whatever has one of these names is removed first: a pull request could have committed a report of its own. A file
    that cannot be written does not keep the others from being written. A relative `folder` counts from `workspace`.
    Raises `OSError`, also if a link in the checkout leads elsewhere.
    """
    if not folder:
        return Files()
    target = _inside(Path(workspace), folder)
    _make(target, FileError.A_FILE)
    errors: list[OSError] = []
    for name in texts:
        with _noting(errors):
            _remove(target / name)
    for name, text in texts.items():
        with _noting(errors):
            _write_anew(target / name, text)
    if errors:
        raise errors[0]
    return Files(f"{folder}/report.md", f"{folder}/report.json", f"{folder}/report.html")


def write_inside(name: str, text: str, *, workspace: str) -> None:
    """Write one file; a relative `name` counts from `workspace`. Raises `OSError` as `write` does."""
    target = _inside(Path(workspace), name)
    _make(target.parent, FileError.NOT_A_FOLDER)
    _write(target, text)


def read_inside(name: str, *, largest: int, workspace: str) -> bytes:
    """Return what is where `write_inside` would write; raises `OSError` as it does, and if there is no such file."""
    return read_bytes(_inside(Path(workspace), name), largest=largest)


def replace_inside(name: str, text: str, *, workspace: str) -> None:
    """Write one file in one step: what was there stays until all of the new text is. Raises as `write_inside` does."""
    target = _inside(Path(workspace), name)
    _make(target.parent, FileError.NOT_A_FOLDER)
    if target.is_dir():
        raise UnsuitableFileError(FileError.A_FOLDER)
    _write_anew(target, text)


def _make(folder: Path, if_it_is_a_file: FileError) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UnsuitableFileError(if_it_is_a_file) from None


def _inside(workspace: Path, name: str) -> Path:
    try:
        target = Path(os.path.realpath(workspace / name))
    except ValueError as error:  # a NUL in the name
        raise UnsuitableFileError(FileError.BAD_NAME) from error
    if not Path(name).is_absolute() and not is_inside(target, workspace):
        raise UnsuitableFileError(FileError.OUTSIDE)
    return target


@contextmanager
def _noting(errors: list[OSError]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        errors.append(error)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write_anew(path: Path, text: str) -> None:
    """Write a file in one step: it is there as a whole, or not at all."""
    written = path.with_name(f".{path.name}.{os.getpid()}")
    _remove(written)
    try:
        _write(written, text)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK  # a link or a pipe may be there
    with os.fdopen(os.open(path, flags, 0o644), "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text + "\n")
