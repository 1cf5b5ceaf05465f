"""Each run against the baseline alone: outliers, pairs, broken baseline runs, and how many runs a baseline needs."""

from dataclasses import replace
from typing import Any

import pytest
from gate_factories import NOW, bound, make_run
from hypothesis import given
from hypothesis import strategies as st

from swanlab_ci import gate
from swanlab_ci.gate import GateFile
from swanlab_ci.judgement import Comparing, ComparisonResult, GateResult
from swanlab_ci.messages import Message
from swanlab_ci.model import STATUSES_WORST_FIRST, Outcome, Run, Status
from swanlab_ci.report.wording.comparison import comparison_message

MAIN = [0.964, 0.961, 0.967]
TEXT = """
project: me/net
baselines: {main: {runs: {labels: main}}}
gates:
  - name: One
    runs: {labels: new}
    compare:
      metrics.acc: {to: main, better: higher, allow_worse: 0.005%s}
"""


def runs(label: str, values: list[Any], first: int = 1, **fields: Any) -> list[Run]:
    return [
        make_run(
            first + number,
            name=f"{label}-{number}",
            labels=(label,),
            config={"seed": number},
            metrics={"acc": {"last": value}} if value is not None else {},
            **fields,
        )
        for number, value in enumerate(values)
    ]


def with_options(gate_file: GateFile, min_runs: int = 1, **options: Any) -> GateFile:
    (one,) = gate_file.gates
    (comparison,) = one.compare
    (baseline,) = gate_file.baselines
    changed = replace(one, compare=(replace(comparison, **options),))
    return replace(gate_file, gates=(changed,), baselines=(replace(baseline, min_runs=min_runs),))


def judged(new: list[Any], base: list[Any], more: str = "", **options: Any) -> GateResult:
    gate_file = with_options(bound(TEXT % more), **options)
    everything = runs("new", new) + runs("main", base, first=50)
    return gate.judge(gate_file, everything, now=NOW).gates[0]


def compared(result: GateResult) -> ComparisonResult:
    (check,) = result.checks
    assert check.comparison
    return check.comparison


def test_a_run_that_diverged_fails_though_the_means_are_within_noise() -> None:
    result = judged([0.971, 0.333, 0.978], MAIN)
    comparison = compared(result)

    assert result.status is Status.FAIL
    assert comparison.found is Comparing.WITHIN_NOISE
    assert [(each.run.name, each.value) for each in comparison.outliers] == [("new-1", 0.333)]
    assert comparison.outlier_limit == pytest.approx(0.9343, abs=1e-4)


@pytest.mark.parametrize(("option", "status"), [("fail", Status.FAIL), ("warn", Status.WARN), ("ignore", Status.WARN)])
def test_what_an_outlier_costs_can_be_chosen(option: str, status: Status) -> None:
    result = judged([0.971, 0.333, 0.978], MAIN, outliers=option)

    assert result.status is status
    assert len(compared(result).outliers) == 1


def test_one_other_run_is_no_range_of_runs() -> None:
    found = [_outliers_in(judged([0.333, *others], MAIN)) for others in ([0.971], [0.971, 0.978])]

    given = [{key for key in ("other", "lowest", "highest") if each.params[key] is not None} for each in found]
    assert given == [{"other"}, {"lowest", "highest"}]


def _outliers_in(result: GateResult) -> Message:
    message = comparison_message(compared(result))
    found = message.params.get("outliers", message)
    assert isinstance(found, Message)
    return found


def test_a_baseline_that_is_too_small_is_said_with_how_many_runs_it_has() -> None:
    result = compared(judged([0.9], [0.9] * 4, min_runs=30))

    message = comparison_message(result)

    assert (message.id, message.params["found"], message.params["least"]) == ("comparison.small-baseline", 4, 30)


def test_an_outlier_costs_no_more_than_the_level_of_its_gate() -> None:
    text = (TEXT % "").replace("    compare:", "    level: warn\n    compare:")
    everything = runs("new", [0.971, 0.333, 0.978]) + runs("main", MAIN, first=50)

    assert gate.judge(bound(text), everything, now=NOW).gates[0].status is Status.WARN


def test_runs_within_the_spread_of_the_baseline_are_no_outliers() -> None:
    assert compared(judged([0.962, 0.966, 0.963], MAIN)).outliers == ()


def test_better_runs_are_never_outliers() -> None:
    assert judged([0.999, 0.998, 0.963], MAIN).status is Status.PASS


def test_where_lower_is_better_a_high_value_is_the_outlier() -> None:
    result = judged([0.03, 0.9, 0.02], [0.031, 0.029, 0.03], higher_is_better=False)

    assert [each.run.name for each in compared(result).outliers] == ["new-1"]


def test_where_the_baseline_does_not_vary_the_allowance_alone_decides_for_each_run() -> None:
    steady = [0.9, 0.9, 0.9]

    assert [each.run.name for each in compared(judged([0.91, 0.894, 0.91], steady)).outliers] == ["new-1"]
    assert judged([0.91, 0.896, 0.91], steady).status is Status.PASS


def test_fewer_than_three_baseline_runs_make_no_outlier() -> None:
    comparison = compared(judged([0.971, 0.333, 0.978], [0.964, 0.961]))

    assert (comparison.outliers, comparison.outlier_limit) == ((), None)


def test_the_best_of_several_runs_is_not_held_to_the_others() -> None:
    assert judged([0.971, 0.333, 0.978], MAIN, over_runs="best").status is Status.PASS


def test_a_limit_beyond_a_float_is_no_limit() -> None:
    result = judged([0.0], [-1e308, 0.0, 1e308], noise=0.01)

    assert (result.status, compared(result).found) == (Status.ERROR, Comparing.TOO_LARGE)


def test_required_improvement_leaves_no_allowance_for_outliers() -> None:
    text = (TEXT % "").replace("allow_worse: 0.005", "require_better: 0.001")
    everything = runs("new", [0.999, 0.999, 0.94]) + runs("main", [0.97, 0.969, 0.971], first=50)

    result = gate.judge(bound(text), everything, now=NOW).gates[0]

    assert [each.run.name for each in compared(result).outliers] == ["new-2"]


def test_a_broken_baseline_run_is_left_out_and_named() -> None:
    result = judged([0.963, 0.962, 0.966], [*MAIN, "NaN", None])
    comparison = compared(result)

    assert result.status is Status.PASS
    assert [run.name for run in comparison.left_out] == ["main-3", "main-4"]
    assert comparison.counts == (3, 3)


@pytest.mark.parametrize(
    ("base", "limit"),
    [
        ([*MAIN[:2], "NaN"], 0.8384),  # 0.9625 - t(1 - 0.02/3; 1) * 0.00212 * sqrt(1.5)
        ([MAIN[0], "NaN", None], 0.959),  # one run has no spread: the allowance alone
    ],
)
def test_a_broken_baseline_run_does_not_take_the_rule_for_outliers_away(base: list[Any], limit: float) -> None:
    """Two runs of a baseline that was trained twice say nothing of single runs, two of three do."""
    comparison = compared(judged([0.971, 0.333, 0.978], base, over_runs="median"))

    assert comparison.outlier_limit == pytest.approx(limit, abs=1e-4)
    assert [each.run.name for each in comparison.outliers] == ["new-1"]
    assert comparison.costs is Status.FAIL


@pytest.mark.parametrize(("base", "found"), [(MAIN, Comparing.BETTER), ([0.96], Comparing.BETTER)])
def test_an_improvement_needs_no_noise_where_there_never_was_any(base: list[Any], found: Comparing) -> None:
    assert compared(judged([0.99], base, required=True)).found is found


@pytest.mark.parametrize("base", [[*MAIN[:2], "NaN"], [MAIN[0], "NaN", None]])
def test_an_improvement_is_within_noise_where_broken_runs_leave_no_noise(base: list[Any]) -> None:
    comparison = compared(judged([0.99], base, required=True))

    assert (comparison.found, comparison.noise) == (Comparing.BETTER_WITHIN_NOISE, None)
    assert comparison.costs is Status.WARN


def broken(values: list[float], places: set[int]) -> list[Any]:
    return [("NaN", None)[at % 2] if at in places else value for at, value in enumerate(values)]


@given(
    base=st.lists(st.floats(0.9, 0.95), min_size=3, max_size=6),
    others=st.lists(st.floats(0.9, 0.99), min_size=0, max_size=4),
    places=st.sets(st.integers(0, 5), min_size=1),
    centre=st.sampled_from(["mean", "median"]),
    how_far=st.floats(6, 1_000),
)
def test_no_broken_baseline_run_lets_a_collapsed_run_pass(
    base: list[float], others: list[float], places: set[int], centre: str, how_far: float
) -> None:
    """With 80 spreads or more below, a run is an outlier however few sound runs of the baseline are left."""
    new = [*others, 0.9 - how_far]
    assert judged(new, base, over_runs=centre).status is Status.FAIL

    left = broken(base, places)

    assert judged(new, left, over_runs=centre).status in {Status.FAIL, Status.ERROR}


@given(
    new=st.lists(st.floats(0.8, 1), min_size=1, max_size=4),
    base=st.lists(st.floats(0.8, 1), min_size=1, max_size=6),
    places=st.sets(st.integers(0, 5), min_size=1),
    more=st.sampled_from(["", ", over_runs: median", ", outliers: warn", ", if_within_noise: fail"]),
)
def test_a_broken_baseline_run_is_never_better_than_none(
    new: list[float], base: list[float], places: set[int], more: str
) -> None:
    """Leaving it out costs at least what a baseline without it costs."""
    left = broken(base, places)
    with_it = judged(new, left, more).status
    without = judged(new, [value for value in left if isinstance(value, float)], more).status

    assert STATUSES_WORST_FIRST.index(with_it) <= STATUSES_WORST_FIRST.index(without)


def test_a_baseline_of_broken_runs_is_none() -> None:
    comparison = compared(judged([0.963], ["NaN", None]))

    assert (comparison.found, comparison.costs) == (Comparing.NO_BASELINE, Status.ERROR)
    assert len(comparison.left_out) == 2


@pytest.mark.parametrize(("base", "found"), [(MAIN, Comparing.NOT_WORSE), (MAIN[:2], Comparing.NO_BASELINE)])
def test_a_baseline_can_ask_for_a_number_of_runs(base: list[float], found: Comparing) -> None:
    assert compared(judged([0.97], base, min_runs=3)).found is found


def test_left_out_runs_do_not_count_towards_the_number() -> None:
    assert compared(judged([0.97], [*MAIN[:2], "NaN"], min_runs=3)).found is Comparing.NO_BASELINE


def test_baseline_runs_without_a_partner_fail_and_are_named() -> None:
    result = judged([0.97], MAIN, ", pair_by: config.seed")

    assert result.status is Status.FAIL
    assert [run.name for run in compared(result).unpaired] == ["main-1", "main-2"]


@pytest.mark.parametrize(("option", "status"), [("warn", Status.WARN), ("ignore", Status.PASS)])
def test_runs_without_a_partner_may_cost_less(option: str, status: Status) -> None:
    assert judged([0.97], MAIN, ", pair_by: config.seed", unpaired=option).status is status


def test_two_runs_with_one_value_are_no_two_pairs() -> None:
    gate_file = bound(TEXT % ", pair_by: config.seed")
    twins = [replace(run, config={"seed": 0}) for run in runs("new", [0.97, 0.98])]

    check = gate.judge(gate_file, twins + runs("main", MAIN, first=50), now=NOW).gates[0].checks[0]

    assert check.outcome is Outcome.ERROR
    assert check.comparison
    assert check.comparison.found is Comparing.SAME_PARTNER
    assert len(check.comparison.without_partner) == 2
