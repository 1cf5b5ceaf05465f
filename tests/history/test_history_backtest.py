"""A backtest gives every verdict that a check gave at that time, counts them, and never looks ahead."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from simulated_past import GATES, NOW, Plan, all_runs, checked, commit_of, judged_past, moment, verdicts

from swanlab_ci.history.as_of import Past, changed_later
from swanlab_ci.history.backtest import NO_RUN, Remark, differences
from swanlab_ci.history.units import Unplaced
from swanlab_ci.model import Points, Run, Status

plans = st.builds(
    Plan,
    number=st.integers(0, 10**6),
    commit=st.integers(1, 5),
    start=st.integers(0, 2000),
    length=st.integers(0, 900),
    branch=st.sampled_from(["main", "topic"]),
    label=st.sampled_from(["eval", "smoke"]),
    state=st.sampled_from(["FINISHED", "FINISHED", "CRASHED"]),
    accuracy=st.sampled_from([0.3, 0.8, 0.9, 0.91, 0.95]),
)
pasts = st.lists(plans, min_size=1, max_size=12, unique_by=lambda plan: plan.number)


@given(pasts)
def test_each_verdict_is_that_of_a_check_at_that_time(past: list[Plan]) -> None:
    expected = {commit_of(commit): checked(past, commit) for commit in {plan.commit for plan in past}}

    assert verdicts(judged_past(all_runs(past))) == expected


@given(pasts, plans, st.integers(1, 500))
def test_a_later_run_never_changes_an_earlier_verdict(past: list[Plan], later: Plan, wait: int) -> None:
    assume(later.number not in {plan.number for plan in past})
    later = replace(later, commit=9, start=max(plan.end for plan in past) + wait)

    before, after = (verdicts(judged_past(all_runs(runs))) for runs in (past, [*past, later]))

    assert {commit: after[commit] for commit in before} == before


@given(pasts)
def test_every_unit_is_counted_once_by_every_gate(past: list[Plan]) -> None:
    found = judged_past(all_runs(past))

    assert [sum(one.counts.values()) for one in found.gates] == [len(found.units)] * 5
    assert sum(one.alone for one in found.gates) <= len(found.stopped)
    assert [unit for unit in found.units if unit.is_stopped] == list(found.stopped)


MAIN = [Plan(number, commit=1, start=0, length=60, branch="main", accuracy=0.9) for number in (1, 2, 3)]
CHANGE = Plan(7, commit=2, start=100, length=60, accuracy=0.7)
LATER_MAIN = [Plan(number, commit=3, start=200, length=60, branch="main", accuracy=0.7) for number in (4, 5, 6)]


def test_a_baseline_of_later_runs_excuses_nothing() -> None:
    found = judged_past(all_runs([*MAIN, CHANGE, *LATER_MAIN]))

    assert verdicts(found)[commit_of(2)] == checked([*MAIN, CHANGE], 2)
    assert [each.unit.value for each in found.stopped] == [commit_of(2), commit_of(3)]


def test_a_run_that_ended_later_is_no_baseline_yet() -> None:
    slow = [replace(plan, length=500) for plan in MAIN]

    (result,) = (each for each in result_of([*slow, CHANGE], 2) if each[0] == "holds-up")

    assert result[1] is Status.SKIPPED


def result_of(past: list[Plan], commit: int) -> list[tuple[str, Status]]:
    verdict = verdicts(judged_past(all_runs(past)))[commit_of(commit)]
    assert verdict
    return [(gate.id, gate.status) for gate in verdict.gates]


def test_without_the_filter_of_time_the_verdicts_would_be_others(monkeypatch: pytest.MonkeyPatch) -> None:
    past = [*MAIN, CHANGE, *LATER_MAIN]
    monkeypatch.setattr(Past, "as_of", lambda self, _moment, place: self.latest(place))
    monkeypatch.setattr(Past, "existing", lambda self, _moment: len(self))

    assert verdicts(judged_past(all_runs(past)))[commit_of(2)] != checked(past, 2)


def test_waivers_and_ages_are_those_of_that_time() -> None:
    crash = replace(CHANGE, state="CRASHED")
    two_days_later = replace(crash, number=8, commit=4, start=2 * 24 * 60)

    assert dict(result_of([crash], 2))["finished"] is Status.WAIVED
    assert dict(result_of([two_days_later], 4))["finished"] is Status.FAIL


def test_gates_are_counted_and_what_is_odd_is_remarked() -> None:
    by_id = {one.id: one for one in judged_past(all_runs([*MAIN, CHANGE, *LATER_MAIN])).gates}

    assert by_id["finished"].counts == {Status.PASS: 3}
    assert by_id["finished"].remark is Remark.NEVER_FAILED
    assert by_id["holds-up"].counts == {Status.SKIPPED: 1, Status.FAIL: 2}
    assert by_id["holds-up"].alone == 2
    assert by_id["main-is-alive"].counts == {Status.PASS: 3}


def test_a_gate_that_never_had_a_run_and_one_that_never_passed_are_remarked() -> None:
    gates = (
        "project: me/net\nruns: {git.commit: $pr_commits}\ngates:\n"
        "  - {name: No run, runs: {labels: none}, expect: {state: FINISHED}}\n"
        "  - {name: No pass, level: warn, expect: {metrics.acc: {min: 2}}}\n"
    )
    found = judged_past(all_runs([*MAIN, CHANGE]), gates).gates

    assert [(one.counts, one.remark) for one in found] == [
        ({NO_RUN: 2}, Remark.NEVER_HAD_A_RUN),
        ({Status.WARN: 2}, Remark.NEVER_PASSED),
    ]
    assert [(one.file, one.line) for one in found] == [("gates.yml", 4), ("gates.yml", 5)]


def test_what_a_run_logged_later_is_not_known() -> None:
    (run,) = all_runs([CHANGE])
    past = Past([replace(run, points={"acc": Points.of([1], [0.9])})], NOW)

    (going,), (over,) = past.at(moment(130)), past.at(moment(160))

    assert (going.state, going.finished_at, going.metrics) == ("RUNNING", None, {})
    assert going.points == {"acc": Points.of([], [])}
    assert (over.state, over.points) == ("FINISHED", {"acc": Points.of([1], [0.9])})
    assert past.at(moment(99)) == ()


def test_an_open_unit_is_judged_now() -> None:
    runs = [replace(run, state="RUNNING", finished_at=None) for run in all_runs([CHANGE])]

    (each,) = judged_past(runs).units

    assert (each.unit.is_open, each.unit.end, each.status) == (True, NOW, Status.PENDING)
    assert each.is_stopped


@pytest.mark.parametrize(
    ("change", "unplaced"),
    [
        ({"created_at": None}, Unplaced.NO_START),
        ({"finished_at": None}, Unplaced.NO_END),
        ({"finished_at": moment(99)}, Unplaced.ENDS_BEFORE_START),
        ({"finished_at": NOW + timedelta(seconds=1)}, Unplaced.IN_THE_FUTURE),
        ({"created_at": NOW + timedelta(days=1), "finished_at": NOW + timedelta(days=2)}, Unplaced.IN_THE_FUTURE),
    ],
)
def test_a_unit_whose_clocks_disagree_is_an_error_and_is_not_dropped(
    change: dict[str, object], unplaced: Unplaced
) -> None:
    runs: list[Run] = [replace(run, **change) for run in all_runs([CHANGE])]  # type: ignore[arg-type]  # times

    (each,) = judged_past(runs).units

    assert (each.unit.unplaced, each.status, each.is_stopped, each.verdict) == (unplaced, Status.ERROR, True, None)


def test_two_gate_files_differ_where_their_verdicts_do() -> None:
    runs = all_runs([*MAIN, CHANGE, *LATER_MAIN])
    before, after = judged_past(runs), judged_past(runs, GATES.replace("allow_worse: 1%", "allow_worse: 50%"))

    found = differences(before, after)

    assert [(each.before.unit.value, each.before.status, each.after.status) for each in found] == [
        (commit_of(2), Status.FAIL, Status.PASS),
        (commit_of(3), Status.FAIL, Status.PASS),
    ]


def test_a_published_histogram_of_61_scores_gives_the_rates_that_were_counted_by_hand() -> None:
    """Source: the stress test in sgl-project/sglang-jax, pull request 1333: `> 0.85` failed 12 of 61 times."""
    counts = {0.840: 2, 0.845: 3, 0.850: 7, 0.855: 13, 0.860: 12, 0.865: 10, 0.870: 7, 0.875: 5, 0.880: 2}
    scores = [score for score, count in counts.items() for _ in range(count)]
    past = [Plan(number, commit=number, start=number, length=1, accuracy=score) for number, score in enumerate(scores)]
    gates = "runs: {{git.commit: $pr_commits}}\ngates: [{{name: Holds, expect: {{metrics.acc: {{above: {least}}}}}}}]\n"

    found = {least: judged_past(all_runs(past), gates.format(least=least)) for least in (0.85, 0.84, 0.83)}

    assert [len(each.stopped) for each in found.values()] == [12, 2, 0]
    shares = [100 * len(each.stopped) / len(each.units) for each in found.values()]
    assert shares == pytest.approx([19.7, 3.3, 0], abs=0.05)


@pytest.mark.parametrize(
    ("seconds", "counted"), [(None, 0), (-1, 0), (60, 0), (61, 1)], ids=["unknown", "before", "with the end", "later"]
)
def test_a_run_is_changed_later_if_that_was_no_part_of_its_end(seconds: int | None, counted: int) -> None:
    (run,) = all_runs([CHANGE])
    at = None if seconds is None else moment(160) + timedelta(seconds=seconds)

    assert changed_later([replace(run, updated_at=at)]) == counted
    assert changed_later([replace(run, updated_at=at, finished_at=None)]) == 0
