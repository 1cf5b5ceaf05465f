"""GitHub or its runner goes wrong in every way; the verdict stands, and a warning says what was not done."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from misfortune import VERDICTS, Act, told
from support.github_double import Comment, GitHubDouble
from support.runner import Runner, pull_request
from support.words import warning, words

from swanlab_ci.messages import Key, Message
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox
from swanlab_ci.security.files import FileError

SECONDARY = "You have exceeded a secondary rate limit"
GRANT_COMMENT = words("github.add-permission", permission=Key("permissions: pull-requests: write"))
GRANT_STATUS = words("github.add-permission", permission=Key("permissions: statuses: write"))
LATER = words("forge.rate-limited")
COMMENT, STATUS = Message("forge.write-comment"), Message("forge.set-status")


def failed(what: Message, refusal: Message) -> str:
    return warning("forge.failed", what=what, refusal=refusal, remedy=None)


@VERDICTS
@pytest.mark.parametrize(
    ("status", "headers", "says"),
    [
        (401, {}, GRANT_COMMENT),
        (403, {}, GRANT_STATUS),
        (404, {}, GRANT_COMMENT),
        (422, {}, "GitHub answered 422"),
        (500, {}, "GitHub answered 500"),
        (503, {}, "GitHub answered 503"),
        (302, {"Location": "http://127.0.0.1:1/"}, "GitHub answered 302"),
        (403, {"message": SECONDARY}, LATER),
        (403, {"message": SECONDARY, "Retry_After": "3600"}, LATER),
        (429, {}, LATER),
    ],
)
def test_a_write_that_github_refuses_changes_no_verdict(
    call: Act,
    runner: Runner,
    github: GitHubDouble,
    *,
    commit: str,
    code: int,
    status: int,
    headers: dict[str, str],
    says: str,
) -> None:
    runner.event = pull_request(commit)
    github.answer("POST", "comments|statuses", status, times=99, **headers)

    ended = call()

    assert ended.code == code
    assert told(runner, ended)
    assert all(f"warning: Could not {words(what.id)}: " in ended.err for what in (COMMENT, STATUS))
    assert says in ended.err


@pytest.mark.parametrize(
    ("path", "commit", "code"),
    [("comments", PULL_REQUEST_COMMIT, 1), ("statuses", FIXED_COMMIT, 0), ("graphql", PULL_REQUEST_COMMIT, 1)],
)
def test_a_github_that_hangs_while_it_is_told_changes_no_verdict(
    act: Act, runner: Runner, github: GitHubDouble, *, commit: str, code: int, path: str
) -> None:
    runner.event = pull_request(commit)
    github.comments.append(
        Comment(1, "<!-- swanlab-ci:default run=1.1 sha=a -->\n<!-- state=0123456789abcdef told= -->\n")
    )
    github.before = lambda request: time.sleep(4) if path in request.path else None
    begun = time.monotonic()

    ended = act(timeout="3s")

    assert ended.code == code
    assert told(runner, ended)
    assert "warning: Could not " in ended.err
    assert time.monotonic() - begun < 3 + 3


@contextmanager
def dripping() -> Iterator[str]:
    """Serve one caller the first lines of an answer, byte by byte and without end."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
            while True:
                connection.sendall(b"x")
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@VERDICTS
def test_a_github_that_drips_until_the_alarm_changes_no_verdict(
    act: Act, runner: Runner, *, commit: str, code: int
) -> None:
    runner.event_name, runner.event = "schedule", {}
    with dripping() as address:
        runner.environ |= {"GITHUB_SHA": commit, "GITHUB_API_URL": address}

        ended = act(timeout="3s")

    assert ended.code == code
    assert told(runner, ended)
    assert failed(STATUS, Message("forge.too-slow", forge=Message("github.name"))) in ended.err


@VERDICTS
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("GITHUB_OUTPUT", "", Message("github.no-output-file", variable=Key("GITHUB_OUTPUT"))),
        ("GITHUB_OUTPUT", "/", Message("publish.no-outputs", reason=FileError.A_FOLDER)),
        ("GITHUB_STEP_SUMMARY", "", Message("github.no-summary-file", variable=Key("GITHUB_STEP_SUMMARY"))),
        ("GITHUB_STEP_SUMMARY", "/", Message("publish.no-summary", reason=FileError.A_FOLDER)),
    ],
)
def test_what_the_runner_has_no_file_for_is_a_warning(
    call: Act, runner: Runner, *, commit: str, code: int, name: str, value: str, says: Message
) -> None:
    runner.event = pull_request(commit)
    runner.environ[name] = value

    ended = call()

    assert ended.code == code
    assert words("console.warning", text=says) in ended.err


@VERDICTS
def test_a_full_summary_is_left_whole_and_the_verdict_stands(
    call: Act, runner: Runner, *, commit: str, code: int
) -> None:
    runner.event = pull_request(commit)
    (runner.folder / "summary").write_text("x" * 1_000_000)

    ended = call()

    assert ended.code == code
    assert warning("publish.no-summary", reason=FileError.NO_ROOM) in ended.err
    assert runner.summary == "x" * 1_000_000


@pytest.mark.parametrize("login", ["mallory", "other[bot]"])
def test_a_comment_with_our_marker_by_somebody_else_is_left_alone(
    call: Act, runner: Runner, github: GitHubDouble, login: str
) -> None:
    marked = "<!-- swanlab-ci:default run=99.1 sha=a -->\n<!-- state=0123456789abcdef told= -->\nAll passed"
    github.comments.append(Comment(5, marked, login))
    runner.event = pull_request(FIXED_COMMIT)

    assert call().code == 0
    theirs, ours = github.comments
    assert theirs.body == marked
    assert ours.body.startswith("<!-- swanlab-ci:default run=12.1 ")


def test_a_pull_request_from_a_fork_without_a_key_is_told_what_to_do(
    act: Act, runner: Runner, github: GitHubDouble, sandbox: Sandbox
) -> None:
    github.may_write = False
    runner.event = pull_request(FIXED_COMMIT, repository="mallory/fork")

    ended = act(api_key="")

    assert ended.code == 2
    assert told(runner, ended)
    assert words("input.no-key") in ended.err
    assert sandbox.requests == []


@VERDICTS
def test_a_forks_token_that_may_only_read_changes_no_verdict(
    call: Act, runner: Runner, github: GitHubDouble, *, commit: str, code: int
) -> None:
    github.may_write = False
    runner.event = pull_request(commit, repository="mallory/fork")

    ended = call()

    assert ended.code == code
    assert told(runner, ended)
    assert words("github.fork-is-read-only") in ended.err
