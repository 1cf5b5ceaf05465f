"""The numbers of the page's charts: values between points, curves as text, round marks, what is shown first."""

import math
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.example import example, green, red

from swanlab_ci.insight.curves import at, clean
from swanlab_ci.insight.facts import MetricCurves, RunCurve
from swanlab_ci.model import Point
from swanlab_ci.report.html.chart import Chart, charts
from swanlab_ci.report.html.drawing import HEIGHT, Scale, area, encoded, marks, path, spread_evenly

LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
finite = st.floats(-1e9, 1e9)
curves = st.lists(st.tuples(st.integers(0, 200), finite), min_size=2, max_size=30).map(clean)


@given(curves, st.integers(2, 60))
def test_values_between_points_are_those_of_insight(points: tuple[Point, ...], count: int) -> None:
    first, last = -5, 205
    for place, value in enumerate(spread_evenly(points, first, last, count)):
        expected = at(points, first + (last - first) * place / (count - 1))
        if value is not None and expected is not None:
            assert math.isclose(value, expected, rel_tol=1e-6, abs_tol=1e-3)
        else:  # at the very end of a curve, rounding may decide
            assert value is expected is None or place in {0, count - 1} or (last - first) % (count - 1)


@given(st.lists(st.none() | finite, min_size=1, max_size=40).filter(lambda values: any(v is not None for v in values)))
def test_a_curve_reads_back_to_a_4095th_of_its_scale(values: list[float | None]) -> None:
    scale = Scale.of(value for value in values if value is not None)

    text = encoded(values, scale)

    assert len(text) == 2 * len(values)
    for place, value in enumerate(values):
        pair = text[2 * place : 2 * place + 2]
        if value is None:
            assert pair == "~~"
        else:
            share = (LETTERS.index(pair[0]) * 64 + LETTERS.index(pair[1])) / HEIGHT
            assert abs(scale.low + share * (scale.high - scale.low) - value) <= (scale.high - scale.low) / HEIGHT


@given(st.lists(finite, min_size=1), finite)
def test_every_value_is_on_its_scale(values: list[float], other: float) -> None:
    scale = Scale.of(values)

    assert scale.low < scale.high
    assert all(0 <= scale.at(value) <= HEIGHT for value in [*values, other])


def test_a_line_goes_from_place_to_place_and_breaks_where_there_is_no_value() -> None:
    scale = Scale(0.0, 4095.0)

    assert path([4095.0, 4093.0, None, 0.0, 10.0], scale) == "M0 0l1 2M3 4095l1-10"
    assert area([0.0, None, 4095.0], [4095.0, None, 4095.0], scale) == "M0 0l0 4095zM2 0l0 0z"
    assert path([None], scale) == ""


@given(finite, st.floats(1e-3, 1e9), st.integers(1, 8))
def test_marks_are_few_and_within(low: float, width: float, most: int) -> None:
    found = marks(low, low + width, most)

    assert len(found) <= most
    assert all(low - 1e-6 * width <= mark <= low + width * (1 + 1e-6) for mark in found)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.0, 1.0, [0, 0.5, 1]), (0.87, 0.945, [0.88, 0.9, 0.92, 0.94]), (20, 120, [25, 50, 75, 100]), (1.0, 1.0, [])],
)
def test_marks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert marks(low, high, 4) == pytest.approx(expected)


def drawn(**more: object) -> list[Chart]:
    facts = (red() if not more else more["of"]).insight  # type: ignore[attr-defined]
    return charts(facts.curves, set(facts.compared))


def test_the_compared_runs_make_the_mean_and_every_run_has_a_line() -> None:
    (first, *_) = drawn()

    assert (first.new.runs, first.base.runs) == (3, 5)
    assert (len(first.new_lines), len(first.base_lines)) == (4, 5)
    assert first.new.last == pytest.approx(0.89828, abs=1e-4)
    assert (first.first, first.last, first.count) == (1, 120, 120)


def test_the_start_is_cut_until_the_difference_at_the_end_can_be_seen() -> None:
    (first, *_) = drawn(of=green())
    ours, theirs = first.new.last, first.base.last
    assert ours
    assert theirs
    shown = [v for side in (first.new, first.base) for each in (side.low, side.high) for v in each[first.cut :] if v]

    assert 0 < first.cut <= 0.6 * first.count
    assert max(shown) - min(shown) <= 8 * abs(ours - theirs) or first.cut == int(0.6 * first.count)
    assert [chart.cut for chart in drawn(of=example(baseline=False))] == [0, 0]


@pytest.mark.slow
@pytest.mark.parametrize(("runs", "metrics", "most"), [(100, 20, 140), (10, 3, 500), (100, 100, 40)])
def test_all_curves_together_have_a_bounded_size(runs: int, metrics: int, most: int) -> None:
    (metric, *_) = red().insight.metrics
    points = tuple(Point(step, step / 7) for step in range(1000))
    line = RunCurve(red().insight.new_runs[0].run, points)
    each = MetricCurves(metric=replace(metric, key="m"), new=(line,) * runs, base=())

    assert {chart.count for chart in charts([each] * metrics, set())} == {most}
