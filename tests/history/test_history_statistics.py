"""The statistics of suggestions, held against scipy, against published rates and against simulation."""

import random
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import dblquad
from scipy.special import gamma, gammaincinv, ndtr, stdtrit

from swanlab_ci.history.bounds import Basis, Sample, floor, spread_within
from swanlab_ci.history.chi_squared import chi_squared_quantile
from swanlab_ci.history.means import means_rates
from swanlab_ci.history.rates import rates, seen_drop, smallest_allowance


def chi_squared_of_scipy(probability: float, degrees: int) -> float:
    """Return what `scipy.stats.chi2.ppf` does; `scipy.stats` takes a second to import."""
    return float(2 * gammaincinv(degrees / 2, probability))


@given(st.floats(1e-6, 1 - 1e-6), st.integers(1, 5_000))
def test_the_quantile_is_the_one_of_scipy(probability: float, degrees: int) -> None:
    assert chi_squared_quantile(probability, degrees) == pytest.approx(
        chi_squared_of_scipy(probability, degrees), rel=1e-7
    )


@pytest.mark.parametrize(("probability", "degrees"), [(0.0, 3), (1.0, 3), (0.5, 0)])
def test_other_quantiles_are_refused(probability: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="quantile"):
        chi_squared_quantile(probability, degrees)


@pytest.mark.parametrize(  # the tables of docs/statistics.md, which benchmarks/noise.py makes with the package's rule
    ("sizes", "drop", "warn", "fail"),
    [
        ((1, 5), 0.0, 26, 6),
        ((3, 3), 0.0, 21, 7),
        ((3, 5), 0.0, 19, 6),
        ((5, 5), 0.0, 17, 5),
        ((1, 5), 2.0, 43, 49),
        ((3, 3), 2.0, 27, 69),
        ((3, 5), 2.0, 19, 79),
        ((5, 5), 2.0, 12, 87),
        ((3, 5), 3.0, 3, 97),
    ],
)
def test_the_rates_are_the_published_ones(sizes: tuple[int, int], drop: float, warn: float, fail: float) -> None:
    found = rates(*sizes, 0.5, drop)

    assert 100 * found.warn == pytest.approx(warn, abs=2)
    assert 100 * found.fail == pytest.approx(fail, abs=2)


@pytest.mark.parametrize(("drop", "fail"), [(0.0, 5.2), (2.0, 76.5), (3.0, 96.7)])
def test_the_means_fail_as_often_as_published(drop: float, fail: float) -> None:
    assert 100 * means_rates(3, 5, 0.5, drop).fail == pytest.approx(fail, abs=0.1)


def density_of_chi(value: float, degrees: int) -> float:
    """Return the density of the chi distribution with so many degrees of freedom."""
    return float(value ** (degrees - 1) * exp(-value * value / 2) / (2 ** (degrees / 2 - 1) * gamma(degrees / 2)))


def exact(new: int, base: int, allowed: float, drop: float) -> float:
    """Return the share that fails by scipy's own quadrature in two dimensions."""
    error, ours, theirs = (1 / new + 1 / base) ** 0.5, new - 1, base - 1

    def density(one: float, other: float) -> float:
        noise = 2 * (one**2 / ours / new + other**2 / theirs / base) ** 0.5
        above = float(ndtr(-(max(allowed, noise) - drop) / error))
        return above * density_of_chi(one, ours) * density_of_chi(other, theirs)

    return float(dblquad(density, 0, 9, 0, 9, epsabs=1e-4)[0])


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")  # at the bend where noise is the allowance
@pytest.mark.parametrize("case", [(3, 5, 0.5, 0.0), (3, 5, 0.5, 2.0), (2, 3, 0.1, 2.0)])
def test_the_quadrature_is_the_one_of_scipy(case: tuple[int, int, float, float]) -> None:
    assert means_rates(*case).fail == pytest.approx(exact(*case), abs=3e-4)


@pytest.mark.parametrize(("new", "base"), [(2, 1), (1, 2)])
def test_without_an_estimate_of_noise_the_allowance_alone_decides(new: int, base: int) -> None:
    share = float(ndtr(0.5 / (1 / new + 1 / base) ** 0.5))

    found = means_rates(new, base, 0.5, 1.0)

    assert found.warn == 0.0
    assert found.fail == pytest.approx(share)


@pytest.mark.parametrize(
    ("new", "base", "drop"),
    [
        (1, 5, 3.17),
        (3, 3, 2.36),
        (3, 5, 2.10),
        (3, 10, 1.90),
        (4, 5, 1.93),
        (5, 5, 1.82),
        (10, 5, 1.57),
        (10, 10, 1.28),
    ],
)
def test_eight_of_ten_are_seen_at_the_published_drop(new: int, base: int, drop: float) -> None:
    assert means_rates(new, base, 0.5, drop).fail == pytest.approx(0.8, abs=0.005)


def test_a_smaller_allowance_never_fails_less_often() -> None:
    shares = [rates(3, 5, allowed / 4).fail for allowed in range(9)]

    assert shares == sorted(shares, reverse=True)


def test_the_smallest_allowance_has_the_rate_that_was_asked_for() -> None:
    found = smallest_allowance(3, 5, 0.05)

    assert found
    assert rates(3, 5, found).fail <= 0.05 < rates(3, 5, found - 0.05).fail


@pytest.mark.slow
@pytest.mark.parametrize(("new", "base", "drop"), [(3, 3, 2.36), (3, 5, 2.10), (5, 5, 1.82), (10, 10, 1.28)])
def test_the_drop_that_is_seen_is_near_that_of_the_means_alone(new: int, base: int, drop: float) -> None:
    found = seen_drop(new, base, 0.5)

    assert found == pytest.approx(drop, abs=0.12)  # outliers make it a little smaller


def sample(*units: tuple[float, ...], higher: bool = True) -> Sample:
    return Sample(units, higher)


def test_the_worst_of_many_runs_is_a_floor_without_a_distribution() -> None:
    found = floor(sample(*[(0.9 + number / 1000,) for number in range(40)]), 0.05)

    assert found
    assert (found.bound, found.basis) == (0.9, Basis.WORST_RUN)
    assert found.alarms == pytest.approx(1 / 41)


def test_the_share_of_alarms_is_exact_for_any_distribution() -> None:
    source, stopped, draws = random.Random(1), 0, 20_000  # noqa: S311 - a simulation
    past: list[float] = []
    for _ in range(draws):
        past = [source.expovariate(1) for _ in range(24)]
        stopped += min(source.expovariate(1) for _ in range(3)) < min(past)
    found = floor(sample(*[tuple(past[start : start + 3]) for start in range(0, 24, 3)]), 0.5)

    assert found
    assert found.alarms == pytest.approx(3 / 27)
    assert stopped / draws == pytest.approx(3 / 27, abs=0.01)


def test_too_few_runs_take_the_normal_distribution() -> None:
    values = [0.90, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97]
    found = floor(sample(*[(value,) for value in values]), 0.05)
    below = floor(sample(*[(1 - value,) for value in values], higher=False), 0.05)

    assert found
    assert below
    deviation = (sum((value - 0.935) ** 2 for value in values) / 7) ** 0.5
    expected = 0.935 - stdtrit(7, 0.95) * deviation * (1 + 1 / 8) ** 0.5
    assert found.bound == pytest.approx(expected)
    assert (found.basis, found.alarms) == (Basis.NORMAL, 0.05)
    assert below.bound == pytest.approx(1 - found.bound)


def test_fewer_than_eight_runs_have_no_floor() -> None:
    assert floor(sample(*[(0.9,)] * 7), 0.05) is None
    assert floor(sample(*[(0.9,)] * 8), 0.05)


def test_the_spread_is_that_within_the_units() -> None:
    units = [(number + 0.0, number + 0.2) for number in range(5)]  # a trend of 1 a unit is no noise
    found = spread_within(sample(*units))

    assert found
    assert found.deviation == pytest.approx(0.1 * 2**0.5)
    assert found.degrees == 5
    assert found.interval.low == pytest.approx(found.deviation * (5 / chi_squared_of_scipy(0.975, 5)) ** 0.5)
    assert found.interval.high == pytest.approx(found.deviation * (5 / chi_squared_of_scipy(0.025, 5)) ** 0.5)
    assert spread_within(sample(*units[:2], (1.0,), (2.0,))) is None
