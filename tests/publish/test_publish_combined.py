"""The pull request and its gate file in one request: it says what REST says, and where it is not certain, REST does."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support.described_double import Scripted
from support.github_double import REPOSITORY, TOKEN, GitHubDouble, Pull

from swanlab_ci.messages import Message
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.forge import GitHubForge
from swanlab_ci.runtime.deadline import Deadline

HEAD, BASE, TIP = "a" * 40, "b" * 40, "9" * 40
FILE = "swanlab-gate.yml"
GATES = "gates: []  # é\r\n\r\n"
GRAPHQL = "POST /api/graphql"
BY_COMMIT = f"GET /api/v3/repos/{REPOSITORY}/commits/{HEAD}/pulls"
CONTENT = f"GET /api/v3/repos/{REPOSITORY}/contents/{FILE}"


@pytest.fixture
def pushed(github: GitHubDouble, context: Context) -> Context:
    github.pulls = [Pull(7, HEAD)]
    github.files[FILE, "main"] = GATES.encode()
    return replace(context, event="push", pr_number=None, pr_commits=(HEAD,), head_branch="changes")


def read(context: Context, path: str = FILE) -> tuple[Context, str | None]:
    """Find the pull request, and read the gate file of its base branch."""
    forge = GitHubForge(context, TOKEN)
    completed, attempt = forge.find_pull_request(context, path, Deadline(30))
    assert attempt
    found = forge.base_file(completed, path, Deadline(30))
    assert found.attempt == ApiAttempt(Message("forge.read-base-file", file=path), "contents: read")
    return completed, found.text


def of_push(context: Context) -> Context:
    return context


def of_fork(context: Context) -> Context:
    return replace(context, event="workflow_run", is_fork=True, head_repository="mallory/octo-repo")


def of_dispatch(context: Context) -> Context:
    return replace(context, event="workflow_dispatch", pr_number=7, head_sha="", pr_commits=())


@pytest.mark.parametrize("event", [of_push, of_fork, of_dispatch])
def test_one_request_says_what_two_of_rest_say(
    github: GitHubDouble, pushed: Context, event: Callable[[Context], Context]
) -> None:
    context = event(pushed)
    github.pulls = [Pull(7, HEAD, context.head_repository or REPOSITORY), Pull(8, "f" * 40, "eve/octo-repo")]

    completed, text = read(context)

    assert github.said() == [GRAPHQL]
    github.asked.clear()
    by_rest = read(replace(context, graphql_url=""))
    requests_of_rest = 2
    assert len(github.asked) == requests_of_rest
    assert (replace(completed, base_head="", graphql_url=""), text) == by_rest
    assert (completed.base_head, text, completed.pr_commits) == (TIP, GATES, (HEAD,))


def test_further_files_are_those_of_the_same_commit(github: GitHubDouble, pushed: Context) -> None:
    """Even if the base branch moves on between two requests."""
    forge = GitHubForge(pushed, TOKEN)
    completed, _ = forge.find_pull_request(pushed, FILE, Deadline(30))
    github.files |= {("shared.yml", TIP): b"old", ("shared.yml", "main"): b"new", (FILE, "main"): b"new"}
    github.heads["main"] = "8" * 40

    texts = [forge.base_file(completed, path, Deadline(30)).text for path in (FILE, "shared.yml")]

    assert texts == [GATES, "old"]
    assert github.asked[-1].query == {"ref": TIP}


def test_foreign_text_is_no_part_of_the_query(github: GitHubDouble, pushed: Context) -> None:
    branch, path = 'x"}) { id } #', 'ci/a"}b.yml'
    github.pulls = [Pull(7, HEAD, "mallory/octo-repo", branch)]
    github.files[path, "main"] = GATES.encode()

    completed, text = read(replace(of_fork(pushed), head_branch=branch), path)

    assert (completed.pr_number, text) == (7, GATES)
    assert github.said() == [GRAPHQL]
    assert branch not in github.asked[0].body["query"]


def answered(github: GitHubDouble, pushed: Context) -> Any:
    """Return the answer of GraphQL, to be changed, and let the next one be it."""
    read(pushed)
    variables = github.asked[0].body["variables"]
    pulls = github.repository_in_graphql(variables["owner"], variables["name"])
    assert pulls
    listed = pulls["object"](HEAD)["associatedPullRequests"]("20")
    for pull in listed["nodes"]:
        target = pull["baseRef"]["target"]
        target["file"] = target["file"](FILE)
    github.asked.clear()
    whole = {"data": {"repository": {"object": {"associatedPullRequests": listed}}}}
    github.scripted.append(Scripted("POST", "graphql", (200, whole, {})))
    return whole


def pull_of(whole: Any) -> Any:
    return whole["data"]["repository"]["object"]["associatedPullRequests"]["nodes"][0]


def test_the_answers_that_are_changed_below_are_believed_as_they_are(github: GitHubDouble, pushed: Context) -> None:
    answered(github, pushed)

    assert read(pushed)[1] == GATES
    assert github.said() == [GRAPHQL]


def more(whole: Any) -> None:
    whole["data"]["repository"]["object"]["associatedPullRequests"]["pageInfo"]["hasNextPage"] = True


def twice(whole: Any) -> None:
    pulls = whole["data"]["repository"]["object"]["associatedPullRequests"]["nodes"]
    pulls.append(pulls[0] | {"number": 8})


def twice_once_without_base(whole: Any) -> None:
    pulls = whole["data"]["repository"]["object"]["associatedPullRequests"]["nodes"]
    pulls.append(pulls[0] | {"number": 8, "baseRef": None})


def none(whole: Any) -> None:
    whole["data"]["repository"]["object"]["associatedPullRequests"]["nodes"] = []


@pytest.mark.parametrize(
    "change",
    [
        *(more, twice, twice_once_without_base, none),
        lambda whole: whole["data"].update(repository=None),
        lambda whole: whole["data"]["repository"].update(object=None),
        lambda whole: whole.update(errors=[{"message": "Resource not accessible by integration"}]),
        lambda whole: pull_of(whole).update(headRefOid="f" * 40),
        lambda whole: pull_of(whole).update(state="MERGED"),
        lambda whole: pull_of(whole).update(number=None),
        lambda whole: pull_of(whole).update(baseRefOid="main"),
        lambda whole: pull_of(whole).update(baseRefName=None),
        lambda whole: pull_of(whole).update(baseRef=None),
        lambda whole: pull_of(whole)["baseRef"].update(target={"oid": "main"}),
        lambda whole: pull_of(whole).update(baseRepository={"nameWithOwner": "mallory/octo-repo"}),
    ],
)
def test_a_pull_request_that_is_not_certain_is_asked_for_by_rest(
    github: GitHubDouble, pushed: Context, change: Callable[[Any], object]
) -> None:
    change(answered(github, pushed))

    completed, text = read(pushed)

    assert github.said() == [GRAPHQL, BY_COMMIT, CONTENT]
    assert (completed.pr_number, completed.base_sha, completed.base_head, text) == (7, BASE, "", GATES)
    assert github.asked[-1].query == {"ref": "main"}


def entry_of(whole: Any) -> Any:
    return pull_of(whole)["baseRef"]["target"]["file"]


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: pull_of(whole)["baseRef"]["target"].update(file=None),
        lambda whole: entry_of(whole).update(mode=0o120000),  # its text is the name of the target
        lambda whole: entry_of(whole).update(mode=0o160000),
        lambda whole: entry_of(whole).update(mode="100644"),
        lambda whole: entry_of(whole).update(oid="0" * 64),
        lambda whole: entry_of(whole).update(object=None),
        lambda whole: entry_of(whole)["object"].update(text=None),  # binary
        lambda whole: entry_of(whole)["object"].update(text=GATES[:-1]),  # cut off
        lambda whole: entry_of(whole)["object"].update(text=GATES.replace("\r\n", "\n")),
        lambda whole: entry_of(whole)["object"].update(text=GATES.replace("é", "\ud800")),
    ],
)
def test_a_text_that_is_not_certain_is_asked_for_at_the_same_commit(
    github: GitHubDouble, pushed: Context, change: Callable[[Any], object]
) -> None:
    change(answered(github, pushed))

    completed, text = read(pushed)

    assert github.said() == [GRAPHQL, CONTENT]
    assert github.asked[-1].query == {"ref": TIP}
    assert (completed.base_head, text) == (TIP, GATES)


def test_a_mark_of_the_byte_order_is_left_out_as_by_rest(github: GitHubDouble, pushed: Context) -> None:
    github.files[FILE, "main"] = b"\xef\xbb\xbf" + GATES.encode()

    assert read(pushed)[1] == GATES
    assert github.said() == [GRAPHQL]


def test_a_deleted_fork_is_nobodys(github: GitHubDouble, pushed: Context) -> None:
    """Of two forks without a name it is not known whether they are one."""
    context = replace(of_fork(pushed), head_repository="")
    github.pulls = [Pull(7, HEAD, "")]

    completed, _ = GitHubForge(context, TOKEN).find_pull_request(context, FILE, Deadline(30))

    assert github.said() == [GRAPHQL, f"GET /api/v3/repos/{REPOSITORY}/pulls"]
    assert completed.base_head == ""


def test_a_merge_queue_has_a_commit_of_its_own_for_the_gate_file(github: GitHubDouble, pushed: Context) -> None:
    queued = replace(pushed, event="merge_group", pr_number=7, head_sha="1" * 40, base_sha="c" * 40)
    github.files = {(FILE, "c" * 40): b"queued"}

    completed, text = read(queued)

    assert github.said() == [f"GET /api/v3/repos/{REPOSITORY}/pulls/7", CONTENT]
    assert (completed.base_head, text) == ("", "queued")


@pytest.mark.parametrize(
    ("status", "headers"),
    [(401, {}), (403, {}), (403, {"retry_after": "5"}), (404, {}), (429, {"retry_after": "5"}), (500, {}), (502, {})],
)
def test_a_refusal_is_not_waited_for(
    github: GitHubDouble, pushed: Context, pauses: list[float], status: int, headers: dict[str, str]
) -> None:
    github.answer("POST", "graphql", status, times=9, **headers)

    assert read(pushed)[1] == GATES
    assert github.said() == [GRAPHQL, BY_COMMIT, CONTENT]
    assert pauses == []


def test_an_answer_that_does_not_come_leaves_most_of_the_time(github: GitHubDouble, pushed: Context) -> None:
    github.before = lambda request: time.sleep(4) if request.path.endswith("/graphql") else None
    begun = time.monotonic()

    completed, _ = GitHubForge(pushed, TOKEN).find_pull_request(pushed, FILE, Deadline(5))

    assert completed.pr_number
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("body", [b"<html>", b"{", [], {"data": []}])
def test_what_is_no_answer_of_graphql_is_asked_for_by_rest(github: GitHubDouble, pushed: Context, body: Any) -> None:
    github.answer("POST", "graphql", 200, body)

    assert read(pushed)[1] == GATES
    assert github.said() == [GRAPHQL, BY_COMMIT, CONTENT]


def test_a_server_without_graphql_is_not_asked_by_it(github: GitHubDouble, pushed: Context) -> None:
    assert read(replace(pushed, graphql_url=""))[1] == GATES
    assert github.said() == [BY_COMMIT, CONTENT]


def test_a_path_out_of_the_repository_is_not_asked_for(github: GitHubDouble, pushed: Context) -> None:
    completed, _ = GitHubForge(pushed, TOKEN).find_pull_request(pushed, "../x.yml", Deadline(30))

    assert github.said() == [BY_COMMIT]
    assert completed.pr_number
