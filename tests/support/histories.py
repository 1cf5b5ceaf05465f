"""Made-up histories: changes of some months, judged by gates that bound and compare a metric."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from swanlab_ci import gate
from swanlab_ci.history.as_of import Past
from swanlab_ci.history.backtest import BacktestReport, MergedUnits, backtest
from swanlab_ci.history.units import Binding, compared_fields, units_of
from swanlab_ci.model import Git, Run

START = datetime(2026, 9, 3, 8, tzinfo=UTC)
RULES = """\
runs: {git.commit: $pr_commits}
baselines: {main: {runs: {git.branch: main, labels: eval, state: FINISHED}, newest: 5}}
gates:
  - {name: Everything finished, expect: {state: FINISHED}}
  - name: Accuracy holds up
    runs: {labels: eval}
    compare: {metrics.val/acc: {to: main, better: higher, allow_worse: 1%, on_missing: skip}}
  - {name: Floor, level: warn, runs: {labels: eval}, expect: {metrics.val/acc: {min: 0.9}}}
  - {name: Latency, runs: {labels: eval}, expect: {mean(metrics.latency): {below: 21}}}
  - {name: Never meets a run, runs: {labels: transfers}, if_no_runs: skip, expect: {state: FINISHED}}
"""


def made_up(count: int = 40, *, hostile: str = "", against: str = "", secret: str = "") -> BacktestReport:
    """Return a report on `count` changes; `hostile` names the project and every run, `secret` is in each config."""
    runs = [
        replace(_run(number, seed, hostile), config={"api_key": secret}) for number in range(count) for seed in range(3)
    ]
    now = runs[-1].finished_at or START
    ((field, variables),) = compared_fields(gate.load(RULES, name="swanlab-gate.yml"), {}).items()
    how, past, units = Binding(field, variables, {}), Past(runs, now), units_of(runs, field, now)
    found = backtest(gate.load(RULES, name="swanlab-gate.yml"), units, past, how)
    other = backtest(gate.load(against, name="stricter.yml"), units, past, how) if against else None
    stopped = [str(each.unit.value) for each in found.stopped]
    return BacktestReport(
        project=hostile or "my-team/resnet",
        gate_file="swanlab-gate.yml",
        field=field.text,
        of_commits=True,
        runs=len(runs),
        found=found,
        against_file="stricter.yml" if other else "",
        against=other,
        merged=MergedUnits("origin/main", frozenset(stopped[:2]), frozenset(stopped[:1]), frozenset()),
        at_most=0.01,
    )


def _run(number: int, seed: int, hostile: str) -> Run:
    created = START + timedelta(hours=38 * number + seed)
    accuracy = 0.905 + number / 2000 + (seed - 1) / 400 - (0.03 if number % 9 == 4 else 0)
    return Run(
        id=f"run{number:04}{seed}",
        name=hostile or f"c{number}-s{seed}",
        state="CRASHED" if (number % 11, seed) == (6, 1) else "FINISHED",
        labels=("eval",),
        created_at=created,
        finished_at=created + timedelta(minutes=50),
        git=Git(f"{number * 2654435761 % 16**8:08x}" * 5, "topic" if number % 3 else "main"),
        metadata={},
        metrics={"val/acc": {"last": accuracy}, "latency": {"last": 18 + number % 7 / 2 + seed}},
    )


def many() -> BacktestReport:
    """Return a report with more units on one day, and in all, than a page shows."""
    report = made_up(320)
    crowded = tuple(
        replace(each, unit=replace(each.unit, end=START + timedelta(days=200 + number // 30)))
        for number, each in enumerate(report.found.units)
    )
    return replace(report, found=replace(report.found, units=crowded))
