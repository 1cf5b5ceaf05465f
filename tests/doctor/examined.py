"""What the tests of `doctor` share: a gate file, a workflow, a rule of a branch, and how its JSON is read."""

from collections.abc import Callable
from typing import Any

from support.story import Ended

GATES = """\
project: my-team/resnet
runs: {group: $pr_commits}
gates: [{name: Finished, expect: {state: FINISHED}}]
"""
WORKFLOW = """\
on: {pull_request: {types: [opened, synchronize, reopened, edited]}}
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - uses: octo-org/swanlab-ci@v1
        with: {api-key: x}
"""
Doctor = Callable[..., Ended]
"""Runs `swanlab-ci doctor` with these arguments; keywords are more variables."""


def rule(*checks: dict[str, Any]) -> dict[str, Any]:
    """Make a rule of a ruleset that requires these checks."""
    parameters = {"required_status_checks": list(checks), "strict_required_status_checks_policy": False}
    return {"type": "required_status_checks", "parameters": parameters, "ruleset_id": 1}


def found(ended: Ended) -> list[tuple[str, str]]:
    """Return the message and the health of each finding that is not in order."""
    return [(each["id"], each["health"]) for each in ended.document["findings"] if each["health"] != "ok"]
