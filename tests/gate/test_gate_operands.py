"""What stands right of an operator: how much of it is taken, what it means, and how it is told."""

from datetime import timedelta
from typing import Any

import pytest
from gate_factories import NOW, bound, judge_gate_body, make_run, one_gate

from swanlab_ci import gate
from swanlab_ci.gate.spec.values import seconds_text
from swanlab_ci.model import Status


@pytest.mark.parametrize(
    "body",
    [
        f"expect: {{name: {{like: {'a' * 256}}}}}",
        f"expect: {{name: {{version: '>=1.{'0' * 252}'}}}}",
    ],
)
def test_the_longest_operands_are_taken(body: str) -> None:
    gate.load(one_gate(body), name="gates.yml")


@pytest.mark.parametrize(
    ("condition", "operator", "written", "values"),
    [
        ("{like: a*}", "like", '"a*"', (r"\A(?s:a.*)\Z",)),
        ("{matches: ^a}", "matches", '"^a"', ("^a",)),
        ("{contains: xyz}", "contains", "xyz", ("xyz",)),
        ("{not: seed-1}", "not", "seed-1", ("seed-1",)),
        ("{in: [b, 1, true]}", "in", "b, 1, true", ("b", 1, True)),
        ("{exists: true}", "exists", "true", (True,)),
        ("{min: 0.5}", "min", "0.5", (0.5,)),
        ("{type: text}", "type", "text", ("text",)),
        ('{version: ">=2.1,<3"}', "version", ">=2.1,<3", ("<3,>=2.1",)),
    ],
)
def test_what_was_asked_is_a_plain_value(condition: str, operator: str, written: str, values: tuple[Any, ...]) -> None:
    (check,) = judge_gate_body(f"expect: {{config.x: {condition}}}", make_run(config={"x": "1"})).checks

    assert check.expected
    assert (check.expected.operator, check.expected.written) == (operator, written)
    assert repr(check.expected.values) == repr(values)  # a specifier equals its text


@pytest.mark.parametrize(
    ("expect", "unit"),
    [
        ("duration: {max: 2h}", "s"),
        ("mean(duration): {max: 2h}", "s"),
        ("duration: {max: {field: config.limit}}", "s"),
        ("config.limit: {max: 9000}", ""),
    ],
)
def test_what_was_asked_has_the_unit_of_its_subject(expect: str, unit: str) -> None:
    (clause,) = [*(gate := bound(one_gate(f"expect: {{{expect}}}")).gates[0]).expect, *gate.aggregates]

    assert clause.condition.expectation().unit == unit


@pytest.mark.parametrize(("most", "status"), [("59m", Status.FAIL), ("1h", Status.PASS), ("3599.5s", Status.FAIL)])
def test_a_length_of_time_is_read_to_its_fraction(most: str, status: Status) -> None:
    assert judge_gate_body(f"expect: {{duration: {{max: {most}}}}}", make_run()).status is status


def test_half_a_second_is_not_nothing() -> None:
    moment = NOW - timedelta(hours=1)
    blink = make_run(created_at=moment, finished_at=moment + timedelta(seconds=0.25))

    assert judge_gate_body("expect: {duration: {max: 0.5s}}", blink).status is Status.PASS


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (0.25, "0.25s"), (-0.5, "-0.5s"), (-90, "-1m 30s"), (-3600, "-1h"), (90061, "1d 1h")],
)
def test_a_length_of_time_is_spelled_by_its_two_largest_units(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text
