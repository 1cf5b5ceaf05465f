"""Judgements to report on."""

from datetime import UTC, datetime
from typing import Any

from swanlab_ci.gate.evaluate.verdict import counted
from swanlab_ci.judgement import Check, FunnelStep, GateResult, Judgement, Verdict
from swanlab_ci.model import Level, Outcome, RunRef, Status

PROJECT = "https://swanlab.example/@team/resnet"


def run(number: int = 1, **more: Any) -> RunRef:
    about = {"id": f"r{number}", "name": f"run-{number}", "url": f"{PROJECT}/runs/r{number}/chart", "state": "FINISHED"}
    return RunRef(**(about | more))


def check(**more: Any) -> Check:
    about: dict[str, Any] = {
        "run": run(),
        "field": "config.lr",
        "expected": "max 0.01",
        "actual": "0.5",
        "outcome": Outcome.VIOLATED,
        "message": "lr is 0.5, allowed is at most 0.01",
    }
    return Check(**(about | more))


def gate(status: Status = Status.FAIL, **more: Any) -> GateResult:
    about: dict[str, Any] = {
        "id": "sane-settings",
        "name": "Training settings are sane",
        "level": Level.FAIL,
        "status": status,
        "summary": "1 of 3 runs misses 1 expectation",
        "advice": "Lower `config.lr`, and train again.",
        "line": 12,
        "runs_considered": 57,
        "runs_selected": (run(1), run(2), run(3)),
        "checks": (check(),) if status is not Status.PASS else (check(outcome=Outcome.OK),),
    }
    return GateResult(**(about | more))


def judgement(*gates: GateResult, status: Status = Status.FAIL, **more: Any) -> Judgement:
    about: dict[str, Any] = {
        "verdict": Verdict(
            status, "1 of 2 gates fails: Training settings are sane", "See the table.", gates, counted(gates)
        ),
        "judged_at": datetime(2026, 11, 23, 19, 30, tzinfo=UTC),
        "project": "team/resnet",
        "project_url": PROJECT,
        "gate_file": "swanlab-gate.yml",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "runs_fetched": 57,
    }
    return Judgement(**(about | more))


def empty_gate() -> GateResult:
    return gate(
        id="smoke",
        name="Smoke run finished",
        summary="no run was selected",
        advice="Start a run labelled `smoke` for this commit.",
        why="Nothing is merged untried.\nAsk @ml-team.",
        runs_selected=(),
        checks=(),
        funnel=(FunnelStep("git.commit: $pr_commits", 3), FunnelStep("labels: smoke", 0)),
    )


def judged(status: Status, *gates: GateResult, summary: str = "So it is.", advice: str = "") -> Judgement:
    return judgement(*gates, verdict=Verdict(status, summary, advice, gates, counted(gates) if gates else ""))
