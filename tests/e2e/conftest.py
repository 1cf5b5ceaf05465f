"""Workflows run by `act` against an embedded SwanLab and the GitHub double, all on this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import IMAGES, Repository, copy_action
from support.github_double import GitHubDouble
from support.story import GATES

from release.action import use_image
from release.image import build
from swanlab_ci.sandbox import Sandbox, sample_store


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the action, and build its image once under the names that act looks for.

    With `SWANLAB_CI_IMAGE` in the environment the action is as a release makes it: act pulls that image.
    """
    folder = tmp_path_factory.mktemp("action") / "swanlab-ci"
    copy_action(folder)
    if image := os.environ.get("SWANLAB_CI_IMAGE"):
        use_image(folder / "action.yml", image)
    for tag in () if image else IMAGES:
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
