"""Sources to fetch from: a SwanLab server of each test's own, and folders of run directories."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from server_sources import SwanLab, make_store

from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.model import Run
from swanlab_ci.sandbox import Sandbox
from swanlab_ci.sandbox.storage.store import StoredRun
from swanlab_ci.sources.local import LocalSource

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Gather = Callable[..., tuple[Run, ...]]


@pytest.fixture
def start() -> Iterator[Callable[..., SwanLab]]:
    running: list[Sandbox] = []

    def begin(*runs: StoredRun) -> SwanLab:
        running.append(Sandbox(make_store(*runs)).start())
        return SwanLab(running[-1])

    yield begin
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def said() -> list[Message]:
    return []


@pytest.fixture
def gather(said: list[Message]) -> Gather:
    def gathered(folder: Path, project: str = "") -> tuple[Run, ...]:
        return LocalSource(folder, project, say=said.append).fetch(NOW)

    return gathered


@pytest.fixture
def only(gather: Gather) -> Callable[[Path], Run]:
    def one(folder: Path) -> Run:
        (run,) = gather(folder)
        return run

    return one


@pytest.fixture
def refused(gather: Gather) -> Callable[[Path], UnavailableError]:
    def why(folder: Path) -> UnavailableError:
        with pytest.raises(UnavailableError) as stop:
            gather(folder)
        assert stop.value.exit_code == 3
        return stop.value

    return why
