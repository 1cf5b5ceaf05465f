"""The action on Gitea and Forgejo: one comment with its address, the base's rules, and the words of this forge."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from checking import LAX, failed, warnings
from support.gitea_double import READS, STRANGER, GiteaDouble, GiteaPull
from support.github_double import REPOSITORY, TOKEN
from support.runner import Runner, pull_request
from support.story import GATES, Ended
from support.words import words

from swanlab_ci.messages import Key, Message
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox

Act = Callable[..., Ended]
WRITE, CHECK = Message("forge.write-comment"), Message("forge.check-comment")
GRANT = Message("github.add-permission", permission=Key("permissions: pull-requests: write"))
HEAD_OF_COMMENT = f"<!-- swanlab-ci:default run=12.1 sha={PULL_REQUEST_COMMIT} -->\n"


def marked(run: str = "11.1", told: str = "fail:1234567") -> str:
    return f"<!-- swanlab-ci:default run={run} sha={'c' * 40} -->\n<!-- state={'0' * 16} told={told} -->\n## old\n"


@pytest.fixture
def runner(tmp_path: Path, gitea: GiteaDouble) -> Runner:
    """A runner of Gitea's: no GraphQL, and variables of its own beside GitHub's."""
    started = Runner(tmp_path / "job", cast("Any", gitea), event=pull_request(PULL_REQUEST_COMMIT))
    started.environ = {"GITEA_ACTIONS": "true", "GITHUB_RUN_NUMBER": "5"}
    (started.workspace / "swanlab-gate.yml").write_text(GATES)
    gitea.files["swanlab-gate.yml", "main"] = GATES.encode()
    return started


@pytest.fixture
def act(runner: Runner, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Act:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)

    def acted(**inputs: str) -> Ended:
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        return runner.check({"api-key": sandbox.api_key, "host": sandbox.url, "timeout": "20s", **given})

    return acted


def test_a_pull_request_gets_one_comment_with_its_address(act: Act, runner: Runner, gitea: GiteaDouble) -> None:
    ended = act()

    assert ended.code == 1
    (comment,) = gitea.comments
    assert comment.body.startswith(HEAD_OF_COMMENT)
    assert runner.outputs["comment-url"] == f"{gitea.url}/{REPOSITORY}/pulls/7#issuecomment-{comment.id}"
    assert warnings(ended) == []


@pytest.mark.parametrize("tells", [True, False])
def test_every_later_run_edits_the_comment(act: Act, runner: Runner, gitea: GiteaDouble, *, tells: bool) -> None:
    """The job's token may not ask who it is on every version."""
    gitea.tells_who_we_are = tells
    for run in (12, 13, 14):
        runner.environ["GITHUB_RUN_ID"] = str(run)
        act()

    (comment,) = gitea.comments
    assert "run=14.1" in comment.body
    assert runner.outputs["comment-url"].endswith(f"/pulls/7#issuecomment-{comment.id}")


@pytest.mark.parametrize(
    ("name", "address"), [("GITEA_ACTIONS", "actions/runs/12"), ("FORGEJO_ACTIONS", "actions/runs/5")]
)
def test_the_status_links_to_the_run_as_the_forge_numbers_it(
    act: Act, runner: Runner, gitea: GiteaDouble, name: str, address: str
) -> None:
    runner.environ[name] = "true"

    act(status_context="swanlab-ci")

    (status,) = gitea.statuses
    assert status["target_url"] == f"{gitea.url}/{REPOSITORY}/{address}"
    assert (status["state"], status["sha"]) == ("failure", PULL_REQUEST_COMMIT)


def test_a_pull_request_cannot_loosen_its_own_gate(act: Act, runner: Runner, gitea: GiteaDouble) -> None:
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)

    assert act().code == 1
    assert "With its own rules, the verdict would be" in gitea.comments[0].body


def test_a_pull_request_from_a_fork_may_only_read(act: Act, runner: Runner, gitea: GiteaDouble) -> None:
    runner.event = pull_request(PULL_REQUEST_COMMIT, repository="mallory/octo-repo")
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)
    gitea.kinds[TOKEN] = READS

    ended = act()

    assert ended.code == 1
    assert words("gitea.fork-is-read-only") in warnings(ended)[0]


def test_without_a_file_for_the_summary_this_forge_is_named(act: Act, runner: Runner, gitea: GiteaDouble) -> None:
    runner.environ["GITHUB_STEP_SUMMARY"] = ""

    ended = act()

    assert warnings(ended) == ["warning: " + words("gitea.no-summary-file", variable=Key("GITHUB_STEP_SUMMARY"))]
    assert "Update" not in ended.err
    assert len(gitea.comments) == 1


@pytest.mark.parametrize("commit", [FIXED_COMMIT, PULL_REQUEST_COMMIT])
def test_a_push_comments_on_the_open_pull_request_with_that_head(
    act: Act, runner: Runner, gitea: GiteaDouble, commit: str
) -> None:
    runner.event_name, runner.event = "push", {"ref": "refs/heads/changes"}
    runner.environ |= {"GITHUB_SHA": commit, "GITHUB_REF": "refs/heads/changes"}
    gitea.pulls = [GiteaPull(number, "e" * 40) for number in range(8, 130)]
    gitea.pulls += [GiteaPull(7, commit), GiteaPull(130, commit, state="closed")]

    ended = act()

    assert ended.code == (0 if commit == FIXED_COMMIT else 1)
    assert len(gitea.comments) == 1


def test_a_dispatch_names_its_pull_request(act: Act, runner: Runner, gitea: GiteaDouble) -> None:
    runner.event_name, runner.event = "workflow_dispatch", {"inputs": {"pr": "7"}}
    gitea.pulls = [GiteaPull(7, FIXED_COMMIT)]

    assert act().code == 0
    assert len(gitea.comments) == 1


def test_on_pull_request_target_the_checkouts_rules_never_count(act: Act, runner: Runner, gitea: GiteaDouble) -> None:
    runner.event_name = "pull_request_target"
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)
    gitea.files.clear()

    assert act().code == 2


def test_an_event_of_a_pull_request_that_is_not_known_reads_the_bases_rules(act: Act, runner: Runner) -> None:
    """Versions of Gitea name some events by more than GitHub does."""
    runner.event_name = "pull_request_sync"
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)

    assert act().code == 1


@pytest.mark.parametrize("commit", [FIXED_COMMIT, PULL_REQUEST_COMMIT])
@pytest.mark.parametrize("kind", ["", READS, STRANGER])
def test_a_token_that_may_not_write_changes_no_verdict(
    act: Act, runner: Runner, gitea: GiteaDouble, *, kind: str, commit: str
) -> None:
    runner.event = pull_request(commit)
    gitea.kinds = {TOKEN: kind} if kind else {}

    ended = act(own_rules="true")

    assert ended.code == (0 if commit == FIXED_COMMIT else 1)
    (warning,) = warnings(ended)
    assert "permissions: pull-requests: write" in warning
    assert gitea.comments == []


def test_forgejo_is_named_in_what_it_refuses(act: Act, runner: Runner, gitea: GiteaDouble) -> None:
    runner.environ["FORGEJO_ACTIONS"] = "true"
    gitea.kinds = {}

    ended = act(own_rules="true")

    said = Message(
        "forge.answered", forge=Message("gitea.forgejo"), status=401, words="user does not exist [uid: 0, name: ]"
    )
    assert warnings(ended) == [failed(WRITE, said, GRANT)]
