"""Metrics at the ends of what a float holds: a suggestion is written, or none is made."""

from datetime import date

import pytest

from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.history.bounded import Bounded
from swanlab_ci.history.bounds import Sample
from swanlab_ci.history.suggest import SuggestReport, suggest
from swanlab_ci.messages import Language
from swanlab_ci.report.suggestions import suggestions_json, suggestions_text


def metric() -> Field:
    found = parse_path("metrics.acc")
    assert found
    return found


@pytest.mark.parametrize("higher", [True, False])
@pytest.mark.parametrize("scale", [5e-324, 1e-322, 1e-310, 1e-300, 1e150])
def test_a_metric_of_any_size_gets_a_suggestion(scale: float, *, higher: bool) -> None:
    sample = Sample(tuple((scale * (1 + unit % 3), scale * (2 + unit % 2)) for unit in range(12)), higher)
    found = suggest(Bounded(metric(), higher), sample, 0.05)
    assert found
    report = SuggestReport(
        project="me/net",
        gate_file="gates.yml",
        field="git.commit",
        units=12,
        runs=24,
        first=date(2026, 8, 26),
        last=date(2026, 11, 24),
        alarms=0.05,
        suggestions=[found],
        without_history=[],
    )

    written = suggestions_json(report)["metrics"][0]["floor"]["written"]

    assert (float(written) <= min(sample.values)) if higher else (float(written) >= max(sample.values))
    assert suggestions_text(report, Language.EN)


def test_of_a_metric_beyond_what_a_float_holds_nothing_is_suggested() -> None:
    sample = Sample(tuple((1e306 * (1 + unit % 3), 1e306) for unit in range(12)), higher_is_better=True)

    assert suggest(Bounded(metric(), higher_is_better=True), sample, 0.05) is None
