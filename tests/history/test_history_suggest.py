"""Suggestions rest on the runs that a gate selected, and say nothing where there is too little of them."""

import pytest
from simulated_past import Plan, all_runs, judged_past

from swanlab_ci import gate
from swanlab_ci.history.bounds import Basis
from swanlab_ci.history.suggest import Bounded, bounded_metrics, sample_of, suggest

GATES = """\
project: me/net
runs: {git.commit: $pr_commits}
baselines: {main: {runs: {git.branch: main}, newest: 3}}
gates:
  - name: Good
    runs: {labels: eval}
    if_no_runs: skip
    expect: {metrics.acc: {min: 0.85, max: 1}, metrics.acc.max: {above: 0.5}, config.lr: {max: 1}}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: [1%, 0.05], on_missing: skip}}
  - name: Quick
    expect: {metrics.seconds: {below: {field: config.limit}}, mean(metrics.acc): {min: 0.9}}
"""


def past(*accuracies: tuple[float, ...]) -> list[Plan]:
    numbers = iter(range(1000))
    return [
        Plan(next(numbers), commit=commit, start=100 * commit, length=10, accuracy=accuracy)
        for commit, unit in enumerate(accuracies, 1)
        for accuracy in unit
    ]


def about(field: str, *, higher: bool = True) -> Bounded:
    (found,) = (
        each
        for each in bounded_metrics(gate.load(GATES, name="gates.yml"))
        if (each.field.text, each.higher_is_better) == (field, higher)
    )
    return found


def test_every_number_that_bounds_a_metric_and_every_comparison_is_found() -> None:
    found = bounded_metrics(gate.load(GATES, name="gates.yml"))

    assert [(each.field.text, each.higher_is_better, each.operator, each.bound) for each in found] == [
        ("metrics.acc", True, "min", 0.85),
        ("metrics.acc", False, "max", 1.0),
        ("metrics.acc.max", True, "above", 0.5),
    ]
    assert [(each.comparison is not None, each.baseline_runs) for each in found] == [(True, 3), (False, 5), (False, 5)]


def test_only_finished_runs_with_a_number_that_the_gate_selected_count() -> None:
    plans = [*past((0.9, 0.91), (0.92,)), Plan(90, 3, 300, 10, label="smoke"), Plan(91, 2, 200, 5, state="CRASHED")]

    sample = sample_of(about("metrics.acc"), judged_past(all_runs(plans), GATES).units)

    assert sample.units == ((0.9, 0.91), (0.92,))


def test_a_metric_that_is_asked_for_counts_in_every_finished_run() -> None:
    asked = Bounded(about("metrics.acc").field, higher_is_better=True)
    plans = [*past((0.9,)), Plan(90, 2, 200, 10, label="smoke", accuracy=0.8)]

    assert sample_of(asked, judged_past(all_runs(plans), GATES).units).units == ((0.9,), (0.8,))


@pytest.mark.slow
def test_a_long_past_supports_everything() -> None:
    values = [(0.900 + unit % 3 / 1000, 0.905, 0.910 - unit % 2 / 1000) for unit in range(20)]
    units = judged_past(all_runs(past(*values)), GATES).units

    found = suggest(about("metrics.acc"), sample_of(about("metrics.acc"), units), 0.05)

    assert found
    assert (found.units, found.runs, found.runs_a_unit) == (20, 60, 3)
    assert found.existing
    assert (found.existing.missed, found.existing.runs) == (0, 60)
    assert found.floor
    assert (found.floor.bound, found.floor.basis) == (0.9, Basis.WORST_RUN)
    assert found.floor.alarms == pytest.approx(3 / 63)
    assert found.held_out
    assert found.spread
    assert found.spread.degrees == 40
    assert found.allowance
    assert found.allowance.amount == pytest.approx(0.05)
    assert found.suggested
    assert found.suggested.unchanged.fail <= 0.05
    assert (found.suggested.new, found.suggested.base) == (3, 3)
    drops = [each.drop for each in found.seen if each.drop]
    assert len(drops) == 4
    assert min(drops) > found.allowance.amount


def test_a_short_past_supports_nothing_and_no_past_is_none() -> None:
    units = judged_past(all_runs(past((0.9, 0.91), (0.92,))), GATES).units
    found = suggest(about("metrics.acc"), sample_of(about("metrics.acc"), units), 0.05)

    assert found
    assert (found.floor, found.spread, found.allowance, found.suggested, found.seen) == (None, None, None, None, ())
    assert found.existing
    assert suggest(about("metrics.acc"), sample_of(about("metrics.acc"), ()), 0.05) is None


def test_runs_that_do_not_vary_leave_the_allowance_alone() -> None:
    units = judged_past(all_runs(past(*[(0.9, 0.9)] * 5)), GATES).units
    found = suggest(about("metrics.acc"), sample_of(about("metrics.acc"), units), 0.05)

    assert found
    assert found.floor
    assert found.floor.bound == 0.9
    assert found.suggested is None


@pytest.mark.slow
def test_a_metric_without_a_comparison_needs_no_allowance() -> None:
    units = judged_past(all_runs(past(*[(0.9, 0.95)] * 5)), GATES).units
    bounded = about("metrics.acc.max")
    asked = Bounded(bounded.field, higher_is_better=True)

    found = [suggest(one, sample_of(one, units), 0.05) for one in (bounded, asked)]

    assert [bool(each and each.suggested) for each in found] == [False, True]


@pytest.mark.parametrize(
    "more", ["pair_by: config.seed", "over_runs: median", "noise: 3 se", "outliers: warn", "if_within_noise: fail"]
)
def test_another_rule_than_the_simulated_one_has_no_rates(more: str) -> None:
    gates = GATES.replace("on_missing: skip", f"on_missing: skip, {more}")
    compared = next(each for each in bounded_metrics(gate.load(gates, name="gates.yml")) if each.comparison)
    units = judged_past(all_runs(past(*[(0.9, 0.95)] * 5)), GATES).units

    found = suggest(compared, sample_of(compared, units), 0.05)

    assert found
    assert (found.about.is_simulated, found.allowance, found.suggested, found.seen) == (False, None, None, ())


def test_a_smaller_value_is_better_where_the_gate_says_so() -> None:
    units = judged_past(all_runs(past(*[(0.9, 0.95)] * 40)), GATES).units
    one = about("metrics.acc", higher=False)

    found = suggest(one, sample_of(one, units), 0.05)

    assert found
    assert found.floor
    assert (found.floor.bound, found.existing and found.existing.missed) == (0.95, 0)
