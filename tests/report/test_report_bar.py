"""A bar shows a difference in units of what is allowed: better to the right, a miss always beyond the limit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swanlab_ci.judgement import Comparing, ComparisonResult
from swanlab_ci.model import Status
from swanlab_ci.report.markdown.bar import bar


def result(worse: float | None, allowed: float | None, *, required: bool = False) -> ComparisonResult:
    about: dict[str, Any] = {"field": "metrics.a", "unit": "", "to": "main", "over_runs": "mean", "written": ()}
    return ComparisonResult(
        higher_is_better=True,
        required=required,
        found=Comparing.WORSE,
        status=Status.FAIL,
        worse=worse,
        allowed=allowed,
        **about,
    )


@pytest.mark.parametrize(
    ("worse", "drawn"),
    [
        (0.0, "··┊··│·····"),
        (0.5, "··┊·■│·····"),
        (1.0, "··┊■■│·····"),
        (1.01, "·■┊■■│·····"),
        (3.1, "◀■┊■■│·····"),
        (-0.5, "··┊··│■····"),
        (-1.9, "··┊··│■■■■·"),
        (-99, "··┊··│■■■■▶"),
    ],
)
def test_a_bar_of_what_may_be_worse(worse: float, drawn: str) -> None:
    assert bar(result(worse, 1.0)) == drawn


@pytest.mark.parametrize(
    ("worse", "drawn"),
    [(0.0, "·····│··┊··"), (-0.5, "·····│■·┊··"), (-1.2, "·····│■■┊■·"), (-9, "·····│■■┊■▶"), (1.0, "···■■│··┊··")],
)
def test_a_bar_of_what_has_to_be_better(worse: float, drawn: str) -> None:
    assert bar(result(worse, 1.0, required=True)) == drawn


@pytest.mark.parametrize(("worse", "allowed"), [(1.0, 0.0), (None, 1.0), (1.0, None), (1e308, 1e-308)])
def test_there_is_no_bar_without_a_unit(worse: float | None, allowed: float | None) -> None:
    assert bar(result(worse, allowed)) == ""


@given(st.floats(-50, 50), st.floats(1e-3, 10), st.booleans())
def test_a_bar_has_eleven_cells_and_shows_on_which_side_of_the_limit_it_ends(
    worse: float,
    allowed: float,
    required: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    drawn = bar(result(worse, allowed, required=required))

    assert len(drawn) == 11
    assert (drawn[5], drawn.count("┊")) == ("│", 1)
    beyond = drawn[9] if required else drawn[1]
    reached = -worse > allowed if required else worse > allowed
    assert (beyond == "■") is reached
