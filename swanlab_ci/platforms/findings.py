"""What an examination finds: each part of a gate's setup that is in order, doubtful, broken, or could not be seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from swanlab_ci.messages import Key, Message, Name

REQUIRED, WORKFLOW = "required", "workflow"
"""What is examined: the rules of the branch, and the jobs of the checkout."""


class Health(StrEnum):
    """How a part is. An unknown part is no better than a broken one: nobody knows whether the gate holds."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was looked at: `part` is a word for programs, such as `required`; `advice` says what to do."""

    part: str
    health: Health
    message: Message
    advice: Message | None = None


def not_asked(*names: str) -> Observation:
    """Say that the forge was not asked what the branch requires, because variables are missing."""
    return Observation(REQUIRED, Health.UNKNOWN, Message("forge.not-asked", names=tuple(map(Key, names))))


def why_no_yaml(error: Exception) -> Message | Name:
    """Return the line at which a file stops being YAML, or the kind of error where none is known."""
    mark = getattr(error, "problem_mark", None)
    return Message("forge.not-yaml", line=mark.line + 1) if mark else Name(type(error).__name__)


def exit_code(findings: Iterable[Observation]) -> int:
    """Return 1 if something is broken, else 3 if something could not be seen, else 0."""
    found = {each.health for each in findings}
    return 1 if Health.PROBLEM in found else 3 if Health.UNKNOWN in found else 0
