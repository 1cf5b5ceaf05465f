"""A thinned curve keeps its ends, its order and its shape."""

from hypothesis import given
from hypothesis import strategies as st

from swanlab_ci.sandbox.api.sampling import thinned

values = st.lists(st.floats(-1e6, 1e6), max_size=60)


@given(values, st.integers(1, 50))
def test_so_many_points_are_kept_in_order_with_both_ends(curve: list[float], most: int) -> None:
    kept = thinned(list(enumerate(curve)), most)

    assert len(kept) == min(most, len(curve))
    assert kept == sorted(set(kept))
    assert kept[:1] == [0][: len(curve)]
    assert most == 1 or kept[-1:] == [len(curve) - 1][: len(curve)]


@given(values)
def test_a_curve_that_is_short_enough_stays_whole(curve: list[float]) -> None:
    assert thinned(list(enumerate(curve)), max(1, len(curve))) == list(range(len(curve)))


def test_a_peak_survives() -> None:
    curve = [0.0] * 100
    curve[37] = 5.0

    assert 37 in thinned(list(enumerate(curve)), 5)


def test_the_point_of_the_largest_triangle_is_kept() -> None:
    # The parts are 1…3 and 4…6; the mean of the second is (5, 1.2), and (2, 3) is farthest off the line from (0, 0)
    curve = [(0.0, 0.0), (1.0, 1.0), (2.0, 3.0), (3.0, 0.0), (4.0, 1.0), (5.0, 2.5), (6.0, 0.0), (7.0, 0.0)]

    assert thinned(curve, 4) == [0, 2, 5, 7]
