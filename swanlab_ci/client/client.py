"""`OpenApi`, the client that people and the program use: documented calls in, whole data or an error out."""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from swanlab_ci.client.auth import find_login
from swanlab_ci.client.protocol import route
from swanlab_ci.client.reader import Reader
from swanlab_ci.client.series import Point, side_by_side
from swanlab_ci.client.session import Session
from swanlab_ci.client.summaries import Summary
from swanlab_ci.client.transport import Transport
from swanlab_ci.client.types import ApiResponse, Experiment, Listing, Project, Table
from swanlab_ci.errors import ApiError
from swanlab_ci.runtime.deadline import Deadline

T = TypeVar("T")


class OpenApi:
    """SwanLab's OpenApi, as its documentation describes it, and what its SDK adds.

    The login is found as `swanlab.login()` finds it: `api_key`, else SWANLAB_API_KEY, else what `swanlab login` saved;
    the host likewise (`host`, SWANLAB_API_HOST, saved, SwanLab's cloud). Nothing is sent before the first call.

    `environ` replaces the environment for that search. `deadline` bounds all calls together, `timeout` (seconds) each
    silence of the server. `progress` hears of slow work in words, `on_secret` each session id before its first use,
    maybe in another thread. `log_level` is accepted for compatibility; nothing is logged.

    Every method but `project_url` returns an `ApiResponse`: what SwanLab refuses is in it, with its status. Raises
    `ConfigurationError` for a login or a name that cannot be, `UnavailableError` where SwanLab gave no whole answer.
    In each, `username` is the workspace, by default the user's own.
    """

    def __init__(
        self,
        api_key: str = "",
        log_level: str = "info",  # noqa: ARG002 - the SDK's second parameter
        *,
        host: str = "",
        web_host: str = "",
        allow_http: bool = False,
        environ: Mapping[str, str] | None = None,
        deadline: Deadline | None = None,
        timeout: float = 10.0,
        progress: Callable[[str], None] = lambda _: None,
        on_secret: Callable[[str], None] = lambda _: None,
    ) -> None:
        login = find_login(
            os.environ if environ is None else environ,
            api_key=api_key,
            host=host,
            web_host=web_host,
            allow_http=allow_http,
        )
        limit = deadline or Deadline(math.inf)
        session = Session(login.key, Transport(login.api, deadline=limit, timeout=timeout), limit, on_secret)
        self._web = login.web
        self._reader = Reader(session, login.api, progress)

    def list_workspaces(self) -> ApiResponse[Listing[dict[str, Any]]]:
        """Return the workspaces the user has joined, each with `name`, `username` (its part of URLs) and `role`."""
        return _response(lambda: Listing(self._reader.workspaces()))

    def list_projects(
        self,
        username: str = "",
        detail: bool = True,  # noqa: FBT001, FBT002 - the documented signature
    ) -> ApiResponse[Listing[Project]]:
        """Return all projects of a workspace; `detail` adds their statistics."""
        return _response(lambda: Listing(self._reader.projects(username, detail=detail)))

    def delete_project(self, project: str, username: str = "") -> ApiResponse[None]:
        """Delete a project with all its experiments, as `delete_experiment` does."""

        def delete() -> None:
            place = self._reader.place(project, username)
            self._reader.delete(place.request(f"the project {place}", method="DELETE"))

        return _response(delete)

    def list_experiments(
        self, project: str, username: str = "", *, filters: Sequence[Mapping[str, Any]] = ()
    ) -> ApiResponse[Listing[Experiment]]:
        """Return all experiments of a project; their `profile` holds only `config`.

        The list is whole: it is read again where it changed on the way, and where it never rests this raises.

        With `filters` SwanLab selects, in one request that is sent once: those that pass all filters, and every pinned
        one. How many there are SwanLab does not tell, so nothing shows that none was left out. Their `profile` also
        holds `scalar`, the latest value of each metric. A filter is `{"type", "key", "op", "value"}`: of a `STABLE`
        field such as `state`, `name`, `labels` or `cluster`, a `CONFIG` key or a `SCALAR` metric; `op` is `EQ`, `NEQ`,
        `GTE`, `LTE`, `IN`, `NOT IN` or `CONTAIN`, and `value` a list. Old servers refuse them with 404.
        """

        def read() -> Listing[Experiment]:
            place = self._reader.place(project, username)
            return Listing(self._reader.shown(place, filters) if filters else self._reader.experiments(place))

        return _response(read)

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

        `exp_id` is another name of `exp_cuid`, `user` and `workspace` are other names of `username`: the SDK and its
        documentation have used them all. Raises `TypeError` without an id, or where two names contradict each other.
        """
        run = _one("exp_cuid", exp_cuid=exp_cuid, exp_id=exp_id)
        owner = _one("", username=username, user=user, workspace=workspace)
        return _response(lambda: self._reader.profiles(self._reader.place(project, owner), [run])[0])

    def get_experiments(self, project: str, ids: Sequence[str], username: str = "") -> ApiResponse[Listing[Experiment]]:
        """Return the experiments with these ids, in this order, each as `get_experiment` does; all of them or none."""
        return _response(lambda: Listing(self._reader.profiles(self._reader.place(project, username), ids)))

    def get_exp_state(
        self, project: str, exp_cuid: str = "", username: str = "", *, exp_id: str = ""
    ) -> ApiResponse[Table[str | None]]:
        """Return `state` and `finishedAt` of an experiment."""
        run = _one("exp_cuid", exp_cuid=exp_cuid, exp_id=exp_id)

        def read() -> Table[str | None]:
            experiment = self._reader.profiles(self._reader.place(project, username), [run])[0]
            return Table(state=experiment.state, finishedAt=experiment.finishedAt)

        return _response(read)

    def delete_experiment(
        self, project: str, exp_id: str = "", username: str = "", *, exp_cuid: str = ""
    ) -> ApiResponse[None]:
        """Delete an experiment. It is asked for once: what may have been deleted is not deleted again."""
        run = _one("exp_id", exp_id=exp_id, exp_cuid=exp_cuid)
        return _response(lambda: self._reader.delete(self._reader.place(project, username).run(run, "DELETE")))

    def get_summary(
        self, project: str, exp_id: str = "", username: str = "", *, exp_cuid: str = ""
    ) -> ApiResponse[Table[dict[str, Any]]]:
        """Return `{key: {"step", "value", "min": {"step", "value"}, "max": {"step", "value"}}}` of an experiment.

        `value` is the last one. Newer servers add `avg`, `median` and `stdDev`. What is not finite comes as SwanLab
        writes it, as one of the texts NaN, INF and -INF.
        """
        run = _one("exp_id", exp_id=exp_id, exp_cuid=exp_cuid)

        def read() -> Table[dict[str, Any]]:
            place = self._reader.place(project, username)
            (summary,) = self._reader.summaries(place, self._reader.profiles(place, [run])).values()
            return Table(summary)

        return _response(read)

    def get_exp_summary(
        self, project: str, exp_cuid: str = "", username: str = "", *, exp_id: str = ""
    ) -> ApiResponse[Table[dict[str, Any]]]:
        """Return what `get_summary` does, by its older name."""
        return self.get_summary(project, exp_id, username, exp_cuid=exp_cuid)

    def get_summaries(
        self, project: str, experiments: Sequence[Experiment], username: str = "", *, keys: Sequence[str] = ()
    ) -> ApiResponse[Table[Summary]]:
        """Return the summaries of many experiments by `cuid`, each as `get_summary` returns it.

        With `keys`, servers that can (those of SDK 0.8 and later) tell only of these metrics.
        """
        return _response(
            lambda: Table(self._reader.summaries(self._reader.place(project, username), experiments, keys))
        )

    def list_metric_keys(
        self, project: str, exp_id: str = "", username: str = "", *, exp_cuid: str = ""
    ) -> ApiResponse[Listing[str]]:
        """Return the keys of an experiment's scalars; those of the SDK's own monitoring start with `__swanlab__`."""
        run = _one("exp_id", exp_id=exp_id, exp_cuid=exp_cuid)
        return _response(lambda: Listing(self._reader.metric_keys(self._reader.place(project, username), run)))

    def get_metrics(
        self, exp_id: str, keys: str | Sequence[str], *, project: str = "", username: str = ""
    ) -> ApiResponse[Any]:
        """Return all points of these scalars side by side, a row for each step that one of them has, in order.

        With pandas installed this is a `DataFrame` with the index `step` and, in the order of the keys, the columns
        `KEY` and `KEY_timestamp` (milliseconds since 1970); without, a list of dicts `{"step", KEY, KEY_timestamp, …}`
        in which None stands for what is not there. Unlike the SDK's it has all keys or none, and the steps that only
        some of them have. Raises `TypeError` for keys that would share a column, such as `a` and `a_timestamp`.
        `get_series` tells the same whether pandas is there or not. A server without the SDK's route for this answers
        404; with `project`, which the newer route wants to know, that one is asked then.
        """
        return _response(lambda: side_by_side(self._series(exp_id, keys, project, username)))

    def get_series(
        self, exp_id: str, keys: str | Sequence[str], *, project: str = "", username: str = ""
    ) -> ApiResponse[Table[list[Point]]]:
        """Return `{key: [{"step", "value", "timestamp"}, …]}` with all points of these scalars; all keys or none.

        Timestamps are milliseconds since 1970, or None where the server tells none. `project` is as in `get_metrics`.
        """
        return _response(lambda: self._series(exp_id, keys, project, username))

    def _series(self, run: str, keys: str | Sequence[str], project: str, username: str) -> Table[list[Point]]:
        wanted = [keys] if isinstance(keys, str) else list(dict.fromkeys(keys))
        place = self._reader.place(project, username) if project else None
        return Table(zip(wanted, self._reader.points(run, wanted, place), strict=True))

    def project_url(self, username: str, project: str) -> str:
        """Return the address of a project's page for browsers."""
        return f"{self._web}/@{route(username, project)[1:]}"


def _response(ask: Callable[[], T]) -> ApiResponse[T]:
    try:
        return ApiResponse(200, "", ask())
    except ApiError as refused:
        return ApiResponse(refused.status, str(refused), None, refused)


def _one(needed: str, **names: str) -> str:
    """Return the one value that is given under some of these names; without any, the empty text if none is needed."""
    given = {name: value for name, value in names.items() if value}
    if len(set(given.values())) > 1:
        raise TypeError("give only one of " + " and ".join(f"{name}={value!r}" for name, value in given.items()))
    if needed and not given:
        raise TypeError(f"the argument {needed} is missing")
    return next(iter(given.values()), "")
