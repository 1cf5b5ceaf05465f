"""Folders of run directories, and what is read of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from swanlab_ci.errors import UnavailableError
from swanlab_ci.model import Run
from swanlab_ci.sources.local import LocalSource

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Gather = Callable[..., tuple[Run, ...]]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def gather(said: list[str]) -> Gather:
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
def refused(gather: Gather) -> Callable[[Path], str]:
    def why(folder: Path) -> str:
        with pytest.raises(UnavailableError) as stop:
            gather(folder)
        assert stop.value.exit_code == 3
        return str(stop.value.what)

    return why
