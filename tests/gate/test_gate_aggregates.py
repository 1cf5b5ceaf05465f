"""All runs together: `f(field)`."""

from typing import Any

import pytest
from gate_factories import judge_gate_body, make_run

from swanlab_ci.judgement import Check
from swanlab_ci.model import Outcome, Status


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

    assert check.outcome is Outcome.OK, check.message
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
    ("expect", "values", "message"),
    [
        ("mean(config.x): {min: 0.9}", [0.8999999, 0.9], "mean(config.x) is 0.8999999, must be at least 0.9"),
        ("distinct(config.x): {min: 3}", [1, 1, 2], "distinct(config.x) is 2, must be at least 3"),
        ("mean(config.x): {min: 0}", [1, None], "mean(config.x) is missing in seed-2, must be at least 0"),
        ("mean(config.x): {min: 0}", [1, "x"], "mean(config.x) is the text x in seed-2, and `min` needs a number"),
        ("max(duration): {max: 30m}", [1], "max(duration) is 1h, must be at most 30m"),
        (
            "stdev(config.x): {max: 1}",
            [1],
            "stdev(config.x) is missing for it takes two runs, and one is selected, must be at most 1",
        ),
    ],
)
def test_the_message_names_the_run_that_spoils_it(expect: str, values: list[Any], message: str) -> None:
    assert check_of(expect, *values).message == message


def test_single_and_joint_expectations_must_both_hold() -> None:
    runs = [make_run(n, config={"x": n}) for n in (1, 2, 3)]

    assert judge_gate_body("expect: {config.x: {min: 1}, mean(config.x): 2}", *runs).status is Status.PASS
    assert judge_gate_body("expect: {config.x: {min: 2}, mean(config.x): 2}", *runs).status is Status.FAIL
    assert judge_gate_body("expect: {config.x: {min: 1}, mean(config.x): 3}", *runs).status is Status.FAIL
    assert judge_gate_body("how_many: any\nexpect: {config.x: 2, mean(config.x): 3}", *runs).status is Status.FAIL


def test_a_gate_may_expect_only_of_all_runs_together() -> None:
    result = judge_gate_body("expect: {count(): {min: 2}}", make_run(1), make_run(2))

    assert result.status is Status.PASS
    assert result.summary == "count() is 2, must be at least 2"


@pytest.mark.parametrize("function", ["mean", "median", "sum"])
@pytest.mark.parametrize("condition", ["{not: 5}", "{max: 9}", "{min: 0}"])
@pytest.mark.parametrize("value", [1.5e308, -1.5e308])
def test_an_aggregate_beyond_a_float_meets_no_condition(function: str, condition: str, value: float) -> None:
    result = judge_gate_body(
        f"expect: {{{function}(config.x): {condition}}}", *(make_run(n, config={"x": value}) for n in (1, 2))
    )

    assert result.status is Status.FAIL
    assert "which is no finite number" in result.summary


def test_lists_nested_beyond_the_stack_are_never_counted_as_few() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]

    assert check_of("distinct(config.x): {max: 9}", value).outcome is Outcome.VIOLATED
