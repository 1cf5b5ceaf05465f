"""Judgements to report on and to publish, made by hand."""

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
    Stopped,
    Verdict,
)
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Level, Outcome, RunRef, Status, Truth

PROJECT = "https://swanlab.example/@team/resnet"
_TRUTHS = {
    Outcome.OK: Truth.HOLDS,
    Outcome.VIOLATED: Truth.FAILS,
    Outcome.MISSING: Truth.MISSING,
    Outcome.PENDING: Truth.PENDING,
    Outcome.ERROR: Truth.WRONG_TYPE,
}


def run(number: int = 1, **more: Any) -> RunRef:
    about = {"id": f"r{number}", "name": f"run-{number}", "url": f"{PROJECT}/runs/r{number}/chart", "state": "FINISHED"}
    return RunRef(**(about | more))


def check(
    outcome: Outcome = Outcome.VIOLATED, *, field: str = "config.lr", actual: Any = 0.5, nearest: str = "", **more: Any
) -> Check:
    """Make a check of `field`, which must be at most 0.01."""
    expected = Expectation(operator="max", values=(0.01,), written="0.01")
    reason = Reason(truth=_TRUTHS[outcome], subject=field, part=expected, actual=actual, nearest=nearest)
    about: dict[str, Any] = {
        "kind": CheckKind.RUN if more.get("run", True) else CheckKind.ALL_RUNS,
        "run": run(),
        "file": "swanlab-gate.yml",
        "line": 14,
        "expected": expected,
        "reason": reason,
    }
    return Check(field=field, outcome=outcome, **(about | more))


def gate(status: Status = Status.FAIL, **more: Any) -> GateResult:
    """Make a gate of three runs, of which one has a learning rate of 0.5."""
    checks = more.pop("checks", (check(Outcome.OK if status is Status.PASS else Outcome.VIOLATED),))
    about: dict[str, Any] = {
        "id": "sane-settings",
        "name": "Training settings are sane",
        "level": Level.FAIL,
        "status": status,
        "file": "swanlab-gate.yml",
        "line": 12,
        "runs_considered": 57,
        "runs_selected": (run(1), run(2), run(3)),
        "checks": checks,
        "count": Count(3 if status is Status.PASS else 2, 3, "all"),
        "deciding": tuple(each for each in checks if each.outcome is not Outcome.OK),
    }
    return GateResult(**(about | more))


def empty_gate() -> GateResult:
    """Make a gate without a run."""
    return gate(
        id="smoke",
        name="Smoke run finished",
        why="Nothing is merged untried.\nAsk @ml-team.",
        decided_by=Deciding.NO_RUNS,
        runs_selected=(),
        checks=(),
        funnel=(FunnelStep("git.commit: $pr_commits", 3), FunnelStep("labels: smoke", 0)),
    )


def judgement(*gates: GateResult, status: Status = Status.FAIL, **more: Any) -> Judgement:
    about: dict[str, Any] = {
        "verdict": Verdict(status, gates),
        "judged_at": datetime(2026, 11, 23, 19, 30, tzinfo=UTC),
        "project": "team/resnet",
        "project_url": PROJECT,
        "gate_file": "swanlab-gate.yml",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "runs_fetched": 57,
    }
    return Judgement(**(about | more))


def judged(status: Status, *gates: GateResult) -> Judgement:
    return judgement(*gates, status=status)


def note(text: str) -> Message:
    """Make a note."""
    return Message("text", text=Name(text))


def stopped(what: str = "It stopped.", *, exit_code: int = 3, **more: Any) -> Judgement:
    """Make a judgement without a verdict; `what` happened, and the advice says to look again."""
    why = Stopped(note(what), note("Look again."), exit_code)
    return judgement(status=Status.ERROR, stopped=why, **more)
