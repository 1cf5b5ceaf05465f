"""Insight: from the rules, the verdict, the runs and their curves to the facts that a report shows; pure.

The verdict never depends on it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from swanlab_ci.gate.spec.gates import GateFile
from swanlab_ci.insight import curves as curve_points
from swanlab_ci.insight.changes import changes
from swanlab_ci.insight.facts import Curves, Details, Insight, Measured, Metric, MetricCurves, Row, RunCurve
from swanlab_ci.insight.hidden import hidden, hidden_row
from swanlab_ci.insight.plan import Plan, plan
from swanlab_ci.insight.rows import rows
from swanlab_ci.insight.runs import columns, metrics, missed_fields, run_facts, time_left
from swanlab_ci.insight.sides import Sides, sides
from swanlab_ci.judgement import Verdict
from swanlab_ci.model import STATUSES_WORST_FIRST, Run, RunRef, Status

__all__ = [
    "Curves",
    "Details",
    "Insight",
    "Measured",
    "Metric",
    "MetricCurves",
    "Plan",
    "Row",
    "draw",
    "hidden",
    "of_verdict",
    "plan",
]

MOST_CHARTS = 2


def of_verdict(verdict: Verdict) -> Insight:
    """Return the facts that a verdict holds by itself: its rows."""
    return Insight(rows=tuple(map(hidden_row, rows(hidden(verdict)))))


def draw(
    rules: GateFile,
    verdict: Verdict,
    runs: Sequence[Run],
    details: Details = Details(),  # noqa: B008 - it is frozen
    *,
    now: datetime,
    own: Collection[str] = (),
) -> Insight:
    """Return the facts of a report on `verdict`, which `rules` came to for `runs` at `now`.

    `details` are what was fetched for the report alone. `own` are the commits, the branch
    and the number of the pull request; they are no change.
    """
    fuller = {run.id: run for run in details.runs}
    two = sides(rules, verdict, [fuller.get(run.id, run) for run in runs], now)
    found = tuple(map(hidden_row, rows(hidden(verdict), two)))
    both = [*two.compared, *two.base]
    shown = metrics(rules, found, [*two.judged, *two.base])
    fields = columns(rules, verdict, two)
    missed = missed_fields(verdict)
    drawn = tuple(_curves(shown, two, details.curves or {}))
    return Insight(
        baseline=two.name,
        rows=_with_better(found, shown),
        metrics=shown,
        columns=tuple(field.text for field in fields),
        new_runs=run_facts(two.judged, fields, shown, missed, two),
        base_runs=run_facts(two.base, fields, shown, {}, two),
        compared=tuple(run.id for run in two.compared),
        changes=changes(two, rules.report.ignored, {*own, *_code_of(both)}),
        curves=drawn,
        charts=_charts(rules, found, drawn),
        time_left=time_left(two) if verdict.status is Status.PENDING else None,
        notes=details.notes,
    )


def _with_better(found: Sequence[Row], shown: Sequence[Metric]) -> tuple[Row, ...]:
    """Give rows the direction that the file's `report` names, where nothing else says which way is better."""
    better = {metric.field: metric.better for metric in shown if metric.better}
    return tuple(row if row.better else replace(row, better=better.get(row.field, "")) for row in found)


def _code_of(runs: Sequence[Run]) -> set[str]:
    return {text for run in runs if run.git for text in (run.git.commit, run.git.commit[:7], run.git.branch) if text}


def _curves(shown: Sequence[Metric], two: Sides, points: Curves) -> list[MetricCurves]:
    found = []
    for metric in {metric.key: metric for metric in shown}.values():
        new, base = (
            tuple(
                RunCurve(RunRef(run.id, run.name, run.url, run.state), cleaned)
                for run in side
                if (cleaned := curve_points.clean(points.get(run.id, {}).get(metric.key, ())))
            )
            for side in (two.judged, two.base)
        )
        if new or base:
            found.append(MetricCurves(metric=metric, new=new, base=base))
    return found


def _charts(rules: GateFile, found: Sequence[Row], drawn: Sequence[MetricCurves]) -> tuple[str, ...]:
    """Return the metrics to draw: those that the file names, else the worst miss first, then the gates' order."""
    known = {curve.metric.key: curve for curve in drawn}
    if rules.report.charts is not None:
        keys = [key for field in rules.report.charts for key, _ in field.metric_readings()]
        return tuple(dict.fromkeys(key for key in keys if key in known))
    by_field = {curve.metric.field: key for key, curve in known.items()}
    by_field |= {f"curve.{name}": curve.of for name, curve in rules.curves.items() if curve and curve.of in known}
    ranked = sorted(found, key=lambda row: STATUSES_WORST_FIRST.index(row.status))
    first = [by_field[row.field] for row in ranked if row.field in by_field]
    return tuple(dict.fromkeys((*first, *known)))[:MOST_CHARTS]
