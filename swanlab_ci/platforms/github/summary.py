"""The job summary: appended to what earlier lines of this step wrote, and never over the runner's limit."""

import errno
import os
from pathlib import Path

from swanlab_ci.security.escaping import Safe

LIMIT = 1_000_000
"""Bytes of a summary; the runner drops one over 1,048,576 whole (`AttachmentSizeLimit` in `FileCommandManager.cs`)."""


def room(path: str) -> int:
    """Return how many bytes the summary at `path` can still take."""
    try:
        used = Path(path).stat().st_size if path else 0
    except OSError:
        used = 0
    return max(0, LIMIT - used)


def append(path: str, text: Safe) -> None:
    """Append `text` as a block of its own; without a path nothing is written.

    Raises `OSError`, with the number EFBIG where there is no room for it.
    """
    if not path:
        return
    content = text.encode("utf-8", "backslashreplace")
    if not content or len(content) > room(path):
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    with Path(path).open("ab") as file:
        file.write(b"\n\n" + content + b"\n")
