"""What GitHub is asked before anything is judged: never a guess, never a stop, and always said in the report."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support.github_double import REPOSITORY, TOKEN, GitHubDouble, Pull

from swanlab_ci.messages import Message
from swanlab_ci.platforms.base import ApiAttempt, BaseFile
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.github.pull_request import base_file, find_pull_request
from swanlab_ci.runtime.deadline import Deadline

HEAD, MERGE, BASE = "a" * 40, "1" * 40, "b" * 40
GATES = "version: 1\ngates: []  # é\n"
Found = Callable[[Context], tuple[Context, ApiAttempt | None]]


@pytest.fixture
def based(context: Context) -> Context:
    return replace(context, base_sha=BASE, base_branch="main")


def base(context: Context, path: str = "swanlab-gate.yml") -> BaseFile:
    return base_file(GitHub(context.api_url, context.graphql_url, TOKEN, Deadline(30)), context, path, {})


@pytest.fixture(params=[True, False], ids=["in one request", "by REST"])
def found(request: pytest.FixtureRequest, github: GitHubDouble) -> Found:
    """Find the pull request; how it is asked for changes nothing but the commit of the base branch."""
    github.answers_by_graphql = request.param

    def find(context: Context) -> tuple[Context, ApiAttempt | None]:
        asked = GitHub(context.api_url, context.graphql_url, TOKEN, Deadline(30))
        completed, attempt = find_pull_request(asked, context, "swanlab-gate.yml", {}, Deadline(30))
        return replace(completed, base_head=""), attempt

    return find


@pytest.mark.parametrize("path", ["ci/gate 1#.yml", "./ci/gate 1#.yml", "ci/x/../gate 1#.yml"])
def test_the_base_branchs_file_is_read_at_the_base_commit(github: GitHubDouble, based: Context, path: str) -> None:
    github.files["ci/gate 1#.yml", BASE] = GATES.encode()

    assert base(based, path).text == GATES
    assert base(based, path).note is None


def test_a_path_inside_the_workspace_is_a_path_in_the_repository(github: GitHubDouble, based: Context) -> None:
    github.files["gate.yml", BASE] = GATES.encode()

    assert base(based, f"{based.workspace}/gate.yml").text == GATES


def test_a_path_out_of_the_repository_finds_nothing(github: GitHubDouble, based: Context) -> None:
    told = base(based, "../../other/contents/gate.yml")

    assert told.text is None
    assert not told.missing
    assert github.asked == []


def test_a_first_gate_file_is_said_to_be_the_first(github: GitHubDouble, based: Context) -> None:
    told = base(based)

    at_the_head_and_at_the_commit = 2
    assert (
        github.said() == [f"GET /api/v3/repos/{REPOSITORY}/contents/swanlab-gate.yml"] * at_the_head_and_at_the_commit
    )
    assert told.text is None
    assert told.note == Message("gate-file.not-in-base", file="swanlab-gate.yml")
    assert told.attempt.refusal is None
    assert told.missing
    assert not told.denied


def test_a_token_that_may_not_read_is_said_so_with_the_right_it_needs(github: GitHubDouble, based: Context) -> None:
    github.answer("GET", "contents", 403, message="Resource not accessible by integration")

    told = base(replace(based, is_fork=True))

    assert told.text is None
    refusal = Message(
        "forge.answered", forge=Message("github.name"), status=403, words="Resource not accessible by integration"
    )
    assert told.note == Message("gate-file.base-not-read", file="swanlab-gate.yml", reason=refusal)
    assert told.attempt.needs == "contents: read"
    assert told.denied
    assert not told.missing


@pytest.mark.parametrize(
    ("status", "headers"),
    [(500, {}), (429, {}), (403, {"x_ratelimit_remaining": "0"}), (403, {"message": "API rate limit exceeded"})],
)
@pytest.mark.usefixtures("pauses")
def test_a_github_that_could_not_say_has_neither_denied_the_file_nor_called_it_missing(
    github: GitHubDouble, based: Context, status: int, headers: dict[str, str]
) -> None:
    github.answer("GET", "contents", status, times=9, **headers)

    told = base(based)

    assert told.text is None
    assert told.note
    assert (told.missing, told.denied) == (False, False)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff", "forge.file-not-utf-8"), (None, "forge.not-a-file")],
)
def test_a_base_file_that_is_no_text_is_not_read(
    github: GitHubDouble, based: Context, content: bytes | None, said: str
) -> None:
    if content is None:
        github.answer("GET", "contents", 200)
    else:
        github.files["swanlab-gate.yml", BASE] = content

    told = base(based)

    assert told.text is None
    assert told.attempt.refusal == Message(said)


def test_a_pull_request_event_needs_no_question(github: GitHubDouble, found: Found, based: Context) -> None:
    assert found(based) == (based, None)
    assert github.asked == []


@pytest.mark.parametrize("event", ["schedule", "workflow_dispatch", ""])
def test_an_event_without_a_pull_request_asks_for_none(
    github: GitHubDouble, found: Found, context: Context, event: str
) -> None:
    lonely = replace(context, event=event, pr_number=None)

    assert found(lonely) == (lonely, None)
    assert github.asked == []


def test_a_merge_queue_also_counts_the_pull_requests_own_head(
    github: GitHubDouble, found: Found, context: Context
) -> None:
    github.pulls = [Pull(7, HEAD)]
    queued = replace(context, event="merge_group", head_sha=MERGE, base_sha="c" * 40, pr_commits=(MERGE,))

    completed, _ = found(queued)

    assert completed == replace(queued, pr_commits=(MERGE, HEAD))


def test_a_workflow_run_from_a_fork_finds_the_pull_request_by_its_branch_and_commit(
    github: GitHubDouble, found: Found, context: Context
) -> None:
    fork: dict[str, Any] = {"head_repository": "mallory/octo-repo", "head_branch": "changes"}
    github.pulls = [
        Pull(1, "f" * 40, **fork),
        Pull(2, HEAD, "other/octo-repo"),
        Pull(3, HEAD, **fork),
    ]
    run = replace(context, event="workflow_run", pr_number=None, is_fork=True, pr_commits=(HEAD,), **fork)

    completed, attempt = found(run)

    assert (completed.pr_number, completed.base_sha, completed.base_branch) == (3, BASE, "main")
    assert completed.is_fork
    assert completed.pr_commits == (HEAD,)
    assert attempt == ApiAttempt(Message("forge.find-pull-request"), "pull-requests: read")


def test_a_push_finds_the_open_pull_request_of_its_commit(github: GitHubDouble, found: Found, context: Context) -> None:
    github.pulls = [Pull(1, HEAD, state="closed"), Pull(2, HEAD)]

    completed, _ = found(replace(context, event="push", pr_number=None))

    assert (completed.pr_number, completed.is_fork) == (2, False)


@pytest.mark.parametrize(("event", "is_fork"), [("push", False), ("workflow_run", False), ("workflow_run", True)])
def test_several_pull_requests_for_one_commit_are_refused(
    github: GitHubDouble, found: Found, context: Context, event: str, *, is_fork: bool
) -> None:
    head: dict[str, Any] = {"head_repository": "mallory/octo-repo", "head_branch": "changes"}
    github.pulls = [Pull(1, HEAD, **head), Pull(2, HEAD, **head)]
    run = replace(context, event=event, pr_number=None, is_fork=is_fork, **head)

    completed, attempt = found(run)

    assert completed == run
    assert attempt
    assert attempt.refusal == Message("forge.several-pull-requests", commit="aaaaaaa", count=2)
    assert not attempt.denied


def test_a_dispatch_for_a_pull_request_is_about_its_head(github: GitHubDouble, found: Found, context: Context) -> None:
    github.pulls = [Pull(7, HEAD, "mallory/octo-repo")]

    completed, _ = found(replace(context, event="repository_dispatch", head_sha=""))

    assert (completed.head_sha, completed.pr_commits, completed.is_fork) == (HEAD, (HEAD,), True)


def test_a_dispatch_that_names_a_commit_too_keeps_it_and_learns_the_base(
    github: GitHubDouble, found: Found, context: Context
) -> None:
    github.pulls = [Pull(7, HEAD)]

    completed, _ = found(replace(context, event="workflow_dispatch", head_sha=HEAD[:9], pr_commits=(HEAD[:9],)))

    assert (completed.head_sha, completed.pr_commits) == (HEAD[:9], (HEAD[:9],))
    assert (completed.base_sha, completed.notes) == (BASE, ())


def test_a_commit_that_is_not_the_pull_requests_head_is_said_so(
    github: GitHubDouble, found: Found, context: Context
) -> None:
    github.pulls = [Pull(7, HEAD)]

    completed, _ = found(replace(context, event="workflow_dispatch", head_sha=MERGE, pr_commits=(MERGE,)))

    assert completed.head_sha == MERGE
    assert completed.notes == (Message("forge.not-the-head", commit="1111111", number=7, head="aaaaaaa"),)


def test_an_answer_that_is_no_pull_request_is_none(github: GitHubDouble, found: Found, context: Context) -> None:
    github.answer("GET", "pulls", 200)
    dispatched = replace(context, event="workflow_dispatch", head_sha="")

    assert found(dispatched)[0] == dispatched


def test_a_refused_question_leaves_the_context_as_it_was(github: GitHubDouble, found: Found, context: Context) -> None:
    github.answer("GET", "pulls", 403, message="Resource not accessible by integration")
    push = replace(context, event="push", pr_number=None)

    completed, attempt = found(push)

    assert completed == push
    assert attempt
    assert attempt.needs == "pull-requests: read"
    assert attempt.denied
