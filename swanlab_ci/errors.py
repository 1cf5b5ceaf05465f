"""Every way to end without a verdict: what happened, what to do about it, and the exit code that says which kind.

The verdict's own codes (0 pass, 1 fail, 3 error, 4 pending) are in `model.Verdict.exit_code`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from swanlab_ci.messages.message import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in what the user wrote, with its place.

    `file`, `line` and `column` (both from 1) are empty or 0 where there is no file; `excerpt` is the source line with a
    caret below it, ready to print.
    """

    message: Message
    file: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""

    @property
    def place(self) -> str:
        """`FILE:LINE:COL`, as far as known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else str(self.message)


class SwanlabCiError(Exception):
    """The check cannot go on: `what` happened, `advice` says what to do (None: nothing can be done)."""

    exit_code: ClassVar[int]

    def __init__(self, what: Message, advice: Message | None = None) -> None:
        super().__init__(what, advice)
        self.what = what
        self.advice = advice

    def __str__(self) -> str:
        """Return what happened and what to do, in English."""
        return f"{self.what} {self.advice}" if self.advice else str(self.what)


class ConfigurationError(SwanlabCiError):
    """An input or the gate file is wrong; the user can fix it, nothing was fetched. Carries all problems at once."""

    exit_code = 2

    def __init__(self, what: Message, advice: Message | None = None, problems: Iterable[Problem] = ()) -> None:
        super().__init__(what, advice)
        self.problems = tuple(problems)


class UnavailableError(SwanlabCiError):
    """SwanLab could not be asked or understood: no verdict is possible, and so no pass."""

    exit_code = 3


class ApiError(UnavailableError):
    """SwanLab answered, and said no: `status` is the HTTP status, `trace_id` SwanLab's own mark, or empty."""

    def __init__(self, what: Message, advice: Message | None = None, *, status: int, trace_id: str = "") -> None:
        super().__init__(what, advice)
        self.status = status
        self.trace_id = trace_id


class TimeLimitError(UnavailableError):
    """The deadline for the whole run passed."""


class InterruptionError(UnavailableError):
    """A signal ended the run."""


BUG_EXIT_CODE = 70
