"""Workflows run by `act` against an embedded SwanLab and the GitHub double, all on this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import IMAGES, ROOT, Repository, copy_action
from support.github_double import GitHubDouble
from support.story import GATES

from release.image import build
from swanlab_ci.sandbox import Sandbox, sample_store


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the action, and build its image once under the names that act looks for.

    `SWANLAB_CI_ACTION` in the environment names a released one instead, whose image act pulls.
    """
    folder = tmp_path_factory.mktemp("action") / "swanlab-ci"
    released = os.environ.get("SWANLAB_CI_ACTION")
    copy_action(folder, Path(released or ROOT))
    for tag in () if released else IMAGES:
        build(tag, context=folder)
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
