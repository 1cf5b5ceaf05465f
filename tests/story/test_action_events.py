"""Every event ends in the verdict; an event file that cannot be read or that lies passes nothing, and is told."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from misfortune import VERDICTS, Act, told
from support.github_double import REPOSITORY, GitHubDouble, Pull
from support.runner import Runner, pull_request
from support.words import warning, words

from swanlab_ci.messages import Key, Message
from swanlab_ci.sandbox import FIXED_COMMIT

EVENTS = Path(__file__).parents[1] / "context" / "events"
NO_BASE = words("gate-file.base-unknown")
ABOUT: dict[str, tuple[str, int | None]] = {  # an event: the commit that it names, the pull request to comment on
    "merge_group": ("2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d", 104),
    "pull_request": ("ec26c3e57ca3a959ca5aad62de7213c562f8c821", 2),
    "push": ("6113728f27ae82c7b1a177c8d03f9e96e0adf246", 7),
    "repository_dispatch": ("on no commit", None),
    "workflow_dispatch": ("on no commit", None),
    "workflow_run": ("3484a3fb816e0859fd6e1cea078d76385ff50625", 2),
    "workflow_run_fork": ("5779607b49aab1200488439f02372c57b4f75444", 9),
}


def broken_event(content: bytes | None) -> Callable[[Runner], None]:
    def put(runner: Runner) -> None:
        path = runner.folder / "other.json"
        runner.environ["GITHUB_EVENT_PATH"] = str(path)
        if content is not None:
            path.write_bytes(content)

    return put


def event_elsewhere(path: str) -> Callable[[Runner], None]:
    return lambda runner: runner.environ.update(GITHUB_EVENT_PATH=path)


def event_in_a_pipe(runner: Runner) -> None:
    os.mkfifo(runner.folder / "pipe")
    runner.environ["GITHUB_EVENT_PATH"] = str(runner.folder / "pipe")


@pytest.mark.parametrize(
    "broken",
    [
        broken_event(None),
        broken_event(b""),
        broken_event(b"{"),
        broken_event(b'"\xff"'),
        broken_event(b"[" * 100_000),
        broken_event(b"[" + b"[]," * (10 << 20) + b"[]]"),
        event_elsewhere("/"),
        event_elsewhere("/dev/zero"),
        event_in_a_pipe,
    ],
    ids=["missing", "empty", "cut", "latin-1", "deep", "huge", "folder", "endless", "pipe"],
)
def test_an_event_file_that_cannot_be_read_is_told_and_nothing_passes(
    call: Act, runner: Runner, broken: Callable[[Runner], None]
) -> None:
    runner.event = pull_request(FIXED_COMMIT)
    broken(runner)

    ended = call()

    assert ended.code == 3
    assert told(runner, ended)
    assert NO_BASE in ended.err
    assert words("console.note", text=Message("forge.event-unreadable")) in ended.err


@pytest.mark.parametrize("lie", [None, [], 7, "x", {"head": [], "base": 3}, {"number": "7; rm -rf /"}])
def test_an_event_of_another_shape_passes_nothing(call: Act, runner: Runner, lie: Any) -> None:
    runner.event = {"pull_request": lie}

    ended = call()

    assert ended.code == 3
    assert told(runner, ended)
    assert NO_BASE in ended.err


@pytest.mark.parametrize(
    ("part", "lie", "code"),
    [
        ("sha", "f" * 40, 1),
        ("sha", f"{FIXED_COMMIT}\n", 1),
        ("sha", [FIXED_COMMIT], 1),
        ("ref", "\ud800::set-output name=passed::true", 0),
        ("ref", None, 0),
        ("repo", {"full_name": "../../etc"}, 0),
    ],
)
def test_a_head_that_lies_selects_no_runs_of_another_commit(
    call: Act, runner: Runner, *, part: str, lie: Any, code: int
) -> None:
    runner.event = pull_request(FIXED_COMMIT)
    runner.event["pull_request"]["head"][part] = lie

    ended = call()

    assert ended.code == code
    assert told(runner, ended)


def test_a_forks_branch_with_half_a_character_is_no_bug(call: Act, runner: Runner) -> None:
    fork = {"full_name": "mallory/fork"}
    runner.event_name = "workflow_run"
    runner.event = {
        "workflow_run": {
            "event": "pull_request",
            "head_sha": FIXED_COMMIT,
            "head_branch": "\ud800",
            "head_repository": fork,
            "pull_requests": [],
        }
    }

    assert call().code == 3


def test_a_pull_request_without_a_number_is_judged_and_told_where_it_can_be(act: Act, runner: Runner) -> None:
    runner.event = pull_request(FIXED_COMMIT)
    runner.event["pull_request"]["number"] = 0

    ended = act()

    assert ended.code == 0
    assert warning("forge.no-pull-request", input=Key("pr")) in ended.err


@VERDICTS
@pytest.mark.parametrize("name", sorted(path.stem for path in EVENTS.iterdir()))
def test_every_event_of_githubs_own_ends_in_the_verdict_told_on_its_pull_request(
    call: Act, runner: Runner, github: GitHubDouble, *, name: str, commit: str, code: int
) -> None:
    is_about, issue = ABOUT[name]
    text = (EVENTS / f"{name}.json").read_text("utf-8").replace(is_about, commit)
    runner.event = json.loads(text.replace(REPOSITORY, "mallory/fork") if name == "workflow_run_fork" else text)
    runner.event_name = name.removesuffix("_fork")
    runner.environ |= {"GITHUB_SHA": commit, "GITHUB_REF": "refs/heads/main"}
    fork = {"head_repository": "mallory/fork", "head_branch": "main"} if name == "workflow_run_fork" else {}
    github.pulls.append(Pull(issue or 7, commit, **fork))

    ended = call()

    assert ended.code == code
    assert told(runner, ended)
    assert [comment.issue for comment in github.comments] == ([issue] if issue else [])
    assert [status["sha"] for status in github.statuses] == [commit]
