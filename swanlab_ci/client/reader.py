"""Read data by names: which requests that takes, in which order; returns complete data or raises."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeVar

from swanlab_ci.client import records
from swanlab_ci.client.auth import find_login
from swanlab_ci.client.paging import Form, collection_paused, read_page, read_whole
from swanlab_ci.client.protocol import Ask, Request, route
from swanlab_ci.client.sampled import Curves, read_sampled
from swanlab_ci.client.series import (
    NO_POINTS,
    PointColumns,
    RunMetric,
    SeriesPoint,
    columns_of,
    exported_file,
    file_of,
    read_export,
    read_keys,
    read_points,
)
from swanlab_ci.client.session import Session
from swanlab_ci.client.summaries import RUNS_PER_REQUEST, Summary, read_summaries, reference
from swanlab_ci.client.transport import Transport
from swanlab_ci.client.types import Experiment, Project
from swanlab_ci.errors import ApiError, InterruptionError, UnavailableError
from swanlab_ci.messages import Message, Name
from swanlab_ci.runtime.deadline import Deadline

R = TypeVar("R")
_NO_ROUTE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})


@dataclass(frozen=True, slots=True)
class ProjectPath:
    """A project in a workspace."""

    workspace: str
    project: str

    @property
    def name(self) -> Name:
        """`workspace/project`."""
        return Name(f"{self.workspace}/{self.project}")

    def request(self, about: Message, *parts: str, method: str = "GET") -> Request:
        """Return the request for what is at these parts below the project; only a `GET` is sent more than once."""
        path = route("project", self.workspace, self.project, *parts)
        return Request(about=about, path=path, method=method, repeatable=method == "GET")

    def run(self, run: str, method: str = "GET") -> Request:
        """Return the request for one run."""
        about = Message("client.about.run", run=Name(run), project=self.name)
        return self.request(about, "runs", run, method=method)


class Reader:
    """Reads through `session`; `base` is the origin of files whose address has none, `web` the address for browsers.

    Every method returns all data it is asked for. Raises `ApiError` for what SwanLab refuses, `UnavailableError`
    without a usable answer, and `ConfigurationError` for an impossible name.
    """

    def __init__(self, session: Session, base: str, web: str, progress: Callable[[Message], None]) -> None:
        self._session = session
        self._base = base
        self._web = web
        self._progress = progress
        self._project_ids: dict[ProjectPath, str] = {}

    def project(self, project: str, username: str = "") -> ProjectPath:
        """Return the path of a project; without `username` it is in the user's own workspace."""
        return ProjectPath(self._owner(username), project)

    def workspaces(self) -> list[dict[str, Any]]:
        """Read the user's workspaces."""
        return records.read_workspaces(
            self._session.ask(Request(about=Message("client.about.workspaces"), path="/group/"))
        )

    def projects(self, username: str, *, detail: bool) -> list[Project]:
        """Read all projects of a workspace."""
        owner = self._owner(username)
        params = {"detail": str(detail)}  # `True` and `False`, as in the SDK
        about = Message("client.about.projects", workspace=Name(owner))
        request = Request(about=about, path=route("project", owner), params=params)
        return self._rows(request, lambda rows: records.read(records.PROJECTS, rows, request.about))

    def experiments(self, path: ProjectPath) -> list[Experiment]:
        """Read all runs of a project, with their configs."""
        return self.kept_experiments(path, lambda page: page)

    def kept_experiments(self, path: ProjectPath, keep: Callable[[list[Experiment]], list[R]]) -> list[R]:
        """Read all runs of a project; `keep` makes of the runs of each page what is kept of them, as pages arrive.

        `keep` runs in several threads at once.
        """
        request = path.request(Message("client.about.runs", project=path.name), "runs")
        return self._rows(request, lambda rows: keep(records.read(records.EXPERIMENTS, rows, request.about)))

    def newest(self, path: ProjectPath, count: int) -> tuple[int, list[Experiment]]:
        """Read how many runs a project has, and the first `count` of its list, which begins with the newest."""
        request = path.request(Message("client.about.runs", project=path.name), "runs")
        sized = replace(request, params={**request.params, "page": 1, "size": count})
        page = read_page(
            self._session.ask(sized), request.about, lambda rows: records.read(records.EXPERIMENTS, rows, request.about)
        )
        return page.total, page.rows

    def shown(self, path: ProjectPath, filters: Sequence[Mapping[str, Any]]) -> list[Experiment]:
        """Read the runs that SwanLab selects, with their configs and latest values, each once.

        Source: SDK 0.8 to 0.10, `api/experiment.py`, which also marks each filter as active.
        """
        about = Message("client.about.selected-runs", project=path.name)
        request = replace(
            path.request(about, "runs", "shows", method="POST"),
            body={"filters": [{"active": True, **each} for each in filters], "groups": [], "sorts": []},
        )
        with collection_paused():
            found = records.read(records.EXPERIMENTS, self._session.ask(request), about)
        return list({experiment.cuid: experiment for experiment in found}.values())

    def profiles(
        self, path: ProjectPath, runs: Sequence[str], on_found: Callable[[Experiment], None] = lambda _: None
    ) -> list[Experiment]:
        """Read runs with their whole profiles, in the order of their ids.

        `on_found` receives each of them as it arrives, in several threads at once.
        """
        about = Message("client.about.runs", project=path.name)

        def on_progress(done: int) -> None:
            self._progress(Message("client.progress", about=about, done=done, total=len(runs)))

        def read(ask: Ask, run: str) -> Experiment:
            request = path.run(run)
            found = records.read(records.EXPERIMENT, ask(request), request.about)
            on_found(found)
            return found

        return self._session.each(runs, read, doing=Message("client.reading", about=about), on_progress=on_progress)

    def whole_profiles(
        self, path: ProjectPath, runs: Sequence[str], deadline: Deadline
    ) -> dict[str, Experiment | UnavailableError]:
        """Read what `profiles` reads, by run id, until `deadline`; a failure is a value, as for `sampled`."""

        def read(ask: Ask, run: str) -> Experiment:
            request = path.run(run)
            return records.read(records.EXPERIMENT, ask(request), request.about)

        doing = Message("client.reading", about=Message("client.about.runs", project=path.name))
        return dict(zip(runs, self._session.each_found(runs, read, doing=doing, deadline=deadline), strict=True))

    def all_summaries(
        self, path: ProjectPath, runs: Sequence[Experiment], deadline: Deadline
    ) -> list[dict[str, Summary] | UnavailableError]:
        """Read what `summaries` reads for all metrics, until `deadline`; one result for each 50 runs."""
        about = Message("client.about.summaries", project=path.name)
        batches = [runs[start : start + RUNS_PER_REQUEST] for start in range(0, len(runs), RUNS_PER_REQUEST)]

        def read(ask: Ask, batch: Sequence[Experiment]) -> dict[str, Summary]:
            return read_summaries(ask, about, self._known_project_id(ask, path), batch)

        doing = Message("client.reading", about=about)
        return self._session.each_found(batches, read, doing=doing, deadline=deadline)

    def summaries(
        self,
        path: ProjectPath,
        runs: Sequence[Experiment],
        keys: Sequence[str] = (),
        on_found: Callable[[Mapping[str, Summary]], None] = lambda _: None,
    ) -> dict[str, Summary]:
        """Read the summaries of the runs' metrics by run id: of all metrics, or of `keys` if the server can select.

        `on_found` receives those of some runs as they arrive, in several threads at once.
        """
        about, project = Message("client.about.summaries", project=path.name), self._project_id(path)
        batches = [runs[start : start + RUNS_PER_REQUEST] for start in range(0, len(runs), RUNS_PER_REQUEST)]

        def on_progress(done: int) -> None:
            runs_done = min(done * RUNS_PER_REQUEST, len(runs))
            self._progress(Message("client.progress-runs", about=about, done=runs_done, total=len(runs)))

        def read(ask: Ask, batch: Sequence[Experiment]) -> dict[str, Summary]:
            summaries = read_summaries(ask, about, project, batch, keys, say=self._progress)
            on_found(summaries)
            return summaries

        found = self._session.each(
            batches,
            read,
            doing=Message("client.reading", about=about),
            on_progress=on_progress,
        )
        return {run: summary for batch in found for run, summary in batch.items()}

    def metric_keys(self, path: ProjectPath, run: str) -> list[str]:
        """Read the keys of a run's scalars; from its columns if a server does not know the newer route."""
        experiment = self.profiles(path, [run])[0]
        about = Message("client.about.metric-keys", run=Name(run), project=path.name)
        try:
            return read_keys(self._session.ask, about, reference(experiment, self._project_id(path)))
        except ApiError as refused:
            if refused.status not in _NO_ROUTE:
                raise
        self._progress(Message("client.older-keys", about=about))
        columns = Request(about=about, path=route("experiment", experiment.cuid, "column"), params={"type": "FLOAT"})
        return self._rows(columns, lambda rows: [str(row.get("key")) for row in rows])

    def points(self, run: str, keys: Sequence[str], path: ProjectPath | None) -> list[list[SeriesPoint]]:
        """Read all points of the run's metrics, in the order of the keys.

        If a server does not know the older route, which needs no project, the newer one is used with `path`.
        """
        try:
            return self._points(run, keys, lambda ask, key: read_points(ask, self._base, run, key))
        except ApiError as refused:
            if path is None or refused.status not in _NO_ROUTE:
                raise
            status = refused.status
        named = reference(self.profiles(path, [run])[0], project := self._project_id(path))
        self._progress(Message("client.newer-files", about=Message("client.about.metrics", run=Name(run))))
        found = self._points(run, keys, lambda ask, key: read_export(ask, self._base, project, named, key))
        for key in (key for key, points in zip(keys, found, strict=True) if not points):
            raise ApiError(
                Message("client.unknown-metric", key=Name(key), run=Name(run)),
                Message("client.unknown-metric.advice"),
                status=status,
            )
        return found

    def _points(
        self, run: str, keys: Sequence[str], read: Callable[[Ask, str], list[SeriesPoint]]
    ) -> list[list[SeriesPoint]]:
        about = Message("client.about.metrics", run=Name(run))

        def on_progress(done: int) -> None:
            self._progress(Message("client.progress", about=about, done=done, total=len(keys)))

        return self._session.each(keys, read, doing=Message("client.reading", about=about), on_progress=on_progress)

    def sampled(
        self,
        path: ProjectPath,
        runs: Sequence[Experiment],
        keys: Sequence[str],
        points: int = 200,
        deadline: Deadline | None = None,
    ) -> dict[str, Curves | UnavailableError]:
        """Read about `points` points of each metric of each run by run id, or why there are none of this run.

        One request a run. A failure is a value here, not an exception: a curve is shown, never judged. `ApiError` with
        the status 404 or 405 comes from a server that does not have the route; runs that are not read when `deadline`
        passes have a `TimeLimitError`. Raises `ValueError` as `read_sampled` does.
        """
        found: dict[str, Curves | UnavailableError] = {}
        about = Message("client.about.curves", project=path.name)

        def read(ask: Ask, run: Experiment) -> None:
            try:
                found[run.cuid] = read_sampled(ask, about, reference(run, project), keys, points)
            except InterruptionError:
                raise
            except UnavailableError as error:
                found[run.cuid] = error

        try:
            doing = Message("client.reading", about=about)
            (project,) = self._session.each([path], self._known_project_id, doing=doing, deadline=deadline)
            self._session.each(runs, read, doing=doing, deadline=deadline)
        except InterruptionError:
            raise
        except UnavailableError as error:
            return dict.fromkeys((run.cuid for run in runs), error) | found
        return found

    def columns(
        self,
        path: ProjectPath,
        metrics: Sequence[RunMetric],
        on_found: Callable[[RunMetric, PointColumns], None] = lambda _metric, _points: None,
    ) -> list[PointColumns]:
        """Read all points of metrics of many runs, in their order; none of a metric that its run has not logged.

        `on_found` receives them as they arrive, in several threads at once, where SwanLab has a file of them.

        Takes two requests for each. Only if SwanLab has no file of some, their summaries say which were not logged, and
        the newer route, with three requests, gives the others.
        """

        def read(ask: Ask, metric: RunMetric) -> PointColumns | None:
            try:
                points = columns_of(file_of(ask, self._base, metric.run.cuid, metric.key), metric.about)
            except ApiError as refused:
                if refused.status not in _NO_ROUTE:
                    raise
                return None
            on_found(metric, points)
            return points

        found = self._each_metric(path, metrics, read)
        without_file = [metric for metric, points in zip(metrics, found, strict=True) if points is None]
        exported = iter(self._exported(path, without_file) if without_file else ())
        return [next(exported) if points is None else points for points in found]

    def _exported(self, path: ProjectPath, metrics: Sequence[RunMetric]) -> list[PointColumns]:
        runs = [*{metric.run.cuid: metric.run for metric in metrics}.values()]
        logged = self.summaries(path, runs, sorted({metric.key for metric in metrics}))
        project = self._project_id(path)

        def read(ask: Ask, metric: RunMetric) -> PointColumns:
            if metric.key not in logged[metric.run.cuid]:
                return columns_of(NO_POINTS, metric.about)
            named = reference(metric.run, project)
            points = columns_of(exported_file(ask, self._base, project, named, metric.key), metric.about)
            if not points.steps:
                raise UnavailableError(Message("client.no-file", about=metric.about))
            return points

        return self._each_metric(path, metrics, read)

    def _each_metric(
        self, path: ProjectPath, metrics: Sequence[RunMetric], read: Callable[[Ask, RunMetric], R]
    ) -> list[R]:
        about = Message("client.about.points", project=path.name)

        def on_progress(done: int) -> None:
            self._progress(Message("client.progress", about=about, done=done, total=len(metrics)))

        doing = Message("client.reading", about=about)
        return self._session.each(metrics, read, doing=doing, on_progress=on_progress)

    def delete(self, request: Request) -> None:
        """Send a deletion."""
        self._session.ask(request)

    def project_url(self, path: ProjectPath) -> str:
        """Return the address of a project's page for browsers."""
        return f"{self._web}/@{route(path.workspace, path.project)[1:]}"

    def _owner(self, username: str) -> str:
        return username or self._session.username()

    def _project_id(self, path: ProjectPath) -> str:
        return self._ask_for_project_id(self._session.ask, path)

    def _ask_for_project_id(self, ask: Ask, path: ProjectPath) -> str:
        request = path.request(Message("client.about.project", project=path.name))
        self._project_ids[path] = records.read(records.PROJECT, ask(request), request.about).cuid
        return self._project_ids[path]

    def _known_project_id(self, ask: Ask, path: ProjectPath) -> str:
        """Return the id in the last answer about the project if there was one, which saves a request."""
        return self._project_ids.get(path) or self._ask_for_project_id(ask, path)

    def _rows(self, request: Request, form: Form[R]) -> list[R]:
        with collection_paused():
            return read_whole(self._session.each, request, form, self._progress)


def connect(
    environ: Mapping[str, str],
    *,
    api_key: str = "",
    host: str = "",
    web_host: str = "",
    allow_http: bool = False,
    deadline: Deadline | None = None,
    timeout: float = 10.0,
    progress: Callable[[Message], None] = lambda _: None,
    on_secret: Callable[[str], None] = lambda _: None,
) -> Reader:
    """Return a reader with the login that `find_login` finds; sends nothing yet.

    `deadline` limits all requests together, `timeout` (seconds) each wait for the server. `on_secret` receives each
    session id before its first use, perhaps in another thread. Raises `ConfigurationError` as `find_login` does.
    """
    login = find_login(environ, api_key=api_key, host=host, web_host=web_host, allow_http=allow_http)
    limit = deadline or Deadline(math.inf)
    session = Session(login.key, Transport(login.api, deadline=limit, timeout=timeout), limit, on_secret)
    return Reader(session, login.api, login.web, progress)
