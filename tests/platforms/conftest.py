"""Whole checks on other forges than GitHub: the command line in process, a double of the forge, an embedded SwanLab."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from checking import Check
from support.gitcode_double import GitCodeDouble
from support.gitea_double import GiteaDouble
from support.gitee_double import GiteeDouble
from support.gitlab_double import GitLabDouble
from support.sample import sample
from support.story import GATES, Ended

from swanlab_ci.cli import run
from swanlab_ci.errors import SwanlabCiError
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample()) as serving:
        yield serving


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "swanlab-gate.yml").write_text(GATES)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def check(sandbox: Sandbox, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Run `swanlab-ci check` in process, in the workspace, with a job's variables; no pause is waited for."""
    assert workspace.is_dir()
    monkeypatch.setattr("time.sleep", lambda _seconds: None)

    def checked(job: Mapping[str, str], *arguments: str) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        console = Console(out, err)
        try:
            code = run(["check", "--timeout", "20s", *arguments], {**sandbox.environment(), **job}, console)
        except SwanlabCiError as stop:
            console.stop(stop)
            code = stop.exit_code
        return Ended(code, out.getvalue(), err.getvalue())

    return checked


@pytest.fixture
def gitlab() -> Iterator[GitLabDouble]:
    """Yield a GitLab that was asked and answered only what its clients describe."""
    with GitLabDouble() as double:
        yield double
    assert double.violations == []


@pytest.fixture
def gitea() -> Iterator[GiteaDouble]:
    """Yield a Gitea that was asked and answered only what its client describes."""
    with GiteaDouble() as double:
        yield double
    assert double.violations == []


@pytest.fixture
def gitee() -> Iterator[GiteeDouble]:
    """Yield a Gitee that was asked and answered only what its client describes."""
    with GiteeDouble() as double:
        yield double
    assert double.violations == []


@pytest.fixture
def gitcode(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitCodeDouble]:
    """Yield a GitCode on this machine, which was asked and answered only what GitCode's documentation describes."""
    with GitCodeDouble() as double:
        monkeypatch.setattr("swanlab_ci.platforms.gitee.variables._GITCODE", "127.0.0.1")
        monkeypatch.setattr("swanlab_ci.platforms.gitee.variables._GITCODE_API", double.api_url)
        yield double
    assert double.violations == []
