"""Courts for the evidence's tests: each a SwanLab of its own."""

from collections.abc import Callable, Iterator

import pytest
from court import Court, make_store

from swanlab_ci.sandbox import Sandbox
from swanlab_ci.sandbox.storage.store import Run


@pytest.fixture
def start() -> Iterator[Callable[..., Court]]:
    running: list[Sandbox] = []

    def begin(*runs: Run) -> Court:
        running.append(Sandbox(make_store(*runs)).start())
        return Court(running[-1])

    yield begin
    for sandbox in running:
        sandbox.stop()
