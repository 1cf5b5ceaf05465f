"""Convert what is stored to SwanLab's JSON.

Source: the fields that the SDK's wheels read (0.7.20 `api/deprecated/experiment.py:26`, `api/deprecated/project.py:23`;
0.10.3 `api/typings/experiment.py:84`, `api/typings/project.py:28`, `api/typings/workspace.py`).
"""

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any

from swanlab_ci.sandbox.http.exchange import encode
from swanlab_ci.sandbox.storage.store import Store, StoredProject, StoredRun, StoredUser, StoredWorkspace

_PROFILE = ("bio", "url", "institution", "school", "email", "location")
_COLORS = ["#528d59", "#587ad2"]


def profile(owner: StoredUser | StoredWorkspace) -> dict[str, str]:
    """Return the profile of a user or workspace."""
    return {key: owner.profile.get(key, "") for key in _PROFILE}


def workspace(found: StoredWorkspace, role: str) -> dict[str, Any]:
    """Describe a workspace to a user with `role` in it."""
    return {
        "username": found.username,
        "name": found.name,
        "type": found.type,
        "comment": found.comment,
        "role": role,
        "profile": profile(found),
    }


def project(store: Store, found: StoredProject, *, role: str, detail: bool = True) -> dict[str, Any]:
    """Describe a project; `detail` adds `_count`."""
    space = store.workspaces[found.workspace]
    shape: dict[str, Any] = {
        "cuid": found.cuid,
        "name": found.name,
        "username": found.workspace,
        "path": found.path,
        "version": 1,
        "visibility": found.visibility,
        "description": found.description,
        "createdAt": found.created_at,
        "updatedAt": found.updated_at,
        "group": {"type": space.type, "username": space.username, "name": space.name},
        "projectLabels": [
            {"name": label, "colors": _COLORS, "cuid": f"{found.cuid}{n}"} for n, label in enumerate(found.labels)
        ],
        "role": role,
        "archived": False,
    }
    return shape | ({"_count": _count(store, found)} if detail else {})


def _count(store: Store, found: StoredProject) -> dict[str, int]:
    return {
        "experiments": len(found.runs),
        "contributors": len({run.username for run in found.runs}),
        "collaborators": len(store.workspaces[found.workspace].members),
        "children": 0,
        "clones": 0,
        "runningExps": sum(run.state == "RUNNING" for run in found.runs),
    }


def run(store: Store, found: StoredRun) -> dict[str, Any]:
    """Describe a run with its whole profile."""
    extra = {"metadata": found.metadata, "requirements": found.requirements, "conda": found.conda}
    return _run(store, found, {"config": found.config} | extra)


def listed(store: Store, found: StoredRun) -> bytes:
    """Write a run as in a page of runs: its profile contains only the config."""
    return _cached(found, "listed", lambda: _run(store, found, {"config": found.config}))


def shown(store: Store, found: StoredRun) -> bytes:
    """Write a run as in `runs/shows`: its profile contains the config and the latest scalars."""
    scalar = {key: points[-1][1] for key, points in found.series.items() if points}
    return _cached(found, "shown", lambda: _run(store, found, {"config": found.config, "scalar": scalar}))


def _cached(found: StoredRun, form: str, make: Callable[[], Any]) -> bytes:
    if form not in found.encoded:
        found.encoded[form] = encode(make())
    return found.encoded[form]


def _run(store: Store, found: StoredRun, run_profile: dict[str, Any]) -> dict[str, Any]:
    user = store.users.get(found.username)
    shape = {
        "cuid": found.cuid,
        "slug": found.slug,
        "name": found.name,
        "description": found.description,
        "type": found.type,
        "state": found.state,
        "show": found.show,
        "pin": found.pin,
        "pinnedAt": found.pinned_at,
        "baseline": found.baseline,
        "colors": found.colors,
        "cluster": found.cluster,
        "job": found.job,
        "labels": [{"name": label, "colors": _COLORS} for label in found.labels],
        "createdAt": found.created_at,
        "updatedAt": found.updated_at,
        "finishedAt": found.finished_at,
        "user": {"username": found.username, "name": user.name if user else found.username, "avatar": None},
        "profile": run_profile,
    }
    return shape | ({"rootProId": found.root_project, "rootExpId": found.root_run} if found.root_run else {})


def page(rows: Sequence[bytes], *, size: int, total: int) -> bytes:
    """Write one page of a list of `total` rows."""
    counts = f'],"size":{size},"pages":{-(-total // size)},"total":{total}}}'
    return b'{"list":[' + b",".join(rows) + counts.encode()


def summary(points: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Summarise one series of `[step, value, …]`; extremes ignore values that are not finite."""
    step, value, *_ = points[-1]
    finite = [point for point in points if not isinstance(point[1], str)]
    if not finite:
        nothing = {"index": step, "data": "NaN"}
        sums = {"min": nothing, "max": nothing} | dict.fromkeys(("avg", "median", "stdDev"), "NaN")
        return {"step": step, "value": value, "minMax": ["NaN", "NaN"], **sums}
    low, high = min(finite, key=lambda point: point[1]), max(finite, key=lambda point: point[1])
    values = [point[1] for point in finite]
    mean = statistics.fmean(values)
    return {
        "step": step,
        "value": value,
        "min": {"index": low[0], "data": low[1]},
        "max": {"index": high[0], "data": high[1]},
        "minMax": [low[1], high[1]],
        "avg": mean,
        "median": statistics.median(values),
        "stdDev": math.sqrt(statistics.fmean((value - mean) ** 2 for value in values)),
    }
