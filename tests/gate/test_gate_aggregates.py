"""All runs together: `f(field)`."""

from typing import Any

import pytest
from gate_factories import NOW, bound, judge_gate_body, make_run, one_gate

from swanlab_ci.gate.spec.aggregates import Aggregate
from swanlab_ci.gate.spec.conditions import subjects_in
from swanlab_ci.judgement import Check, CheckKind
from swanlab_ci.model import Outcome, Status, Truth


def check_of(expect: str, *values: Any) -> Check:
    runs = [make_run(n, config={} if value is None else {"x": value}) for n, value in enumerate(values, 1)]
    (check,) = judge_gate_body(f"expect: {{{expect}}}", *runs).checks
    return check


@pytest.mark.parametrize(
    ("expect", "values"),
    [
        ("count(): 3", [1, 2, 6]),
        ("mean(config.x): 3", [1, 2, 6]),
        ("median(config.x): 2", [1, 2, 6]),
        ("min(config.x): 1", [1, 2, 6]),
        ("max(config.x): 6", [1, 2, 6]),
        ("sum(config.x): 9", [1, 2, 6]),
        ("stdev(config.x): 2.64575131", [1, 2, 6]),
        ("distinct(config.x): 3", [1, 2, 6]),
        ("distinct(config.x): 1", [1, 1.0, 1]),
        ("distinct(config.x): 1", [0.3, 0.1 + 0.2]),
        ("distinct(config.x): 3", [1, "1", True]),
        ("distinct(config.x): 2", ["a", "b", "a"]),
        ("distinct(config.x): 2", [[1], [2], [1]]),
        ("distinct(config.x): 2", [1234567890, 1234567891]),
        ("mean(config.x): 3", ["1", "2", "6"]),
        ("mean(config.x): {min: 2, max: 4}", [1, 2, 6]),
        ("mean(config.x): [3, 4]", [1, 2, 6]),
        ("mean(config.x): {not: 4}", [1, 2, 6]),
        ("mean(config.x): {any_of: [1, {above: 2}]}", [1, 2, 6]),
        ("mean(duration): {max: 1h}", [1, 2]),
        ("distinct(duration): 1", [1, 2]),
    ],
)
def test_an_aggregate_takes_all_runs(expect: str, values: list[Any]) -> None:
    check = check_of(expect, *values)

    assert check.outcome is Outcome.OK
    assert check.run is None


@pytest.mark.parametrize(
    ("expect", "values", "outcome"),
    [
        ("mean(config.x): {min: 4}", [1, 2, 6], Outcome.VIOLATED),
        ("mean(config.x): {min: 0}", [1, None], Outcome.MISSING),
        ("distinct(config.x): {min: 1}", [1, None], Outcome.MISSING),
        ("mean(config.x): {max: 9}", [1, "NaN"], Outcome.VIOLATED),
        ("max(config.x): {max: 9}", [1, float("nan")], Outcome.VIOLATED),
        ("min(config.x): {not: 9}", [float("inf"), 1], Outcome.VIOLATED),
        ("mean(config.x): {min: 0}", [1, "high"], Outcome.ERROR),
        ("mean(config.x): {min: 0}", [1, True], Outcome.ERROR),
        ("mean(config.x): {min: 0}", [1, "1e999"], Outcome.VIOLATED),
        ("stdev(config.x): {max: 9}", [1], Outcome.MISSING),
        ("sum(config.x): {max: 9}", [1e308, 1e308], Outcome.VIOLATED),
        ("mean(config.x): {min: 9}", [1e308, 1e308], Outcome.VIOLATED),
    ],
)
def test_one_run_that_cannot_be_read_spoils_the_aggregate(expect: str, values: list[Any], outcome: Outcome) -> None:
    assert check_of(expect, *values).outcome is outcome


@pytest.mark.parametrize(
    ("expect", "values", "truth", "actual", "culprit"),
    [
        ("mean(config.x): {min: 0.9}", [0.8999999, 0.9], Truth.FAILS, 0.89999995, None),
        ("distinct(config.x): {min: 3}", [1, 1, 2], Truth.FAILS, 2, None),
        ("mean(config.x): {min: 0}", [1, None], Truth.MISSING, None, "seed-2"),
        ("mean(config.x): {min: 0}", [1, "x"], Truth.WRONG_TYPE, "x", "seed-2"),
        ("mean(config.x): {min: 0}", [1, "NaN"], Truth.NOT_FINITE, "NaN", "seed-2"),
        ("max(duration): {max: 30m}", [1], Truth.FAILS, 3600, None),
        ("stdev(config.x): {max: 1}", [1], Truth.MISSING, None, None),
    ],
)
def test_a_reason_names_the_run_that_spoils_it(
    expect: str, values: list[Any], truth: Truth, actual: Any, culprit: str | None
) -> None:
    reason = check_of(expect, *values).reason

    assert reason
    assert (reason.truth, reason.culprit and reason.culprit.name) == (truth, culprit)
    assert reason.actual == (pytest.approx(actual) if isinstance(actual, float) else actual)
    assert reason.subject == expect.partition(":")[0]
    assert reason.culprit_field == ("config.x" if culprit else "")
    assert reason.unit == ("s" if "duration" in expect else "")
    assert reason.too_few is expect.startswith("stdev")


@pytest.mark.parametrize(
    ("expect", "values", "at"),
    [
        ("max(config.x): {max: 9}", [1, 6, 2], "seed-2"),
        ("min(config.x): {max: 9}", [2, "1", 6], "seed-2"),
        ("min(config.x): {max: 9}", [2, "high", 6], "seed-1"),
        ("max(config.x): {max: 9}", ["high"], None),
        ("mean(config.x): {max: 9}", [1, 6, 2], None),
        ("max(config.x): {any_of: [{max: 9}, {min: 20}]}", [1, 6, 2], "seed-2"),
    ],
)
def test_an_aggregate_keeps_the_values_of_its_runs_and_the_run_of_its_extreme(
    expect: str, values: list[Any], at: str | None
) -> None:
    check = check_of(expect, *values)

    assert [(each.run.name, each.value) for each in check.values] == [
        (f"seed-{number}", value) for number, value in enumerate(values, 1)
    ]
    assert (check.at and check.at.name) == at


def test_the_number_of_runs_has_no_values() -> None:
    check = check_of("count(): 2", 1, 2)

    assert (check.values, check.at) == ((), None)


def test_single_and_joint_expectations_must_both_hold() -> None:
    runs = [make_run(n, config={"x": n}) for n in (1, 2, 3)]

    assert judge_gate_body("expect: {config.x: {min: 1}, mean(config.x): 2}", *runs).status is Status.PASS
    assert judge_gate_body("expect: {config.x: {min: 2}, mean(config.x): 2}", *runs).status is Status.FAIL
    assert judge_gate_body("expect: {config.x: {min: 1}, mean(config.x): 3}", *runs).status is Status.FAIL
    assert judge_gate_body("how_many: any\nexpect: {config.x: 2, mean(config.x): 3}", *runs).status is Status.FAIL


def test_a_gate_may_expect_only_of_all_runs_together() -> None:
    result = judge_gate_body("expect: {count(): {min: 2}}", make_run(1), make_run(2))

    (check,) = result.checks
    assert check.reason
    assert (result.status, result.count, check.reason.actual) == (Status.PASS, None, 2)
    assert (check.kind, check.run) == (CheckKind.ALL_RUNS, None)


@pytest.mark.parametrize("function", ["mean", "median", "sum"])
@pytest.mark.parametrize("condition", ["{not: 5}", "{max: 9}", "{min: 0}"])
@pytest.mark.parametrize("value", [1.5e308, -1.5e308])
def test_an_aggregate_beyond_a_float_meets_no_condition(function: str, condition: str, value: float) -> None:
    result = judge_gate_body(
        f"expect: {{{function}(config.x): {condition}}}", *(make_run(n, config={"x": value}) for n in (1, 2))
    )

    assert result.status is Status.FAIL
    assert result.checks[0].reason
    assert result.checks[0].reason.truth is Truth.NOT_FINITE


@pytest.mark.slow
def test_lists_nested_beyond_the_stack_are_never_counted_as_few() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]

    assert check_of("distinct(config.x): {max: 9}", value).outcome is Outcome.VIOLATED


@pytest.mark.parametrize("condition", ["{any_of: [{min: 1}]}", "{min: 1, max: 9}"])
def test_an_aggregate_holds_the_values_of_its_runs_under_any_condition(condition: str) -> None:
    runs = [make_run(number, config={"x": number}) for number in (1, 2)]

    (check,) = judge_gate_body(f"expect: {{mean(config.x): {condition}}}", *runs).checks

    assert [each.value for each in check.values] == [1, 2]


@pytest.mark.parametrize(
    ("value", "gap"), [("high", Truth.WRONG_TYPE), (float("nan"), Truth.NOT_FINITE), (float("inf"), Truth.NOT_FINITE)]
)
def test_the_reading_of_an_aggregate_says_why_a_run_has_no_number(value: Any, gap: Truth) -> None:
    (gate,) = bound(one_gate("expect: {max(config.x): {min: 1}}")).gates
    (aggregate,) = subjects_in(gate.aggregates[0].condition)
    assert isinstance(aggregate, Aggregate)

    reading = aggregate.read([make_run(1, config={"x": 1}), make_run(2, config={"x": value})], NOW)

    assert (reading.gap, reading.culprit and reading.culprit.id) == (gap, "run-2")


def test_what_is_no_number_has_no_nearest_key() -> None:
    (check,) = judge_gate_body(
        "expect: {mean(config.rate): {min: 1}}", make_run(config={"rate": "a", "rates": 1})
    ).checks

    assert check.reason
    assert (check.reason.truth, check.reason.nearest) == (Truth.WRONG_TYPE, "")
