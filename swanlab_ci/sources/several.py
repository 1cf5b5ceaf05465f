"""Runs of several projects as one source: the check's own, and those that single gates and baselines name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from swanlab_ci.errors import InterruptionError, SwanlabCiError, TimeLimitError
from swanlab_ci.judgement import OtherProject
from swanlab_ci.messages import Message
from swanlab_ci.model import OWN, Run, RunOrigin
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sources.base import Described, DetailSource, RunSource


class SeveralSources:
    """The runs of `own` and of the sources `elsewhere`, each marked with where it comes from.

    `own` is None where no gate reads it. What goes wrong there is raised. Another project that cannot be read is
    one of the `others` with its failure, so that the gates which do not need it are judged all the same.
    """

    def __init__(self, project: str, own: RunSource | None, elsewhere: Mapping[RunOrigin, RunSource]) -> None:
        self.project = project
        self.project_url = own.project_url if own else ""
        self.others: tuple[OtherProject, ...] = ()
        self._sources = ({OWN: own} if own else {}) | dict(elsewhere)

    def fetch(self, now: datetime) -> tuple[Run, ...]:
        """Fetch the runs of every project."""
        others: list[OtherProject] = []
        found: list[Run] = []
        for origin, source in self._sources.items():
            if origin == OWN:
                found += source.fetch(now)
                continue
            other = OtherProject(origin, source.project, source.project_url)
            try:
                runs = [replace(run, origin=origin) for run in source.fetch(now)]
            except (TimeLimitError, InterruptionError):
                raise
            except SwanlabCiError as error:
                others.append(replace(other, failure=_why(error)))
            else:
                others.append(replace(other, runs=len(runs)))
                found += runs
        self.others = tuple(others)
        return tuple(found)

    def refresh(self, runs: Sequence[Run], ids: Collection[str], now: datetime) -> tuple[Run, ...]:
        """Fetch the runs `ids` again, of each project its own."""
        fresh: list[Run] = []
        for origin, source in self._sources.items():
            here = [run for run in runs if run.origin == origin]
            wanted = [run.id for run in here if run.id in ids]
            again = source.refresh([replace(run, origin=OWN) for run in here], wanted, now) if wanted else here
            fresh += [replace(run, origin=origin) for run in again]
        return tuple(fresh)

    def describe(self, profiles: Sequence[Run], summaries: Sequence[Run], deadline: Deadline) -> Described:
        """Return runs with their whole profile or with all of their metrics, as far as `deadline` allows."""
        found = []
        for origin, source in self._with_details():
            each = source.describe(_of(profiles, origin), _of(summaries, origin), deadline)
            found.append(each._replace(runs=tuple(replace(run, origin=origin) for run in each.runs)))
        return _together(found)

    def curves(self, runs: Sequence[Run], keys: Sequence[str], deadline: Deadline) -> Described:
        """Return points of the metrics `keys`, enough to draw them."""
        return _together(source.curves(_of(runs, origin), keys, deadline) for origin, source in self._with_details())

    def _with_details(self) -> list[tuple[RunOrigin, DetailSource]]:
        return [(origin, each) for origin, each in self._sources.items() if isinstance(each, DetailSource)]


def _of(runs: Iterable[Run], origin: RunOrigin) -> list[Run]:
    return [run for run in runs if run.origin == origin]


def _together(parts: Iterable[Described]) -> Described:
    runs: tuple[Run, ...] = ()
    failures: tuple[Message, ...] = ()
    curves: dict[str, Mapping[str, tuple[tuple[int, float], ...]]] = {}
    for part in parts:
        runs, failures = (*runs, *part.runs), (*failures, *part.failures)
        curves |= part.curves
    return Described(runs=runs, curves=curves, failures=failures)


def _why(error: SwanlabCiError) -> Message:
    """Return what happened and what to do about it."""
    return Message("check.stopped", what=error.what, advice=error.advice)
