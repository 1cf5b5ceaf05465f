"""Runs from the directories that SwanLab's SDKs write in the modes offline and local; works without a server."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path

from swanlab_ci.errors import ConfigurationError, UnavailableError
from swanlab_ci.judgement import OtherProject
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Run
from swanlab_ci.security.files import reason
from swanlab_ci.sources.local.directory import Recorded, is_run_directory, read_directory

__all__ = ["LocalSource"]


class LocalSource:
    """The runs of one project in a folder such as `swanlog`; every call reads them again.

    `project` is `workspace/project`. If it is empty, `fetch` sets it to the only project in the folder. A run that was
    logged without a workspace belongs to the project of its name in any workspace. Of the metrics `points` all points
    are kept.

    Every method raises `ConfigurationError` if there is no such folder or no such run in it, and `UnavailableError`
    if a directory cannot be read; none returns a part.
    """

    project_url = ""
    others: tuple[OtherProject, ...] = ()

    def __init__(
        self, folder: Path, project: str, *, say: Callable[[Message], None], points: frozenset[str] = frozenset()
    ) -> None:
        self.project = project
        self._points = points
        self._folder = folder
        self._name = Name(folder)
        self._say = say

    def fetch(self, _now: datetime) -> tuple[Run, ...]:
        """Read all runs of the project completely."""
        recorded = [read_directory(directory, self._folder, self._points) for directory in self._directories()]
        self.project = self.project or self._only_project(recorded)
        ours = [each for each in recorded if _belongs(each, self.project)]
        if not ours:
            others = tuple(map(Name, _projects(recorded)))
            raise ConfigurationError(
                Message("source.no-run-of-project", folder=self._name, project=Name(self.project), others=others),
                Message("source.no-run-of-project.advice"),
            )
        if len(ours) < len(recorded):
            count, total = len(recorded) - len(ours), len(recorded)
            self._say(Message("source.other-projects", folder=self._name, count=count, total=total))
        _all_different(ours)
        return tuple(each.run for each in ours)

    def refresh(self, _runs: Sequence[Run], _ids: Collection[str], now: datetime) -> tuple[Run, ...]:
        """Read all runs again: a directory does not show whether it changed."""
        return self.fetch(now)

    def _directories(self) -> list[Path]:
        try:
            found = sorted(filter(is_run_directory, self._folder.iterdir()))
        except OSError as error:
            what = Message("file.unreadable", file=self._name, reason=reason(error))
            raise ConfigurationError(what, Message("source.no-run-directories.advice")) from error
        if not found:
            raise ConfigurationError(
                Message("source.no-run-directories", folder=self._name), Message("source.no-run-directories.advice")
            )
        return found

    def _only_project(self, recorded: Sequence[Recorded]) -> str:
        first, *more = _projects(recorded)
        if more:
            projects = tuple(map(Name, (first, *more)))
            raise ConfigurationError(
                Message("source.many-projects", folder=self._name, projects=projects),
                Message("source.many-projects.advice"),
            )
        return first


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
            first, second = Name(other.directory), Name(each.directory)
            raise UnavailableError(
                Message("source.same-run", first=first, second=second, run=Name(each.run.id)),
                Message("source.same-run.advice"),
            )
