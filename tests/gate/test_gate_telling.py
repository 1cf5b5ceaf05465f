"""What a result tells beside its status: which run, what was asked, what was found, and what to do."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from gate_factories import NOW, bound, judge_gate_body, judge_text, make_run, one_gate

from swanlab_ci import gate
from swanlab_ci.gate.evaluate.statistics import exceeds, paired_error
from swanlab_ci.judgement import GateResult
from swanlab_ci.model import Level, Outcome, Run, Status

BASELINE = "baselines: {main: {runs: {labels: old}}}\n"


def run(n: int, label: str, acc: Any = None, **config: Any) -> Run:
    metrics = {} if acc is None else {"acc": {"last": acc}}
    return make_run(n, name=f"{label}-{n}", labels=(label,), metrics=metrics, config=config)


def compared(
    comparison: str, *runs: Run, field: str = "metrics.acc", better: str = "higher", more: str = ""
) -> GateResult:
    text = f"""\
{BASELINE}gates:
  - name: One
    runs: {{labels: new}}
    {more or "level: fail"}
    compare: {{{field}: {{to: main, better: {better}, {comparison}}}}}
"""
    return judge_text(text, *runs).gates[0]


# All runs together


def test_a_pass_is_told_by_all_that_held() -> None:
    found = judge_gate_body("expect: {config.x: {min: 1}, count(): 2}", run(1, "a", x=1), run(2, "a", x=2))

    assert found.summary == "2 of 2 runs are as expected; count() is 2, must be 2"
    assert found.advice == ""


def test_all_and_none_ask_for_no_number_and_tell_none() -> None:
    runs = run(1, "a", x=0), run(2, "a", x=2)

    assert judge_gate_body("how_many: none\nexpect: {config.x: {min: 9}}", *runs).summary == (
        "2 of 2 runs are as expected"
    )
    assert judge_gate_body("how_many: all\nexpect: {config.x: {min: 0}}", *runs).summary == (
        "2 of 2 runs are as expected"
    )


@pytest.mark.parametrize(
    ("values", "actual", "outcome"),
    [
        ([1, 1, 0], "2 of 3", Outcome.OK),
        ([1, 0, 0], "1 of 3", Outcome.VIOLATED),
        ([1, "high", 0], "1 of 3", Outcome.ERROR),
    ],
)
def test_a_number_of_runs_is_a_check_of_its_own(values: list[Any], actual: str, outcome: Outcome) -> None:
    runs = [run(n, "a", x=value) for n, value in enumerate(values, 1)]

    found = judge_gate_body("how_many: {at_least: 2}\nexpect: {config.x: {min: 1}}", *runs)

    (count,) = (check for check in found.checks if check.run is None)
    assert (count.field, count.expected, count.actual, count.outcome) == ("how_many", "at least 2", actual, outcome)
    held = "is" if actual[0] == "1" else "are"
    assert count.message == f"{actual} runs {held} as expected, at least 2 must"


def test_a_run_that_may_miss_is_not_blamed_for_what_all_together_miss() -> None:
    found = judge_gate_body(
        "how_many: any\nexpect: {config.x: {min: 1}, mean(config.x): {min: 5}}", run(1, "a", x=0), run(2, "a", x=2)
    )

    assert found.status is Status.FAIL
    assert "mean(config.x) is 1, must be at least 5" in found.summary
    assert "(and" not in found.summary


def test_what_is_pending_or_warns_is_no_pass_beside_what_holds() -> None:
    going = make_run(1, state="RUNNING", config={"x": 1}, metrics={"acc": {"last": 1}})
    pending = judge_gate_body("expect: {config.x: 1, mean(metrics.acc): {min: 1}}", going)
    noisy = compared(
        "allow_worse: 0.05",
        *(run(n, "new", acc, x=1) for n, acc in enumerate([0.8, 0.9, 1.0], 1)),
        *(run(n, "old", acc) for n, acc in enumerate([0.9, 1.0, 1.1], 4)),
        more="expect: {config.x: 1}",
    )

    assert (pending.status, noisy.status) == (Status.PENDING, Status.WARN)


@pytest.mark.parametrize(
    ("function", "first", "second", "status"),
    [
        ("mean(metrics.acc)", "RUNNING", "FINISHED", Status.PENDING),
        ("mean(metrics.acc)", "FINISHED", "RUNNING", Status.PENDING),
        ("mean(metrics.acc)", "FINISHED", "FINISHED", Status.PASS),
    ],
)
def test_one_run_that_is_not_over_leaves_an_aggregate_open(
    function: str, first: str, second: str, status: Status
) -> None:
    runs = [make_run(n, state=state, metrics={"acc": {"last": 1}}) for n, state in enumerate((first, second), 1)]

    assert judge_gate_body(f"expect: {{{function}: {{min: 1}}}}", *runs).status is status


def test_a_spread_of_one_run_is_missing() -> None:
    going = make_run(state="RUNNING", metrics={"acc": {"last": 1}})

    assert judge_gate_body("expect: {stdev(metrics.acc): {max: 1}}", run(1, "a", 1)).status is Status.FAIL
    assert judge_gate_body("expect: {stdev(metrics.acc): {max: 1}}", going).status is Status.PENDING


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"x": "high"}, "mean(config.x) is the text high in a-1, and `min` needs a number"),
        ({"xx": 1}, "mean(config.x) is missing in a-1 (nearest: config.xx), must be at least 1"),
    ],
)
def test_an_aggregate_names_the_run_that_has_no_number(config: dict[str, Any], words: str) -> None:
    found = judge_gate_body("expect: {mean(config.x): {min: 1}}", run(1, "a", **config), run(2, "a", x=1))

    assert found.status is not Status.PASS
    assert words in found.summary


def test_an_aggregate_says_once_how_to_quote_a_key() -> None:
    two = make_run(1, metrics={"acc": {"last": 1, "max": 2}, "acc.max": {"last": 3}})

    assert judge_gate_body("expect: {mean(metrics.acc.max): {min: 1}}", two).summary == (
        "mean(metrics.acc.max) can be read in more than one way in seed-1: "
        'write `metrics["acc.max"]` or `metrics["acc"].max`'
    )


# Groups


def test_groups_come_in_the_order_of_their_names() -> None:
    runs = [run(n, "a", set=value) for n, value in enumerate((True, 1, "b", "a"), 1)]

    found = judge_text(one_gate("for_each: config.set\nexpect: {state: FINISHED}"), *runs).gates

    assert [each.group for each in found] == ["1", "a", "b", "true"]


@pytest.mark.parametrize(
    ("config", "outcome", "actual"),
    [({}, Outcome.MISSING, "missing"), ({"set": {"a": 1}}, Outcome.ERROR, "not one value")],
)
def test_a_run_without_a_group_is_told_whole(config: dict[str, Any], outcome: Outcome, actual: str) -> None:
    found = judge_text(one_gate("for_each: config.set\nexpect: {state: FINISHED}"), run(1, "a", **config)).gates[0]

    (check,) = found.checks
    assert check.run
    assert (check.run.name, check.field, check.expected, check.actual, check.outcome) == (
        "a-1", "config.set", "one value to sort by", actual, outcome
    )  # fmt: skip
    assert check.message == found.summary == f"config.set is {actual} in a-1, so the run belongs to no group"
    assert found.group == "none"
    assert found.advice == (
        "Log config.set in every run, or select only runs that have it: `config.set: {exists: true}`."
    )


def test_a_group_without_a_baseline_tells_where_the_baseline_went() -> None:
    runs = run(1, "new", 1, set="b"), run(2, "old", 1, set="a")

    found = compared("allow_worse: 1", *runs, more="for_each: config.set")

    assert found.summary.endswith("labels old: 1 -> not under test, config.set b: 0")


def test_a_selection_in_doubt_names_the_run() -> None:
    found = judge_gate_body("runs: {git.branch: main}\nexpect: {state: FINISHED}", make_run(1, git=None))

    (check,) = found.checks
    assert check.run
    assert (check.run.name, check.field, check.outcome) == ("seed-1", "git.branch", Outcome.ERROR)


# Comparisons


@pytest.mark.parametrize(
    ("on_missing", "outcome"), [("error", Outcome.ERROR), ("skip", Outcome.OK), ("warn", Outcome.MISSING)]
)
def test_an_empty_baseline_is_a_check_that_was_not_made(on_missing: str, outcome: Outcome) -> None:
    (check,) = compared(f"allow_worse: 1, on_missing: {on_missing}", run(1, "new", 1)).checks

    assert (check.outcome, check.actual) == (outcome, "not compared")


def test_a_baseline_in_doubt_is_an_error_that_names_the_run() -> None:
    text = """\
baselines: {main: {runs: {git.branch: main}}}
gates:
  - name: One
    runs: {labels: new}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1}}
"""

    found = judge_text(text, run(1, "new", 1), make_run(2, git=None, metrics={"acc": {"last": 1}})).gates[0]

    assert found.status is Status.ERROR
    assert found.summary == "git.branch of seed-2 cannot be told, so the baseline main cannot"
    assert found.checks[0].outcome is Outcome.ERROR


@pytest.mark.parametrize(
    ("comparison", "new", "message", "expected", "outcome"),
    [
        (
            "require_better: 0.1", 1.2,
            "metrics.acc 1.2 vs main 1 (+20.00%): better by the required 0.1; no noise estimate from 1 vs 1 runs",
            "better by 0.1 than main", Outcome.OK,
        ),
        (
            "allow_worse: 0", 0.99999999,
            "metrics.acc 0.99999999 vs main 1 (-0.00%): worse than the allowed 0; no noise estimate from 1 vs 1 runs",
            "no worse by more than 0 than main", Outcome.VIOLATED,
        ),
    ],
)  # fmt: skip
def test_a_comparison_tells_both_sides_and_what_was_asked(
    comparison: str, new: float, message: str, expected: str, outcome: Outcome
) -> None:
    (check,) = compared(comparison, run(1, "new", new), run(2, "old", 1.0)).checks

    assert (check.message, check.expected, check.outcome) == (message, expected, outcome)


def test_a_comparison_of_times_is_told_in_times() -> None:
    new = make_run(1, labels=("new",), created_at=NOW - timedelta(hours=3))
    old = make_run(2, labels=("old",))

    (check,) = compared("allow_worse: 10%", new, old, field="duration", better="lower").checks

    assert check.message.startswith("duration 2h vs main 1h (+100.00%): worse than the allowed 6m")


def test_times_that_are_nearly_alike_are_told_apart() -> None:
    start = NOW - timedelta(hours=3)
    new, old = (
        make_run(
            n, labels=(label,), created_at=start, finished_at=start + timedelta(hours=2, minutes=3, seconds=seconds)
        )
        for n, (label, seconds) in enumerate([("new", 7), ("old", 5)])
    )

    (check,) = compared("allow_worse: 3600", new, old, field="duration", better="lower").checks

    assert check.message.startswith("duration 2h 3m 7s vs main 2h 3m 5s")


def test_the_age_of_runs_can_be_compared() -> None:
    found = compared("allow_worse: 1%", run(1, "new", 1), run(2, "old", 1), field="age", better="lower")

    assert found.summary.startswith("age 1h vs main 2h (-50.00%): no worse")


def test_the_nearest_key_is_named_where_a_comparison_finds_none() -> None:
    new = make_run(1, labels=("new",), metrics={"accc": {"last": 1}})

    assert compared("allow_worse: 1", new, run(2, "old", 1)).summary == (
        "metrics.acc is missing in seed-1 (nearest: metrics.accc)"
    )


def test_a_metric_that_can_be_read_in_two_ways_is_told_so() -> None:
    new = make_run(1, labels=("new",), metrics={"acc": {"last": 1, "max": 2}, "acc.max": {"last": 3}})

    found = compared("allow_worse: 1", new, run(2, "old", 1), field="metrics.acc.max")

    assert found.status is Status.ERROR
    assert found.summary.startswith("metrics.acc.max can be read in more than one way in seed-1: write `metrics[")


def test_a_metric_without_a_last_value_is_not_its_own_nearest() -> None:
    found = judge_gate_body("expect: {metrics.acc: {min: 1}}", make_run(1, metrics={"acc": {}}))

    assert found.summary == "metrics.acc is missing in seed-1, must be at least 1"


def test_pairs_tell_their_noise() -> None:
    runs = [run(n, "new", acc, seed=n) for n, acc in ((1, 0.4), (2, 1.0))]
    runs += [run(n + 2, "old", acc, seed=n) for n, acc in ((1, 0.5), (2, 1.0))]

    assert compared("allow_worse: 1, pair_by: config.seed", *runs).summary.endswith("noise ±0.1 from 2 pairs of runs")


@pytest.mark.parametrize(
    ("new", "base"),
    [
        ([1.5e308, 1.5e308], [1.4e308, 0.3e308]),  # the middle of the new runs
        ([1.4e308, 0.3e308], [1.5e308, 1.5e308]),  # that of the baseline
        ([0.6e308, -0.6e308], [-0.6e308, 0.6e308]),  # their noise
    ],
)
def test_pairs_beyond_a_float_are_an_error(new: list[float], base: list[float]) -> None:
    runs = [run(n, "new", acc, seed=n) for n, acc in enumerate(new)]
    runs += [run(n + 9, "old", acc, seed=n) for n, acc in enumerate(base)]

    found = compared("allow_worse: 1, over_runs: median, pair_by: config.seed", *runs, better="lower")

    assert (found.status, found.summary) == (Status.ERROR, "metrics.acc is too large to compare")


def test_two_pairs_are_enough_for_their_noise() -> None:
    assert paired_error([1.0, 3.0]) == 1.0


def test_a_tie_of_nothing_exceeds_nothing() -> None:
    assert not exceeds(0.0, 0.0, 0.0)


# Waivers and the verdict


def test_a_waiver_for_some_runs_leaves_all_in_sight() -> None:
    text = one_gate("expect: {config.x: 1}") + (
        "waivers:\n  - {gate: one, reason: agreed by all of us, until: 2027-01-31, runs: {age: {max: 90m}}}\n"
    )

    found = judge_text(text, run(1, "a", x=0), run(2, "a", x=0)).gates[0]

    assert found.summary == "config.x is 0 in a-2, must be 1"
    assert [each.name for each in found.runs_selected] == ["a-1", "a-2"]
    assert [check.run and check.run.name for check in found.checks] == ["a-1", "a-2"]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_waiver_ends_with_the_day_in_utc(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    text = (
        one_gate("expect: {config.x: 1}")
        + "waivers:\n  - {gate: one, reason: agreed by all of us, until: 2026-11-20}\n"
    )
    late = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)

    found = [
        gate.judge(bound(text), [run(1, "a", x=0)], now=now).gates[0] for now in (late, late + timedelta(minutes=1))
    ]

    monkeypatch.undo()
    time.tzset()
    assert [each.status for each in found] == [Status.WAIVED, Status.FAIL]


def test_a_second_waiver_counts_where_the_first_does_not() -> None:
    until = "until: 2027-01-31, reason: agreed by all of us"
    text = one_gate("expect: {config.x: 1}") + (
        f"waivers:\n  - {{gate: one, {until}, runs: {{name: other}}}}\n  - {{gate: one, {until}}}\n"
    )

    assert judge_text(text, run(1, "a", x=0)).gates[0].status is Status.WAIVED


def test_a_cap_keeps_a_warning_a_warning() -> None:
    text = one_gate("level: warn\nexpect: {config.x: 1}")

    assert judge_text(text, run(1, "a", x=0), level_cap=Level.WARN).status is Status.WARN


def test_a_verdict_without_a_check_says_what_to_do() -> None:
    found = judge_text(one_gate("if_no_runs: skip\nexpect: {state: FINISHED}"))

    assert found.status is Status.ERROR
    assert found.advice.startswith("Start such a run and let it end, or correct `runs`")


def test_a_verdict_with_nothing_to_do_advises_nothing() -> None:
    text = one_gate("if_no_runs: pass\nexpect: {state: FINISHED}")

    assert judge_text(text).advice == ""
