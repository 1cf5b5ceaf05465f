"""Our image, built once, and a job that runs it between an embedded SwanLab and the GitHub double."""

from collections.abc import Iterator
from pathlib import Path

import engine
import pytest
from job import Job
from support.github_double import GitHubDouble
from support.runner import pull_request
from support.story import GATES

from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Sandbox, sample_store


@pytest.fixture(scope="session")
def image() -> str:
    return engine.image_of("action")


@pytest.fixture(scope="session")
def shell_image() -> str:
    return engine.image_of("shell")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample_store()) as serving:
        yield serving


@pytest.fixture
def job(tmp_path: Path, github: GitHubDouble, image: str) -> Iterator[Job]:
    made = Job(tmp_path / "job", github, event=pull_request(PULL_REQUEST_COMMIT), image=image)
    (made.workspace / "swanlab-gate.yml").write_text(GATES)
    yield made
    made.stop()


@pytest.fixture
def inputs(sandbox: Sandbox) -> dict[str, str]:
    return {"api-key": sandbox.api_key, "host": sandbox.url, "report-dir": "swanlab-ci-report"}
