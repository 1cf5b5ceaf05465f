"""A gate that passes, a run to judge by it, and how to put others in its place."""

from collections.abc import Callable

from support.story import Ended

from swanlab_ci.sandbox import Sandbox
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun

GATE = "project: my-team/hostile\ngates:\n  - name: Good\n    expect: {metrics.acc: {min: 0.9}}\n"
Act = Callable[..., Ended]


def a_run(number: int, name: str, **parts: object) -> StoredRun:
    moment = f"2026-09-01T00:00:{number:02}.000Z"
    known = {"username": "ada", "created_at": moment, "finished_at": moment, "state": "FINISHED"}
    return StoredRun(cuid=f"hostile{number:014}", name=name, **(known | {"series": {"acc": [[0, 1.0, 1]]}} | parts))  # type: ignore[arg-type]


def put(sandbox: Sandbox, *runs: StoredRun) -> None:
    place = {"cuid": "h" * 21, "name": "hostile", "workspace": "my-team", "created_at": "2026-09-01T00:00:00.000Z"}
    sandbox.store.add_project(StoredProject(runs=list(runs), **place))  # type: ignore[arg-type]
