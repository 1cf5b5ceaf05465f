"""The deadline of a run; everything that waits asks it how much time is left."""

import time
from collections.abc import Callable

from swanlab_ci.errors import TimeLimitError
from swanlab_ci.messages.message import Message, Param, Seconds


class Deadline:
    """The end of a run, `seconds` from now; the last `kept` seconds are reserved for publishing."""

    def __init__(self, seconds: float, *, kept: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds
        self._kept = kept

    def without_reserve(self) -> "Deadline":
        """Return the same end with nothing reserved, for publishing."""
        return Deadline(self._end - self._clock(), clock=self._clock)

    def left(self) -> float:
        """Return the seconds left, never negative."""
        return max(0.0, self._end - self._kept - self._clock())

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return self.seconds - (self._end - self._clock())

    def check(self, doing: Param) -> None:
        """Raise `TimeLimitError` once no time is left; `doing` says what is being done, such as "reading the runs"."""
        if not self.left():
            raise self.expired(doing)

    def expired(self, doing: Param) -> TimeLimitError:
        """Return the error for a deadline that passed while `doing`."""
        return TimeLimitError(
            Message("deadline.passed", limit=Seconds(self.seconds), doing=doing), Message("deadline.advice")
        )
