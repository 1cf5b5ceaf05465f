"""What stands right of an operator: how much of it is taken, what it means, and how it is told."""

from datetime import timedelta

import pytest
from gate_factories import NOW, judge_gate_body, make_run, one_gate, problem_of

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
    ("body", "message"),
    [
        ("expect: {name: [1, {}]}", "a value is needed for `name`, not a map"),
        ("expect: {name: {contains: [a]}}", "a text is needed here"),
        ("expect: {name: {contains: $pr_commits}}", "`$pr_commits` is a list, and one text is needed here"),
        ("expect: {name: {is: [a]}}", "one value is needed here; for several there are `in` and `not_in`"),
        ("expect: {config.x: {max: {times: 2}}}", "a bound is a number, or `{field: OTHER, times: x, plus: y}`"),
        ("expect: {config.x: {max: {field: [a]}}}", "`field` takes the name of a field"),
        ("expect: {name: {like: [a]}}", "a text pattern is needed here"),
        ("expect: {name: {version: newest}}", '`newest` is not a version specifier, like ">=2.3,<2.6" (PEP 440)'),
        ("expect: {name: {version: [a]}}", 'a version specifier is needed here, like ">=2.3,<2.6"'),
        ("expect: {config.x: {min: [1]}}", "a number is needed here, and a list is none"),
        ("expect: {requirements: 1}", "unknown field `requirements`; name a key of it, like `requirements.torch`"),
        (
            "expect: {name: {matches: (a+)+}}",
            "a repeat or an alternative inside a repeat can take for ever; use `like`",
        ),
    ],
)
def test_a_mistake_is_told_in_these_words_and_no_others(body: str, message: str) -> None:
    assert str(problem_of(one_gate(body)).message) == message


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("{like: a*}", 'must be like "a*"'),
        ("{matches: ^a}", 'must match "^a"'),
        ("{contains: xyz}", "must contain xyz"),
        ("{not: seed-1}", "must not be seed-1"),
        ("{in: [b, c]}", "must be one of b, c"),
    ],
)
def test_what_was_asked_of_a_text_is_told_as_it_is_written(condition: str, words: str) -> None:
    assert judge_gate_body(f"expect: {{name: {condition}}}", make_run()).summary == f"name is seed-1 in seed-1, {words}"


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


@pytest.mark.parametrize(("pattern", "piece"), [("a(?=b)", "(?="), (r"(a)\\1", r"\1"), ("x(?<!a)b", "(?<")])
def test_what_a_pattern_may_not_have_is_named(pattern: str, piece: str) -> None:
    problem = problem_of(one_gate(f'expect: {{name: {{matches: "{pattern}"}}}}'))

    assert str(problem.message).startswith(f"`{piece}`: ")
