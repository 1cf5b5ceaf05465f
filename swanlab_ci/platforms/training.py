"""The change that a training belongs to, and what a forge is sent when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from swanlab_ci.messages import Message
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.github.events import read_context
from swanlab_ci.platforms.payload import SHA, matching, positive_number
from swanlab_ci.runtime.deadline import Deadline


@dataclass(frozen=True, slots=True)
class TrainedChange:
    """The commits that a CI job checks out for a change, the head of the pull request first, and its number."""

    commits: tuple[str, ...] = ()
    pr: int | None = None


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

    def send(self, end: TrainingEnd, deadline: Deadline, /) -> ApiAttempt:
        """Start the workflow that judges the pull request again; never raises."""
        ...


def change_of(environ: Mapping[str, str]) -> TrainedChange:
    """Return the change that the CI job of `environ` is about; empty outside of a CI job.

    GitLab's variables are those of "Predefined CI/CD variables reference": the source branch's commit is given where
    the pipeline runs on the merged result.
    """
    context = read_context(environ)
    if context.ci:
        return TrainedChange(context.pr_commits, context.pr_number)
    names = ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA")
    commits = dict.fromkeys(matching(SHA, environ.get(name, "")) for name in names)
    return TrainedChange(tuple(filter(None, commits)), positive_number(environ.get("CI_MERGE_REQUEST_IID", "")))
