"""What is fetched for the report alone, once the verdict is known: in little time, and whatever fails is a note."""

from collections.abc import Sequence
from datetime import datetime

from swanlab_ci import insight
from swanlab_ci.gate import GateFile
from swanlab_ci.insight import Details
from swanlab_ci.judgement import Verdict
from swanlab_ci.messages import Message
from swanlab_ci.model import Point, Run
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sources.base import DetailSource, RunSource

_SHARE, _MOST = 0.15, 5.0  # of the time that is left, and in seconds


def fetch_details(
    source: RunSource, rules: GateFile, verdict: Verdict, runs: Sequence[Run], *, now: datetime, deadline: Deadline
) -> Details:
    """Fetch what the report shows beside the verdict; raises nothing but `InterruptionError`."""
    if not isinstance(source, DetailSource):
        return Details()
    limit = Deadline(min(_MOST, _SHARE * deadline.left()))
    wanted = insight.plan(rules, verdict, runs, now=now)
    described = source.describe(wanted.profiles, wanted.summaries, limit)
    fuller = {run.id: run for run in described.runs}
    wanted = insight.plan(rules, verdict, [fuller.get(run.id, run) for run in runs], now=now)
    drawn = source.curves(wanted.curves, wanted.keys, limit)
    curves = {
        run: {key: tuple(Point(*point) for point in points) for key, points in of_run.items()}
        for run, of_run in drawn.curves.items()
    }
    return Details(runs=described.runs, curves=curves, notes=_notes(described.failures, drawn.failures))


def _notes(described: Sequence[Message], drawn: Sequence[Message]) -> tuple[Message, ...]:
    found = []
    if described:
        found.append(Message("report.not-described", count=len(described), reason=described[0]))
    if drawn:
        found.append(Message("report.not-drawn", count=len(drawn), reason=drawn[0]))
    return tuple(found)
