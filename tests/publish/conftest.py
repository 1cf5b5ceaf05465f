"""A GitHub to publish to, a context that points there, and a clock without waiting."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.github_double import REPOSITORY, TOKEN, GitHubDouble

from swanlab_ci.check.inputs import Inputs
from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Language
from swanlab_ci.platforms import forge_of
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.publish.order import PublishResult, publish
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
        on_pull_request=True,
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
        run_url=f"{github.url}/{REPOSITORY}/actions/runs/12/attempts/1",
    )


@pytest.fixture
def caller(github: GitHubDouble) -> GitHub:
    return GitHub(github.api_url, github.graphql_url, TOKEN, Deadline(30))


@pytest.fixture
def publish_it() -> Callable[..., PublishResult]:
    """Render and publish a judgement; further arguments are inputs."""

    def published(
        judgement: Judgement,
        context: Context,
        redact: Redactor | None = None,
        *,
        language: Language = Language.EN,
        **inputs: str,
    ) -> PublishResult:
        given = Inputs(**({"github_token": TOKEN} | inputs))  # type: ignore[arg-type] # they are texts
        return publish(
            judgement,
            render(judgement, redact=str, language=language),  # the exits must hide secrets by themselves
            context,
            given,
            forge=forge_of(context, given.github_token, {}),
            language=language,
            deadline=Deadline(30),
            redact=redact or Redactor(),
        )

    return published
