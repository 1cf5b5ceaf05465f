"""A GitHub to publish to, a context that points there, and a clock that nobody waits for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.github_double import REPOSITORY, TOKEN, GitHubDouble
from swanlab_ci.platforms.settings import Settings

from swanlab_ci.judgement import Judgement
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.publish.order import Published, publish
from swanlab_ci.report import render
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.redaction import Redactor


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect how long the program would have slept."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    return slept


@pytest.fixture
def context(github: GitHubDouble, tmp_path: Path) -> Context:
    for name in ("output", "summary"):
        (tmp_path / name).touch()
    return Context(
        ci="github",
        event="pull_request",
        repository=REPOSITORY,
        head_sha="a" * 40,
        pr_number=7,
        run_id=12,
        run_attempt=1,
        workspace=str(tmp_path),
        output_file=str(tmp_path / "output"),
        summary_file=str(tmp_path / "summary"),
        api_url=github.api_url,
        graphql_url=github.graphql_url,
        server_url=github.url,
    )


@pytest.fixture
def caller(github: GitHubDouble) -> GitHub:
    return GitHub(github.api_url, github.graphql_url, TOKEN, Deadline(30))


@pytest.fixture
def tell() -> Callable[..., Published]:
    """Render and publish a judgement."""

    def told(judgement: Judgement, context: Context, redact: Redactor | None = None, **settings: str) -> Published:
        hide = redact or Redactor()
        return publish(
            judgement,
            render(judgement, redact=str),  # the exits must hide secrets by themselves
            context,
            Settings(**({"github_token": TOKEN} | settings)),
            deadline=Deadline(30),
            redact=hide,
        )

    return told
