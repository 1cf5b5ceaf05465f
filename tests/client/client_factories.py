"""A small SwanLab for the client's tests: ada's project `resnet` in the workspace `team`."""

from typing import Any

from swanlab_ci.sandbox import Store
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun, StoredUser, StoredWorkspace

KEY = "k" * 21


def make_run(number: int, **parts: Any) -> StoredRun:
    sent = {
        "cuid": f"run{number:05}",
        "name": f"run {number}",
        "username": "ada",
        "state": "FINISHED",
        "created_at": f"2026-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000Z",
        "config": {"lr": {"value": number / 1000, "desc": "", "sort": 0}},
        "series": {"acc": [[0, 0.5, 1_000], [1, 0.9, 2_000]]},
    }
    return StoredRun(**sent | parts)


def make_store(*runs: StoredRun) -> Store:
    store = Store()
    store.add_user(StoredUser(username="ada", name="Ada", api_key=KEY))
    store.add_workspace(StoredWorkspace(username="team", name="Team", type="TEAM", members={"ada": "OWNER"}))
    created = "2026-01-01T00:00:00.000Z"
    store.add_project(
        StoredProject(cuid="project-resnet", name="resnet", workspace="team", created_at=created, runs=list(runs))
    )
    return store


def store_of(count: int) -> Store:
    return make_store(*map(make_run, range(count)))
