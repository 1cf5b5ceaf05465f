"""A workflow as a runner of Gitea's runs it, which descends from act: with variables of its own and without GraphQL.

Act gives every step a file for a summary; `tests/container` has what happens without one.
"""

from pathlib import Path
from typing import Any, cast

import pytest
from acting import Repository
from support.gitea_double import GiteaDouble
from support.github_double import REPOSITORY
from support.runner import pull_request
from support.story import GATES

from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox

GITEA = {"GITEA_ACTIONS": "true", "GITHUB_GRAPHQL_URL": ""}


@pytest.mark.parametrize("tells_who_we_are", [True, False])
def test_a_pull_request_is_red_then_green_in_one_comment(
    tmp_path: Path, action: Path, sandbox: Sandbox, *, tells_who_we_are: bool
) -> None:
    with GiteaDouble(tells_who_we_are=tells_who_we_are) as gitea:
        gitea.files["swanlab-gate.yml", "main"] = GATES.encode()
        repository = Repository(tmp_path / "repository", action, cast("Any", gitea), sandbox.url, sandbox.api_key)
        repository.environ = GITEA
        repository.write("swanlab-gate.yml", GATES)
        workflow = repository.example("pull-request.yml")

        red = repository.run(workflow, "pull_request", pull_request(PULL_REQUEST_COMMIT))["gate"]
        green = repository.run(workflow, "pull_request", pull_request(FIXED_COMMIT))["gate"]

        assert (red.result, green.result) == ("failure", "success"), red.log + green.log
        (comment,) = gitea.comments
        assert "run=13.1" in comment.body
        address = f"{gitea.url}/{REPOSITORY}/pulls/7#issuecomment-{comment.id}"
        assert green.outputs["1"]["comment-url"] == address
        assert gitea.violations == []
