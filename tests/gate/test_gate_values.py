"""How a value is read as a number, how it is spelled in a message, and what a later file's `report` overrides."""

import math
from typing import Any

import pytest

from swanlab_ci.gate.spec.fields import parse_path
from swanlab_ci.gate.spec.report import ReportMetric, ReportSpec
from swanlab_ci.gate.spec.values import identity, number_in, spelled
from swanlab_ci.messages import Language


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (10**308 - 1, 10**308 - 1),
        (10**308, math.inf),
        (-(10**308), -math.inf),
        ("0" * 80, 0.0),
        ("0" * 81, None),
        (True, None),
        (" 1e3 ", 1000.0),
        ("1_000", None),
    ],
)
def test_what_is_a_number(value: Any, number: float | None) -> None:
    assert number_in(value) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0123456", '"0123456"'),
        ("abcdef0", "abcdef0"),
        ("abcdef01", "abcdef01"),
        ("abcdef0123" * 4, "abcdef0"),
        ("文", '"文"'),
        ("x" * 80, "x" * 80),
        ("x" * 81, f'"{"x" * 79}…"'),
        ([1] * 8, "[1, 1, 1, 1, 1, 1, 1, 1]"),
        ([1] * 9, "[1, 1, 1, 1, 1, 1, 1, 1, …]"),
        (1 / 3, "0.333333"),
        (None, "null"),
        (True, "true"),
    ],
)
def test_how_a_value_is_spelled(value: Any, text: str) -> None:
    assert spelled(value) == text


def nested(depth: int, inner: Any) -> Any:
    for _ in range(depth):
        inner = [inner]
    return inner


def test_the_identity_of_what_is_nested_grows_with_it_and_does_not_double() -> None:
    assert len(identity(nested(100, "it's"))[1]) < 2_000
    assert len(identity({"a": nested(100, {"b": "it's"})})[1]) < 2_000


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ([1, [2]], [1.0, [2.0]], True),
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}, True),
        ([1, 2], [[1], 2], False),
        (["a", "b"], ["a', 'b"], False),
        ([["a"], "b"], [["a", "b"]], False),
        ([], {}, False),
        ([], [[]], False),
        ({"a": {"b": 1}}, {"a": "b", "1": 1}, False),
        ({"ab": 1}, {"a": "b1"}, False),
        ([1], ["1"], False),
        ([True], [1], False),
    ],
)
def test_equal_values_and_no_others_have_one_identity(one: Any, other: Any, *, equal: bool) -> None:
    assert (identity(one) == identity(other)) is equal


def test_a_later_file_overrides_each_key_of_the_report_by_itself() -> None:
    field = parse_path("config.lr")
    assert field
    whole = ReportSpec(
        language=Language.ZH,
        baseline="main",
        metrics=(ReportMetric(field),),
        columns=(field,),
        charts=(field,),
        ignored=(field,),
        template="a.md",
    )
    other = ReportSpec(language=Language.EN, baseline="old", charts=(), template="b.md")

    assert whole.under(ReportSpec()) == whole
    assert ReportSpec().under(whole) == whole
    assert whole.under(other) == ReportSpec(
        language=Language.EN,
        baseline="old",
        metrics=whole.metrics,
        columns=whole.columns,
        charts=(),
        ignored=whole.ignored,
        template="b.md",
    )
