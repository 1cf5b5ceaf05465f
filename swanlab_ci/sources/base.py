"""What every source of runs offers: fetch all runs of a project, and refresh those that may have changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

from swanlab_ci.judgement import OtherProject
from swanlab_ci.messages import Message
from swanlab_ci.model import Run
from swanlab_ci.runtime.deadline import Deadline


class RunSource(Protocol):
    """The runs of `project` (`workspace/project`); each method returns all that was asked for, or raises.

    `project_url` is the project's page for browsers, or empty where there is none. `others` are the further projects
    that were read for the runs that were fetched last, and those that could not be read.
    """

    project: str
    project_url: str
    others: tuple[OtherProject, ...]

    def fetch(self, now: datetime, /) -> tuple[Run, ...]:
        """Return all runs."""
        ...

    def refresh(self, runs: Sequence[Run], ids: Collection[str], now: datetime, /) -> tuple[Run, ...]:
        """Return `runs` with those of `ids` fetched again; the others may be fetched again too."""
        ...


class Described(NamedTuple):
    """What was fetched for a report: runs that are more complete, points as (step, value), and what failed."""

    runs: tuple[Run, ...] = ()
    curves: Mapping[str, Mapping[str, tuple[tuple[int, float], ...]]] = {}
    failures: tuple[Message, ...] = ()


@runtime_checkable
class DetailSource(Protocol):
    """A source that can say more of runs than the gates need; nothing here raises but `InterruptionError`."""

    def describe(self, profiles: Sequence[Run], summaries: Sequence[Run], deadline: Deadline, /) -> Described:
        """Return runs with their whole profile or with all of their metrics, as far as `deadline` allows."""
        ...

    def curves(self, runs: Sequence[Run], keys: Sequence[str], deadline: Deadline, /) -> Described:
        """Return points of the metrics `keys`, enough to draw them."""
        ...
