"""`OpenApi`, the client that people and the program use: documented calls in, complete data or an error out."""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from swanlab_ci.deadline import Deadline
from swanlab_ci.errors import Refused
from swanlab_ci.openapi import reading
from swanlab_ci.openapi.auth import find_login
from swanlab_ci.openapi.paging import read_whole
from swanlab_ci.openapi.protocol import Request, route
from swanlab_ci.openapi.session import Session
from swanlab_ci.openapi.summaries import RUNS_PER_REQUEST, Summary, read_summaries
from swanlab_ci.openapi.transport import Transport
from swanlab_ci.openapi.types import ApiResponse, Experiment, Listing, Project, Table

T = TypeVar("T")


class OpenApi:
    """SwanLab's OpenApi, as its documentation describes it.

    The login is found as `swanlab.login()` finds it: `api_key`, else SWANLAB_API_KEY, else what `swanlab login` saved;
    the host likewise (`host`, SWANLAB_API_HOST, saved, SwanLab's cloud). Nothing is sent before the first call.

    `environ` replaces the environment for that search. `deadline` bounds all calls together, `timeout` (seconds) each
    silence of the server. `progress` hears of slow work in words, `on_secret` each session id before its first use,
    maybe in another thread. `log_level` is accepted for compatibility; nothing is logged.

    Raises `BadConfiguration` where there is no usable login.
    """

    def __init__(
        self,
        api_key: str = "",
        host: str = "",
        *,
        web_host: str = "",
        allow_http: bool = False,
        environ: Mapping[str, str] | None = None,
        deadline: Deadline | None = None,
        timeout: float = 10.0,
        progress: Callable[[str], None] = lambda _: None,
        on_secret: Callable[[str], None] = lambda _: None,
        log_level: str = "info",  # noqa: ARG002 - the SDK has it
    ) -> None:
        login = find_login(
            os.environ if environ is None else environ,
            api_key=api_key,
            host=host,
            web_host=web_host,
            allow_http=allow_http,
        )
        limit = deadline or Deadline(math.inf)
        self._web = login.web
        self._progress = progress
        self._session = Session(login.key, Transport(login.api, deadline=limit, timeout=timeout), limit, on_secret)

    def list_workspaces(self) -> ApiResponse[Listing[dict[str, Any]]]:
        """Return the workspaces the user has joined, each with `name`, `username` (its part of URLs) and `role`."""
        request = Request(about="your workspaces", path="/group/")
        return _response(lambda: Listing(reading.read_workspaces(self._session.ask(request))))

    def list_projects(
        self,
        username: str = "",
        detail: bool = True,  # noqa: FBT001, FBT002 - the documented signature
    ) -> ApiResponse[Listing[Project]]:
        """Return all projects of the workspace `username`, by default the user's own; `detail` adds statistics."""
        return _response(lambda: Listing(self._projects(username, detail=detail)))

    def list_experiments(self, project: str, username: str = "") -> ApiResponse[Listing[Experiment]]:
        """Return all experiments of a project in the workspace `username`, by default the user's own.

        Their `profile` holds only `config`. The list is whole: where SwanLab does not give all, this raises.
        """
        return _response(lambda: Listing(self._experiments(project, username)))

    def list_project_exps(self, project: str, username: str = "") -> ApiResponse[Listing[Experiment]]:
        """Return what `list_experiments` does, by its documented name."""
        return self.list_experiments(project, username)

    def get_experiment(
        self,
        project: str,
        exp_cuid: str = "",
        username: str = "",
        *,
        exp_id: str = "",
        user: str = "",
        workspace: str = "",
    ) -> ApiResponse[Experiment]:
        """Return one experiment with its whole `profile`.

        `exp_id` is another name of `exp_cuid`; `user` and `workspace` are other names of `username`: the SDK and its
        documentation have used them all. Raises `TypeError` without an id, and where two names contradict each other.
        """
        run = _same("exp_cuid", exp_cuid=exp_cuid, exp_id=exp_id)
        owner = _same("", username=username, user=user, workspace=workspace)
        return _response(lambda: self._profiles(project, owner, [run])[0])

    def get_experiments(self, project: str, ids: Sequence[str], username: str = "") -> ApiResponse[Listing[Experiment]]:
        """Return the experiments with these ids, in this order, each as `get_experiment` does; all of them or none."""
        return _response(lambda: Listing(self._profiles(project, username, ids)))

    def get_summaries(
        self, project: str, experiments: Sequence[Experiment], username: str = "", *, keys: Sequence[str] = ()
    ) -> ApiResponse[Table[Summary]]:
        """Return the metric summaries of many experiments by their `cuid`, each as `get_summary` returns it.

        With `keys`, servers that can (0.8 and later) tell only of these metrics.
        """
        return _response(lambda: Table(self._summaries(project, experiments, username, keys)))

    def get_summary(
        self, project: str, exp_id: str = "", username: str = "", *, exp_cuid: str = ""
    ) -> ApiResponse[Table[dict[str, Any]]]:
        """Return `{metric: {"step", "value", "min": {"step", "value"}, "max": {"step", "value"}}}` of an experiment.

        `value` is the last one. Newer servers add `avg`, `median` and `stdDev`. What is not finite comes as SwanLab
        writes it, as one of the texts NaN, INF and -INF.
        """
        run = _same("exp_id", exp_id=exp_id, exp_cuid=exp_cuid)
        return _response(lambda: Table(self._summary(project, run, username)))

    def get_exp_summary(
        self, project: str, exp_cuid: str = "", username: str = "", *, exp_id: str = ""
    ) -> ApiResponse[Table[dict[str, Any]]]:
        """Return what `get_summary` does, by its older name."""
        return self.get_summary(project, exp_id, username, exp_cuid=exp_cuid)

    def project_url(self, username: str, project: str) -> str:
        """Return the address of a project's page for browsers."""
        return f"{self._web}/@{route(username, project)[1:]}"

    def _projects(self, username: str, *, detail: bool) -> list[Project]:
        owner = self._owner(username)
        request = Request(
            about=f"the projects of {owner}", path=route("project", owner), params={"detail": str(detail).lower()}
        )
        rows = read_whole(self._session.ask_all, request, self._progress)
        return reading.read(reading.PROJECTS, rows, request.about)

    def _experiments(self, project: str, username: str) -> list[Experiment]:
        owner = self._owner(username)
        request = Request(about=f"the runs of {owner}/{project}", path=route("project", owner, project, "runs"))
        rows = read_whole(self._session.ask_all, request, self._progress)
        return reading.read(reading.EXPERIMENTS, rows, request.about)

    def _profiles(self, project: str, username: str, ids: Sequence[str]) -> list[Experiment]:
        owner = self._owner(username)
        requests = [
            Request(about=f"the run {run} of {owner}/{project}", path=route("project", owner, project, "runs", run))
            for run in ids
        ]
        answers = self._session.ask_all(
            requests, lambda done: self._progress(f"reading runs of {owner}/{project}: {done:,} of {len(ids):,}")
        )
        return [
            reading.read(reading.EXPERIMENT, answer, request.about)
            for request, answer in zip(requests, answers, strict=True)
        ]

    def _summary(self, project: str, run: str, username: str) -> Summary:
        experiment = self._profiles(project, username, [run])[0]
        return self._summaries(project, [experiment], username, ())[experiment.cuid]

    def _summaries(
        self, project: str, runs: Sequence[Experiment], username: str, keys: Sequence[str]
    ) -> dict[str, Summary]:
        owner = self._owner(username)
        about = f"the metrics of {owner}/{project}"
        found = Request(about=f"the project {owner}/{project}", path=route("project", owner, project))
        project_id = reading.read(reading.PROJECT, self._session.ask(found), found.about).cuid
        batches = [runs[i : i + RUNS_PER_REQUEST] for i in range(0, len(runs), RUNS_PER_REQUEST)]
        summaries = self._session.each(
            batches,
            lambda ask, batch: read_summaries(ask, about, project_id, batch, keys),
            doing=f"reading {about}",
            told=lambda done: self._progress(
                f"reading {about}: {min(done * RUNS_PER_REQUEST, len(runs)):,} of {len(runs):,} runs"
            ),
        )
        return {run: summary for batch in summaries for run, summary in batch.items()}

    def _owner(self, username: str) -> str:
        return username or self._session.username()


def _response(ask: Callable[[], T]) -> ApiResponse[T]:
    try:
        return ApiResponse(200, "", ask())
    except Refused as refused:
        return ApiResponse(refused.status, str(refused), None, refused)


def _same(needed: str, **names: str) -> str:
    """Return the one value that is given under some of these names, or the empty text if none is needed."""
    given = {name: value for name, value in names.items() if value}
    if len(set(given.values())) > 1:
        raise TypeError("give only one of " + " and ".join(f"{name}={value!r}" for name, value in given.items()))
    if needed and not given:
        raise TypeError(f"the argument {needed} is missing")
    return next(iter(given.values()), "")
