"""Servers and clients for the client's tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from swanlab_ci import OpenApi
from swanlab_ci.sandbox import Sandbox, Store
from swanlab_ci.sandbox.store import Project, Run, User, Workspace

KEY = "k" * 21
CREATED = "2024-11-23T12:28:04.286Z"
Connect = Callable[..., OpenApi]


def make_run(number: int, **parts: Any) -> Run:
    return Run(
        **{
            "cuid": f"run{number:05}",
            "name": f"run {number}",
            "username": "ada",
            "state": "FINISHED",
            "created_at": f"2026-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000Z",
            "config": {"lr": {"value": number / 1000, "desc": "", "sort": 0}},
            **parts,
        }
    )


def make_store(runs: int = 0) -> Store:
    """Make ada's project `resnet` in the workspace `team`, with so many runs."""
    store = Store()
    store.add_user(User(username="ada", name="Ada", api_key=KEY))
    store.add_workspace(Workspace(username="team", name="Team", type="TEAM", members={"ada": "OWNER"}))
    store.add_project(
        Project(
            cuid="project-resnet",
            name="resnet",
            workspace="team",
            created_at=CREATED,
            runs=[make_run(number) for number in range(runs)],
        )
    )
    return store


@pytest.fixture
def serve() -> Iterator[Callable[[Store], Sandbox]]:
    running: list[Sandbox] = []

    def start(store: Store) -> Sandbox:
        running.append(Sandbox(store).start())
        return running[-1]

    yield start
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def connect() -> Connect:
    def make(sandbox: Sandbox, **options: Any) -> OpenApi:
        return OpenApi(sandbox.api_key, sandbox.url, environ={}, **options)

    return make
