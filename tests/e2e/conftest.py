"""Workflows run by `act` against an embedded SwanLab and the GitHub double, all on this machine."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import IMAGES, Repository, copy_action
from support.github_double import GitHubDouble
from support.story import GATES

from swanlab_ci.sandbox import Sandbox, sample_store


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the action, and build its image once under the names that act looks for."""
    folder = tmp_path_factory.mktemp("action") / "swanlab-ci"
    copy_action(folder)
    tags = [part for name in IMAGES for part in ("--tag", name)]
    subprocess.run(["docker", "build", "--quiet", "--network=host", *tags, str(folder)], check=True)  # noqa: S603, S607
    return folder


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample_store()) as serving:
        yield serving


@pytest.fixture
def repository(tmp_path: Path, action: Path, github: GitHubDouble, sandbox: Sandbox) -> Repository:
    made = Repository(tmp_path / "repository", action, github, sandbox.url, sandbox.api_key)
    made.write("swanlab-gate.yml", GATES)
    return made
