"""Each example for GitHub does what the documentation says of it."""

import json

import pytest
from acting import PYTHON, Repository
from support.github_double import REPOSITORY, GitHubDouble, Pull
from support.runner import pull_request
from support.story import GATES

from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox


def told(github: GitHubDouble) -> list[tuple[str, str, str]]:
    return [(status["context"], status["state"], status["sha"]) for status in github.statuses]


def test_a_pull_request_is_red_then_green_in_one_comment(repository: Repository, github: GitHubDouble) -> None:
    workflow = repository.example("pull-request.yml")

    red = repository.run(workflow, "pull_request", pull_request(PULL_REQUEST_COMMIT))["gate"]
    green = repository.run(workflow, "pull_request", pull_request(FIXED_COMMIT))["gate"]

    assert (red.result, green.result) == ("failure", "success")
    assert red.summary.lstrip().startswith("## ❌")
    assert json.loads(red.outputs["1"]["failed-gates"]) == ["smoke-run-finished", "training-settings-are-sane"]
    (comment,) = github.comments
    assert "run=13.1" in comment.body
    assert "✅" in comment.body


def test_a_pull_request_from_a_fork_gets_no_secret_and_is_told_what_to_do(
    repository: Repository, github: GitHubDouble
) -> None:
    github.may_write = False
    event = pull_request(FIXED_COMMIT, repository="someone/octo-repo")

    gate = repository.run(repository.example("pull-request.yml"), "pull_request", event, secrets={})["gate"]

    assert gate.result == "failure"
    assert gate.outputs["1"]["passed"] == "false"
    assert "input `api-key` is empty" in gate.log
    assert "`workflow_run`" in gate.log
    assert github.comments == []


def test_a_fork_is_gated_after_its_tests_by_commit(repository: Repository, github: GitHubDouble) -> None:
    github.pulls = [Pull(7, FIXED_COMMIT, head_repository="someone/octo-repo")]
    run = {
        "event": "pull_request",
        "head_sha": FIXED_COMMIT,
        "head_branch": "changes",
        "head_repository": {"full_name": "someone/octo-repo"},
        "pull_requests": [],
    }
    event = {"action": "completed", "workflow_run": run, "repository": {"full_name": REPOSITORY}}

    gate = repository.run(repository.example("forks.yml"), "workflow_run", event)["gate"]

    assert gate.result == "success", gate.log
    (comment,) = github.comments
    assert comment.issue == 7
    assert told(github)[-1] == ("swanlab-ci", "success", FIXED_COMMIT)
    assert told(github) == [("swanlab-ci", "success", FIXED_COMMIT)]


def test_a_merge_queue_is_gated_by_the_pull_requests_runs(repository: Repository, github: GitHubDouble) -> None:
    github.pulls = [Pull(7, FIXED_COMMIT)]
    group = {
        "head_sha": "c" * 40,
        "base_sha": "b" * 40,
        "head_ref": f"refs/heads/gh-readonly-queue/main/pr-7-{'b' * 40}",
        "base_ref": "refs/heads/main",
    }

    queued = repository.run(repository.example("merge-queue.yml"), "merge_group", {"merge_group": group})["gate"]

    assert queued.result == "success", queued.log


@pytest.mark.parametrize(
    ("trained", "sent", "result"),
    [
        ("pass", "synchronize", "success"),
        ("raise SystemExit(1)", "synchronize", "failure"),
        ("raise SystemExit(1)", "edited", "success"),  # nothing is trained again for a new title or base branch
    ],
)
def test_training_and_gate_in_one_job(
    repository: Repository, github: GitHubDouble, *, trained: str, sent: str, result: str
) -> None:
    repository.write("train.py", trained)
    event = pull_request(FIXED_COMMIT) | {"action": sent}

    job = repository.run(repository.example("after-training.yml"), "pull_request", event, image=PYTHON)["smoke"]

    assert job.result == result, job.log
    assert job.outputs["gate"]["passed"] == "true"
    assert "4 runs were checked." in job.log or result == "failure"
    assert len(github.comments) == 1


@pytest.mark.parametrize(
    ("event_name", "event"),
    [
        ("repository_dispatch", {"action": "training-ended", "client_payload": {"pr": 7, "sha": FIXED_COMMIT}}),
        ("workflow_dispatch", {"inputs": {"pr": "7"}}),
    ],
)
def test_the_end_of_a_training_judges_the_pull_request_again(
    repository: Repository, github: GitHubDouble, event_name: str, event: dict[str, object]
) -> None:
    github.pulls = [Pull(7, FIXED_COMMIT)]

    gate = repository.run(repository.example("callback.yml"), event_name, event)["gate"]

    assert gate.result == "success", gate.log
    (comment,) = github.comments
    assert comment.issue == 7
    assert told(github)[-1] == ("swanlab-ci", "success", FIXED_COMMIT)


def test_runs_that_are_still_running_leave_the_status_pending(
    repository: Repository, github: GitHubDouble, sandbox: Sandbox
) -> None:
    for run in sandbox.store.projects["my-team/resnet"].runs:
        if "smoke" in run.labels:
            run.state, run.finished_at = "RUNNING", None

    gate = repository.run(repository.example("callback.yml"), "pull_request", pull_request(FIXED_COMMIT))["gate"]

    assert (gate.result, gate.outputs["1"]["verdict"]) == ("failure", "pending")
    assert told(github) == [("swanlab-ci", "pending", FIXED_COMMIT)]


def test_a_pull_request_cannot_loosen_its_own_gate(repository: Repository, github: GitHubDouble) -> None:
    github.files["swanlab-gate.yml", "b" * 40] = GATES.encode()
    repository.write("swanlab-gate.yml", GATES.replace("FINISHED", "CRASHED").replace("1e-2", "1"))

    gate = repository.run(repository.example("pull-request.yml"), "pull_request", pull_request(PULL_REQUEST_COMMIT))[
        "gate"
    ]

    assert (gate.result, gate.outputs["1"]["verdict"]) == ("failure", "fail")
    (comment,) = github.comments
    assert "This pull request changes `swanlab-gate.yml`." in comment.body
