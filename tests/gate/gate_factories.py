from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError, Problem
from swanlab_ci.judgement import GateResult, Verdict
from swanlab_ci.messages import Message
from swanlab_ci.model import Git, Run

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
VARIABLES: Mapping[str, Any] = {
    "pr_commits": ("a" * 40, "b" * 40),
    "head_sha": "a" * 40,
    "merge_sha": "b" * 40,
    "base_sha": "c" * 40,
    "base_branch": "main",
    "head_branch": "faster",
    "pr_number": 214,
    "actor": "mona",
    "run_ids": ("run-1", "run-2"),
}


def make_run(number: int = 1, **fields: Any) -> Run:
    """Make a finished run of an hour that ended `number` hours ago, everything fetched."""
    known: dict[str, Any] = {
        "id": f"run-{number}",
        "name": f"seed-{number}",
        "state": "FINISHED",
        "created_at": NOW - timedelta(hours=number + 1),
        "finished_at": NOW - timedelta(hours=number),
        "git": Git("a" * 40, "faster", "https://example.org/me/net"),
        "metadata": {},
        "requirements": {},
        "conda": "",
        "metrics": {},
    }
    if fields.get("state", "FINISHED") not in {"FINISHED", "CRASHED", "ABORTED"}:
        known["finished_at"] = None
    return Run(**(known | fields))


def bound(text: str, **variables: Any) -> gate.GateFile:
    return gate.bind(gate.load(text, name="gates.yml"), {**VARIABLES, **variables}, event="pull_request")


def judge_text(text: str, *runs: Run, **options: Any) -> Verdict:
    return gate.judge(bound(text), runs, now=NOW, **options)


def one_gate(body: str) -> str:
    """Write a file of one gate, whose keys below `name` are `body`, one per line."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"project: me/net\ngates:\n  - name: One\n{lines}"


def judge_gate_body(body: str, *runs: Run) -> GateResult:
    results = judge_text(one_gate(body), *runs).gates
    assert len(results) == 1
    return results[0]


def problems_of(text: str) -> list[Problem]:
    """Load `text` and return what is wrong with it; nothing wrong fails the test."""
    with pytest.raises(ConfigurationError) as caught:
        gate.load(text, name="gates.yml")
    return list(caught.value.problems)


def problem_of(text: str) -> Problem:
    found = problems_of(text)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def without_none(message: Message) -> Message:
    """Return `message` without the parameters that are None."""
    return Message(message.id, **{key: value for key, value in message.params.items() if value is not None})
