"""Whatever a gate file asks, a backtest gives the verdicts of checks, and its work grows with the history alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_past import NOW, Plan, all_runs, checked, commit_of, judged_past, verdicts

from swanlab_ci import gate
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.readings import Reading
from swanlab_ci.history.as_of import Past
from swanlab_ci.history.units import Unplaced
from swanlab_ci.model import Run

OF_UNIT = ("git.commit: $pr_commits", "git.commit: {in: [$head_sha]}", "any_of: [{git.commit: $head_sha}]")
CLAUSES = (
    "labels: eval",
    "state: FINISHED",
    "state: {not: CRASHED}",
    "git.branch: main",
    "config.opt.seed: {exists: true}",
    "metrics.acc: {min: 0.85}",
    "duration: {max: 3h}",
    "age: {max: 2h}",
    "age: {min: 30m, max: 10h}",
    "any_of: [{age: {below: 1h}}, {state: CRASHED}]",
    "any_of: [{config.opt.seed: 1}, {state: FINISHED}]",
    "none_of: [{age: {max: 2h}, labels: smoke}]",
    "age: {max: {field: duration, times: 2}}",
    "group: {not: $head_sha}",
)
NARROWED = ("", "newest: 2, ", "latest_by: config.opt.seed, ", "take: {best: 2, by: metrics.acc, better: higher}, ")
CHECKS = (
    "expect: {state: FINISHED}",
    "how_many: {at_least: 1}, expect: {metrics.acc: {min: 0.85}}",
    "compare: {metrics.acc: {to: base, better: higher, allow_worse: 1%, on_missing: skip}}",
    "compare: {metrics.acc: {to: base, better: higher, allow_worse: 2%, pair_by: config.opt.seed}}",
    "unchanged: {to: base, fields: config.opt.seed}",
)


def key_of(clause: str) -> str:
    return clause.partition(":")[0]


def selections(first: Sequence[str]) -> st.SearchStrategy[str]:
    """Write maps of conditions, one of them on the unit if `first` has any, in every order."""
    of_unit = st.lists(st.sampled_from(first), min_size=1, max_size=1) if first else st.just([])
    both = st.tuples(of_unit, st.lists(st.sampled_from(CLAUSES), max_size=2)).map(lambda parts: parts[1] + parts[0])
    maps = both.map(lambda clauses: [*{key_of(clause): clause for clause in clauses}.values()]).filter(bool)
    return maps.flatmap(st.permutations).map(lambda clauses: "{" + ", ".join(clauses) + "}")


@st.composite
def gate_files(draw: st.DrawFn) -> str:
    """Write a gate file with one baseline and a few gates."""
    draw_narrowed = st.sampled_from(NARROWED)
    choices = [f"{{{draw(draw_narrowed)}runs: {draw(selections(()))}}}" for _ in range(draw(st.integers(1, 2)))]
    lines = [
        "project: me/net",
        f"runs: {draw(selections(OF_UNIT))}",
        f"baselines: {{base: {{first_of: [{', '.join(choices)}], min_runs: {draw(st.integers(1, 2))}}}}}",
        "gates:",
    ]
    for number in range(draw(st.integers(1, 3))):
        more = draw(st.sampled_from(("", "for_each: config.opt.seed, ", "scope: project, ")[: 2 + bool(number)]))
        own = draw(st.sampled_from(("", "runs: " + draw(selections(())) + ", ")))
        narrowed = draw(draw_narrowed)
        lines.append(f"  - {{name: Gate {number}, {more}{own}{narrowed}{draw(st.sampled_from(CHECKS))}}}")
    return "\n".join(lines) + "\n"


plans = st.builds(
    Plan,
    number=st.integers(0, 14),
    commit=st.integers(1, 5),
    start=st.integers(0, 2000),
    length=st.integers(0, 900),
    branch=st.sampled_from(["main", "main", "topic"]),
    label=st.sampled_from(["eval", "eval", "smoke"]),
    state=st.sampled_from(["FINISHED", "FINISHED", "CRASHED"]),
    accuracy=st.sampled_from([0.8, 0.9, 0.91]),
    seed=st.sampled_from([None, 0, 1, 1, 2, 2]),
)
pasts = st.lists(plans, min_size=1, max_size=12, unique_by=lambda plan: plan.number)


@given(pasts, gate_files())
def test_any_gate_file_gives_the_verdicts_of_checks_at_that_time(past: list[Plan], gates: str) -> None:
    expected = {commit_of(commit): checked(past, commit, gates) for commit in {plan.commit for plan in past}}

    assert verdicts(judged_past(all_runs(past), gates)) == expected


def test_a_run_that_was_uploaded_is_not_its_own_baseline() -> None:
    gates = (
        "project: me/net\nruns: {git.commit: $pr_commits}\nbaselines: {base: {runs: {labels: eval}}}\ngates:\n"
        "  - {name: Same, unchanged: {to: base, fields: config.opt.seed}}\n"
    )
    uploaded, copy = Plan(8, commit=2, start=50, length=10, seed=1), Plan(9, commit=1, start=0, length=10, seed=2)

    assert verdicts(judged_past(all_runs([uploaded, copy]), gates)) == {
        commit_of(plan.commit): checked([uploaded, copy], plan.commit, gates) for plan in (uploaded, copy)
    }
    assert next(run for run in all_runs([uploaded]) if run.id == "run-8").slug == "run-9"


GROWING = """\
project: me/net
runs: {state: {not: ABORTED}, git.commit: $pr_commits}
baselines:
  base: {runs: {git.branch: main, state: FINISHED, age: {max: 100d}}, newest: 3}
  none: {runs: {git.branch: mian}}
gates:
  - {name: Holds up, compare: {metrics.acc: {to: base, better: higher, allow_worse: 1%, on_missing: skip}}}
  - {name: Same, for_each: config.opt.seed, unchanged: {to: none, fields: config.opt.seed}}
"""


def test_the_work_grows_with_the_history_and_not_with_its_square(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (readings_of(count, monkeypatch) for count in (100, 400))

    assert few < many < 4.5 * few


def readings_of(count: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many fields are read to judge so many units of one run each."""
    seen, plain = Counter[str](), Field.read

    def read(self: Field, run: Run, now: datetime) -> Reading:
        seen["read"] += 1
        return plain(self, run, now)

    branches = ("main", "main", "topic")
    past = [
        Plan(each, commit=each + 1, start=10 * each, length=15, branch=branches[each % 3], seed=1)
        for each in range(count)
    ]
    with monkeypatch.context() as patched:
        patched.setattr(Field, "read", read)
        assert len(judged_past(all_runs(past), GROWING).units) == count
    return seen["read"]


def test_a_run_from_the_future_has_no_age_and_the_others_are_judged() -> None:
    gates = (
        "project: me/net\nruns: {git.commit: $pr_commits}\n"
        "baselines: {base: {runs: {labels: eval, age: {max: 10h}}, newest: 1}}\ngates:\n"
        "  - {name: Same, unchanged: {to: base, fields: config.opt.seed}}\n"
    )
    early, late, still = (Plan(each, commit=each, start=40_000, length=10, seed=each) for each in (1, 2, 3))
    ended, future, going = all_runs([early, late, still])
    future = replace(future, finished_at=NOW + timedelta(days=1))
    going = replace(going, state="RUNNING", finished_at=None)

    units = judged_past([ended, future, going], gates).units

    assert {each.unit.value for each in units if each.unit.unplaced is Unplaced.IN_THE_FUTURE} == {commit_of(2)}
    rules = gate.load(gates, name="gates.yml")
    for each in (each for each in units if not each.unit.unplaced):
        sha = str(each.unit.value)
        bound = gate.bind(rules, {"pr_commits": (sha,), "head_sha": sha}, event="")
        known = Past([ended, future, going], NOW).at(each.unit.end)
        assert each.verdict == gate.judge(bound, known, now=each.unit.end)
