"""Read files of run directories, which the code under test has written: bounded, and never outside their folder."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message, Name, Param
from swanlab_ci.security.files import FileError, UnsuitableFileError, open_file, reason
from swanlab_ci.security.untrusted import YAML_ERRORS, mapping, mended

_LARGEST_PROFILE = 1 << 20
_LARGEST_RECORDS = 1 << 30
_MOST_VALUES = 100_000


def open_records(path: Path, root: Path) -> BinaryIO:
    """Open a file of records, of at most 1 GiB; raises `UnavailableError` if it is missing or outside `root`."""
    file = _opened(path, root, _LARGEST_RECORDS)
    if file is None:
        raise unreadable(path, FileError.MISSING)
    return file


def profile_text(path: Path, root: Path) -> str:
    """Read a text of at most 1 MiB; empty if there is no such file. Raises as `open_records` does."""
    file = _opened(path, root, _LARGEST_PROFILE)
    if file is None:
        return ""
    with file, reading(path):
        try:
            return file.read(_LARGEST_PROFILE).decode("utf-8")
        except UnicodeDecodeError as error:
            raise unreadable(path, Message("source.not-utf-8")) from error


def profile_json(path: Path, root: Path) -> Mapping[str, Any]:
    """Read a JSON object; an empty one if there is no such file."""
    try:
        return mapping(mended(json.loads(profile_text(path, root) or "{}")))
    except (ValueError, RecursionError) as error:
        raise unreadable(path, Message("source.not-json")) from error


def profile_yaml(path: Path, root: Path) -> Mapping[str, Any]:
    """Read a YAML mapping, scalars as PyYAML wrote them; an empty one if there is no such file."""
    try:
        return mapping(mended(_plain(yaml.safe_load(profile_text(path, root)), count())))
    except (yaml.YAMLError, *YAML_ERRORS) as error:
        raise unreadable(path, Message("source.not-yaml")) from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Convert an error of an open file to one that names the file."""
    try:
        yield
    except OSError as error:
        raise unreadable(path, reason(error)) from error


def unreadable(path: Path, why: Param) -> UnavailableError:
    """Return the error that says why a file of a run cannot be used."""
    return UnavailableError(
        Message("source.unreadable", path=Name(path), reason=why), Message("source.unreadable.advice")
    )


def _opened(path: Path, root: Path, largest: int) -> BinaryIO | None:
    try:
        return open_file(path, largest=largest, within=root)
    except FileNotFoundError:
        return None
    except UnsuitableFileError as error:
        if error.reason is FileError.TOO_LARGE:
            raise unreadable(path, Message("source.larger-than", limit=largest >> 20)) from error
        raise unreadable(path, error.reason) from error
    except OSError as error:
        raise unreadable(path, reason(error)) from error


def _plain(value: Any, seen: "count[int]") -> Any:
    """Copy mappings and lists, with texts as keys; limits the number of values, each use of an alias counted."""
    if next(seen) > _MOST_VALUES:
        raise ValueError(_MOST_VALUES)
    if isinstance(value, dict):
        return {str(key): _plain(below, seen) for key, below in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(below, seen) for below in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
