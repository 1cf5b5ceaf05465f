"""Files: the door to a folder of run directories, which the code under test has written."""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from swanlab_ci.errors import UnavailableError
from swanlab_ci.sources.profile import mapping, mended

_LARGEST_PROFILE = 1 << 20
_LARGEST_RECORDS = 1 << 30
_MOST_VALUES = 100_000
_STUMBLES = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)
"""What PyYAML also raises, where a tag such as `!!bool` stands before a scalar of another kind."""


def open_records(path: Path, root: Path) -> BinaryIO:
    """Open a file of records, of 1 GiB at most; raises `UnavailableError` where it is none or lies outside `root`."""
    file = _opened(path, root, _LARGEST_RECORDS)
    if file is None:
        raise unreadable(path, "it is not there")
    return file


def read_text(path: Path, root: Path) -> str:
    """Read a text of 1 MiB at most; the empty text if there is no such file. Raises as `open_records` does."""
    file = _opened(path, root, _LARGEST_PROFILE)
    if file is None:
        return ""
    with file, reading(path):
        try:
            return file.read(_LARGEST_PROFILE).decode("utf-8")
        except UnicodeDecodeError as error:
            raise unreadable(path, "it is not UTF-8 text") from error


def read_json(path: Path, root: Path) -> Mapping[str, Any]:
    """Read a JSON object; an empty one if there is no such file."""
    try:
        return mapping(mended(json.loads(read_text(path, root) or "{}")))
    except (ValueError, RecursionError) as error:
        raise unreadable(path, "it is not JSON") from error


def read_yaml(path: Path, root: Path) -> Mapping[str, Any]:
    """Read a YAML mapping, scalars as PyYAML wrote them; an empty one if there is no such file."""
    try:
        return mapping(mended(_plain(yaml.safe_load(read_text(path, root)), count())))
    except (yaml.YAMLError, *_STUMBLES) as error:
        raise unreadable(path, "it is not the YAML that SwanLab writes") from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong with an open file into the error that names it."""
    try:
        yield
    except OSError as error:
        raise unreadable(path, error.strerror or "it cannot be read to its end") from error


def unreadable(path: Path, why: str) -> UnavailableError:
    """Make the error that says why nothing can be told from a file."""
    return UnavailableError(f"{path} cannot be read: {why}.", "Remove its run's directory, or train that run again.")


def _opened(path: Path, root: Path, largest: int) -> BinaryIO | None:
    if not Path(os.path.realpath(path)).is_relative_to(
        os.path.realpath(root)
    ):  # `resolve` stumbles over loops of links
        raise unreadable(path, f"it lies outside {root}")
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")  # a named pipe must not hang the gate
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, str(error.strerror)) from error
    status = os.fstat(file.fileno())
    if stat.S_ISREG(status.st_mode) and status.st_size <= largest:
        return file
    file.close()
    raise unreadable(
        path, f"it is larger than {largest >> 20} MiB" if stat.S_ISREG(status.st_mode) else "it is no file"
    )


def _plain(value: Any, seen: "count[int]") -> Any:
    """Copy mappings and lists, with texts for keys; what aliases repeat counts each time, and is bounded."""
    if next(seen) > _MOST_VALUES:
        raise ValueError("it holds too many values")
    if isinstance(value, dict):
        return {str(key): _plain(below, seen) for key, below in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(below, seen) for below in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
