"""A project whose past is planned, so that its runs are known at every moment, without any backtest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from swanlab_ci import gate
from swanlab_ci.history.as_of import Past
from swanlab_ci.history.backtest import Backtest, backtest
from swanlab_ci.history.units import Binding, compared_fields, units_of
from swanlab_ci.judgement import Verdict
from swanlab_ci.model import Git, Points, Run

START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)
GATES = """\
project: me/net
runs: {git.commit: $pr_commits}
baselines: {main: {runs: {git.branch: main, labels: eval, state: FINISHED}, newest: 3}}
curves: {spike: {of: loss, take: max_rise}, count: {of: loss, take: count}}
gates:
  - name: Finished
    expect: {state: FINISHED}
  - name: Holds up
    runs: {labels: eval}
    if_no_runs: skip
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%, on_missing: skip}}
  - name: Good enough
    level: warn
    expect: {metrics.acc.max: {min: 0.5, optional: true}}
  - name: No spike
    level: warn
    if_no_runs: skip
    expect: {curve.spike: {max: 2.3}, curve.count: {min: 1, optional: true}}
  - name: Main is alive
    scope: project
    runs: {git.branch: main, age: {max: 2h}}
    if_no_runs: warn
    expect: {duration: {max: 10h}, curve.spike: {max: 2.3}}
waivers:
  - {gate: finished, reason: Crashes are looked into, until: 2026-03-02}
"""


@dataclass(frozen=True)
class Plan:
    """A run that starts `start` minutes after the beginning and takes `length` minutes; the seed 0 is ambiguous."""

    number: int
    commit: int
    start: int
    length: int
    branch: str = "topic"
    label: str = "eval"
    state: str = "FINISHED"
    accuracy: float = 0.9
    seed: int | None = None

    @property
    def end(self) -> int:
        return self.start + self.length

    def at(self, minute: int) -> Run | None:
        """Return the run as SwanLab would show it then; None before it is created."""
        if self.start > minute:
            return None
        is_over = self.end <= minute
        return Run(
            id=f"run-{self.number}",
            name=f"seed-{self.number}",
            state=self.state if is_over else "RUNNING",
            labels=(self.label,),
            created_at=moment(self.start),
            finished_at=moment(self.end) if is_over else None,
            git=Git(commit_of(self.commit), self.branch),
            group=commit_of(self.commit),
            slug=f"run-{self.number + 1}" if self.number % 2 == 0 else f"slug-{self.number}",
            config={} if self.seed is None else {"opt": {"seed": self.seed}} | ({} if self.seed else {"opt.seed": 9}),
            metadata={},
            requirements={},
            conda="",
            metrics={"acc": {"last": self.accuracy, "max": self.accuracy}} if is_over else {},
            points={"loss": Points.of((0, 1), (0.4, self.accuracy)) if is_over else Points.of((), ())},
        )


def moment(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def commit_of(number: int) -> str:
    return f"{(number + 1) * 2654435761 % 16**8:08x}" * 5


def known_at(plans: Sequence[Plan], minute: int) -> list[Run]:
    return [run for plan in plans if (run := plan.at(minute))]


def all_runs(plans: Sequence[Plan]) -> list[Run]:
    return known_at(plans, max(plan.end for plan in plans))


def checked(plans: Sequence[Plan], commit: int, gates: str = GATES) -> Verdict:
    """Check a commit at the moment when its last run has ended, as the action would."""
    end = max(plan.end for plan in plans if plan.commit == commit)
    sha = commit_of(commit)
    rules = gate.bind(gate.load(gates, name="gates.yml"), {"pr_commits": (sha,), "head_sha": sha}, event="")
    return gate.judge(rules, known_at(plans, end), now=moment(end))


def judged_past(runs: Sequence[Run], gates: str = GATES) -> Backtest:
    """Hold a gate file against all that is known now."""
    rules = gate.load(gates, name="gates.yml")
    ((field, variables),) = compared_fields(rules, {}).items()
    return backtest(rules, units_of(runs, field, NOW), Past(runs, NOW), Binding(field, variables, {}))


def verdicts(found: Backtest) -> dict[str, Verdict | None]:
    return {str(each.unit.value): each.verdict for each in found.units}
