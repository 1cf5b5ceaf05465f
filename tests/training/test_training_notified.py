"""`exec --notify` reports the end, however it comes; whatever happens to the report, the exit code is the command's."""

import socket
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from starting import Exec, Start
from support.github_double import REPOSITORY, TOKEN, GitHubDouble
from support.repository import Repository
from support.runner import addresses
from support.words import warning, words

from swanlab_ci.messages import Key, Message

CRASH = (sys.executable, "-I", "-c", "import sys; sys.exit(3)")
KILLED = (sys.executable, "-I", "-c", "import os; os.kill(os.getpid(), 9)")
ENDS = {("true",): 0, CRASH: 3, KILLED: 137, ("no-such-command",): 127}


@pytest.fixture
def cluster(github: GitHubDouble) -> dict[str, str]:
    """Return what a training cluster sets."""
    return {**addresses(github), "GITHUB_TOKEN": TOKEN, "NO_PROXY": "127.0.0.1"}


@pytest.mark.parametrize("command", ENDS, ids=str)
def test_every_end_is_reported_with_commit_and_pull_request(
    execute: Exec, folder: Path, github: GitHubDouble, cluster: Mapping[str, str], command: tuple[str, ...]
) -> None:
    head, code = Repository(folder).commit({"a": "1"}), ENDS[command]

    ended = execute("--notify", "--pr", "7", "--", *command, environ=cluster)

    assert ended.code == code
    payload = {"sha": head, "pr": 7, "exit_code": code}
    assert github.dispatches == [{"event_type": "training-ended", "client_payload": payload}]
    assert words("exec.notified", forge=Message("github.name")) in ended.err
    assert TOKEN not in ended.err


def test_a_command_that_is_told_to_end_is_reported_too(
    start: Start, folder: Path, github: GitHubDouble, cluster: Mapping[str, str]
) -> None:
    Repository(folder).commit({"a": "1"})
    process = start("--notify", "--", "sh", "-c", "echo ready; exec sleep 60", environ=cluster)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"

    process.terminate()

    assert process.wait(timeout=60) == 143
    assert [sent["client_payload"]["exit_code"] for sent in github.dispatches] == [143]


def test_what_is_not_known_is_left_out(execute: Exec, github: GitHubDouble, cluster: Mapping[str, str]) -> None:
    execute("--notify", "--", "true", environ=cluster)

    assert [sent["client_payload"] for sent in github.dispatches] == [{"exit_code": 0}]


@pytest.mark.parametrize(
    "given", [{"GITHUB_TOKEN": "中文"}, {"GITHUB_API_URL": "http://.example.com"}], ids=["token", "host"]
)
def test_what_no_request_can_carry_is_a_warning(
    execute: Exec, github: GitHubDouble, cluster: dict[str, str], given: dict[str, str]
) -> None:
    ended = execute("--notify", "--", "true", environ=cluster | given)

    assert (ended.code, github.dispatches) == (0, [])
    assert "warning:" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("status", [401, 403, 404, 422, 500])
def test_a_refused_report_changes_nothing(
    execute: Exec, github: GitHubDouble, cluster: Mapping[str, str], status: int
) -> None:
    github.answer("POST", "/dispatches", status, times=9)

    ended = execute("--notify", "--", *CRASH, environ=cluster)

    assert ended.code == 3
    assert str(status) in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("missing", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_a_report_that_cannot_be_sent_is_said_at_the_start(
    execute: Exec, github: GitHubDouble, cluster: Mapping[str, str], missing: str
) -> None:
    ended = execute("--notify", "--", "sh", "-c", "echo started >&2", environ={**cluster, missing: ""})

    names = (Key("GITHUB_REPOSITORY"), Key("GITHUB_TOKEN"))
    said = warning("exec.cannot-notify", reason=Message("forge.variables-missing", names=names))
    assert ended.code == 0
    assert said in ended.err.partition("started")[0]
    assert github.asked == []


@pytest.fixture
def silent() -> Iterator[str]:
    """Yield the address of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_report_that_hangs_is_given_up(execute: Exec, silent: str, cluster: Mapping[str, str]) -> None:
    began = time.monotonic()

    ended = execute("--notify", "--", *CRASH, environ={**cluster, "GITHUB_API_URL": silent})

    assert ended.code == 3
    assert time.monotonic() - began < 30  # it waits for 10 s
    assert words("exec.not-notified", reason="").removesuffix(".") in ended.err


def test_without_the_flag_nothing_is_sent(execute: Exec, github: GitHubDouble, cluster: Mapping[str, str]) -> None:
    assert execute("--", "true", environ=cluster).code == 0
    assert github.asked == []


def test_the_repository_is_the_one_of_the_environment(
    execute: Exec, github: GitHubDouble, cluster: Mapping[str, str]
) -> None:
    execute("--notify", "--", "true", environ=cluster)

    assert github.said() == [f"POST /api/v3/repos/{REPOSITORY}/dispatches"]
