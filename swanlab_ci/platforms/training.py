"""What a forge is told when a training ends."""

from dataclasses import dataclass
from typing import Protocol

from swanlab_ci.messages import Message
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.runtime.deadline import Deadline


@dataclass(frozen=True, slots=True)
class TrainingEnd:
    """How a training ended: the commit it belongs to (empty: not known), its pull request, its exit code."""

    commit: str
    pr: int | None
    exit_code: int


class Notifier(Protocol):
    """Tells a forge that a training has ended; `name` is the forge's."""

    @property
    def name(self) -> Message:
        """The forge's name."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nothing that is printed may hold."""
        ...

    def send(self, end: TrainingEnd, deadline: Deadline, /) -> ApiAttempt:
        """Start the job that judges the pull request again; never raises."""
        ...
