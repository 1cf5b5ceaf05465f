"""A checkout with one workflow, an embedded SwanLab, a GitHub double, and `swanlab-ci doctor` in this process."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from examined import GATES, WORKFLOW, Doctor, rule
from support.github_double import ACTIONS_APP, TOKEN, GitHubDouble
from support.runner import addresses
from support.sample import sample
from support.story import Ended

from swanlab_ci.cli import run
from swanlab_ci.errors import SwanlabCiError
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample()) as serving:
        yield serving


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "gate.yml").write_text(WORKFLOW)
    (tmp_path / "swanlab-gate.yml").write_text(GATES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def armed(github: GitHubDouble) -> GitHubDouble:
    github.rules = [rule({"context": "gate", "integration_id": ACTIONS_APP})]
    return github


@pytest.fixture
def doctor(checkout: Path, sandbox: Sandbox, github: GitHubDouble) -> Doctor:
    assert checkout.is_dir()

    def examined(*arguments: str, **environ: str) -> Ended:
        known = {**sandbox.environment(), **addresses(github), "GITHUB_TOKEN": TOKEN, "NO_PROXY": "127.0.0.1"}
        console = Console(io.StringIO(), io.StringIO())
        try:
            code = run(["doctor", *arguments], known | environ, console)
        except SwanlabCiError as stop:
            console.stop(stop)
            code = stop.exit_code
        assert isinstance(console.out, io.StringIO)
        assert isinstance(console.err, io.StringIO)
        return Ended(code, console.out.getvalue(), console.err.getvalue())

    return examined
