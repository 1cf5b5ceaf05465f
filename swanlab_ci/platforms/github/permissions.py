"""Which `permissions:` a job on GitHub lacks."""

from collections.abc import Sequence

from swanlab_ci.platforms.base import ApiAttempt


def needed_permissions(attempts: Sequence[ApiAttempt]) -> tuple[str, ...]:
    """Return the lines of `permissions:` with which all `attempts` work; empty unless a right was missing."""
    if not any(attempt.denied for attempt in attempts):
        return ()
    needed = {"contents: read", *(attempt.needs for attempt in attempts)}
    needed -= {right.replace("write", "read") for right in needed if right.endswith("write")}  # to write is to read
    return tuple(sorted(needed))
