"""Against a baseline: the rule, the noise, the pairs, and the words."""

from collections.abc import Sequence
from typing import Any

import pytest
from gate_factories import judge_text, make_run

from swanlab_ci.gate.evaluate.statistics import paired_error, standard_error
from swanlab_ci.judgement import GateResult
from swanlab_ci.model import Outcome, Run, Status


def new_and_base(new: Sequence[Any], base: Sequence[Any]) -> list[Run]:
    def run(n: int, value: Any, label: str) -> Run:
        metrics = {} if value is None else {"acc": {"last": value}}
        return make_run(n, name=f"{label}-{n}", labels=(label,), metrics=metrics, config={"seed": n % 50})

    return [run(n, value, "new") for n, value in enumerate(new, 1)] + [
        run(n, value, "old") for n, value in enumerate(base, 51)
    ]


def compare(
    comparison: str, new: Sequence[Any], base: Sequence[Any], *, level: str = "fail", better: str = "higher"
) -> GateResult:
    return judge(comparison, *new_and_base(new, base), level=level, better=better)


def judge(comparison: str, *runs: Run, level: str = "fail", better: str = "higher") -> GateResult:
    text = f"""\
baselines: {{main: {{runs: {{labels: old}}}}}}
gates:
  - name: One
    level: {level}
    runs: {{labels: new}}
    compare: {{metrics.acc: {{to: main, better: {better}, {comparison}}}}}
"""
    return judge_text(text, *runs).gates[0]


# A spread of 0.1 around 1: s = 0.1, so with 3 vs 3 runs 2 se = 0.163.
BASE = [0.9, 1.0, 1.1]


def around(centre: float) -> list[float]:
    return [centre - 0.1, centre, centre + 0.1]


@pytest.mark.parametrize(
    ("comparison", "new", "base", "status"),
    [
        ("allow_worse: 0.05", around(1.0), BASE, Status.PASS),
        ("allow_worse: 0.05", around(1.2), BASE, Status.PASS),
        ("allow_worse: 0.05", around(0.96), BASE, Status.PASS),
        ("allow_worse: 0.05", around(0.9), BASE, Status.WARN),
        ("allow_worse: 0.05", around(0.84), BASE, Status.WARN),
        ("allow_worse: 0.05", around(0.83), BASE, Status.FAIL),
        ("allow_worse: 0.2", around(0.83), BASE, Status.PASS),
        ("allow_worse: 5%", around(0.96), BASE, Status.PASS),
        ("allow_worse: 5%", around(0.83), BASE, Status.FAIL),
        ("allow_worse: [0.01, 20%]", around(0.83), BASE, Status.PASS),
        ("allow_worse: [0.2, 1%]", around(0.83), BASE, Status.PASS),
        ("allow_worse: 0", around(1.0), BASE, Status.PASS),
        ("allow_worse: 0.05, noise: 0 se", around(0.9), BASE, Status.FAIL),
        ("allow_worse: 0.05, noise: 3 se", around(0.83), BASE, Status.WARN),
        ("allow_worse: 0.05, if_within_noise: fail", around(0.9), BASE, Status.FAIL),
        ("allow_worse: 0.05, if_within_noise: pass", around(0.9), BASE, Status.PASS),
        # identical runs have no spread: the allowance decides
        ("allow_worse: 0.05", [0.95] * 3, [1.0] * 3, Status.PASS),
        ("allow_worse: 0.05", [0.94] * 3, [1.0] * 3, Status.FAIL),
        # an exact tie passes in spite of rounding
        ("allow_worse: 0.1", [0.2] * 3, [0.1 + 0.2] * 3, Status.PASS),
        ("allow_worse: 1%", [0.99 * 0.3] * 3, [0.3] * 3, Status.PASS),
        # one new run: the spread of one more run around the baseline's mean, 2·0.1·√(4/3) = 0.231
        ("allow_worse: 0.05", [0.78], BASE, Status.WARN),
        ("allow_worse: 0.05", [0.76], BASE, Status.FAIL),
        # too few for an estimate: the allowance decides
        ("allow_worse: 0.05", [0.94], [1.0], Status.FAIL),
        ("allow_worse: 0.05", [0.96], [1.0], Status.PASS),
        ("allow_worse: 0.05", [0.94], [0.9, 1.1], Status.FAIL),
        ("allow_worse: 0.05", around(0.94), [1.0], Status.FAIL),
        # two on both sides are enough
        ("allow_worse: 0.05", [0.8, 1.0], [0.9, 1.1], Status.WARN),
        # required progress
        ("require_better: 0.1", around(1.2), BASE, Status.PASS),
        ("require_better: 0.1", around(1.12), BASE, Status.WARN),
        ("require_better: 0.1", around(1.05), BASE, Status.FAIL),
        ("require_better: 0.1", around(0.5), BASE, Status.FAIL),
        ("require_better: 10%", [1.1] * 3, [1.0] * 3, Status.PASS),
        ("require_better: 0", [1.0] * 3, [1.0] * 3, Status.PASS),
        # medians and the best
        ("allow_worse: 0.05, over_runs: median", [0.0, 1.0, 1.0], BASE, Status.PASS),
        ("allow_worse: 0.05, over_runs: best", [0.1, 0.2, 1.1], BASE, Status.PASS),
        ("allow_worse: 0.05, over_runs: best", [1.1, 1.1], BASE, Status.ERROR),
        # texts that are numbers count
        ("allow_worse: 0.05", ["1.0", "1.0"], BASE, Status.PASS),
    ],
)
def test_worse_than_allowed_and_than_the_noise_is_a_miss(
    comparison: str, new: list[Any], base: list[Any], status: Status
) -> None:
    assert compare(comparison, new, base).status is status


def test_lower_is_better_turns_it_round() -> None:
    assert compare("allow_worse: 0.05", around(1.17), BASE, better="lower").status is Status.FAIL
    assert compare("allow_worse: 0.05", around(0.5), BASE, better="lower").status is Status.PASS
    assert compare("allow_worse: 0.05, over_runs: best", [0.9, 5, 5], BASE, better="lower").status is Status.PASS


def test_a_negative_baseline_does_not_turn_the_verdict() -> None:
    assert compare("allow_worse: 1%", [-10.5] * 3, [-10.0] * 3).status is Status.FAIL
    assert compare("allow_worse: 10%", [-10.5] * 3, [-10.0] * 3).status is Status.PASS
    assert compare("allow_worse: 1%", [-9.5] * 3, [-10.0] * 3).status is Status.PASS


@pytest.mark.parametrize(
    ("comparison", "new", "base", "status"),
    [
        ("allow_worse: 1%", [0.0] * 3, [0.0] * 3, Status.ERROR),
        ("allow_worse: [1%, 0.1]", [0.0] * 3, [0.0] * 3, Status.PASS),
        ("allow_worse: [1%, 0.1]", [-0.2] * 3, [0.0] * 3, Status.FAIL),
        ("allow_worse: 0.1", [0.0] * 3, [0.0] * 3, Status.PASS),
        ("allow_worse: 9", [1.0], [], Status.ERROR),
        ("allow_worse: 9, on_missing: error", [1.0], [], Status.ERROR),
        ("allow_worse: 9, on_missing: warn", [1.0], [], Status.WARN),
        ("allow_worse: 9, on_missing: skip", [1.0], [], Status.SKIPPED),
        ("allow_worse: 9", [1.0, None], BASE, Status.FAIL),
        ("allow_worse: 9", [1.0, "NaN"], BASE, Status.FAIL),
        ("allow_worse: 9", [1.0, float("inf")], BASE, Status.FAIL),
        ("allow_worse: 9", [1.0, "high"], BASE, Status.ERROR),
        ("allow_worse: 9", [1e308, 1e308], BASE, Status.ERROR),
        ("allow_worse: 9", [1e300, -1e300], BASE, Status.ERROR),
        ("allow_worse: 9", BASE, [1e308, -1e308], Status.ERROR),
        ("allow_worse: 9", [1.0, True], BASE, Status.ERROR),
        ("allow_worse: 9", [1.0], [1.0, None], Status.ERROR),
        ("allow_worse: 9", [1.0], [1.0, "nan"], Status.ERROR),
        ("allow_worse: 9", [1.0], [1.0, "high"], Status.ERROR),
    ],
)
def test_what_cannot_be_compared_is_never_a_pass(
    comparison: str, new: list[Any], base: list[Any], status: Status
) -> None:
    assert compare(comparison, new, base).status is status


def test_a_gate_of_level_info_never_warns() -> None:
    assert compare("allow_worse: 0.05", around(0.9), BASE, level="info").status is Status.INFO
    assert compare("allow_worse: 9, on_missing: warn", [1.0], [], level="info").status is Status.INFO
    assert compare("allow_worse: 0.05", around(0.5), BASE, level="warn").status is Status.WARN


def test_a_run_that_is_not_over_keeps_the_comparison_pending() -> None:
    new, *base = new_and_base([1.0], BASE)
    running = make_run(2, state="RUNNING", labels=("new",), metrics={"acc": {"last": 5}})
    late = make_run(99, state="RUNNING", labels=("old",), metrics={"acc": {"last": 5}})

    assert judge("allow_worse: 9", new, running, *base).status is Status.PENDING
    assert judge("allow_worse: 9", new, late, *base).status is Status.PENDING


def test_the_runs_under_test_are_no_part_of_their_own_baseline() -> None:
    both = [make_run(n, labels=("new", "old"), metrics={"acc": {"last": 1}}) for n in (1, 2)]

    result = judge("allow_worse: 0", *both)

    assert result.status is Status.ERROR
    assert "labels old: 2 -> not under test: 0" in result.summary


@pytest.mark.parametrize(
    ("comparison", "new", "base", "message"),
    [
        (
            "allow_worse: 1%",
            [0.91, 0.915, 0.92],
            [0.9204, 0.9364, 0.9284, 0.9244, 0.9324],
            (
                "mean metrics.acc 0.915 vs main 0.9284 (-1.44%): worse than the allowed 0.00928; "
                "noise ±0.00808 from 3 vs 5 runs"
            ),
        ),
        (
            "allow_worse: 0.05",
            around(0.9),
            BASE,
            (
                "mean metrics.acc 0.9 vs main 1 (-10.00%): worse than the allowed 0.05, but within noise; "
                "noise ±0.163 from 3 vs 3 runs"
            ),
        ),
        (
            "allow_worse: 0.5",
            around(0.9),
            BASE,
            "mean metrics.acc 0.9 vs main 1 (-10.00%): within the allowed 0.5; noise ±0.163 from 3 vs 3 runs",
        ),
        (
            "allow_worse: 0",
            [2],
            [1],
            "metrics.acc 2 vs main 1 (+100.00%): no worse; no noise estimate from 1 vs 1 runs",
        ),
        (
            "require_better: 0.5",
            [1.2],
            [1],
            "metrics.acc 1.2 vs main 1 (+20.00%): not better by the required 0.5; no noise estimate from 1 vs 1 runs",
        ),
        (
            "allow_worse: 0.1",
            [-1.0],
            [0.0],
            "metrics.acc -1 vs main 0 (-1): worse than the allowed 0.1; no noise estimate from 1 vs 1 runs",
        ),
        ("allow_worse: 1%", [0.0], [0.0], "metrics.acc is 0 in the baseline main, and a percentage of 0 says nothing"),
        ("allow_worse: 1", [None], [0.0], "metrics.acc is missing in new-1"),
        ("allow_worse: 1", [0.0], [None], "metrics.acc is missing in old-51 of the baseline main"),
        ("allow_worse: 1", ["NaN"], [1], "metrics.acc is no finite number in new-1"),
        ("allow_worse: 1", [1], [], "the baseline main has no runs: 1 run -> labels old: 0 -> not under test: 0"),
        (
            "allow_worse: 1, over_runs: best",
            [1, 1],
            [1],
            "the best of more runs is better by chance, so `best` takes equal counts; there are 2 vs 1 runs",
        ),
        (
            "allow_worse: 0.05, over_runs: median",
            around(0.97),
            BASE,
            "median metrics.acc 0.97 vs main 1 (-3.00%): within the allowed 0.05; noise ±0.163 from 3 vs 3 runs",
        ),
    ],
)
def test_a_comparison_is_told_in_numbers(comparison: str, new: list[Any], base: list[Any], message: str) -> None:
    assert compare(comparison, new, base).checks[0].message == message


def test_a_comparison_says_what_to_do_next() -> None:
    assert compare("allow_worse: 0.05", around(0.9), BASE).advice == "Run more seeds: 3 vs 3 runs cannot settle it."
    assert compare("allow_worse: 0.05", around(0.5), BASE).advice.endswith(
        "if the change is meant, allow it at gates.yml:6."
    )
    assert compare("allow_worse: 0.05", [1], []).advice.startswith("Train runs for the baseline main first")


def test_a_comparison_is_one_check_of_all_runs() -> None:
    (check,) = compare("allow_worse: [0.05, 1%]", around(0.9), BASE).checks

    assert check.run is None
    assert check.expected == "no worse by more than 0.05 or 1% than main"
    assert check.actual == "0.9"
    assert check.outcome is Outcome.VIOLATED
    assert check.note == "within noise"


# Pairs


def test_pairs_take_the_spread_that_the_seeds_share_out() -> None:
    base = [0.5, 1.0, 1.5]
    new = [0.4, 0.91, 1.41]

    assert compare("allow_worse: 0.05", new, base).status is Status.WARN
    assert compare("allow_worse: 0.05, pair_by: config.seed", new, base).status is Status.FAIL


def test_a_pair_takes_the_newest_run_of_the_baseline() -> None:
    new, *base = new_and_base([1.0], [1.0, 5.0])
    older = [make_run(80, labels=("old",), config={"seed": 1}, metrics={"acc": {"last": 9.0}})]

    assert judge("allow_worse: 0.05, pair_by: config.seed", new, *base, *older).status is Status.PASS


def test_a_run_without_a_partner_is_an_error() -> None:
    result = compare("allow_worse: 0.05, pair_by: config.seed", [1.0] * 5, [1.0])

    assert result.status is Status.ERROR
    assert result.summary == "no run of the baseline main has the config.seed of new-2, new-3, new-4 and 1 more"


def test_up_to_three_runs_without_a_partner_are_named() -> None:
    result = compare("allow_worse: 0.05, pair_by: config.seed", [1.0] * 4, [1.0])

    assert result.summary.endswith("of new-2, new-3, new-4")


def test_a_run_without_the_pairing_field_is_an_error() -> None:
    new, base = make_run(1, labels=("new",), metrics={"acc": {"last": 1}}), new_and_base([], [1.0])[0]

    result = judge("allow_worse: 0.05, pair_by: config.seed", new, base)

    assert result.status is Status.ERROR
    assert result.summary == "config.seed is missing in seed-1, so it cannot be paired"


@pytest.mark.parametrize(("value", "kind"), [({"a": 1}, "map"), ([1], "list")])
def test_a_map_or_a_list_pairs_no_runs(value: Any, kind: str) -> None:
    new = make_run(1, labels=("new",), metrics={"acc": {"last": 1.0}}, config={"seed": value})
    base = make_run(2, labels=("old",), metrics={"acc": {"last": 1.0}}, config={"seed": value})

    result = judge("allow_worse: 0.05, pair_by: config.seed", new, base)

    assert result.status is Status.ERROR
    assert result.summary == f"config.seed is a {kind} in seed-2, so it cannot be paired"


def test_pairs_are_told_as_pairs() -> None:
    message = compare("allow_worse: 0.05, pair_by: config.seed", [0.4, 0.9], [0.5, 1.0]).checks[0].message

    assert message.endswith("from 2 pairs of runs")


# Together with the rest of a gate


def test_a_comparison_looks_at_the_group_only() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    runs: {labels: new}
    for_each: config.set
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.05}}
"""

    def run(n: int, label: str, which: str, value: float) -> Run:
        return make_run(n, labels=(label,), config={"set": which}, metrics={"acc": {"last": value}})

    runs = [run(1, "new", "a", 1.0), run(2, "new", "b", 1.0), run(3, "old", "a", 1.0), run(4, "old", "b", 2.0)]

    first, second = judge_text(text, *runs).gates

    assert (first.group, first.status) == ("a", Status.PASS)
    assert (second.group, second.status) == ("b", Status.FAIL)


def test_a_skipped_comparison_leaves_the_rest_of_the_gate_to_judge() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    expect: {config.x: 1}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.05, on_missing: skip}}
"""

    assert judge_text(text, make_run(config={"x": 1})).gates[0].status is Status.PASS
    assert judge_text(text, make_run(config={"x": 2})).gates[0].status is Status.FAIL


def test_a_file_whose_only_comparison_was_skipped_is_no_pass() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.05, on_missing: skip}}
"""

    assert judge_text(text, make_run()).status is Status.ERROR


def test_a_length_of_time_can_be_compared() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    runs: {labels: new}
    compare: {duration: {to: main, better: lower, allow_worse: 10%}}
"""

    (result,) = judge_text(text, make_run(1, labels=("new",)), make_run(2, labels=("old",))).gates

    assert result.summary == "duration 1h vs main 1h (+0.00%): no worse; no noise estimate from 1 vs 1 runs"


# The numbers behind it


@pytest.mark.parametrize(
    ("new", "base", "error"),
    [
        ([1.0, 3.0], [1.0, 3.0], 2**0.5),
        ([0.0, 2.0, 4.0], [1.0, 3.0], (4 / 3 + 2 / 2) ** 0.5),
        ([5.0], [1.0, 2.0, 3.0], (4 / 3) ** 0.5),
        ([5.0], [1.0, 2.0], None),
        ([5.0], [1.0], None),
        ([5.0, 6.0], [1.0], None),
    ],
)
def test_the_standard_error_is_that_of_the_difference(new: list[float], base: list[float], error: float | None) -> None:
    assert standard_error(new, base) == (pytest.approx(error) if error else None)


def test_the_standard_error_of_pairs_is_that_of_their_differences() -> None:
    assert paired_error([1.0, 2.0, 3.0]) == pytest.approx(1 / 3**0.5)
    assert paired_error([1.0]) is None


@pytest.mark.parametrize("centre", ["mean", "median", "best"])
@pytest.mark.parametrize(
    ("amount", "new", "base"),
    [
        ("allow_worse: 0", [1.5e308, 1.5e308, 1.5e308, 1.5e308], [1.0, -1e308, 2.0, 3.0]),
        ("allow_worse: 0", [1.7e308], [-1.7e308]),
        ("allow_worse: 300%", [1.6e308], [1e308]),
        ("require_better: 300%", [-1.6e308], [1e308]),
    ],
)
def test_what_goes_beyond_a_float_is_an_error(centre: str, amount: str, new: list[float], base: list[float]) -> None:
    result = compare(f"{amount}, over_runs: {centre}", new, base, better="lower")

    assert result.status is Status.ERROR
    assert result.summary == "metrics.acc is too large to compare"


def test_a_median_beyond_a_float_never_passes() -> None:
    assert compare("allow_worse: 0, over_runs: median", [1.5e308] * 2, [1.0] * 2, better="lower").status is Status.ERROR


def test_a_run_of_the_baseline_without_the_group_s_field_is_in_no_group() -> None:
    new = make_run(1, labels=("new",), metrics={"acc": {"last": 1.0}}, config={"set": "null"})
    kin = make_run(2, labels=("old",), metrics={"acc": {"last": 1.0}}, config={"set": "null"})
    lost = make_run(3, labels=("old",), metrics={"acc": {"last": 9.0}})
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    runs: {labels: new}
    for_each: config.set
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0}}
"""

    (result,) = judge_text(text, new, kin, lost).gates

    assert result.status is Status.PASS
    assert "from 1 vs 1 runs" in result.summary


@pytest.mark.parametrize("fall", [0.1, 0.5, 1e6])
@pytest.mark.parametrize("count", [2, 3, 5, 10])
def test_one_collapsed_seed_hides_in_its_own_noise_and_a_floor_finds_it(fall: float, count: int) -> None:
    runs = new_and_base([1.0] * (count - 1) + [1.0 - fall], [1.0] * count)
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - {name: Compared, runs: {labels: new}, compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.1%}}}
  - {name: Floor, runs: {labels: new}, expect: {metrics.acc: {min: 0.95}}}
"""

    compared, floor = judge_text(text, *runs).gates

    assert (compared.status, floor.status) == (Status.WARN, Status.FAIL)
    assert compared.checks[0].note == "within noise"
