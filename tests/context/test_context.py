"""Every event says which commits and which pull request the gate is about, or says nothing; it never lies for them.

The events are GitHub's own examples, cut to the fields that matter.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swanlab_ci.check.inputs import Inputs
from swanlab_ci.check.variables import variables
from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.events import read_context

HEAD = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
BASE = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"

MERGE = "1" * 40
Payload = Callable[[str], Any]
Reader = Callable[..., Context]

EVENTS = Path(__file__).parent / "events"


def environment(name: str, **more: str) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": name,
        "GITHUB_EVENT_PATH": "/github/workflow/event.json",
        "GITHUB_REPOSITORY": "octo-org/octo-repo",
        "GITHUB_SHA": MERGE,
        "GITHUB_ACTOR": "octocat",
        "GITHUB_RUN_ID": "1589141559",
        "GITHUB_RUN_ATTEMPT": "2",
        "GITHUB_WORKSPACE": "/github/workspace",
        "GITHUB_OUTPUT": "/github/file_commands/set_output_1",
        "GITHUB_STEP_SUMMARY": "/github/file_commands/step_summary_1",
        "GITHUB_API_URL": "https://ghe.example/api/v3",
        "GITHUB_GRAPHQL_URL": "https://ghe.example/api/graphql",
        "GITHUB_SERVER_URL": "https://ghe.example",
    } | more


@pytest.fixture
def payload() -> Callable[[str], Any]:
    """Load an event's JSON by its file's name."""
    return lambda name: json.loads((EVENTS / f"{name}.json").read_text("utf-8"))


@pytest.fixture
def read() -> Reader:
    """Read the context of an event, with `payload` in the event file."""

    def reader(name: str, payload: Any, **environ: str) -> Context:
        return read_context(environment(name, **environ), lambda _path: json.dumps(payload))

    return reader


def test_a_pull_request_has_its_own_head_and_the_merge_commit(read: Reader, payload: Payload) -> None:
    context = read("pull_request", payload("pull_request"))

    assert (context.head_sha, context.merge_sha, context.base_sha) == (HEAD, MERGE, BASE)
    assert context.pr_commits == (HEAD, MERGE)
    assert (context.head_branch, context.base_branch, context.pr_number) == ("changes", "master", 2)
    assert not context.is_fork
    assert context.notes == ()


@pytest.mark.parametrize("event", ["pull_request_review", "pull_request_review_comment"])
def test_a_review_is_about_the_pull_request_and_runs_on_its_merge(read: Reader, payload: Payload, event: str) -> None:
    context = read(event, payload("pull_request"), GITHUB_REF="refs/pull/2/merge")

    assert (context.head_sha, context.merge_sha, context.base_sha) == (HEAD, MERGE, BASE)
    assert (context.pr_number, context.is_known_event, context.notes) == (2, True, ())


def test_an_unknown_event_is_never_taken_for_a_push(read: Reader, payload: Payload) -> None:
    plain = read("deployment", {}, GITHUB_REF="refs/heads/changes")
    with_pull_request = read("pull_request_label", payload("pull_request"), GITHUB_REF="refs/heads/main")
    on_a_pull_request = read("deployment", {}, GITHUB_REF="refs/pull/12/merge")

    assert not any(each.is_known_event for each in (plain, with_pull_request, on_a_pull_request))
    assert (with_pull_request.pr_number, with_pull_request.base_sha) == (2, BASE)
    assert (on_a_pull_request.pr_number, on_a_pull_request.head_sha, on_a_pull_request.notes) == (12, "", ())


@pytest.mark.parametrize("event", ["push", "workflow_dispatch"])
def test_the_ref_of_a_pull_request_is_no_branch(read: Reader, payload: Payload, event: str) -> None:
    context = read(event, payload(event) | {"inputs": {}}, GITHUB_REF="refs/pull/12/merge")

    assert (context.pr_number, context.head_sha, context.head_branch) == (12, "", "")


def test_a_comment_on_a_pull_request_leaves_its_commit_open(read: Reader) -> None:
    issue = {"number": 12}

    on_pull_request = read("issue_comment", {"issue": issue | {"pull_request": {"url": "x"}}}, GITHUB_REF="")
    on_issue = read("issue_comment", {"issue": issue}, GITHUB_REF="refs/heads/main")

    assert (on_pull_request.pr_number, on_pull_request.head_sha, on_pull_request.notes) == (12, "", ())
    assert (on_issue.pr_number, on_issue.head_sha) == (None, MERGE)


def test_a_pull_request_target_run_does_not_take_the_base_commit_for_a_merge(read: Reader, payload: Payload) -> None:
    context = read("pull_request_target", payload("pull_request"))

    assert context.merge_sha == ""
    assert context.pr_commits == (HEAD,)


@pytest.mark.parametrize("head_repository", [{"full_name": "mallory/Hello-CheckOptions"}, None])
def test_a_head_in_another_or_a_deleted_repository_is_a_fork(
    read: Reader, payload: Payload, head_repository: dict[str, str] | None
) -> None:
    event = payload("pull_request")
    event["pull_request"]["head"]["repo"] = head_repository

    assert read("pull_request", event).is_fork


def test_a_merge_group_names_its_pull_request_in_the_queue_ref(read: Reader, payload: Payload) -> None:
    context = read("merge_group", payload("merge_group"), GITHUB_BASE_REF="")

    assert context.head_sha == "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d"
    assert context.base_sha == "380387fbc80638b734a49e1be1c4dfec1c01b33c"
    assert (context.pr_number, context.base_branch) == (104, "main")
    assert context.pr_commits == (context.head_sha,)


def test_a_merge_queue_for_a_branch_with_slashes_is_read_too(read: Reader, payload: Payload) -> None:
    event = payload("merge_group")
    event["merge_group"] |= {
        "head_ref": "refs/heads/gh-readonly-queue/release/pr-1/x/pr-7-abc",
        "base_ref": "refs/heads/release/pr-1/x",
    }

    context = read("merge_group", event)

    assert (context.pr_number, context.base_branch) == (7, "release/pr-1/x")


def test_a_workflow_run_is_about_the_commit_of_the_run_that_started_it(read: Reader, payload: Payload) -> None:
    context = read("workflow_run", payload("workflow_run"))

    assert context.head_sha == payload("workflow_run")["workflow_run"]["head_sha"]
    assert (context.pr_number, context.base_branch, context.base_sha) == (2, "master", BASE)
    assert context.merge_sha == ""


def test_a_workflow_run_from_a_fork_knows_its_repository_and_no_pull_request(read: Reader, payload: Payload) -> None:
    context = read("workflow_run", payload("workflow_run_fork"), GITHUB_REPOSITORY="Codertocat/Hello-CheckOptions")

    assert context.is_fork
    assert context.head_repository == "octo-org/octo-repo"
    assert context.pr_number is None


def test_a_workflow_run_does_not_take_a_forks_own_pull_request_for_ours(read: Reader, payload: Payload) -> None:
    event = payload("workflow_run")
    event["workflow_run"]["pull_requests"][0]["base"]["repo"]["url"] = "https://api.github.com/repos/x/octo-repo"

    assert read("workflow_run", event).pr_number is None


def test_a_workflow_run_with_several_pull_requests_takes_none_by_guess(read: Reader, payload: Payload) -> None:
    event = payload("workflow_run")
    event["workflow_run"]["pull_requests"] *= 2

    assert read("workflow_run", event).pr_number is None


def test_a_push_is_about_the_commit_that_was_pushed(read: Reader, payload: Payload) -> None:
    context = read("push", payload("push"), GITHUB_REF="refs/heads/feature/a")

    assert (context.head_sha, context.head_branch) == (MERGE, "feature/a")
    assert (context.merge_sha, context.base_sha, context.pr_number) == ("", "", None)


def test_a_pushed_tag_is_no_branch(read: Reader, payload: Payload) -> None:
    assert read("push", payload("push"), GITHUB_REF="refs/tags/v1").head_branch == ""


@pytest.mark.parametrize(
    ("event", "place"), [("workflow_dispatch", "inputs"), ("repository_dispatch", "client_payload")]
)
def test_who_starts_a_run_may_say_which_commit_and_pull_request(
    read: Reader, payload: Payload, event: str, place: str
) -> None:
    context = read(event, payload(event) | {place: {"sha": HEAD, "pr": "12"}}, GITHUB_REF="refs/heads/main")

    assert (context.head_sha, context.pr_number, context.head_branch) == (HEAD, 12, "")


@pytest.mark.parametrize(
    ("event", "place"), [("workflow_dispatch", "inputs"), ("repository_dispatch", "client_payload")]
)
def test_a_pull_request_alone_leaves_its_commit_open(read: Reader, payload: Payload, event: str, place: str) -> None:
    context = read(event, payload(event) | {place: {"pr": 12}}, GITHUB_REF="refs/heads/main")

    assert (context.head_sha, context.pr_number, context.notes) == ("", 12, ())


@pytest.mark.parametrize("event", ["workflow_dispatch", "repository_dispatch"])
def test_a_dispatch_that_says_nothing_is_about_the_checked_out_commit(
    read: Reader, payload: Payload, event: str
) -> None:
    context = read(event, payload(event), GITHUB_REF="refs/heads/main")

    assert (context.head_sha, context.pr_number, context.head_branch) == (MERGE, None, "main")


def test_a_schedule_has_an_event_file_without_anything_of_use(read: Reader) -> None:
    context = read("schedule", {"schedule": "0 4 * * *"}, GITHUB_REF="refs/heads/main")

    assert (context.head_sha, context.head_branch, context.notes) == (MERGE, "main", ())


def test_a_laptop_has_no_context_at_all() -> None:
    assert read_context({"HOME": "/home/octocat", "GITHUB_SHA": HEAD}) == Context()


def test_what_the_runner_says_is_taken_over(read: Reader, payload: Payload) -> None:
    context = read("push", payload("push"))

    assert (context.ci, context.event, context.actor) == ("github", "push", "octocat")
    assert (context.repository, context.workspace) == ("octo-org/octo-repo", "/github/workspace")
    assert (context.output_file, context.summary_file) == (
        "/github/file_commands/set_output_1",
        "/github/file_commands/step_summary_1",
    )
    assert (context.api_url, context.graphql_url) == ("https://ghe.example/api/v3", "https://ghe.example/api/graphql")
    assert context.run_url == "https://ghe.example/octo-org/octo-repo/actions/runs/1589141559/attempts/2"


def test_there_is_no_run_page_where_there_is_no_run() -> None:
    assert read_context({"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com"}).run_url == ""


def unreadable(error: BaseException) -> Callable[[str], str]:
    def read(_path: str) -> str:
        raise error

    return read


@pytest.mark.parametrize(
    "read_event",
    [
        unreadable(FileNotFoundError(2, "No such file")),
        unreadable(MemoryError()),
        unreadable(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad")),
        lambda _path: "{",
        lambda _path: "[" * 100_000,
    ],
)
def test_an_unreadable_event_file_is_noted_and_nothing_is_made_up(read_event: Callable[[str], str]) -> None:
    context = read_context(environment("pull_request"), read_event)

    assert (context.head_sha, context.pr_number) == ("", None)
    assert context.is_fork
    assert Message("forge.event-unreadable") in context.notes


def test_the_event_file_is_read_from_its_path(tmp_path: Any, payload: Payload) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(payload("pull_request")), encoding="utf-8")

    assert read_context(environment("pull_request", GITHUB_EVENT_PATH=str(path))).head_sha == HEAD


@pytest.mark.parametrize("lie", ["main", HEAD.upper(), HEAD[:12], f"{HEAD}\n", 7, None, {"sha": HEAD}])
def test_a_commit_that_is_no_commit_is_no_commit(read: Reader, payload: Payload, lie: Any) -> None:
    event = payload("pull_request")
    event["pull_request"]["head"]["sha"] = lie

    context = read("pull_request", event)

    assert context.head_sha == ""
    assert context.notes == (Message("forge.event-without-commit", event=Key("pull_request")),)


@pytest.mark.parametrize("lie", [0, -1, "0", "12; rm", True, 1.5, "9" * 30, [], None])
def test_a_pull_request_number_that_is_no_number_is_none(read: Reader, payload: Payload, lie: Any) -> None:
    event = payload("pull_request")
    event["pull_request"]["number"] = lie

    assert read("pull_request", event).pr_number is None


def test_a_repository_that_climbs_out_of_its_address_is_none(read: Reader, payload: Payload) -> None:
    assert read("push", payload("push"), GITHUB_REPOSITORY="a/b/../../c").repository == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(["pull_request", "merge_group", "workflow_run", "workflow_dispatch", "push", "", "x"])
roots = st.sampled_from(["pull_request", "merge_group", "workflow_run", "inputs"])


@given(names, st.dictionaries(roots, json_values) | json_values)
def test_no_event_file_ends_the_program(name: str, content: Any) -> None:
    context = read_context(environment(name), lambda _path: json.dumps(content))

    assert isinstance(context.head_sha, str)


def test_variables_have_no_value_where_the_event_has_none(read: Reader, payload: Payload) -> None:
    assert variables(read("push", payload("push"), GITHUB_ACTOR=""), Inputs()) == {
        "pr_commits": (MERGE,),
        "head_sha": MERGE,
        "merge_sha": None,
        "base_sha": None,
        "base_branch": None,
        "head_branch": None,
        "pr_number": None,
        "actor": None,
        "run_ids": None,
    }


def test_variables_carry_what_the_event_says(read: Reader, payload: Payload) -> None:
    assert variables(read("pull_request", payload("pull_request")), Inputs(run_ids=("abc", "def"))) == {
        "pr_commits": (HEAD, MERGE),
        "head_sha": HEAD,
        "merge_sha": MERGE,
        "base_sha": BASE,
        "base_branch": "master",
        "head_branch": "changes",
        "pr_number": 2,
        "actor": "octocat",
        "run_ids": ("abc", "def"),
    }
