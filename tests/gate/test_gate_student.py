"""The quantile of Student's t against scipy, which is no dependency of the program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from swanlab_ci.gate.evaluate.student import prediction_factor, t_quantile


@given(st.floats(0.75, 1 - 1e-9), st.integers(1, 10_000))
def test_the_quantile_is_the_one_of_scipy(probability: float, degrees: int) -> None:
    assert t_quantile(probability, degrees) == pytest.approx(stdtrit(degrees, probability), rel=1e-8)


@pytest.mark.parametrize(("probability", "degrees"), [(0.7, 3), (1.0, 3), (1.5, 3), (0.9, 0)])
def test_other_quantiles_are_refused(probability: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="quantile"):
        t_quantile(probability, degrees)


def test_the_factor_of_three_runs_against_three() -> None:
    expected = stdtrit(2, 1 - 0.02 / 3) * (1 + 1 / 3) ** 0.5

    assert prediction_factor(3, 3, 0.02) == pytest.approx(expected, rel=1e-9)
