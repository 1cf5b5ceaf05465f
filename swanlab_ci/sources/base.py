"""What every source of runs offers: fetch all runs of a project, and refresh those that may have changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from swanlab_ci.model import Run


class RunSource(Protocol):
    """The runs of `project` (`workspace/project`); each method returns all that was asked for, or raises.

    `project_url` is the project's page for browsers, or empty where there is none.
    """

    project: str
    project_url: str

    def fetch(self, now: datetime, /) -> tuple[Run, ...]:
        """Return all runs."""
        ...

    def refresh(self, runs: Sequence[Run], ids: Collection[str], now: datetime, /) -> tuple[Run, ...]:
        """Return `runs` with those of `ids` fetched again; the others may be fetched again too."""
        ...
