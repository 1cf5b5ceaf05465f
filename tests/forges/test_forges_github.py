"""Our queries of GraphQL fit GitHub's schema, and the double answers them as a whole implementation of GraphQL does."""

import json
from typing import Any

import pytest
import requests
from clients import drive, github_schema
from support.github_double import REPOSITORY, TOKEN, GitHubDouble, Pull

from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.github.comments import GitHubComments
from swanlab_ci.platforms.github.forge import GitHubForge
from swanlab_ci.runtime.deadline import Deadline

HEAD, FILE = "a" * 40, "swanlab-gate.yml"


@pytest.mark.parametrize(
    "event",
    [
        {"event": "push"},
        {"event": "workflow_dispatch", "pr_number": 7},
        {"event": "workflow_run", "is_fork": True, "head_repository": "mallory/x", "head_branch": "changes"},
    ],
    ids=lambda event: str(event["event"]),
)
def test_the_question_for_a_pull_request_fits_the_schema(github: GitHubDouble, event: dict[str, Any]) -> None:
    github.pulls = [Pull(7, HEAD, "mallory/x"), Pull(8, "f" * 40)]
    github.files[FILE, "main"] = "gates: []  # é\n".encode()
    job = Context(
        ci="github",
        repository=REPOSITORY,
        head_sha=HEAD,
        api_url=github.api_url,
        graphql_url=github.graphql_url,
        **event,
    )

    found, _ = GitHubForge(job, TOKEN).find_pull_request(job, FILE, Deadline(30))

    assert found.pr_number
    assert_answer_is_whole(github)


def test_the_question_for_who_we_are_fits_the_schema(github: GitHubDouble) -> None:
    caller = GitHub(github.api_url, github.graphql_url, TOKEN, Deadline(30))

    GitHubComments(caller, Context(repository=REPOSITORY, pr_number=7)).who_we_are()

    assert_answer_is_whole(github)


def assert_answer_is_whole(github: GitHubDouble) -> None:
    """Ask the double its only question again, and compare the answer with another implementation's."""
    (request,) = github.asked
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.post(github.graphql_url, json=request.body, headers=headers, timeout=5).json()["data"]
    checked = drive("graphql", str(github_schema()), json.dumps(request.body), json.dumps(answer))
    assert checked == {"errors": [], "answer": answer}
