"""What was tried on GitHub, what it allowed, and which `permissions:` would allow the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from swanlab_ci.security.escaping import Safe, md_code, md_prose

_MISSING_RIGHT = frozenset({401, 403, 404})
_RATE_LIMITED = frozenset({403, 429})


@dataclass(frozen=True, slots=True)
class ApiAttempt:
    """One thing asked of GitHub: `what` in words, the right it `needs`, and how GitHub refused (empty: it did not).

    `limited` means that GitHub only put it off, for having been asked too often; it says that with a 403 as well.
    """

    what: str
    needs: str
    refusal: str = ""
    status: int = 0
    limited: bool = False

    @property
    def denied(self) -> bool:
        """Whether a missing right is the likely reason; GitHub hides what a token may not see behind a 404."""
        return self.status in _MISSING_RIGHT and not self.limited

    def warning(self, *, is_fork: bool) -> str:
        """Say what did not work and what to do, or nothing."""
        if not self.refusal:
            return ""
        remedy = f" Give the job `permissions: {self.needs}`." if self.denied else ""
        if self.limited and self.status in _RATE_LIMITED:
            remedy = " Run the job again once GitHub allows more requests."
        if self.denied and is_fork and self.needs.endswith("write"):
            remedy = " On a pull request from a fork the token may only read; the report is in the job summary."
        return f"Could not {self.what}. {self.refusal}.{remedy}"


def table(attempts: Sequence[ApiAttempt]) -> Safe:
    """Write the table of what was tried with the `permissions:` it takes; empty unless a right was missing."""
    if not any(attempt.denied for attempt in attempts):
        return Safe("")
    rows = [
        f"| {'❌' if attempt.refusal else '✅'} | {md_prose(attempt.what)} | {md_prose(attempt.refusal or 'done')} "
        f"| {md_code(attempt.needs)} |"
        for attempt in attempts
    ]
    needed = {"contents: read", *(attempt.needs for attempt in attempts)}
    needed -= {right.replace("write", "read") for right in needed if right.endswith("write")}  # to write is to read
    return Safe(
        "\n".join(
            [
                "#### What this job may do on GitHub",
                "",
                "| | Tried | Result | Needs |",
                "|---|---|---|---|",
                *rows,
                "",
                "All of it works with",
                "",
                "```yaml",
                "permissions:",
                *(f"  {right}" for right in sorted(needed)),
                "```",
            ]
        )
    )
