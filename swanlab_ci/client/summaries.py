"""Metric summaries of many runs at once, from new and old servers alike; whoever asks is passed in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from swanlab_ci.client.protocol import Request
from swanlab_ci.client.types import Experiment
from swanlab_ci.errors import ApiError, UnavailableError

RUNS_PER_REQUEST = 50
_NOT_ABOUT_SIZE = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_PLAIN = ("avg", "median", "stdDev")

Ask = Callable[[Request], Any]
Summary = dict[str, dict[str, Any]]


def read_summaries(
    ask: Ask,
    about: str,
    project_id: str,
    runs: Sequence[Experiment],
    keys: Sequence[str] = (),
    *,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Summary]:
    """Return the summaries by run id, in halves where SwanLab refuses so many at once; a run without scalars has {}.

    How many runs one request may name is nowhere said, and some servers fail on one run among many.
    """
    try:
        return _ask_for(ask, about, project_id, runs, keys, say=say)
    except ApiError as refused:
        if len(runs) == 1 or refused.status in _NOT_ABOUT_SIZE:
            raise
    middle = len(runs) // 2
    return read_summaries(ask, about, project_id, runs[:middle], keys, say=say) | read_summaries(
        ask, about, project_id, runs[middle:], keys, say=say
    )


def _ask_for(
    ask: Ask,
    about: str,
    project_id: str,
    runs: Sequence[Experiment],
    keys: Sequence[str],
    *,
    say: Callable[[str], None],
) -> dict[str, Summary]:
    """Ask in the form of SDK 0.8 and later, and in the older form for what that leaves unanswered."""
    body: dict[str, Any] = {"experiments": [reference(run, project_id) for run in runs]}
    try:
        told = _told(ask, about, runs, body | ({"keys": list(keys)} if keys else {}))
    except ApiError as refused:
        if refused.status in _NOT_ABOUT_SIZE:
            raise
        say(f"SwanLab refuses the newer way to ask for {about} ({refused.status}); asking in the older one")
        told = {}
    left = [run for run in runs if run.cuid not in told]
    if left:
        told |= _told(ask, about, left, [_old_reference(run, project_id) for run in left])
    return {run.cuid: _summary(told.get(run.cuid), about) for run in runs}


def _told(ask: Ask, about: str, runs: Sequence[Experiment], body: Any) -> dict[str, Any]:
    told = ask(Request(about=about, method="POST", path="/house/metrics/summaries", body=body))
    if not isinstance(told, dict) or not told.keys() <= {run.cuid for run in runs}:
        raise UnavailableError(f"SwanLab's answer about {about} does not tell them by run.")
    return told


def _old_reference(run: Experiment, project_id: str) -> dict[str, Any]:
    """Name a run; a clone keeps its scalars where it was cloned from, and is unknown without that."""
    roots = {"rootExpId": run.rootExpId, "rootProId": run.rootProId} if run.rootExpId and run.rootProId else {}
    return {"experimentId": run.cuid, "projectId": project_id, **roots}


def reference(run: Experiment, project_id: str) -> dict[str, Any]:
    """Name a run in the form of SDK 0.8 and later, which tells House since when to look."""
    try:
        created = int(datetime.fromisoformat(run.createdAt).timestamp())
    except ValueError:
        created = 0
    return _old_reference(run, project_id) | {"createdAt": created}


def _summary(told: Any, about: str) -> Summary:
    """Give each metric's summary the form of `OpenApi.get_summary` in the SDK, and what newer servers add."""
    metrics = {} if told is None else told
    if not isinstance(metrics, dict) or not all(isinstance(metric, dict) for metric in metrics.values()):
        raise UnavailableError(f"SwanLab's answer about {about} is not one summary per metric.")
    return {key: _metric(metric) for key, metric in metrics.items()}


def _metric(told: Mapping[str, Any]) -> dict[str, Any]:
    extremes = {name: _point(told[name]) for name in ("min", "max") if told.get(name) is not None}
    plain = {name: told[name] for name in _PLAIN if told.get(name) is not None}
    return {"step": told.get("step"), "value": told.get("value"), **extremes, **plain}


def _point(told: Any) -> dict[str, Any]:
    return {"step": told.get("index"), "value": told.get("data")} if isinstance(told, dict) else {"value": told}
