"""All runs of a project from a SwanLab server, each as complete as the judging of its past needs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from swanlab_ci.client import Experiment
from swanlab_ci.client.reader import ProjectPath, Reader
from swanlab_ci.client.series import PointColumns, RunMetric
from swanlab_ci.client.summaries import Summary
from swanlab_ci.gate import Needs
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import TERMINAL_STATES, Points, Run
from swanlab_ci.sources.experiments import FetchedExperiment, run_from

_MANY_PROFILES = 100  # from here on, a message says why it takes long


class ServerHistory:
    """The history of `project` (`workspace/project`): every run, with all that `needs` ask.

    `known` are runs of an earlier fetch. What is known of a run is not asked for again if it had ended then, and has
    the same state and the same end in SwanLab's list; what the list contains is always the list's.
    With `newest`, only so many runs count.
    """

    def __init__(
        self,
        reader: Reader,
        project: str,
        needs: Needs,
        *,
        known: Iterable[Run] = (),
        newest: int | None = None,
        say: Callable[[Message], None] = lambda _: None,
    ) -> None:
        self.project = project
        self._reader = reader
        self._path = ProjectPath(*project.split("/", 1))
        self._needs = needs
        self._known = {run.id: run for run in known}
        self._newest = newest
        self._say = say
        self._listed: dict[str, Experiment] = {}
        self._runs: dict[str, Run] = {}
        self.project_url = reader.project_url(self._path)

    def fetch(self, now: datetime) -> tuple[Run, ...]:
        """Fetch the runs; raises `UnavailableError` if SwanLab does not send all, and never returns a part."""
        del now  # nothing is selected, so nothing depends on the time
        listed = self._reader.experiments(self._path)
        if self._newest is not None:
            listed = sorted(listed, key=lambda each: (each.createdAt, each.cuid))[-self._newest :]
        self._listed = {each.cuid: each for each in listed}
        self._runs = {run_id: self._with_known(self._run(each)) for run_id, each in self._listed.items()}
        if self._needs.profile:
            self._fetch_profiles([run.id for run in self._runs.values() if run.metadata is None])
        if self._needs.metrics or self._needs.all_metrics:
            self._fetch_metrics([run.id for run in self._runs.values() if run.metrics is None])
        if self._needs.points:
            self._fetch_points()
        return self.so_far()

    def so_far(self) -> tuple[Run, ...]:
        """Return the runs that SwanLab has, each with what is known of it by now; none before the list is complete."""
        return tuple(self._runs.values())

    def _run(self, experiment: Experiment, *, whole: bool = False) -> Run:
        return run_from(FetchedExperiment(experiment, whole_profile=whole), project_url=self.project_url)

    def _with_known(self, listed: Run) -> Run:
        known = self._known.get(listed.id)
        if known is None or listed.state not in TERMINAL_STATES:
            return listed
        if (known.state, known.finished_at) != (listed.state, listed.finished_at):
            return listed
        return replace(
            listed,
            config=listed.config if known.metadata is None else known.config,  # a whole profile has its own
            metadata=known.metadata,
            requirements=known.requirements,
            conda=known.conda,
            git=known.git,
            metrics=known.metrics,
            points=known.points,
        )

    def _fetch_profiles(self, wanted: Sequence[str]) -> None:
        if len(wanted) > _MANY_PROFILES:
            self._say(Message("source.many-profiles", count=len(wanted), project=Name(self.project)))

        def keep(found: Experiment) -> None:
            whole = self._run(found, whole=True)
            before = self._runs[found.cuid]
            if (before.state, before.finished_at) == (whole.state, whole.finished_at):
                whole = replace(whole, metrics=before.metrics, points=before.points)
            self._listed[found.cuid], self._runs[found.cuid] = found, whole

        self._reader.profiles(self._path, wanted, keep)

    def _fetch_metrics(self, wanted: Sequence[str]) -> None:
        if not wanted:
            return

        def keep(found: Mapping[str, Summary]) -> None:
            for run_id, summary in found.items():
                fetched = FetchedExperiment(self._listed[run_id], summary=summary)
                self._runs[run_id] = replace(self._runs[run_id], metrics=run_from(fetched).metrics)

        keys = () if self._needs.all_metrics else sorted(self._needs.metrics)
        self._reader.summaries(self._path, [self._listed[run_id] for run_id in wanted], keys, keep)

    def _fetch_points(self) -> None:
        metrics = [
            RunMetric(self._listed[run.id], key)
            for run in self._runs.values()
            for key in sorted(self._needs.points)
            if key not in (run.points or {})
        ]

        def keep(metric: RunMetric, columns: PointColumns) -> None:
            run = self._runs[metric.run.cuid]
            self._runs[run.id] = replace(run, points={**(run.points or {}), metric.key: Points.of(*columns)})

        for metric, columns in zip(metrics, self._reader.columns(self._path, metrics, keep), strict=True):
            if metric.key not in (self._runs[metric.run.cuid].points or {}):  # two threads may have kept one run
                keep(metric, columns)
