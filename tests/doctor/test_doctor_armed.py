"""Is the check required, under its name, from the right App: by a ruleset, by branch protection, or not at all."""

from pathlib import Path
from typing import Any

import pytest
from examined import WORKFLOW, Doctor, found, rule
from support.github_double import ACTIONS_APP, TOKEN, GitHubDouble

from swanlab_ci.messages import Language, Message, plain

FROM_ACTIONS = {"context": "gate", "integration_id": ACTIONS_APP}


def test_an_armed_gate_is_told_from_few_requests(doctor: Doctor, armed: GitHubDouble) -> None:
    ended = doctor("--format", "json")

    assert ended.code == 0, ended.out
    assert ended.document["exit_code"] == 0
    assert [each["part"] for each in ended.document["findings"] if each["health"] == "ok"] == [
        "gate-file", "project", "requests", "required", "workflow",
    ]  # fmt: skip
    assert len(armed.asked) == 4  # the default branch's name, its rules, its protection, the App's id


@pytest.mark.parametrize(
    ("rules", "protected", "expected"),
    [
        ([rule(FROM_ACTIONS)], None, []),
        ([], [{"context": "gate", "app_id": ACTIONS_APP}], []),
        ([], None, [("forge.not-armed", "problem")]),
        ([rule({"context": "Gate", "integration_id": ACTIONS_APP})], None, [("forge.not-armed", "problem")]),
        ([rule({"context": "gate"})], None, [("github.any-app", "warning")]),
        ([], [{"context": "gate", "app_id": None}], [("github.any-app", "warning")]),
        ([], [{"context": "gate", "app_id": -1}], [("github.any-app", "warning")]),
        ([rule({"context": "gate", "integration_id": 7})], None, [("github.other-app", "problem")]),
    ],
)
def test_what_requires_the_check(
    doctor: Doctor, github: GitHubDouble, rules: list[Any], protected: list[Any] | None, expected: list[Any]
) -> None:
    github.rules, github.protected_checks = rules, protected

    ended = doctor("--format", "json")

    assert [each for each in found(ended) if each[0].startswith(("github.", "forge."))] == expected
    assert ended.code == (1 if any(health == "problem" for _, health in expected) else 0)


@pytest.mark.parametrize(("status", "path"), [(404, "/rules/"), (403, "/branches/main$"), (401, "octo-repo$")])
def test_what_may_not_be_read_is_not_known(doctor: Doctor, armed: GitHubDouble, status: int, path: str) -> None:
    armed.answer("GET", path, status, times=9)

    ended = doctor("--format", "json")

    assert ended.code == 3
    assert ("forge.failed", "unknown") in found(ended)


@pytest.mark.parametrize("missing", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_without_a_token_or_a_repository_it_is_not_known(doctor: Doctor, github: GitHubDouble, missing: str) -> None:
    ended = doctor("--format", "json", **{missing: ""})

    assert ended.code == 3
    assert ("forge.not-asked", "unknown") in found(ended)
    assert github.asked == []


def test_another_branch_and_another_name_can_be_asked_for(doctor: Doctor, armed: GitHubDouble) -> None:
    ended = doctor("--branch", "release/1.0", "--check", "other", "--format", "json")

    assert ("forge.not-armed", "problem") in found(ended)
    assert any(request.path.endswith("/rules/branches/release%2F1.0") for request in armed.asked)


def test_a_status_is_required_under_its_own_name(doctor: Doctor, github: GitHubDouble, checkout: Path) -> None:
    file = checkout / ".github" / "workflows" / "gate.yml"
    file.write_text(WORKFLOW.replace("{api-key: x}", "{api-key: x, status-context: swanlab-ci}"))
    github.rules = [rule({"context": "swanlab-ci", "integration_id": ACTIONS_APP})]

    assert doctor().code == 0


@pytest.mark.parametrize("language", Language)
def test_the_text_is_written_in_each_language_and_holds_no_token(
    doctor: Doctor, github: GitHubDouble, language: str
) -> None:
    github.rules = []

    ended = doctor("--language", language)

    assert ended.code == 1
    assert ended.out.splitlines()[-1] == plain(Message("doctor.not-armed", count=1), Language(language))
    assert TOKEN not in ended.out + ended.err
