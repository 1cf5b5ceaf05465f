"""`exec --notify` on GitLab, Gitea, Forgejo and Gitee: what is started, and what is said where nothing can be."""

from pathlib import Path

import pytest
from starting import Exec
from support.gitea_double import GiteaDouble
from support.github_double import REPOSITORY, TOKEN
from support.gitlab_double import PROJECT, PROJECT_ID, TRIGGER, GitLabDouble
from support.repository import Repository
from support.words import warning, words

from swanlab_ci.messages import Key, Message

DIRECT = {"NO_PROXY": "127.0.0.1"}
FAILS = ("sh", "-c", "exit 3")


@pytest.mark.parametrize(
    ("environ", "ref"),
    [
        ({"CI_PROJECT_ID": PROJECT_ID, "GITLAB_TRIGGER_TOKEN": TRIGGER}, "main"),
        ({"CI_PROJECT_PATH": PROJECT, "GITLAB_TRIGGER_TOKEN": TRIGGER, "GITLAB_TRIGGER_REF": "ci"}, "ci"),
        ({"GITLAB_CI": "true", "CI_PROJECT_ID": PROJECT_ID, "CI_JOB_TOKEN": TRIGGER, "CI_DEFAULT_BRANCH": "v1"}, "v1"),
    ],
    ids=["elsewhere", "by path", "in a job"],
)
def test_the_end_triggers_a_pipeline_on_gitlab(execute: Exec, folder: Path, environ: dict[str, str], ref: str) -> None:
    head = Repository(folder).commit({"a": "1"})
    with GitLabDouble(prefix="/git") as gitlab:
        known = {**DIRECT, **environ, "CI_API_V4_URL": gitlab.api_url}
        ended = execute("--notify", "--pr", "12", "--", *FAILS, environ=known)

        variables = {"SWANLAB_CI_SHA": head, "SWANLAB_CI_PR": "12", "SWANLAB_CI_EXIT_CODE": "3"}
        assert ended.code == 3
        assert gitlab.triggers[TRIGGER] == [{"ref": ref, "token": TRIGGER, "variables": variables}]
        assert gitlab.violations == []
    assert words("exec.notified", forge=Message("gitlab.name")) in ended.err
    assert TRIGGER not in ended.err


def test_a_trigger_that_gitlab_does_not_know_is_said(execute: Exec) -> None:
    with GitLabDouble() as gitlab:
        environ = {"CI_PROJECT_ID": PROJECT_ID, "GITLAB_TRIGGER_TOKEN": "other", "CI_API_V4_URL": gitlab.api_url}
        ended = execute("--notify", "--", *FAILS, environ=DIRECT | environ)

    assert ended.code == 3
    assert "404" in ended.err
    assert "other" not in ended.err


@pytest.mark.parametrize("runner", [{}, {"GITHUB_ACTIONS": "true", "FORGEJO_ACTIONS": "true"}])
def test_the_end_starts_a_workflow_on_gitea_and_forgejo(execute: Exec, folder: Path, runner: dict[str, str]) -> None:
    head = Repository(folder).commit({"a": "1"})
    with GiteaDouble() as gitea:
        known = {"GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": gitea.api_url, **DIRECT}
        ended = execute("--notify", "--pr", "7", "--", *FAILS, environ=known | runner)

        inputs = {"sha": head, "pr": "7", "exit_code": "3"}
        assert ended.code == 3
        assert gitea.dispatched == [{"workflow": "training-ended.yml", "ref": "main", "inputs": inputs}]
        assert gitea.violations == []
    assert words("exec.notified", forge=Message("gitea.forgejo" if runner else "gitea.name")) in ended.err
    assert TOKEN not in ended.err


def test_the_workflow_can_have_another_name(execute: Exec) -> None:
    with GiteaDouble() as gitea:
        known = {"GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": gitea.api_url, **DIRECT}
        execute("--notify", "--", "true", environ={**known, "SWANLAB_CI_WORKFLOW": "gate.yml"})

        assert [sent["workflow"] for sent in gitea.dispatched] == ["gate.yml"]


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        (
            {"SWANLAB_CI_REPOSITORY": "https://gitee.com/my-team/resnet"},
            Message("gitee.cannot-notify", forge=Message("gitee.name")),
        ),
        (
            {"SWANLAB_CI_REPOSITORY": "https://gitcode.com/my-team/resnet"},
            Message("gitee.cannot-notify", forge=Message("gitee.gitcode")),
        ),
        (
            {"GITLAB_CI": "true"},
            Message("forge.variables-missing", names=(Key("CI_PROJECT_ID"), Key("GITLAB_TRIGGER_TOKEN"))),
        ),
        (
            {"GITHUB_API_URL": "https://git.example.com/api/v1"},
            Message(
                "forge.variables-missing",
                names=(Key("GITHUB_REPOSITORY"), Key("GITHUB_TOKEN"), Key("GITHUB_API_URL")),
            ),
        ),
    ],
    ids=["gitee", "gitcode", "gitlab", "gitea"],
)
def test_what_cannot_be_started_is_said_before_the_training(
    execute: Exec, environ: dict[str, str], reason: Message
) -> None:
    ended = execute("--notify", "--", "sh", "-c", "echo started >&2; exit 3", environ=environ)

    assert ended.code == 3
    assert warning("exec.cannot-notify", reason=reason) in ended.err.partition("started")[0]
