"""Suggestions rest on the runs that a gate selected, and say nothing where there is too little of them."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_past import NOW, Plan, all_runs, judged_past

from swanlab_ci import gate
from swanlab_ci.history.as_of import Past
from swanlab_ci.history.bounded import Bounded, bounded_metrics, bounded_settings
from swanlab_ci.history.bounds import Basis, Sample, floor
from swanlab_ci.history.samples import questions_of, runs_of_baseline, sample_of, setting_of
from swanlab_ci.history.suggest import Power, Setting, suggest, together
from swanlab_ci.history.trial import HeldOut, History, held_out
from swanlab_ci.history.units import Binding, compared_fields

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
    assert (len(found.sample.units), len(found.sample.values), found.sample.runs_a_unit) == (20, 60, 3)
    assert found.existing
    assert (found.existing.missed, found.existing.runs) == (0, 60)
    assert found.floor
    assert (found.floor.bound, found.floor.basis) == (0.9, Basis.WORST_RUN)
    assert found.floor.alarms == pytest.approx(3 / 63)
    assert found.spread
    assert found.spread.degrees == 40
    assert found.power.allowance
    assert found.power.allowance.amount == pytest.approx(0.05)
    assert found.power.suggested
    assert found.power.suggested.unchanged.fail <= 0.05
    assert (found.power.suggested.new, found.power.suggested.base) == (3, 3)
    drops = [each.drop for each in found.power.seen if each.drop]
    assert len(drops) == 4
    assert min(drops) > found.power.allowance.amount


def test_a_short_past_supports_nothing_and_no_past_is_none() -> None:
    units = judged_past(all_runs(past((0.9, 0.91), (0.92,))), GATES).units
    found = suggest(about("metrics.acc"), sample_of(about("metrics.acc"), units), 0.05)

    assert found
    assert (found.floor, found.spread, found.power) == (None, None, Power())
    assert found.existing
    assert suggest(about("metrics.acc"), sample_of(about("metrics.acc"), ()), 0.05) is None


def test_runs_that_do_not_vary_leave_the_allowance_alone() -> None:
    units = judged_past(all_runs(past(*[(0.9, 0.9)] * 5)), GATES).units
    found = suggest(about("metrics.acc"), sample_of(about("metrics.acc"), units), 0.05)

    assert found
    assert found.floor
    assert found.floor.bound == 0.9
    assert found.power.suggested is None


@pytest.mark.slow
def test_a_metric_without_a_comparison_needs_no_allowance() -> None:
    units = judged_past(all_runs(past(*[(0.9, 0.95)] * 5)), GATES).units
    bounded = about("metrics.acc.max")
    asked = Bounded(bounded.field, higher_is_better=True)

    found = [suggest(one, sample_of(one, units), 0.05) for one in (bounded, asked)]

    assert [bool(each and each.power.suggested) for each in found] == [False, True]


@pytest.mark.parametrize(
    "more", ["pair_by: config.seed", "over_runs: median", "noise: 3 se", "outliers: warn", "if_within_noise: fail"]
)
def test_another_rule_than_the_simulated_one_has_no_rates(more: str) -> None:
    gates = GATES.replace("on_missing: skip", f"on_missing: skip, {more}")
    compared = next(each for each in bounded_metrics(gate.load(gates, name="gates.yml")) if each.comparison)
    units = judged_past(all_runs(past(*[(0.9, 0.95)] * 5)), GATES).units

    found = suggest(compared, sample_of(compared, units), 0.05)

    assert found
    assert (found.about.is_simulated, found.power.allowance, found.power.suggested, found.power.seen) == (
        False,
        None,
        None,
        (),
    )


def test_a_smaller_value_is_better_where_the_gate_says_so() -> None:
    units = judged_past(all_runs(past(*[(0.9, 0.95)] * 40)), GATES).units
    one = about("metrics.acc", higher=False)

    found = suggest(one, sample_of(one, units), 0.05)

    assert found
    assert found.floor
    assert (found.floor.bound, found.existing and found.existing.missed) == (0.95, 0)


def history_of(plans: list[Plan], gates: str = GATES) -> History:
    runs = all_runs(plans)
    rules = gate.load(gates, name="gates.yml")
    ((field, variables),) = compared_fields(rules, {}).items()
    return History(rules, judged_past(runs, gates).units, Past(runs, NOW), Binding(field, variables, {}))


def test_a_rule_from_the_older_changes_is_judged_on_the_newest() -> None:
    usual = [(0.90 + commit % 3 / 1000, 0.91, 0.92) for commit in range(19)]
    one = about("metrics.acc")
    fine, bad = history_of(past(*usual, (0.9, 0.91, 0.92))), history_of(past(*usual, (0.9, 0.91, 0.5)))

    tried = [held_out(one, sample_of(one, each.units), 0.1, each) for each in (fine, bad)]

    assert tried == [HeldOut(6, 0), HeldOut(6, 1)]


def test_fewer_than_ten_changes_are_not_split_and_an_asked_metric_is_tried_by_its_values() -> None:
    units = [(0.9 + commit % 5 / 100,) for commit in range(19)]
    asked = Bounded(about("metrics.acc").field, higher_is_better=True)
    long, short = history_of(past(*units, (0.1,))), history_of(past(*units[:9]))

    assert held_out(asked, sample_of(asked, long.units), 0.1, long) == HeldOut(6, 1)
    assert held_out(asked, sample_of(asked, short.units), 0.1, short) is None


def test_bounds_of_metrics_that_go_together_have_one_rate() -> None:
    units = history_of(past(*[(0.9 + commit / 1000, 0.95) for commit in range(20)])).units
    found = [suggest(one, sample_of(one, units), 0.1) for one in (about("metrics.acc"), about("metrics.acc.max"))]
    suggestions = [each for each in found if each]

    both, one = together(suggestions, 0.1), together(suggestions[:1], 0.1)

    assert both
    assert (both.bounds, both.stopped, both.units) == (2, 1, 20)
    assert one is None


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=3), min_size=9, max_size=40), st.booleans())
def test_the_joint_rate_is_that_of_every_change_against_all_others(units: list[list[int]], higher: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    values = tuple(tuple(float(value) for value in unit) for unit in units)
    sample = Sample(values, higher, tuple(map(str, range(len(values)))))
    found = suggest(Bounded(about("metrics.acc").field, higher), sample, 0.1)
    assert found

    both = together([found, found], 0.1)

    bounds = [floor(sample.without(number), 0.1) for number in range(len(values))]
    missing = [
        any(sample.is_worse(value, bound.bound) for value in unit)
        for bound, unit in zip(bounds, values, strict=True)
        if bound
    ]
    assert both
    assert both.stopped == sum(missing)


def test_ten_thousand_changes_are_looked_at_in_seconds() -> None:
    values = tuple((number * 7919 % 10007 / 10007, 0.5) for number in range(10_000))
    sample = Sample(values, higher_is_better=True, names=tuple(map(str, range(10_000))))
    found = suggest(Bounded(about("metrics.acc").field, higher_is_better=True, gate="x"), sample, 0.05)
    assert found
    started = time.process_time()

    both = together([found, found], 0.05)

    assert both
    assert (both.stopped, both.units) == (1, 10_000)
    assert time.process_time() - started < 5


def test_a_setting_has_the_range_of_its_past_and_none_with_few_runs() -> None:
    gates = GATES.replace("config.lr: {max: 1}", "config.lr: {min: 0, max: 1, optional: true}")
    (lr,) = bounded_settings(gate.load(gates, name="gates.yml"))
    plans = past(*[(0.9,)] * 8)
    runs = [replace(run, config={"lr": 10.0**-number}) for number, run in enumerate(all_runs(plans))]
    units = judged_past(runs, gates).units

    assert setting_of(lr, units) == Setting(lr, 8, 8, 1e-7, 1.0)
    assert setting_of(lr, units[1:]) is None


def test_only_the_runs_of_a_baseline_count_where_one_is_named() -> None:
    plans = [*past((0.9,), (0.91,)), Plan(90, 3, 300, 10, branch="main", accuracy=0.95)]
    history = history_of(plans, GATES)

    among = runs_of_baseline("main", history)

    assert among == {"run-90"}
    assert sample_of(about("metrics.acc"), history.units, among).units == ((0.95,),)


def test_the_noise_of_a_share_is_that_of_its_questions() -> None:
    runs = [replace(run, config={"eval_n": 198}) for run in all_runs(past((0.6, 0.7)))]
    units = judged_past(runs, GATES).units
    one = about("metrics.acc")

    found = suggest(one, sample_of(one, units), 0.05, questions_of(units))
    unlike = suggest(one, Sample(((60.0, 70.0),), higher_is_better=True), 0.05, questions_of(units))

    assert found
    assert found.sampling
    assert found.sampling.questions == 198
    assert found.sampling.noise == pytest.approx((0.65 * 0.35 / 198) ** 0.5)
    assert unlike
    assert unlike.sampling is None
    assert questions_of(judged_past(all_runs(past((0.6,))), GATES).units) is None


def test_a_metric_that_is_better_when_lower_is_no_share_of_questions() -> None:
    one = replace(about("metrics.acc"), higher_is_better=False)

    found = suggest(one, Sample(((0.6, 0.7),), higher_is_better=False), 0.05, 198)

    assert found
    assert found.sampling is None


def test_ten_baseline_runs_see_more_than_a_few() -> None:
    units = judged_past(all_runs(past(*[(0.900, 0.905, 0.910)] * 20)), GATES).units
    found = suggest(about("metrics.acc"), sample_of(about("metrics.acc"), units), 0.05)

    assert found
    larger, now = found.power.larger_baseline, found.power.seen[1]
    assert larger
    assert (larger.runs, now.runs) == (3, 3)
    assert larger.drop
    assert now.drop
    assert larger.drop < now.drop
