"""The lead of a report: what a reviewer must see in three seconds, and what to do next."""

from collections.abc import Iterator, Sequence

from swanlab_ci.insight import Insight, Row
from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Linked, Message, Name, Param, Quantity, Seconds, Strong
from swanlab_ci.model import RunRef, Status
from swanlab_ci.report import wording
from swanlab_ci.report.presentation import TROUBLE, advice, own_url, summary
from swanlab_ci.report.wording.cells import bounds, percent, says_all, subject, value_now
from swanlab_ci.report.wording.comparison import baseline_of, comparison_finding

_FACTS = 3
_ADVICE = 3
_MOST_COMPARED = 30


def lead(judgement: Judgement, insight: Insight) -> list[Message]:
    """Return the facts to open with: the first misses, or what passed; without a verdict the reason."""
    if judgement.stopped or judgement.verdict.exempt:
        return [summary(judgement)]
    if judgement.verdict.nothing_checked:
        return [wording.gate_summary(gate) for gate in judgement.verdict.gates[:_FACTS]]
    missed = [row for row in insight.rows if row.status in TROUBLE]
    found = list(_misses(missed, judgement)) if missed else list(_green(judgement, insight))
    if judgement.verdict.status is Status.PENDING and insight.time_left is not None:
        left = Seconds(round(insight.time_left / 60) * 60 or 60)
        found.append(Message("lead.time-left", time=left, to=Name(insight.baseline)))
    return found or [summary(judgement)]


def _misses(missed: Sequence[Row], judgement: Judgement) -> Iterator[Message]:
    fields = {row.field or str(row.gate): row for row in reversed(missed)}
    first = [row for row in missed if fields[row.field or str(row.gate)] is row]
    facts = list(dict.fromkeys(fact(row, judgement) for row in first[:_MOST_COMPARED]))[:_FACTS]
    yield from facts
    more = len(missed) - len(facts)
    if more:
        yield Message("lead.more", count=more)


def fact(row: Row, judgement: Judgement) -> Message:
    """Say one row in a few words."""
    result = row.comparison
    gate = judgement.verdict.gates[row.gate]
    if result and result.relative is not None and result.worse is not None and not _by_outliers(row):
        return _compared(row)
    if row.check is None:
        return wording.gate_summary(gate)
    if result:
        return comparison_finding(result)
    if not says_all(row):
        return wording.check_message(row.check)
    where = runs_of(row, judgement.pages)
    found = value_now(row)
    if row.field == "state" and len(row.missed) == 1:
        return Message("lead.state", run=where, state=Strong(str(row.check.reason.actual if row.check.reason else "")))
    return Message(
        "lead.value",
        field=subject(row),
        value=_strong(found[0] if found else None),
        run=where,
        bound=next(iter(bounds(row)), None),
    )


def _strong(value: Param) -> Param:
    """Return a single value so that it stands out."""
    if isinstance(value, tuple) and len(value) == 1:
        return _strong(value[0])
    if isinstance(value, Quantity):
        return Strong(value.text)
    return Strong(value) if isinstance(value, str) else value


def _by_outliers(row: Row) -> bool:
    result = row.comparison
    return bool(result and result.costs is not result.status)


def runs_of(row: Row, origin: str) -> Param:
    """Name the run that missed, with its page, or say how many runs did; nothing for all runs together."""
    if not row.missed:
        return None
    if len(row.missed) == 1:
        return linked(row.missed[0], origin)
    return Message("lead.runs", count=len(row.missed))


def linked(run: RunRef, origin: str) -> Linked:
    """Return a run's name with the address of its page."""
    return Linked(run.name, own_url(run.url, origin))


def _compared(row: Row) -> Message:
    result = row.comparison
    if result is None or result.worse is None or result.base is None:
        raise AssertionError("the row is of a comparison that was made")
    to = baseline_of(result)
    within = Message("lead.within-noise") if result.within_noise else None
    if not result.worse:
        return Message("lead.same", field=Name(row.label), to=to)
    share = (result.allowed or 0.0) / abs(result.base.centre)
    amount = Strong(percent(abs(result.relative or 0), signed=False).text)
    if result.worse > 0:
        allowed = percent(share, signed=False) if not result.required else None
        return Message("lead.worse", field=Name(row.label), amount=amount, to=to, allowed=allowed, within=within)
    needed = percent(share, signed=False) if result.required else None
    return Message("lead.better", field=Name(row.label), amount=amount, to=to, needed=needed, within=within)


def _green(judgement: Judgement, insight: Insight) -> Iterator[Message]:
    """Yield every comparison's difference, then how many runs finished, then what is waived."""
    compared = [row for row in insight.rows if row.comparison and row.comparison.relative is not None]
    for row in compared[:_FACTS]:
        yield _compared(row)
    if len(compared) > _FACTS:
        yield Message("lead.more", count=len(compared) - _FACTS)
    aggregates = [row for row in insight.rows if row.function and row.status is Status.PASS and row.new and row.bounds]
    for row in aggregates[: 0 if compared else _FACTS - 1]:
        found = value_now(row)
        value = _strong(found[0] if found else None)
        yield Message("lead.value", field=subject(row), value=value, run=None, bound=bounds(row)[0])
    states = [run.state for run in judgement.selected_runs()]
    if states:
        yield Message("lead.finished", finished=states.count("FINISHED"), total=len(states))
    waived = [gate for gate in judgement.verdict.gates if gate.status is Status.WAIVED and gate.waiver]
    if waived:
        until = min(gate.waiver.until for gate in waived if gate.waiver)
        yield Message("lead.waived", count=len(waived), until=until)


def next_steps(judgement: Judgement) -> list[Message]:
    """Say what to do: the advice of the worst gates, each once; nothing where all is well."""
    if judgement.stopped or judgement.verdict.nothing_checked:
        step = advice(judgement)
        return [step] if step else []
    if judgement.verdict.status is Status.PASS and not judgement.verdict.shadow:
        return []
    found: list[Message] = []
    for status in (Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN, Status.INFO):
        gates = [gate for gate in judgement.verdict.gates if gate.status is status]
        found += filter(None, map(wording.gate_advice, gates))
    return list(dict.fromkeys(found))[:_ADVICE]
