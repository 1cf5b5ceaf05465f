"""Judgements to report on and to publish."""

from datetime import UTC, datetime
from typing import Any

from swanlab_ci.judgement import (
    Check,
    CheckKind,
    Count,
    Deciding,
    Expectation,
    FunnelStep,
    GateResult,
    Judgement,
    Reason,
    Verdict,
)
from swanlab_ci.model import Level, Outcome, RunRef, Status, Truth

PROJECT = "https://swanlab.example/@team/resnet"
FILE = "swanlab-gate.yml"


def run(number: int = 1, **more: Any) -> RunRef:
    about = {"id": f"r{number}", "name": f"run-{number}", "url": f"{PROJECT}/runs/r{number}/chart", "state": "FINISHED"}
    return RunRef(**(about | more))


def check(**more: Any) -> Check:
    """Return the check of one run: config.lr is 0.5 and may be at most 0.01."""
    expected = Expectation(operator="max", values=(0.01,), written="0.01")
    field = more.get("field", "config.lr")
    about: dict[str, Any] = {
        "kind": CheckKind.RUN,
        "run": run(),
        "field": field,
        "file": FILE,
        "line": 14,
        "expected": expected,
        "outcome": Outcome.VIOLATED,
        "reason": Reason(truth=Truth.FAILS, subject=field, part=expected, actual=0.5),
    }
    return Check(**(about | more))


def gate(status: Status = Status.FAIL, **more: Any) -> GateResult:
    checks = more.get("checks", (check(outcome=Outcome.OK if status is Status.PASS else Outcome.VIOLATED),))
    about: dict[str, Any] = {
        "id": "sane-settings",
        "name": "Training settings are sane",
        "level": Level.FAIL,
        "status": status,
        "file": FILE,
        "line": 12,
        "runs_considered": 57,
        "runs_selected": (run(1), run(2), run(3)),
        "checks": checks,
        "count": Count(3 if status is Status.PASS else 2, 3, "all"),
        "deciding": tuple(each for each in checks if each.outcome is not Outcome.OK),
    }
    return GateResult(**(about | more))


def judgement(*gates: GateResult, status: Status = Status.FAIL, **more: Any) -> Judgement:
    about: dict[str, Any] = {
        "verdict": Verdict(status, gates),
        "judged_at": datetime(2026, 11, 23, 19, 30, tzinfo=UTC),
        "project": "team/resnet",
        "project_url": PROJECT,
        "gate_file": FILE,
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "runs_fetched": 57,
    }
    return Judgement(**(about | more))


def empty_gate() -> GateResult:
    return gate(
        id="smoke",
        name="Smoke run finished",
        decided_by=Deciding.NO_RUNS,
        why="Nothing is merged untried.\nAsk @ml-team.",
        runs_selected=(),
        checks=(),
        funnel=(FunnelStep("git.commit: $pr_commits", 3), FunnelStep("labels: smoke", 0)),
    )


def judged(status: Status, *gates: GateResult) -> Judgement:
    return judgement(*gates, status=status)
