"""Which forge a job belongs to, where several sets of variables are there."""

from collections.abc import Mapping

import pytest

from swanlab_ci.platforms import forge_of, is_job, read_context
from swanlab_ci.platforms.base import Capability
from swanlab_ci.platforms.context import Context

GITHUB = {"GITHUB_ACTIONS": "true"}
GITLAB = {"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_SHA": "a" * 40}
GITEE = {"SWANLAB_CI_REPOSITORY": "https://gitee.com/my-team/resnet"}


@pytest.mark.parametrize(
    ("environ", "ci"),
    [
        ({}, ""),
        (GITHUB, "github"),
        (GITHUB | {"GITEA_ACTIONS": "true"}, "gitea"),
        (GITHUB | {"GITEA_ACTIONS": "true", "FORGEJO_ACTIONS": "true"}, "forgejo"),
        ({"GITEA_ACTIONS": "true"}, ""),
        (GITLAB, "gitlab"),
        (GITEE, "gitee"),
    ],
)
def test_a_job_is_recognized_by_its_variables(environ: Mapping[str, str], ci: str) -> None:
    assert read_context(environ).ci == ci
    assert is_job(environ) == bool(ci)


def test_a_step_cannot_make_a_job_on_github_a_push_of_another_forge() -> None:
    """A training that runs before the check may write variables: a push is judged by its own gate file."""
    assert read_context(GITHUB | GITLAB | GITEE).ci == "github"
    assert read_context(GITLAB | GITEE).ci == "gitlab"


@pytest.mark.parametrize("environ", [GITLAB, GITEE, {}])
def test_a_secret_is_masked_only_where_the_runner_obeys(environ: Mapping[str, str]) -> None:
    """Elsewhere, the line that hides a secret would show it."""
    assert Capability.LOG_MASKS not in forge_of(read_context(environ), "token", environ).capabilities


@pytest.mark.parametrize(
    ("ci", "file", "commit"),
    [
        ("github", "blob/b/ci/gate.yml#L3", "commit/a"),
        ("gitea", "src/commit/b/ci/gate.yml#L3", "commit/a"),
        ("forgejo", "src/commit/b/ci/gate.yml#L3", "commit/a"),
        ("gitlab", "-/blob/b/ci/gate.yml#L3", "-/commit/a"),
        ("gitee", "blob/b/ci/gate.yml#L3", "commit/a"),
        ("gitcode", "blob/b/ci/gate.yml#L3", "commit/a"),
    ],
)
def test_each_forge_has_pages_of_its_own_form(ci: str, file: str, commit: str) -> None:
    job = Context(ci=ci, server_url="https://x", repository="blob/b", head_sha="a", base_sha="b", run_url="https://x/1")

    links = forge_of(job, "", {}).links(job)

    found = (links.file("ci/gate.yml", 3), links.commit, links.job)
    assert found == (f"https://x/blob/b/{file}", f"https://x/blob/b/{commit}", "https://x/1")
    bare = Context(ci=ci)
    assert forge_of(bare, "", {}).links(bare).file("ci/gate.yml") == ""
