"""The runs of a report, and which of their values it shows."""

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from swanlab_ci.gate.evaluate.checks import run_ref
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.gate.spec.gates import GateFile
from swanlab_ci.gate.spec.values import identity, number_in
from swanlab_ci.gate.spec.wildcards import field_at
from swanlab_ci.insight.changes import HIDDEN, is_secret, value_text
from swanlab_ci.insight.facts import Metric, Row, RunFacts
from swanlab_ci.insight.rows import label
from swanlab_ci.insight.sides import Sides
from swanlab_ci.judgement import Verdict
from swanlab_ci.model import MONITORING, TERMINAL_STATES, Outcome, Run, Status

_MOST_COLUMNS = 4
_MOST_UNNAMED = 16


def metrics(rules: GateFile, rows: Sequence[Row], runs: Sequence[Run]) -> tuple[Metric, ...]:
    """Return the metrics of the report: what the file names, else the gates, else what the script logs."""
    named = _named_metrics(rules, rows, runs)
    if named:
        return tuple({metric.field: metric for metric in named}.values())
    keys = sorted({key for run in runs for key in run.metrics or () if not key.startswith(MONITORING)})
    return tuple(Metric(field=f"metrics.{key}", key=key, label=key) for key in keys[:_MOST_UNNAMED])


def needs_summary(rules: GateFile, rows: Sequence[Row], run: Run, sides: Sides) -> bool:
    """Tell whether the report shows a metric of the run that is not known yet; without named metrics it shows all."""
    shown = [metric.field for metric in _named_metrics(rules, rows, [run])]
    shown += [field.text for field in rules.report.columns or () if field.root == "metrics"]
    return not shown or any(_number(run, field, sides) is None for field in shown)


def _named_metrics(rules: GateFile, rows: Sequence[Row], runs: Sequence[Run]) -> list[Metric]:
    asked = [
        _metric(each.field, runs, each.label, each.better or _better(each.field.text, rows))
        for each in rules.report.metrics
    ]
    return asked or [
        _metric(field, runs, "", _better(field.text, rows)) for field in _gate_metrics(rules) if "*" not in field.text
    ]


def _gate_metrics(rules: GateFile) -> Iterator[Field]:
    """Yield the metrics of the gates in order, those that are compared first; of a curve, the metric that it is of."""
    for gate in rules.gates:
        yield from filter(None, (_metric_of(comparison.field) for comparison in gate.compare))
    for gate in rules.gates:
        yield from filter(None, map(_metric_of, gate.fields()))


def _metric_of(field: Field) -> Field | None:
    if field.curve:
        return field_at("metrics", (field.curve.of,))
    return field if field.root == "metrics" else None


def _better(field: str, rows: Sequence[Row]) -> str:
    return next((row.better for row in rows if row.field == field and row.better), "")


def _metric(field: Field, runs: Sequence[Run], name: str, better: str) -> Metric:
    keys = [key for key, _ in field.metric_readings()]
    key = next((key for key in keys if any(key in (run.metrics or ()) for run in runs)), keys[0])
    return Metric(field=field.text, key=key, label=name or label(field.text), better=better)


def columns(rules: GateFile, verdict: Verdict, sides: Sides) -> tuple[Field, ...]:
    """Return the fields that tell runs apart: what the file names, else missed settings and what groups or pairs."""
    if rules.report.columns:
        return tuple({field.text: field for field in rules.report.columns}.values())
    missed = [
        check.field
        for gate in verdict.gates
        for check in gate.deciding
        if check.run and check.field.startswith(("config.", "requirements."))
    ]
    grouping = ["config.seed", *_grouping(rules)]
    varying = [field for field in dict.fromkeys(grouping) if _varies(field, sides)]
    named = dict.fromkeys((*missed, *varying))
    return tuple(field for text in named if (field := parse_path(text)))[:_MOST_COLUMNS]


def _grouping(rules: GateFile) -> Iterator[str]:
    for gate in rules.gates:
        if gate.for_each:
            yield gate.for_each.text
        yield from (comparison.pair_by.text for comparison in gate.compare if comparison.pair_by)


def _varies(written: str, sides: Sides) -> bool:
    field = parse_path(written)
    found = [field.read(run, sides.now) for run in sides.judged] if field else []
    return len({identity(reading.value) for reading in found if not reading.gap}) > 1


def run_facts(
    runs: Iterable[Run],
    fields: Sequence[Field],
    shown: Sequence[Metric],
    missed: Mapping[str, tuple[str, ...]],
    now: Sides,
) -> tuple[RunFacts, ...]:
    """Return what the report says of each run; `missed` are fields by the id of a run."""
    return tuple(
        RunFacts(
            run=run_ref(run),
            duration=_number(run, "duration", now),
            columns={field.text: _shown(field.text, _value(run, field, now)) for field in fields},
            metrics={metric.field: _number(run, metric.field, now) for metric in shown},
            missed=missed.get(run.id, ()),
            project=run.origin.project,
        )
        for run in runs
    )


def _value(run: Run, field: Field | None, sides: Sides) -> Any:
    reading = field.read(run, sides.now) if field else None
    return None if reading is None or reading.gap else reading.value


def _shown(field: str, value: Any) -> str | float | bool | None:
    """Return a value as it is, a list or a map as a text, and `***` for what sounds like a secret."""
    if value is not None and is_secret(field, value):
        return HIDDEN
    return value if value is None or isinstance(value, (str, bool, int, float)) else value_text(value)


def _number(run: Run, written: str, sides: Sides) -> float | None:
    number = number_in(_value(run, parse_path(written), sides))
    return float(number) if number is not None and isfinite(number) else None


def missed_fields(verdict: Verdict) -> dict[str, tuple[str, ...]]:
    """Return the fields, by the id of a run, of which a check that decided a gate did not hold."""
    found: dict[str, dict[str, None]] = {}
    for gate in verdict.gates:
        if gate.status is Status.PASS:
            continue
        for check in gate.deciding:
            if check.run and check.outcome is not Outcome.OK and not check.waiver:
                found.setdefault(check.run.id, {})[check.field] = None
    return {run: tuple(fields) for run, fields in found.items()}


def time_left(sides: Sides) -> float | None:
    """Return how many seconds the runs that are still going on will take, if they take as long as the baseline's."""
    durations = [seconds for run in sides.base if (seconds := _number(run, "duration", sides))]
    going = [run for run in sides.judged if run.state == "RUNNING" and run.state not in TERMINAL_STATES]
    elapsed = [seconds for run in going if (seconds := _number(run, "duration", sides)) is not None]
    if not durations or not elapsed:
        return None
    return max(0.0, statistics.median(durations) - min(elapsed))
