"""Runs from a SwanLab server: fetches what a gate file needs, and no more."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from swanlab_ci import gate
from swanlab_ci.client import Experiment
from swanlab_ci.client.reader import ProjectPath, Reader
from swanlab_ci.client.series import RunMetric
from swanlab_ci.errors import InterruptionError, TimeLimitError, UnavailableError
from swanlab_ci.gate import GateFile
from swanlab_ci.judgement import OtherProject
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import OWN, TERMINAL_STATES, Points, Run, RunOrigin
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sources.base import Described
from swanlab_ci.sources.experiments import FetchedExperiment, run_from, with_part_of_config

_MOST_SELECTED, _ROUND = 1000, 50  # runs
_PAGE_SIZES = frozenset({10, 12, 15, 20, 24, 27})  # of SwanLab's pages and clients; the others are multiples of 50
_MANY_PROFILES = 100  # from here on, a message says why it takes long

ExperimentsById = dict[str, FetchedExperiment]


class ServerSource:
    """The runs of `project` (`workspace/project`), as complete as the gate file needs them.

    With `whole`, all runs of the project; otherwise SwanLab may be asked only for those that a gate can select.

    The part of the gate file that reads `origin` says what is needed.

    Every method raises `UnavailableError` if SwanLab does not send all of it, and never returns a part.
    """

    others: tuple[OtherProject, ...] = ()

    def __init__(
        self,
        reader: Reader,
        project: str,
        gate_file: GateFile,
        *,
        origin: RunOrigin = OWN,
        whole: bool = False,
        say: Callable[[Message], None] = lambda _: None,
    ) -> None:
        self.project = project
        self._say = say
        self._reader = reader
        workspace, _, name = project.partition("/")
        self._path = ProjectPath(workspace, name)
        self._gate_file = gate_file
        self._whole = whole
        self._origin = origin
        self._needs = gate.needs(gate_file, origin)
        self._filters = () if whole else gate.pushed_down(gate_file, origin)
        self.project_url = reader.project_url(self._path)
        self._fetched: ExperimentsById = {}

    def fetch(self, now: datetime) -> tuple[Run, ...]:
        """Fetch the runs; those of which a gate may need more than the list contains are complete."""
        found = self._selected(now) or self._listed(now)
        over = (each.experiment for each in found.values() if each.experiment.state in TERMINAL_STATES)
        latest = {each.cuid: each.profile["scalar"] for each in over if "scalar" in each.profile}
        runs = self._runs(found)
        if self._needs.profile:
            profiles = self._profiles(runs, now)
            latest = {id_: values for id_, values in latest.items() if _stayed(found[id_], profiles.get(id_))}
            found, runs = found | profiles, runs | self._runs(profiles)
        self._fetched = found
        runs = self._with_metrics(found, runs, now, latest)
        return tuple(self._with_points(found, runs, now).values())

    def _listed(self, now: datetime) -> ExperimentsById:
        """Read the whole list; of a run that no gate and no baseline selects, keep only what selecting reads.

        In a large project, the rest of the configs is most of the data, and nothing uses it.
        """
        keys = gate.config_keys(self._gate_file, self._origin)

        def keep(page: list[Experiment]) -> list[FetchedExperiment]:
            if self._whole:
                return [FetchedExperiment(each) for each in page]
            parts = [with_part_of_config(each, keys) for each in page]
            chosen = gate.selectable(self._gate_file, map(run_from, parts), now=now, origin=self._origin)
            pairs = zip(page, parts, strict=True)
            return [FetchedExperiment(each) if each.cuid in chosen else part for each, part in pairs]

        return {each.experiment.cuid: each for each in self._reader.kept_experiments(self._path, keep)}

    def refresh(self, runs: Sequence[Run], ids: Collection[str], now: datetime) -> tuple[Run, ...]:
        """Fetch the runs `ids` again, and return `runs` with these in their places."""
        found = _whole(self._reader.profiles(self._path, list(ids)))
        self._fetched |= found
        fresh = self._with_metrics(found, self._runs(found), now, latest={})
        fresh = self._with_points(found, fresh, now, among=runs)
        return tuple(fresh.get(run.id, run) for run in runs)

    def describe(self, profiles: Sequence[Run], summaries: Sequence[Run], deadline: Deadline) -> Described:
        """Fetch whole profiles, one request a run, and all metrics, one request for 50 runs."""
        found = {run.id: self._fetched[run.id] for run in (*profiles, *summaries) if run.id in self._fetched}
        failures: list[UnavailableError] = []
        measured = [found[run.id].experiment for run in summaries if run.id in found]
        for batch in self._reader.all_summaries(self._path, measured, deadline):
            if isinstance(batch, UnavailableError):
                failures.append(batch)
            else:
                found |= {run: replace(found[run], summary=summary) for run, summary in batch.items()}
        wanted = [run.id for run in profiles if run.id in found]
        for run, profile in self._reader.whole_profiles(self._path, wanted, deadline).items():
            if isinstance(profile, UnavailableError):
                failures.append(profile)
            else:
                found[run] = replace(found[run], experiment=profile, whole_profile=True)
        known = {run.id: run for run in (*profiles, *summaries)}
        fuller = (_fuller(run, known[run.id]) for run in self._runs(found).values())
        return Described(runs=tuple(fuller), failures=tuple(failure.what for failure in failures))

    def curves(self, runs: Sequence[Run], keys: Sequence[str], deadline: Deadline) -> Described:
        """Fetch about 200 points of each metric, one request a run."""
        wanted = [self._fetched[run.id].experiment for run in runs if run.id in self._fetched]
        if not wanted or not keys:
            return Described()
        found = self._reader.sampled(self._path, wanted, keys, deadline=deadline)
        failures = [answer.what for answer in found.values() if isinstance(answer, UnavailableError)]
        curves = {
            run: {key: tuple((point["step"], point["value"]) for point in points) for key, points in answer.items()}
            for run, answer in found.items()
            if not isinstance(answer, UnavailableError)
        }
        return Described(curves=curves, failures=tuple(failures))

    def _selected(self, now: datetime) -> ExperimentsById:
        """Return the experiments that SwanLab selects by the gate file's conditions.

        Nothing if the server cannot select, if its answer may be incomplete, or if a gate has no run then: the whole
        list shows at which condition the project's runs were lost.
        """
        found: ExperimentsById = {}
        try:
            for filters in self._filters:
                wanted = [{"type": e.type, "key": e.key, "op": "IN", "value": list(e.values)} for e in filters]
                listed = self._reader.shown(self._path, wanted)
                if not _may_be_complete(len(listed)):
                    return {}
                found |= _listed(listed)
        except (TimeLimitError, InterruptionError):
            raise
        except UnavailableError:  # perhaps the server only lacks filters; the list in pages shows whether it works
            return {}
        runs = self._runs(found).values()
        return found if gate.all_find_runs(self._gate_file, runs, now=now, origin=self._origin) else {}

    def _candidates(self, runs: Mapping[str, Run], now: datetime) -> Iterable[Run]:
        return gate.candidates(self._gate_file, runs.values(), now=now, origin=self._origin)

    def _profiles(self, runs: Mapping[str, Run], now: datetime) -> ExperimentsById:
        """Fetch the profiles of the runs that a gate may select by what the list contains."""
        wanted = [run.id for run in self._candidates(runs, now)]
        if len(wanted) > _MANY_PROFILES:
            self._say(Message("source.many-profiles", count=len(wanted), project=Name(self.project)))
        return _whole(self._reader.profiles(self._path, wanted))

    def _with_metrics(
        self, found: ExperimentsById, runs: dict[str, Run], now: datetime, latest: Mapping[str, Any]
    ) -> dict[str, Run]:
        """Add metrics to the runs that need them, from `latest` (values by metric, by run id) if that is enough."""
        if not (self._needs.metrics or self._needs.all_metrics):
            return runs
        chosen = [found[run.id] for run in self._candidates(runs, now)]
        summaries = self._summaries([each.experiment for each in chosen], latest)
        return runs | self._runs(
            {each.experiment.cuid: replace(each, summary=summaries[each.experiment.cuid]) for each in chosen}
        )

    def _with_points(
        self, found: ExperimentsById, runs: dict[str, Run], now: datetime, *, among: Sequence[Run] = ()
    ) -> dict[str, Run]:
        """Add all points of the metrics that a curve reads to the runs for which some gate asks for the curve.

        `among` are all runs of which `runs` are some: what a gate selects depends on the others.
        """
        if not self._needs.points:
            return runs
        known = {run.id: run for run in among} | runs
        needed = gate.points_needed(self._gate_file, known.values(), now=now, origin=self._origin)
        metrics = [
            RunMetric(found[run].experiment, key) for run, keys in needed.items() if run in found for key in keys
        ]
        points: dict[str, dict[str, Points]] = {run: {} for run in needed}
        for metric, columns in zip(metrics, self._reader.columns(self._path, metrics), strict=True):
            points[metric.run.cuid][metric.key] = Points.of(*columns)
        return {run_id: replace(run, points=points.get(run_id)) for run_id, run in runs.items()}

    def _summaries(self, chosen: Sequence[Experiment], latest: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the metrics by run id; SwanLab is asked for those runs whose latest values are not enough."""
        known = {each.cuid: self._from_latest(latest.get(each.cuid)) for each in chosen}
        left = [each for each in chosen if not known[each.cuid]]
        keys = () if self._needs.all_metrics else sorted(self._needs.metrics)
        return known | (self._reader.summaries(self._path, left, keys) if left else {})

    def _from_latest(self, scalar: Any) -> Mapping[str, Any]:
        """Make a summary of the latest values; nothing if one that is needed is missing or not finite."""
        if self._needs.all_metrics or not self._needs.last_only or not isinstance(scalar, dict):
            return {}
        if not all(_is_finite(scalar.get(key)) for key in self._needs.metrics):
            return {}
        return {key: {"value": value} for key, value in scalar.items() if _is_finite(value)}

    def _runs(self, found: ExperimentsById) -> dict[str, Run]:
        return {run_id: run_from(each, project_url=self.project_url) for run_id, each in found.items()}


def _fuller(fetched: Run, judged: Run) -> Run:
    """Return what was fetched now, and what was judged where it has more."""
    return replace(
        fetched,
        state=judged.state,
        finished_at=judged.finished_at,
        config=fetched.config if fetched.config is not None else judged.config,
        metadata=fetched.metadata if fetched.metadata is not None else judged.metadata,
        requirements=fetched.requirements if fetched.requirements is not None else judged.requirements,
        git=fetched.git if fetched.git is not None else judged.git,
        metrics={**(fetched.metrics or {}), **(judged.metrics or {})},
        points=judged.points,
    )


def whole_runs(reader: Reader, project: str, wanted: str) -> tuple[Run, ...]:
    """Fetch the runs of `project` (`workspace/project`) with the id, slug or name `wanted`, with all that they have.

    Raises `ConfigurationError` where there is none, and `UnavailableError` as `ServerSource` does.
    """
    path = ProjectPath(*project.split("/", 1))
    listed = reader.experiments(path)
    chosen = [each.cuid for each in listed if wanted in {each.cuid, each.slug, each.name}]
    if not chosen:
        raise gate.no_such_run(wanted, [each.name for each in listed])
    found = reader.profiles(path, chosen)
    summaries = reader.summaries(path, found)
    url = reader.project_url(path)
    return tuple(
        run_from(FetchedExperiment(each, whole_profile=True, summary=summaries[each.cuid]), project_url=url)
        for each in found
    )


def _listed(experiments: Iterable[Experiment]) -> ExperimentsById:
    return {each.cuid: FetchedExperiment(each) for each in experiments}


def _whole(experiments: Iterable[Experiment]) -> ExperimentsById:
    return {each.cuid: FetchedExperiment(each, whole_profile=True) for each in experiments}


def _stayed(listed: FetchedExperiment, now: FetchedExperiment | None) -> bool:
    """Return whether a run that had ended in the list has ended the same way since: a run can be resumed meanwhile."""
    if now is None:  # it was not asked for again
        return True
    before, after = listed.experiment, now.experiment
    return (before.state, before.finishedAt) == (after.state, after.finishedAt)


def _may_be_complete(count: int) -> bool:
    """Return whether so many runs may be all: a list without a total that was cut off ends at the size of a page."""
    return count <= _MOST_SELECTED and count % _ROUND != 0 and count not in _PAGE_SIZES


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
