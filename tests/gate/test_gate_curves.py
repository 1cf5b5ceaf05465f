"""Curves: what a window holds, what can be made of it, and what is known while a run goes on."""

import math
from fractions import Fraction
from typing import Any

import pytest
from gate_factories import bound
from hypothesis import given, settings
from hypothesis import strategies as st

from swanlab_ci.gate.spec.conditions import Condition
from swanlab_ci.gate.spec.curves import TAKES, Curve, Window
from swanlab_ci.gate.spec.readings import Reading
from swanlab_ci.model import Points, Truth

NAN = math.nan


def points(*values: float) -> Points:
    return Points.of(range(len(values)), values)


def at(*pairs: tuple[int, float]) -> Points:
    return Points.of([step for step, _ in pairs], [value for _, value in pairs])


def rising() -> Points:
    """Make new points each time: a curve is computed once for the same ones."""
    return points(0.1, 0.2, 0.4, 0.8, 0.9)


def condition(written: str) -> Condition:
    text = f"project: a/b\ngates: [{{name: x, expect: {{metrics.a: {written}}}}}]"
    return bound(text).gates[0].expect[0].condition


def at_least(bound_value: float) -> Condition:
    return condition(f"{{min: {bound_value}}}")


def taken(take: str, given_points: Points | None, **window: Any) -> Any:
    return Curve("c", "a", Window(**window), take).read(given_points, over=True)


@pytest.mark.parametrize(
    ("take", "value"),
    [
        ("mean", 0.48),
        ("median", 0.4),
        ("min", 0.1),
        ("max", 0.9),
        ("first", 0.1),
        ("last", 0.9),
        ("count", 5),
        ("not_finite", 0),
        ("max_rise", 2.0),
        ("max_drop", 0.8888889),
        ("slope", 0.22),
        ("area", 1.9),
        ("stdev", 0.35637059),
    ],
)
def test_what_is_made_of_all_points(take: str, value: float) -> None:
    assert taken(take, rising()).value == pytest.approx(value)


def test_every_take_is_tested() -> None:
    assert len(TAKES) == 13


@pytest.mark.parametrize(
    ("window", "steps"),
    [
        ({"last": 2}, [3, 4]),
        ({"last": 99}, [0, 1, 2, 3, 4]),
        ({"last": Fraction(1, 5)}, [4]),
        ({"last": Fraction(21, 100)}, [3, 4]),
        ({"from_step": 3}, [3, 4]),
        ({"to_step": 1}, [0, 1]),
        ({"from_step": 1, "to_step": 3, "last": 1}, [3]),
        ({"from_step": 9}, []),
        ({"from_step": 2, "last": Fraction(1, 2)}, [3, 4]),
        ({"from_step": 9, "last": Fraction(1, 2)}, []),
    ],
)
def test_a_window_holds_these_points(window: dict[str, Any], steps: list[int]) -> None:
    assert [*Window(**window).of(rising()).steps] == steps


def test_points_are_taken_by_step_whatever_their_order() -> None:
    assert taken("last", at((3, 0.9), (1, 0.1), (2, 0.5))).value == 0.9
    assert taken("max_rise", at((3, 0.9), (1, 0.1), (2, 0.3))).value == pytest.approx(3)


def test_points_of_one_step_keep_their_order() -> None:
    assert taken("last", at((1, 0.1), (0, 0.3), (1, 0.2))).value == 0.2
    assert taken("count", at((1, 0.1), (0, 0.3), (1, 0.2))).value == 3


@pytest.mark.parametrize("take", sorted(TAKES))
@pytest.mark.parametrize("odd", [NAN, math.inf, -math.inf])
def test_a_point_that_is_not_finite_spoils_all_but_the_counts(take: str, odd: float) -> None:
    reading = taken(take, points(0.1, odd, 0.3))

    if take == "count":
        assert reading.value == 3
    elif take == "not_finite":
        assert reading.value == 1
    else:
        assert reading.gap is Truth.NOT_FINITE


def test_outside_the_window_it_spoils_nothing() -> None:
    assert taken("mean", points(NAN, 0.3, 0.5), last=2).value == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("take", "over", "trend"), [("mean", False, 0), ("count", False, 1), ("mean", True, 0), ("count", True, 1)]
)
def test_a_metric_without_points_is_missing(take: str, over: bool, trend: int) -> None:  # noqa: FBT001
    curve = Curve("c", "a", take=take)

    assert curve.read(points(), over=over) == Reading(gap=Truth.MISSING, settled=over, trend=trend)


@pytest.mark.parametrize(("take", "values", "said"), [("max", (1.0, NAN), NAN), ("mean", (1.7e308, 1.7e308), math.inf)])
def test_a_quantity_that_is_not_finite_says_which_one_it_is(take: str, values: Any, said: float) -> None:
    reading = taken(take, points(*values))

    assert reading.gap is Truth.NOT_FINITE
    assert str(reading.value) == str(said)


def test_a_ratio_that_says_nothing_hides_behind_no_larger_one() -> None:
    assert taken("max_rise", points(1, 3, 0, 1)).gap is Truth.NOT_FINITE


def test_the_first_step_that_holds() -> None:
    curve = Curve("reached", "a", first=at_least(0.4))

    assert curve.read(rising(), over=True).value == 2
    assert curve.read(points(NAN, 0.1, 0.5), over=True).value == 2
    assert curve.read(points(0.1), over=True).gap is Truth.MISSING


def test_a_metric_that_was_not_logged_is_missing_and_one_that_was_not_fetched_is_not() -> None:
    assert taken("count", points()).gap is Truth.MISSING
    assert taken("count", None).gap is Truth.NOT_FETCHED


@pytest.mark.parametrize("take", ["stdev", "max_rise", "max_drop", "slope", "area"])
def test_one_point_is_too_few(take: str) -> None:
    assert taken(take, points(0.1)).gap is Truth.MISSING


def test_no_point_in_the_window_is_missing_but_counted() -> None:
    assert taken("mean", rising(), from_step=9).gap is Truth.MISSING
    assert taken("count", rising(), from_step=9).value == 0


@pytest.mark.parametrize(("values", "rise"), [((0, 1), None), ((-1, 1), None), ((0, 0), 1), ((-2, -2), 1), ((2, 0), 0)])
def test_a_rise_from_nothing_has_no_ratio(values: tuple[float, ...], rise: float | None) -> None:
    reading = taken("max_rise", points(*values))

    assert reading.gap is (Truth.NOT_FINITE if rise is None else None)
    assert rise is None or reading.value == rise


def test_a_slope_takes_two_steps() -> None:
    assert taken("slope", at((3, 0.1), (3, 0.2))).gap is Truth.NOT_FINITE


def test_what_goes_beyond_a_float_is_not_finite() -> None:
    assert taken("area", at((0, 1e308), (10**9, 1e308))).gap is Truth.NOT_FINITE


@pytest.mark.parametrize(
    ("curve", "settled", "trend"),
    [
        (Curve("c", "a", take="not_finite"), False, 1),
        (Curve("c", "a", take="count"), False, 1),
        *((Curve("c", "a", take=take), False, 0) for take in ("min", "max", "max_rise", "max_drop")),
        (Curve("c", "a", take="mean"), False, 0),
        (Curve("c", "a", Window(last=2), "max"), False, 0),
        (Curve("c", "a", Window(to_step=3), "mean"), True, 0),
        (Curve("c", "a", Window(to_step=4), "mean"), False, 0),
        (Curve("c", "a", take="first"), False, 0),
        (Curve("c", "a", first=at_least(0.4)), True, 0),
        (Curve("c", "a", first=at_least(2)), False, 0),
    ],
)
def test_what_is_known_while_the_run_goes_on(curve: Curve, settled: bool, trend: int) -> None:  # noqa: FBT001 - data
    reading = curve.read(rising(), over=False)

    assert (reading.settled, reading.trend) == (settled, 0 if settled else trend)


PAIRS = st.lists(
    st.tuples(st.integers(0, 50), st.floats(-1e6, 1e6, allow_nan=False)),
    min_size=1,
    max_size=30,
)


LATER = st.lists(st.tuples(st.integers(0, 50), st.floats()), min_size=1, max_size=30)
CURVES = [
    *(Curve("c", "a", window, take) for take in TAKES for window in (Window(), Window(last=3), Window(to_step=20))),
    Curve("c", "a", first=at_least(0.4)),
]


@pytest.mark.slow
@settings(max_examples=400)
@given(PAIRS, LATER, st.sampled_from(CURVES))
def test_what_is_settled_or_has_a_trend_is_changed_by_nothing_that_is_logged_later(
    before: list[tuple[int, float]], later: list[tuple[int, float]], curve: Curve
) -> None:
    last = max(step for step, _ in before)
    after = before + [(step + last + 1, value) for step, value in later]

    now, end = curve.read(at(*before), over=False), curve.read(at(*after), over=True)

    if now.settled:
        assert (repr(end.value), end.gap) == (repr(now.value), now.gap)
    if now.trend and not now.gap:
        assert (end.value - now.value) * now.trend >= 0


@pytest.mark.parametrize("window", [Window(from_step=1000), Window(from_step=1000, last=3)])
def test_a_window_without_points_has_none_that_are_finite_either(window: Window) -> None:
    assert Curve("c", "a", window, "not_finite").read(rising(), over=True).gap is Truth.MISSING
    assert Curve("c", "a", window, "count").read(rising(), over=True).value == 0


@given(PAIRS)
def test_points_are_kept_by_step_and_equal_whatever_their_order(pairs: list[tuple[int, float]]) -> None:
    distinct = [*dict(pairs).items()]

    assert [*at(*pairs).steps] == sorted(step for step, _ in pairs)
    assert at(*distinct) == at(*distinct[::-1])
    assert hash(at(*distinct)) == hash(at(*distinct[::-1]))
    assert at(*distinct) != at(*distinct, (99, 0.0))


HUGE = st.lists(
    st.tuples(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False)), max_size=6
)


@given(HUGE)
def test_every_quantity_of_numbers_of_any_size_is_a_number_or_says_why_not(pairs: list[tuple[int, float]]) -> None:
    for take in TAKES:
        reading = Curve("c", "a", take=take).read(at(*pairs), over=True)
        assert reading.gap is not None or math.isfinite(reading.value)


@pytest.mark.parametrize(
    ("take", "pairs"),
    [
        ("area", [(0, 1.7e308), (1, 1.7e308), (2, -1.7e308), (3, -1.7e308)]),
        ("slope", [(2**62, 0.0), (2**62 + 1, 1.0)]),
        ("mean", [(0, 1.7e308), (1, 1.7e308)]),
        ("stdev", [(0, 1.7e308), (1, -1.7e308)]),
    ],
)
def test_what_cannot_be_computed_in_floats_is_not_finite(take: str, pairs: list[tuple[int, float]]) -> None:
    assert taken(take, at(*pairs)).gap is Truth.NOT_FINITE


def test_points_that_are_not_numbers_equal_themselves() -> None:
    assert points(NAN, 1) == points(NAN, 1) != points(1, NAN)


def test_a_million_points_are_computed_once() -> None:
    many = Points.of(range(10**6), [1.0, 2.0] * (5 * 10**5))
    curve = Curve("c", "a", take="max_rise")

    first = curve.read(many, over=True)

    assert first.value == 2
    assert curve.read(many, over=True) is first


def test_branches_hold_for_a_point_as_for_a_field() -> None:
    inside = Curve("c", "a", first=condition("{any_of: [{above: 0.8}, {min: 0.15, max: 0.25}]}"))
    outside = Curve("c", "a", first=condition("{none_of: [{max: 0.3}]}"))

    assert inside.read(rising(), over=True).value == 1
    assert outside.read(points(NAN, 0.1, 0.4), over=True).value == 2


@pytest.mark.parametrize(
    ("condition", "step"),
    [
        ("{min: 0.3, max: 0.5}", 2),
        ("{any_of: [{min: 0.85}, {max: 0.1}]}", 0),
        ("{none_of: [{max: 0.3}, {min: 0.85}]}", 2),
        ("{not: 0.1}", 1),
        ("{in: [0.4, 0.8]}", 2),
    ],
)
def test_the_first_step_is_found_by_any_condition(condition: str, step: int) -> None:
    text = "project: a/b\ncurves: {c: {of: a, first: CONDITION}}\ngates: [{name: x, expect: {curve.c: {min: 0}}}]"
    curve = bound(text.replace("CONDITION", condition)).curves["c"]

    assert curve
    assert curve.read(rising(), over=True).value == step


@pytest.mark.parametrize("take", ["", "count"])
def test_no_point_decides_how_many_there_are(take: str) -> None:
    facts = Curve("c", "a", take=take, first=None if take else at_least(0.4)).facts(points(0.1, NAN), decided=True)

    assert facts.at is None
    assert facts.take == (take or "first_step")


def test_the_area_is_that_of_trapezoids() -> None:
    assert taken("area", at((1, 1.0), (3, 3.0), (4, 1.0))).value == 6


@pytest.mark.parametrize(
    ("curve", "last_step", "settled"),
    [
        (Curve("c", "a", Window(to_step=4), "max"), 4, False),
        (Curve("c", "a", Window(to_step=4), "max"), 5, True),
    ],
)
def test_a_window_is_whole_once_a_later_step_is_there(curve: Curve, last_step: int, *, settled: bool) -> None:
    assert curve.read(at((0, 0.1), (last_step, 0.2)), over=False).settled is settled


def test_a_step_that_is_found_is_final_while_the_run_goes_on() -> None:
    found = Curve("c", "a", first=at_least(0.4))

    assert found.read(rising(), over=False).settled
    assert not Curve("c", "a", Window(last=2), first=at_least(0.4)).read(rising(), over=False).settled
