"""What GitHub says about a change: whatever is missing, cut off or of another form counts as not known."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.described_double import Scripted
from support.github_double import TOKEN, GitHubDouble
from support.repository import Repository

from swanlab_ci.messages import Message
from swanlab_ci.platforms.changes import CommitRange, TreeEntry
from swanlab_ci.platforms.compared import ComparedChanges
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.runtime.deadline import Deadline

HEAD, BASE, PARTED, OLDER = "a" * 40, "b" * 40, "c" * 40, "d" * 40
INCOMPLETE = Message("forge.answer-incomplete", forge=Message("github.name"))
CHANGES = ComparedChanges(
    lambda context, deadline: GitHub(context.api_url, context.graphql_url, TOKEN, deadline), "contents: read"
)


@pytest.fixture
def proposed(context: Context) -> Context:
    return replace(context, head_sha=HEAD, base_sha=BASE, pr_commits=(HEAD,))


def say(github: GitHubDouble, answer: Any) -> None:
    github.scripted.append(Scripted("GET", ".*", (200, answer, {}), 1))


def comparison(**other: Any) -> dict[str, Any]:
    commits = [{"sha": OLDER}, {"sha": HEAD}]
    return {"merge_base_commit": {"sha": PARTED}, "commits": commits, "files": [{"filename": "a"}], **other}


def test_a_comparison_names_the_merge_base_the_files_and_the_earlier_commits(
    github: GitHubDouble, proposed: Context
) -> None:
    say(github, comparison(files=[{"filename": "new", "previous_filename": "old"}, {"filename": "a"}]))

    found, attempt = CHANGES.commit_range(proposed, Deadline(30))

    assert found == CommitRange(PARTED, HEAD, HEAD, ("old", "new", "a"), (OLDER,))
    assert (attempt.refusal, attempt.needs) == (None, "contents: read")
    assert github.asked[0].path.endswith(f"/compare/{BASE}...{HEAD}")
    assert github.asked[0].query == {}  # with a page, the newest commits would be missing


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "x",
        {},
        comparison(merge_base_commit=None),
        comparison(merge_base_commit={"sha": "main"}),
        comparison(merge_base_commit={"sha": f"{PARTED}\n"}),
        comparison(commits=None),
        comparison(files=None),
        comparison(files={}),
    ],
)
def test_a_comparison_of_another_form_says_nothing(github: GitHubDouble, proposed: Context, answer: Any) -> None:
    say(github, answer)

    found, attempt = CHANGES.commit_range(proposed, Deadline(30))

    assert found is None
    assert attempt.refusal == INCOMPLETE


@pytest.mark.parametrize("commits", [[None], [{"sha": 3}], [{"sha": "x"}, {}], []])
def test_commits_of_another_form_are_no_evidence(github: GitHubDouble, proposed: Context, commits: list[Any]) -> None:
    say(github, comparison(commits=commits))

    found, _ = CHANGES.commit_range(proposed, Deadline(30))

    assert found
    assert found.earlier == ()


@pytest.mark.parametrize("field", ["head_sha", "base_sha"])
@pytest.mark.parametrize("sha", ["", "abc1234", "main", "HEAD", f"{HEAD}^", "../../x"])
def test_a_name_that_is_no_full_hash_is_never_asked_for(
    github: GitHubDouble, proposed: Context, field: str, sha: str
) -> None:
    found, attempt = CHANGES.commit_range(replace(proposed, **{field: sha}), Deadline(30))  # type: ignore[arg-type]

    assert found is None
    assert attempt.refusal == Message("forge.commits-unknown")
    assert github.asked == []


def entry(**other: Any) -> dict[str, Any]:
    return {"path": "a", "mode": "100644", "type": "blob", "sha": HEAD, **other}


def test_a_tree_holds_files_links_and_submodules_but_no_folders(github: GitHubDouble, proposed: Context) -> None:
    others = [entry(path="d", mode="040000"), entry(path="l", mode="120000"), entry(path="s", mode="160000")]
    say(github, {"tree": [entry(), *others], "truncated": False})

    found, _ = CHANGES.tree(proposed, HEAD, Deadline(30))

    assert found == {name: TreeEntry(mode, HEAD) for name, mode in (("a", "100644"), ("l", "120000"), ("s", "160000"))}


@pytest.mark.parametrize("truncated", [True, None, "false", 0, "absent"])
def test_a_tree_that_does_not_say_it_is_whole_says_nothing(
    github: GitHubDouble, proposed: Context, truncated: Any
) -> None:
    say(github, {"tree": [entry()]} | ({} if truncated == "absent" else {"truncated": truncated}))

    found, attempt = CHANGES.tree(proposed, HEAD, Deadline(30))

    assert found is None
    assert attempt.refusal == Message("forge.tree-truncated", forge=Message("github.name"))


@pytest.mark.parametrize(
    "entries",
    [
        None,
        {},
        "x",
        [None],
        [3],
        [entry(path=None)],
        [entry(path="")],
        [entry(path=["a"])],
        [entry(mode=100644)],
        [entry(mode="")],
        [entry(sha=None)],
        [entry(), entry(sha=BASE)],
    ],
)
def test_a_tree_of_another_form_says_nothing(github: GitHubDouble, proposed: Context, entries: Any) -> None:
    say(github, {"tree": entries, "truncated": False})

    found, attempt = CHANGES.tree(proposed, HEAD, Deadline(30))

    assert found is None
    assert attempt.refusal == INCOMPLETE


@pytest.mark.parametrize(
    ("commits", "listed"), [(1, 0), (2, 1), (251, 249)], ids=["one", "two", "more than a page of GitHub's"]
)
def test_the_newest_of_many_commits_are_listed(
    github: GitHubDouble, proposed: Context, tmp_path: Path, commits: int, listed: int
) -> None:
    repository = github.repository = Repository(tmp_path / "repository")
    base = repository.commit({"a": "1"})
    made = [repository.commit({"a": str(number)}) for number in range(2, 2 + commits)]

    found, _ = CHANGES.commit_range(replace(proposed, base_sha=base, head_sha=made[-1]), Deadline(30))

    assert found
    assert found.earlier == tuple(reversed(made[:-1]))[:listed]


def test_a_queue_is_asked_for_the_commits_of_its_pull_request_only(github: GitHubDouble, proposed: Context) -> None:
    queued = replace(proposed, event="merge_group", head_sha=OLDER, pr_commits=(OLDER, HEAD))

    found, _ = CHANGES.commit_range(queued, Deadline(30))

    assert found == CommitRange(BASE, OLDER, HEAD)
    assert github.asked == []
    say(github, comparison())
    later, _ = CHANGES.earlier_commits(queued, found, Deadline(30))
    assert later == CommitRange(BASE, OLDER, HEAD, earlier=(OLDER,))
    assert github.asked[0].path.endswith(f"/compare/{BASE}...{HEAD}")


@pytest.mark.parametrize("path", ["../gate.yml", "/etc/gate.yml", "a/../../gate.yml"])
def test_a_file_outside_has_no_path(proposed: Context, path: str) -> None:
    assert CHANGES.paths_in_repository(proposed, path, Deadline(30)) == ()
    assert CHANGES.paths_in_repository(proposed, "./ci/../gate.yml", Deadline(30)) == ("gate.yml",)
