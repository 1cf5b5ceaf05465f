"""`OpenApi`, the public client: documented calls in, complete data or an error out."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from swanlab_ci.client.reader import ProjectPath, connect
from swanlab_ci.client.series import SeriesPoint, side_by_side
from swanlab_ci.client.summaries import Summary
from swanlab_ci.client.types import ApiResponse, Experiment, Listing, Project, Table
from swanlab_ci.errors import ApiError
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.runtime.deadline import Deadline

T = TypeVar("T")


class OpenApi:
    """SwanLab's OpenApi, as its documentation describes it, and what its SDK adds.

    The login is found as `swanlab.login()` finds it: `api_key`, else SWANLAB_API_KEY, else what `swanlab login` saved;
    the host likewise (`host`, SWANLAB_API_HOST, saved, SwanLab's cloud). Nothing is sent before the first call.

    `environ` replaces the environment for that search. `deadline` limits all calls together, `timeout` (seconds) each
    wait for the server. `progress` receives messages about slow work (`str(message)` is English), `on_secret` each
    session id before its first use, perhaps in another thread. `log_level` is accepted for compatibility; nothing is
    logged.

    Every method except `project_url` returns an `ApiResponse`, which also holds what SwanLab refuses, with the status.
    Raises `ConfigurationError` for an impossible login or name, `UnavailableError` without a complete answer.
    In all of them `username` is the workspace, by default the user's own.
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
        progress: Callable[[Message], None] = lambda _: None,
        on_secret: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._reader = connect(
            os.environ if environ is None else environ,
            api_key=api_key,
            host=host,
            web_host=web_host,
            allow_http=allow_http,
            deadline=deadline,
            timeout=timeout,
            progress=progress,
            on_secret=on_secret,
        )

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
            place = self._reader.project(project, username)
            about = Message("client.about.project", project=place.name)
            self._reader.delete(place.request(about, method="DELETE"))

        return _response(delete)

    def list_experiments(
        self, project: str, username: str = "", *, filters: Sequence[Mapping[str, Any]] = ()
    ) -> ApiResponse[Listing[Experiment]]:
        """Return all experiments of a project; their `profile` holds only `config`.

        The list is complete: if it changes while it is read, it is read again, and if it keeps changing this raises.

        With `filters` SwanLab selects, in one request that is sent once: all experiments that pass all filters, and all
        pinned ones. SwanLab does not send their number, so a missing one cannot be noticed. Their `profile` also
        holds `scalar`, the latest value of each metric. A filter is `{"type", "key", "op", "value"}`: of a `STABLE`
        field such as `state`, `name`, `labels` or `cluster`, a `CONFIG` key or a `SCALAR` metric; `op` is `EQ`, `NEQ`,
        `GTE`, `LTE`, `IN`, `NOT IN` or `CONTAIN`, and `value` a list. Old servers answer 404.
        """

        def read() -> Listing[Experiment]:
            place = self._reader.project(project, username)
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
        documentation have used them all. Raises `TypeError` without an id, or if two names have different values.
        """
        run = _one("exp_cuid", exp_cuid=exp_cuid, exp_id=exp_id)
        owner = _one("", username=username, user=user, workspace=workspace)
        return _response(lambda: self._reader.profiles(self._reader.project(project, owner), [run])[0])

    def get_experiments(self, project: str, ids: Sequence[str], username: str = "") -> ApiResponse[Listing[Experiment]]:
        """Return the experiments with these ids, in this order, each as `get_experiment` does; all of them or none."""
        return _response(lambda: Listing(self._reader.profiles(self._reader.project(project, username), ids)))

    def get_exp_state(
        self, project: str, exp_cuid: str = "", username: str = "", *, exp_id: str = ""
    ) -> ApiResponse[Table[str | None]]:
        """Return `state` and `finishedAt` of an experiment."""
        run = _one("exp_cuid", exp_cuid=exp_cuid, exp_id=exp_id)

        def read() -> Table[str | None]:
            experiment = self._reader.profiles(self._reader.project(project, username), [run])[0]
            return Table(state=experiment.state, finishedAt=experiment.finishedAt)

        return _response(read)

    def delete_experiment(
        self, project: str, exp_id: str = "", username: str = "", *, exp_cuid: str = ""
    ) -> ApiResponse[None]:
        """Delete an experiment. The request is sent only once: without an answer it may still have succeeded."""
        run = _one("exp_id", exp_id=exp_id, exp_cuid=exp_cuid)
        return _response(lambda: self._reader.delete(self._reader.project(project, username).run(run, "DELETE")))

    def get_summary(
        self, project: str, exp_id: str = "", username: str = "", *, exp_cuid: str = ""
    ) -> ApiResponse[Table[dict[str, Any]]]:
        """Return `{key: {"step", "value", "min": {"step", "value"}, "max": {"step", "value"}}}` of an experiment.

        `value` is the last one. Newer servers add `avg`, `median` and `stdDev`. Values that are not finite are texts,
        as SwanLab sends them: NaN, INF and -INF.
        """
        run = _one("exp_id", exp_id=exp_id, exp_cuid=exp_cuid)

        def read() -> Table[dict[str, Any]]:
            place = self._reader.project(project, username)
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

        With `keys`, servers that support it (those of SDK 0.8 and later) send only these metrics.
        """
        return _response(
            lambda: Table(self._reader.summaries(self._reader.project(project, username), experiments, keys))
        )

    def list_metric_keys(
        self, project: str, exp_id: str = "", username: str = "", *, exp_cuid: str = ""
    ) -> ApiResponse[Listing[str]]:
        """Return the keys of an experiment's scalars; those of the SDK's own monitoring start with `__swanlab__`."""
        run = _one("exp_id", exp_id=exp_id, exp_cuid=exp_cuid)
        return _response(lambda: Listing(self._reader.metric_keys(self._reader.project(project, username), run)))

    def get_metrics(
        self, exp_id: str, keys: str | Sequence[str], *, project: str = "", username: str = ""
    ) -> ApiResponse[Any]:
        """Return all points of these scalars side by side: one row for each step that any of them has, in order.

        With pandas installed this is a `DataFrame` with the index `step` and, in the order of the keys, the columns
        `KEY` and `KEY_timestamp` (milliseconds since 1970); without pandas, a list of dicts
        `{"step", KEY, KEY_timestamp, …}` with None for missing values. Unlike the SDK's result it has all keys or none,
        and also the steps that only some of them have. Raises `TypeError` for keys that would share a column, such as
        `a` and `a_timestamp`. `get_series` returns the same with and without pandas. A server without the SDK's route
        answers 404; with `project`, which the newer route needs, that one is used then.
        """
        return _response(lambda: side_by_side(self._series(exp_id, keys, project, username)))

    def get_series(
        self, exp_id: str, keys: str | Sequence[str], *, project: str = "", username: str = ""
    ) -> ApiResponse[Table[list[SeriesPoint]]]:
        """Return `{key: [{"step", "value", "timestamp"}, …]}` with all points of these scalars; all keys or none.

        Timestamps are milliseconds since 1970, or None if the server sends none. `project` is as in `get_metrics`.
        """
        return _response(lambda: self._series(exp_id, keys, project, username))

    def _series(self, run: str, keys: str | Sequence[str], project: str, username: str) -> Table[list[SeriesPoint]]:
        wanted = [keys] if isinstance(keys, str) else list(dict.fromkeys(keys))
        place = self._reader.project(project, username) if project else None
        return Table(zip(wanted, self._reader.points(run, wanted, place), strict=True))

    def project_url(self, username: str, project: str) -> str:
        """Return the address of a project's page for browsers."""
        return self._reader.project_url(ProjectPath(username, project))


def _response(ask: Callable[[], T]) -> ApiResponse[T]:
    try:
        return ApiResponse(200, "", ask())
    except ApiError as refused:
        return ApiResponse(refused.status, str(refused), None, refused)


def _one(needed: str, **names: str) -> str:
    """Return the one value given under some of these names; without any, the empty text, or an error if `needed`."""
    given = {name: value for name, value in names.items() if value}
    if len(set(given.values())) > 1:
        arguments = [Message("client.argument", name=Key(name), value=Name(value)) for name, value in given.items()]
        raise TypeError(Message("client.one-of", arguments=arguments))
    if needed and not given:
        raise TypeError(Message("client.argument-missing", name=Key(needed)))
    return next(iter(given.values()), "")
