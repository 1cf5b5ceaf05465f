"""A run's journal: the uploads since its file was written, one line each."""

import json
import os
from pathlib import Path
from typing import Any

from swanlab_ci.sandbox.api.uploads import take
from swanlab_ci.sandbox.storage.store import StoredRun, Upload


class BadLine(ValueError):
    """A line before the last one of a journal cannot be read; the text names it."""


def append(path: Path, uploads: list[Upload]) -> int:
    """Add uploads; returns the journal's new size in bytes once they are on disk. Raises `OSError`."""
    is_new = not path.exists()
    with path.open("ab") as file:
        file.writelines(json.dumps(upload).encode("ascii") + b"\n" for upload in uploads)
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    if is_new:
        sync(path.parent)
    return size


def sync(folder: Path) -> None:
    """Write a folder's list of files to disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def replay(path: Path, run: StoredRun) -> None:
    """Add the uploads of its journal to a run, without a last line that is incomplete: it was never acknowledged.

    Raises `BadLine` for any other unreadable line, `OSError` for an unreadable file.
    """
    if not path.exists():
        return
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        try:
            entry: Any = json.loads(line)
            time, kind, items = str(entry["time"]), entry["kind"], entry["items"]
            take(run, kind, items)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            if number < len(lines) - 1:
                raise BadLine(f"line {number} is not what a sandbox writes: {error}") from error
            return
        run.updated_at = time
