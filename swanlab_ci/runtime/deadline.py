"""One clock for the whole run: everything that waits asks it how long it still may."""

import time
from collections.abc import Callable

from swanlab_ci.errors import TimeLimitError


class Deadline:
    """A point in time after which the run must have ended, `seconds` from now, of which the last `kept` are kept."""

    def __init__(self, seconds: float, *, kept: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds
        self._kept = kept

    def without_reserve(self) -> "Deadline":
        """Return the same point in time, with nothing kept: for telling what has come out."""
        return Deadline(self._end - self._clock(), clock=self._clock)

    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self._end - self._kept - self._clock())

    def elapsed(self) -> float:
        """Seconds since the start."""
        return self.seconds - (self._end - self._clock())

    def check(self, doing: str) -> None:
        """Raise `TimeLimitError`, saying what was being done, once nothing is left."""
        if not self.left():
            raise self.expired(doing)

    def expired(self, doing: str) -> TimeLimitError:
        """Make the error that says that time ran out while `doing`."""
        return TimeLimitError(
            f"The time limit of {self.seconds:g} s ran out while {doing}.",
            "Raise `timeout`, or find out why SwanLab is slow.",
        )
