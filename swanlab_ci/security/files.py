"""The door to files that a pull request may have written: only plain files, inside the workspace, of a sane size."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from swanlab_ci.errors import ConfigurationError

LARGEST_GATE_FILE = 256 * 1024


def read_text(name: str, *, within: Path | None = None) -> str:
    """Read the text file `name`, relative to `within` or absolute; without `within` there is no confinement.

    Raises `ConfigurationError` if it lies outside (symbolic links followed), is missing, is no regular file, is larger
    than 256 KiB, or is not UTF-8.
    """
    try:
        content = _content(name, find(name, within=within))
    except OSError as error:
        raise ConfigurationError(f"{name} cannot be read: {error.strerror}.", "Name a file that is there.") from error
    except ValueError as error:
        raise ConfigurationError(f"{name!r} cannot be the name of a file.", "Name a file that is there.") from error
    return _decoded(name, content)


def find(name: str, *, within: Path | None = None) -> Path:
    """Return the path `name`, relative to `within` or absolute; without `within` there is no confinement.

    Raises `ConfigurationError` if it lies outside (symbolic links followed).
    """
    if within is None:
        return Path(name)
    root = os.path.realpath(within)  # `Path.resolve` stumbles over links that go round in a loop
    path = Path(os.path.realpath(Path(root, name)))
    if not path.is_relative_to(root):
        raise ConfigurationError(
            f"{name} lies outside the workspace {root}.", "Name one in the repository, and not behind a link."
        )
    return path


def read_beside(name: str, *, within: Path | None = None) -> Callable[[str], str]:
    """Return what reads a file named relative to the file `name`; raises as `read_text` does."""
    return lambda path: read_text(str(Path(name).parent / path), within=within)


def _content(name: str, path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # a named pipe must not hang the gate
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ConfigurationError(f"{name} is not a file.", "Name the file itself.")
        content = file.read(LARGEST_GATE_FILE + 1)
    if len(content) > LARGEST_GATE_FILE:
        raise ConfigurationError(f"{name} is larger than 256 KiB.", "Split it.")
    return content


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = " but UTF-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
        raise ConfigurationError(f"{name}:{line} is not UTF-8 text{found}.", "Save the file as UTF-8.") from error
