"""Run directories of SwanLab's SDKs become runs: what modes offline and local leave behind, without any server."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path

from swanlab_ci.errors import ConfigurationError, UnavailableError
from swanlab_ci.model import Run
from swanlab_ci.sources.local.directory import Recorded, is_run_directory, read_directory

__all__ = ["LocalSource"]


class LocalSource:
    """The runs of one project in a folder such as `swanlog`, read anew each time they are asked for.

    `project` is `workspace/project`; empty, it is the one project that all of them were logged for, known after
    `fetch`. A run that was logged without a workspace belongs to the project of its name in any.

    Every method raises `ConfigurationError` where there is no such folder or no such run in it, and `UnavailableError`
    where a directory cannot be read; none returns a part.
    """

    project_url = ""

    def __init__(self, folder: Path, project: str, *, say: Callable[[str], None]) -> None:
        self.project = project
        self._folder = folder
        self._say = say

    def fetch(self, _now: datetime) -> tuple[Run, ...]:
        """Read all runs of the project, whole."""
        recorded = [read_directory(directory, self._folder) for directory in self._directories()]
        self.project = self.project or self._only_project(recorded)
        ours = [each for each in recorded if _belongs(each, self.project)]
        if not ours:
            raise ConfigurationError(
                f"{self._folder} holds no run of {self.project}, only of {', '.join(_projects(recorded))}.",
                "Correct `project`, or name the folder that holds its runs.",
            )
        if len(ours) < len(recorded):
            self._say(f"{self._folder}: {len(recorded) - len(ours)} of {len(recorded)} runs are of other projects.")
        _all_different(ours)
        return tuple(each.run for each in ours)

    def refresh(self, _runs: Sequence[Run], _ids: Collection[str], now: datetime) -> tuple[Run, ...]:
        """Read all runs again: a directory does not tell whether it changed."""
        return self.fetch(now)

    def _directories(self) -> list[Path]:
        try:
            found = sorted(filter(is_run_directory, self._folder.iterdir()))
        except OSError as error:
            raise ConfigurationError(f"{self._folder} cannot be read: {error.strerror}.", _ADVICE) from error
        if not found:
            raise ConfigurationError(f"{self._folder} holds no run directories.", _ADVICE)
        return found

    def _only_project(self, recorded: Sequence[Recorded]) -> str:
        first, *more = _projects(recorded)
        if more:
            raise ConfigurationError(
                f"{self._folder} holds runs of {first} and {', '.join(more)}.",
                "Say which to judge: write `project: workspace/project` into the gate file, or set `project`.",
            )
        return first


_ADVICE = (
    'Name the folder in which `swanlab.init(mode="offline")`, or "local", made its `run-…` directories: `swanlog`, '
    "by default."
)


def _projects(recorded: Sequence[Recorded]) -> list[str]:
    return sorted({"/".join(filter(None, (each.workspace, each.project))) for each in recorded})


def _belongs(each: Recorded, project: str) -> bool:
    workspace, _, name = project.rpartition("/")
    return each.project == name and (not workspace or each.workspace in {"", workspace})


def _all_different(recorded: Sequence[Recorded]) -> None:
    by_id: dict[str, Recorded] = {}
    for each in recorded:
        other = by_id.setdefault(each.run.id, each)
        if other is not each:
            raise UnavailableError(
                f"{other.directory} and {each.directory} hold the same run, {each.run.id}.",
                "Remove the directory that does not count.",
            )
