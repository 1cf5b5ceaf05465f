"""Metric summaries of many runs in one request, from new and old servers; the function that sends is a parameter."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from swanlab_ci.client.protocol import Ask, Request
from swanlab_ci.client.types import Experiment
from swanlab_ci.errors import ApiError, UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.security.untrusted import time_of

RUNS_PER_REQUEST = 50
_NOT_ABOUT_SIZE = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_PLAIN = ("avg", "median", "stdDev")

Summary = dict[str, dict[str, Any]]


def read_summaries(
    ask: Ask,
    about: Message,
    project_id: str,
    runs: Sequence[Experiment],
    keys: Sequence[str] = (),
    *,
    say: Callable[[Message], None] = lambda _: None,
) -> dict[str, Summary]:
    """Return the summaries by run id; a run without scalars has {}.

    If SwanLab rejects a request, its runs are split into two halves: the largest allowed number of runs is not
    documented, and some servers fail on one run among many.
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
    about: Message,
    project_id: str,
    runs: Sequence[Experiment],
    keys: Sequence[str],
    *,
    say: Callable[[Message], None],
) -> dict[str, Summary]:
    """Send the request of SDK 0.8 and later, and the older one for the runs that its answer lacks."""
    body: dict[str, Any] = {"experiments": [reference(run, project_id) for run in runs]}
    try:
        found = _answer(ask, about, runs, body | ({"keys": list(keys)} if keys else {}))
    except ApiError as refused:
        if refused.status in _NOT_ABOUT_SIZE:
            raise
        say(Message("client.older-summaries", about=about, status=refused.status))
        found = {}
    left = [run for run in runs if run.cuid not in found]
    if left:
        found |= _answer(ask, about, left, [_old_reference(run, project_id) for run in left])
    return {run.cuid: _summary(found.get(run.cuid), about) for run in runs}


def _answer(ask: Ask, about: Message, runs: Sequence[Experiment], body: Any) -> dict[str, Any]:
    answer = ask(Request(about=about, method="POST", path="/house/metrics/summaries", body=body))
    if not isinstance(answer, dict) or not answer.keys() <= {run.cuid for run in runs}:
        raise UnavailableError(Message("client.not-by-run", about=about))
    return answer


def _old_reference(run: Experiment, project_id: str) -> dict[str, Any]:
    """Name a run; the scalars of a clone are stored under the run it was cloned from, so name that too."""
    roots = {"rootExpId": run.rootExpId, "rootProId": run.rootProId} if run.rootExpId and run.rootProId else {}
    return {"experimentId": run.cuid, "projectId": project_id, **roots}


def reference(run: Experiment, project_id: str) -> dict[str, Any]:
    """Name a run in the form of SDK 0.8 and later, with the Unix time in seconds from which SwanLab searches."""
    created = time_of(run.createdAt)
    return _old_reference(run, project_id) | {"createdAt": int(created.timestamp()) if created else 0}


def _summary(answer: Any, about: Message) -> Summary:
    """Convert each metric's summary to the form of `OpenApi.get_summary` in the SDK, plus what newer servers add."""
    metrics = {} if answer is None else answer
    if not isinstance(metrics, dict) or not all(isinstance(metric, dict) for metric in metrics.values()):
        raise UnavailableError(Message("client.not-by-metric", about=about))
    return {key: _metric(metric) for key, metric in metrics.items()}


def _metric(metric: Mapping[str, Any]) -> dict[str, Any]:
    extremes = {name: _point(metric[name]) for name in ("min", "max") if metric.get(name) is not None}
    plain = {name: metric[name] for name in _PLAIN if metric.get(name) is not None}
    return {"step": metric.get("step"), "value": metric.get("value"), **extremes, **plain}


def _point(value: Any) -> dict[str, Any]:
    return {"step": value.get("index"), "value": value.get("data")} if isinstance(value, dict) else {"value": value}
