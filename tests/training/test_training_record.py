"""`swanlab_ci.record()` with a stand-in for the SDK; `tests/sdk` has the real ones."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.repository import Repository

import swanlab_ci


class Run:
    def __init__(self) -> None:
        self.config: dict[str, Any] = {"lr": 1e-3}


def pretend(monkeypatch: pytest.MonkeyPatch, run: Run | None) -> None:
    monkeypatch.setitem(sys.modules, "swanlab", SimpleNamespace(get_run=lambda: run))


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder of no repository, in no job of a CI."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "CI_"))]:
        monkeypatch.delenv(name)
    return tmp_path


def test_it_writes_and_returns_the_same(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, head = Run(), Repository(nowhere).commit({"train.py": "1"})
    pretend(monkeypatch, run)

    facts = swanlab_ci.record(pr=7)

    assert facts == {"commit": head, "git_dirty": False, "pr": 7}
    assert run.config == {"lr": 1e-3, **facts}


@pytest.mark.usefixtures("nowhere")
def test_what_is_not_known_takes_the_place_of_what_was(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run()
    run.config |= {"commit": "a" * 40, "git_dirty": False, "pr": 7}
    pretend(monkeypatch, run)

    assert swanlab_ci.record() == {"commit": "", "git_dirty": "", "pr": ""}
    assert run.config == {"lr": 1e-3, "commit": "", "git_dirty": "", "pr": ""}


def raises_like_the_new_sdk() -> None:
    raise RuntimeError("no run")


@pytest.mark.parametrize("get_run", [lambda: None, raises_like_the_new_sdk])
def test_without_a_run_it_says_what_to_call_first(monkeypatch: pytest.MonkeyPatch, get_run: object) -> None:
    monkeypatch.setitem(sys.modules, "swanlab", SimpleNamespace(get_run=get_run))

    with pytest.raises(RuntimeError, match="after `swanlab"):
        swanlab_ci.record()


def test_without_the_sdk_it_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "swanlab", raising=False)

    with pytest.raises(RuntimeError, match="after `swanlab"):
        swanlab_ci.record()


def test_to_name_it_loads_neither_the_sdk_nor_requests() -> None:
    code = "import sys, swanlab_ci; swanlab_ci.record; print({'swanlab', 'requests'} & set(sys.modules))"

    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - ours

    assert found.stdout.strip() == "set()"
