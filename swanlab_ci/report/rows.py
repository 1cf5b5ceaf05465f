"""Which rows of all checks a report has room for."""

from swanlab_ci.insight import Insight, Row
from swanlab_ci.model import Status
from swanlab_ci.report.presentation import TROUBLE

_FILLED = 6


def chosen(insight: Insight, most: int) -> tuple[list[Row], int]:
    """Return the rows to show, and how many misses were left out.

    All misses come first; passing comparisons and aggregates fill up to six rows, other passing checks where there is
    nothing else.
    """
    missed = [row for row in insight.rows if row.status in TROUBLE or row.status is Status.WAIVED]
    passed = [row for row in insight.rows if row.status not in TROUBLE and row.status is not Status.WAIVED]
    telling = [row for row in passed if row.comparison or row.function or row.field == "how_many"]
    telling.sort(key=lambda row: not row.comparison)
    fill = telling or ([] if missed else [row for row in passed if row.check])
    return [*missed[:most], *fill[: max(0, min(_FILLED, most) - len(missed))]], max(0, len(missed) - most)
