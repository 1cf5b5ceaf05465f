"""The job summary: appended to what earlier lines of this step wrote, and never over the runner's limit."""

from pathlib import Path

from swanlab_ci.platforms.context import Context
from swanlab_ci.report import SUMMARY_BYTES
from swanlab_ci.security.escaping import Safe


def room(context: Context) -> int:
    """Return how many bytes a summary may have; what is in the file already counts against the limit."""
    try:
        used = Path(context.summary_file).stat().st_size if context.summary_file else 0
    except OSError:
        used = 0
    return max(0, SUMMARY_BYTES - used)


def append(context: Context, text: Safe) -> None:
    """Append `text` as a block of its own; raises `OSError`, also if there is no room for it."""
    if not context.summary_file:
        return
    content = text.encode("utf-8", "backslashreplace")
    if not content or len(content) > room(context):
        raise OSError("there is no room left in it")
    with Path(context.summary_file).open("ab") as file:
        file.write(b"\n\n" + content + b"\n")
