"""Which `permissions:` a job on GitHub lacks."""

from collections.abc import Sequence

from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.base import ApiAttempt, later


def needed_permissions(attempts: Sequence[ApiAttempt]) -> tuple[str, ...]:
    """Return the lines of `permissions:` with which all `attempts` work; empty unless a right was missing."""
    if not any(attempt.denied for attempt in attempts):
        return ()
    needed = {"contents: read", *(attempt.needs for attempt in attempts)}
    needed -= {right.replace("write", "read") for right in needed if right.endswith("write")}  # to write is to read
    return tuple(sorted(needed))


def permission_or_later(attempt: ApiAttempt, *, is_fork: bool) -> Message | None:
    """Return the permission that a refused `attempt` lacks, or that it works later."""
    if attempt.denied and is_fork and attempt.needs.endswith("write"):
        return Message("github.fork-is-read-only")
    if attempt.denied:
        return Message("github.add-permission", permission=Key(f"permissions: {attempt.needs}"))
    return later(attempt)
