"""A training is bound to the commit whose code runs; real git repositories, and the events of a CI."""

import json
from pathlib import Path

import pytest
from starting import Exec
from support.repository import Repository
from support.runner import pull_request
from support.words import warning

from swanlab_ci.messages import Key, Name
from swanlab_ci.training.origin import VARIABLES, origin_of

HEAD, MERGE = "a" * 40, "d" * 40
GITLAB = ("CI_COMMIT_SHA", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_MERGE_REQUEST_IID")
SHOW = ("--", "sh", "-c", 'echo "$SWANLAB_GROUP $SWANLAB_JOB_TYPE $SWANLAB_TAGS"')


def commit(folder: Path, text: str = "print('hello')") -> str:
    return Repository(folder).commit({"train.py": text})


def github_actions(folder: Path, *, head: str = HEAD, merge: str = "d" * 40) -> dict[str, str]:
    event = folder.parent / "event.json"
    event.write_text(json.dumps(pull_request(head)))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_SHA": merge,
    }


def test_the_checked_out_commit_counts_outside_of_a_ci(execute: Exec, folder: Path) -> None:
    head = commit(folder)

    ended = execute(*SHOW)

    assert ended.out.split() == [head] * 3


def test_the_head_of_the_pull_request_counts_in_its_job(execute: Exec, folder: Path) -> None:
    merge = commit(folder)  # what actions/checkout checks out is the merge commit

    ended = execute(*SHOW, environ=github_actions(folder, merge=merge))

    assert ended.out.split() == [HEAD] * 3
    assert "warning" not in ended.err


def test_a_job_without_git_believes_the_event(execute: Exec, folder: Path) -> None:
    environ = github_actions(folder)

    assert execute(*SHOW, environ=environ).out.split() == [HEAD] * 3
    assert execute(*SHOW, environ={**environ, "PATH": "/nowhere"}).code == 127  # `sh` is not there either


def test_another_commit_in_a_pull_requests_job_is_no_evidence_for_it(execute: Exec, folder: Path) -> None:
    base = commit(folder)  # as for a baseline that the same job trains

    ended = execute(*SHOW, environ=github_actions(folder))

    assert ended.out.split() == [base] * 3
    assert warning("exec.other-commit", commit=Name(base[:7]), event=Name(HEAD[:7])) in ended.err


@pytest.mark.parametrize("name", VARIABLES)
def test_what_is_set_stays(execute: Exec, folder: Path, name: str) -> None:
    head = commit(folder)

    shown = dict(zip(VARIABLES, execute(*SHOW, environ={name: "mine"}).out.split(), strict=True))

    assert shown == dict.fromkeys(VARIABLES, head) | {name: "mine"}


@pytest.mark.parametrize(
    ("environ", "fields"),
    [
        ({}, (Key("job"), Key("labels"))),
        ({"SWANLAB_TAGS": "mine"}, (Key("job"),)),
        ({"SWANLAB_TAGS": "mine", "SWANLAB_JOB_TYPE": "mine"}, ()),
    ],
)
def test_a_group_that_hides_the_runs_from_the_first_gate_file_is_told(
    execute: Exec, folder: Path, environ: dict[str, str], fields: tuple[Key, ...]
) -> None:
    commit(folder)
    condition = Key("runs: {group: $pr_commits}")

    ended = execute(*SHOW, environ={"SWANLAB_GROUP": "abc"} | environ)

    assert warning("exec.other-group", found=Name("abc"), condition=condition, fields=fields) in ended.err


def test_a_group_that_is_the_commit_is_no_reason_to_warn(execute: Exec, folder: Path) -> None:
    assert "warning" not in execute(*SHOW, environ={"SWANLAB_GROUP": commit(folder)}).err


def test_what_is_set_to_nothing_counts_as_unset(execute: Exec, folder: Path) -> None:
    head = commit(folder)

    assert execute(*SHOW, environ=dict.fromkeys(VARIABLES, "")).out.split() == [head] * 3


def test_the_users_word_counts_most(execute: Exec, folder: Path) -> None:
    commit(folder)

    assert execute("--sha", "c" * 40, *SHOW, environ=github_actions(folder)).out.split() == ["c" * 40] * 3


@pytest.mark.parametrize("revision", ["HEAD~1", "first", "short"])
def test_a_revision_becomes_the_whole_hash(execute: Exec, folder: Path, revision: str) -> None:
    first = commit(folder)
    Repository(folder).git("tag", "first")
    commit(folder, "more")

    ended = execute("--sha", first[:9] if revision == "short" else revision, *SHOW)

    assert ended.out.split() == [first] * 3


def test_a_revision_that_git_does_not_know_is_refused_before_anything_runs(execute: Exec, folder: Path) -> None:
    commit(folder)

    ended = execute("--sha", "abcdef1", "--", "echo", "started")

    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err


def test_without_any_commit_nothing_is_set_and_that_is_said(execute: Exec) -> None:
    ended = execute(*SHOW)

    assert ended.out.split() == []
    assert warning("exec.no-commit") in ended.err


def test_a_repository_without_a_commit_has_none(execute: Exec, folder: Path) -> None:
    Repository(folder)

    assert warning("exec.no-commit") in execute(*SHOW).err


def test_changes_that_are_not_committed_are_said(execute: Exec, folder: Path) -> None:
    head = commit(folder)
    (folder / "notes.txt").write_text("git does not track this one")
    assert "warning" not in execute(*SHOW).err

    (folder / "train.py").write_text("changed")

    ended = execute(*SHOW)
    assert ended.out.split() == [head] * 3
    assert warning("exec.dirty", commit=Name(head[:7])) in ended.err


def test_a_shallow_clone_has_its_commit(execute: Exec, folder: Path) -> None:
    origin = folder.parent / "origin"
    origin.mkdir()
    commit(origin, "one")
    head = commit(origin, "two")
    Repository(origin).git("clone", "--quiet", "--depth=1", f"file://{origin}", str(folder))

    assert execute(*SHOW).out.split() == [head] * 3


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("", "", ""), ("", None)),
        ((HEAD, "", ""), (HEAD, None)),
        ((HEAD, "", "7"), (HEAD, 7)),
        ((MERGE, HEAD, "7"), (HEAD, 7)),
        (("main", "", "0"), ("", None)),
    ],
)
def test_a_job_on_gitlab_names_its_commit(
    folder: Path, monkeypatch: pytest.MonkeyPatch, values: tuple[str, ...], expected: tuple[str, int | None]
) -> None:
    monkeypatch.chdir(folder)

    origin = origin_of({"GITLAB_CI": "true"} | dict(zip(GITLAB, values, strict=True)))

    assert (origin.commit, origin.pr) == expected


def test_a_variable_that_is_left_over_from_a_job_counts_for_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)

    assert origin_of({"GITHUB_SHA": HEAD}).commit == ""


def test_a_start_loads_nothing_that_takes_long(execute: Exec, folder: Path) -> None:
    commit(folder)

    ended = execute("--", "true", environ={"PYTHONPROFILEIMPORTTIME": "1"})

    loaded = {line.rpartition("|")[2].strip() for line in ended.err.splitlines() if line.startswith("import time:")}
    assert ended.code == 0
    assert "swanlab_ci.training.origin" in loaded
    assert loaded.isdisjoint({"requests", "jinja2", "yaml", "packaging", "ssl", "swanlab_ci.check.pipeline"})
