# ruff: noqa: RUF001 - the signs of the report
"""The cells of the table of checks: digits, signs and what is required, as data and as words."""

from dataclasses import replace

import pytest
from support.example import GATES, example, green, red

from swanlab_ci.insight.facts import Measured, Row
from swanlab_ci.judgement import RunValue
from swanlab_ci.messages import Language, plain
from swanlab_ci.model import RunRef, Status
from swanlab_ci.report.wording import cells


def words(message: object) -> str:
    return plain(message, Language.EN) if message else ""  # type: ignore[arg-type]


def row_of(label: str, text: str = GATES) -> Row:
    return next(row for row in example(text=text).insight.rows if row.label == label and row.status is not Status.PASS)


def texts(row: Row) -> list[str]:
    sides = [words(cells.measured_now(row)), words(cells.measured(row.base, row))]
    return [*sides, words(cells.delta(row)), *map(words, cells.bounds(row))]


def test_both_sides_have_the_digits_of_the_larger_spread() -> None:
    rows = {row.label: texts(row) for row in red().insight.rows if row.status is Status.FAIL}

    assert rows == {
        "state": ["CRASHED", "", "", "FINISHED"],
        "config.lr": ["0.05", "0.001", "×50", "1e-5 … 0.01"],
        "val/acc": ["0.8983 ±0.0014", "0.9275 ±0.0028", "−3.1% ±0.32%", "Δ ≥ −1%", "≥ 0.9"],
        "val/loss": ["0.3721 ±0.0052", "0.2591 ±0.0046", "+44% ±4.3%", "Δ ≤ +1.9%"],
    }


def test_a_green_difference_has_its_sign_in_front() -> None:
    rows = {row.label: words(cells.delta(row)) for row in green().insight.rows if row.comparison}

    assert rows == {"val/acc": "+0.5% ±0.28%", "val/loss": "−3.9% ±3.1%"}


@pytest.mark.parametrize(
    ("written", "bound"),
    [
        ("metrics.val/acc: {to: main, better: higher, require_better: 1%}", "Δ ≥ +1%"),
        ("metrics.val/acc: {to: main, better: higher, require_better: 0.01}", "Δ ≥ +1.1%"),
        ("metrics.val/loss: {to: main, better: lower, require_better: 10%}", "Δ ≤ −10%"),
        ("metrics.val/loss: {to: main, better: lower, allow_worse: 0}", "Δ ≤ 0%"),
    ],
)
def test_what_a_comparison_requires_is_a_bound_of_the_difference(written: str, bound: str) -> None:
    head, _, _ = GATES.partition("    compare:\n")
    text = f"{head}    compare:\n      {written}\n"

    row = row_of(written.split(":", maxsplit=1)[0].removeprefix("metrics."), text)

    assert words(cells.bounds(row)[0]) == bound


def test_without_a_baseline_the_bound_is_as_it_is_written() -> None:
    rows = {row.label: row for row in example(baseline=False).insight.rows if row.comparison}

    assert [words(cells.bounds(rows[name])[0]) for name in ("val/acc", "val/loss")] == ["Δ ≥ −1%", "Δ ≤ +0.005"]
    assert cells.delta(rows["val/acc"]) is None


def test_a_count_that_is_too_low_fails_and_the_baseline_has_none() -> None:
    expect = "    expect:\n      config.lr: "

    counted = row_of("how_many", GATES.replace(expect, "    how_many: {at_least: 90%}\n" + expect))

    assert (counted.status, counted.baseline) == (Status.FAIL, "main")
    assert texts(counted) == ["0 of 3", "", "", "at least 90%"]


def side(*values: object, centre: float | None = None, spread: float | None = None) -> Measured:
    runs = tuple(RunValue(RunRef(f"r{number}", "r"), value) for number, value in enumerate(values))
    return Measured(values=runs, centre=centre, spread=spread)


@pytest.mark.parametrize(
    ("shown", "unit", "expected"),
    [
        (side(1, 2, centre=1.5), "", "1.5"),
        (side(1, 2, centre=-1.5, spread=0.7), "", "−1.50 ±0.70"),
        (side(1, 2, centre=123456.0, spread=7000.0), "", "123456 ±7000"),
        (side(1, 2, centre=1.5, spread=1e-30), "", "1.5 ±1e-30"),
        (side(1, 2, centre=1e300, spread=1e299), "", "1e+300 ±1e+299"),
        (side(1, 2, centre=5760.0, spread=60.0), "s", "1h 36m ±1m"),
        (side("a", "b", "a"), "", "a, b"),
        (side("a", "b", "c", "d", "e"), "", "a, b, c, 2 more"),
        (side(None), "", "missing"),
        (side({"k": 1}), "", "a map with 1 key"),
        (side(float("nan")), "", "NaN"),
    ],
)
def test_a_side_is_a_mean_with_its_spread_or_its_distinct_values(shown: Measured, unit: str, expected: str) -> None:
    row = replace(red().insight.rows[0], new=shown, base=None, unit=unit, function="mean", comparison=None)

    assert words(cells.measured(shown, row)) == expected


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.031, "+3.1%"), (-0.0315, "−3.1%"), (0.44, "+44%"), (1.236, "+124%"), (0.00123, "+0.12%"), (0.0, "+0%")],
)
def test_a_percentage_has_two_digits(share: float, text: str) -> None:
    assert cells.percent(share).text == text
