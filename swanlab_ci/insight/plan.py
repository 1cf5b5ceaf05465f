"""What is worth fetching for a report once the verdict is known, and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from swanlab_ci.gate.spec.gates import GateFile
from swanlab_ci.insight.rows import rows
from swanlab_ci.insight.runs import metrics, needs_summary
from swanlab_ci.insight.sides import sides
from swanlab_ci.judgement import Verdict
from swanlab_ci.model import Run

PROFILES_A_SIDE = 5
CURVES_NEW, CURVES_BASE = 10, 5
KEYS_A_CURVE = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """The runs of which a report wants more: the whole profile, all metrics, and curves of `keys`; newest first."""

    profiles: tuple[Run, ...] = ()
    summaries: tuple[Run, ...] = ()
    curves: tuple[Run, ...] = ()
    keys: tuple[str, ...] = ()


def plan(rules: GateFile, verdict: Verdict, runs: Sequence[Run], *, now: datetime) -> Plan:
    """Say what to fetch; with `charts: none` no curves."""
    two = sides(rules, verdict, runs, now)
    compared = {run.id for run in two.compared}
    new = [*two.compared, *(run for run in two.judged if run.id not in compared)]
    profiles = [
        run
        for side in (two.compared, two.base)
        for run in side[:PROFILES_A_SIDE]
        if run.git is None or run.requirements is None
    ]
    found = rows(verdict)
    keys = tuple(dict.fromkeys(metric.key for metric in metrics(rules, found, [*two.judged, *two.base])))
    wants_curves = keys and rules.report.charts != ()
    return Plan(
        profiles=tuple(profiles) if two.base else (),
        summaries=tuple(run for run in (*two.judged, *two.base) if needs_summary(rules, found, run, two)),
        curves=(*new[:CURVES_NEW], *two.base[:CURVES_BASE]) if wants_curves else (),
        keys=keys[:KEYS_A_CURVE],
    )
