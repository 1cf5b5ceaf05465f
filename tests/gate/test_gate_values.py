"""How a value is read as a number, how it is spelled in a message, and what a later file's `report` overrides."""

import math
from typing import Any

import pytest

from swanlab_ci.gate.spec.fields import parse_path
from swanlab_ci.gate.spec.report import ReportMetric, ReportSpec
from swanlab_ci.gate.spec.values import number_in, spelled
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
