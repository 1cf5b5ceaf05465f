"""The ratchet follows what three changes have shown, and never the last one."""

import pytest

from swanlab_ci.gate.spec.fields import parse_path
from swanlab_ci.history.bounded import Bounded
from swanlab_ci.history.bounds import Sample
from swanlab_ci.history.suggest import suggest
from swanlab_ci.history.tighten import Kept, why_kept

MANY = ((0.90, 0.91, 0.92),) * 20


def kept(*units: tuple[float, ...], higher: bool = True) -> Kept | None:
    field = parse_path("metrics.acc")
    assert field
    found = suggest(Bounded(field, higher), Sample(units, higher), 0.05)
    assert found
    return why_kept(found)


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (MANY, None),
        ((*MANY, (0.89, 0.95)), Kept.LAST_UNIT),
        ((*MANY, (0.90, 0.95)), None),
        ((*MANY, (0.89, 0.95), (0.95,)), None),
        ((tuple(0.9 + number / 1000 for number in range(70)), (0.95,)), Kept.FEW_UNITS),
        (((0.90, 0.91), (0.91,), (0.92,)), Kept.FEW_UNITS),
    ],
)
def test_a_bound_follows_three_changes_and_never_the_last(
    units: tuple[tuple[float, ...], ...], expected: Kept | None
) -> None:
    assert kept(*units) is expected
    assert kept(*(tuple(-value for value in unit) for unit in units), higher=False) is expected
