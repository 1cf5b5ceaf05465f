"""From names to data: which requests a reading takes, in which order; returns whole data or raises."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeVar

from swanlab_ci.client import records
from swanlab_ci.client.paging import Form, collection_paused, read_whole
from swanlab_ci.client.protocol import Request, route
from swanlab_ci.client.series import Ask, Point, read_export, read_keys, read_points
from swanlab_ci.client.session import Session
from swanlab_ci.client.summaries import RUNS_PER_REQUEST, Summary, read_summaries, reference
from swanlab_ci.client.types import Experiment, Project
from swanlab_ci.errors import ApiError

R = TypeVar("R")
_NO_ROUTE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})


@dataclass(frozen=True, slots=True)
class Place:
    """A project in a workspace; its text is `workspace/project`."""

    workspace: str
    project: str

    def __str__(self) -> str:
        return f"{self.workspace}/{self.project}"

    def request(self, about: str, *parts: str, method: str = "GET") -> Request:
        """Make the request for what is at these parts below the project; only a `GET` is sent more than once."""
        path = route("project", self.workspace, self.project, *parts)
        return Request(about=about, path=path, method=method, repeatable=method == "GET")

    def run(self, run: str, method: str = "GET") -> Request:
        """Make the request for one run."""
        return self.request(f"the run {run} of {self}", "runs", run, method=method)


class Reader:
    """Reads through `session`; `base` is the address that files without an origin of their own belong to."""

    def __init__(self, session: Session, base: str, progress: Callable[[str], None]) -> None:
        self._session = session
        self._base = base
        self._progress = progress

    def place(self, project: str, username: str) -> Place:
        """Find the place that is meant; without `username` it is in the user's own workspace."""
        return Place(self._owner(username), project)

    def workspaces(self) -> list[dict[str, Any]]:
        """Read the user's workspaces."""
        return records.read_workspaces(self._session.ask(Request(about="your workspaces", path="/group/")))

    def projects(self, username: str, *, detail: bool) -> list[Project]:
        """Read all projects of a workspace."""
        owner = self._owner(username)
        params = {"detail": str(detail)}  # `True` and `False`, as the SDK has always spelled them
        request = Request(about=f"the projects of {owner}", path=route("project", owner), params=params)
        return self._rows(request, lambda rows: records.read(records.PROJECTS, rows, request.about))

    def experiments(self, place: Place) -> list[Experiment]:
        """Read all runs of a project, with their configs."""
        request = place.request(f"the runs of {place}", "runs")
        return self._rows(request, lambda rows: records.read(records.EXPERIMENTS, rows, request.about))

    def shown(self, place: Place, filters: Sequence[Mapping[str, Any]]) -> list[Experiment]:
        """Read the runs that SwanLab selects, with their configs and latest values, each once.

        Source: SDK 0.8 to 0.10, `api/experiment.py`, which marks each filter as active, too.
        """
        asked = replace(
            place.request(f"the selected runs of {place}", "runs", "shows", method="POST"),
            body={"filters": [{"active": True, **each} for each in filters], "groups": [], "sorts": []},
        )
        with collection_paused():
            found = records.read(records.EXPERIMENTS, self._session.ask(asked), asked.about)
        return list({experiment.cuid: experiment for experiment in found}.values())

    def profiles(self, place: Place, runs: Sequence[str]) -> list[Experiment]:
        """Read runs with their whole profiles, in the order of their ids."""
        requests = [place.run(run) for run in runs]
        answers = self._session.ask_all(
            requests, lambda done: self._progress(f"reading runs of {place}: {done:,} of {len(runs):,}")
        )
        return [
            records.read(records.EXPERIMENT, answer, request.about)
            for request, answer in zip(requests, answers, strict=True)
        ]

    def summaries(self, place: Place, runs: Sequence[Experiment], keys: Sequence[str] = ()) -> dict[str, Summary]:
        """Read the summaries of all runs' metrics, or of those named by `keys` where the server can tell them apart."""
        about, project = f"the metrics of {place}", self._project_id(place)
        batches = [runs[start : start + RUNS_PER_REQUEST] for start in range(0, len(runs), RUNS_PER_REQUEST)]

        def told(done: int) -> None:
            self._progress(f"reading {about}: {min(done * RUNS_PER_REQUEST, len(runs)):,} of {len(runs):,} runs")

        found = self._session.each(
            batches,
            lambda ask, batch: read_summaries(ask, about, project, batch, keys, say=self._progress),
            doing=f"reading {about}",
            told=told,
        )
        return {run: summary for batch in found for run, summary in batch.items()}

    def metric_keys(self, place: Place, run: str) -> list[str]:
        """Read the keys of a run's scalars; from its columns where a server does not know the newer route."""
        experiment = self.profiles(place, [run])[0]
        about = f"the metric keys of the run {run} of {place}"
        try:
            return read_keys(self._session.ask, about, reference(experiment, self._project_id(place)))
        except ApiError as refused:
            if refused.status not in _NO_ROUTE:
                raise
        self._progress(f"SwanLab does not know the newer list of {about}; reading its columns instead")
        columns = Request(about=about, path=route("experiment", experiment.cuid, "column"), params={"type": "FLOAT"})
        return self._rows(columns, lambda rows: [str(row.get("key")) for row in rows])

    def points(self, run: str, keys: Sequence[str], place: Place | None) -> list[list[Point]]:
        """Read all points of the run's metrics, in the order of the keys.

        Where a server does not know the older route, which needs no project, and `place` is known, by the newer one.
        """
        try:
            return self._points(run, keys, lambda ask, key: read_points(ask, self._base, run, key))
        except ApiError as refused:
            if place is None or refused.status not in _NO_ROUTE:
                raise
            status = refused.status
        named = reference(self.profiles(place, [run])[0], project := self._project_id(place))
        self._progress(f"SwanLab has no older files of the metrics of the run {run}; reading its newer ones instead")
        found = self._points(run, keys, lambda ask, key: read_export(ask, self._base, project, named, key))
        for key in (key for key, points in zip(keys, found, strict=True) if not points):
            raise ApiError(
                f"SwanLab does not know the metric {key} of the run {run}.", "Check its spelling.", status=status
            )
        return found

    def _points(self, run: str, keys: Sequence[str], read: Callable[[Ask, str], list[Point]]) -> list[list[Point]]:
        doing = f"reading metrics of the run {run}"
        return self._session.each(
            keys, read, doing=doing, told=lambda done: self._progress(f"{doing}: {done:,} of {len(keys):,}")
        )

    def delete(self, request: Request) -> None:
        """Send a deletion."""
        self._session.ask(request)

    def _owner(self, username: str) -> str:
        return username or self._session.username()

    def _project_id(self, place: Place) -> str:
        request = place.request(f"the project {place}")
        return records.read(records.PROJECT, self._session.ask(request), request.about).cuid

    def _rows(self, request: Request, form: Form[R]) -> list[R]:
        with collection_paused():
            return read_whole(self._session.each, request, form, self._progress)
