"""What a gate came to, in messages."""

from collections.abc import Sequence

from swanlab_ci.judgement import CheckKind, Deciding, Emptied, GateResult
from swanlab_ci.messages import Message, Name, Prose
from swanlab_ci.model import Outcome, Status
from swanlab_ci.report.wording.checks import check_message, count_required, counted_runs
from swanlab_ci.report.wording.expectation import value
from swanlab_ci.report.wording.funnel import funnel

_VALUES_SHOWN = 5


def gate_summary(gate: GateResult) -> Message:
    """Say what the gate found, in one sentence."""
    summary = _unwaived(gate)
    if gate.uncapped is Status.FAIL:
        summary = Message("gate.would-have-failed", summary=summary)
    elif gate.uncapped is Status.WARN:
        summary = Message("gate.would-have-warned", summary=summary)
    if gate.waiver and gate.waiver.expired:
        return Message("gate.waiver-expired", summary=summary, until=gate.waiver.until)
    if gate.waiver and gate.status is Status.WAIVED:
        waiver = gate.waiver
        return Message(
            "gate.waived", until=waiver.until, reason=Prose(waiver.reason), status=waiver.status, summary=summary
        )
    return summary


def _unwaived(gate: GateResult) -> Message:
    match gate.decided_by:
        case Deciding.NO_RUNS if gate.emptied:
            return _emptied(gate.emptied)
        case Deciding.NO_RUNS:
            return Message("gate.no-runs", funnel=funnel(gate))
        case Deciding.AMBIGUOUS_SELECTION:
            return Message("gate.ambiguous", first=check_message(gate.checks[0]), more=_more(gate.checks))
        case _:
            pass
    if not gate.deciding:
        return _passed(gate)
    first = gate.deciding[0]
    counts = next((check.count for check in gate.checks if check.count and check.outcome is not Outcome.OK), None)
    if counts is None:
        return Message("gate.missed", first=check_message(first), more=_more(gate.deciding))
    if first.kind is CheckKind.HOW_MANY:
        return check_message(first)
    return Message(
        "gate.missed-count",
        passed=counts.passed,
        total=counts.total,
        required=count_required(counts),
        first=check_message(first),
        more=_more(gate.deciding),
    )


def _passed(gate: GateResult) -> Message:
    together = [check for check in gate.checks if check.kind in {CheckKind.ALL_RUNS, CheckKind.COMPARISON}]
    parts = [_runs_passed(gate)] if gate.count else []
    parts += _runs_unchanged(gate)
    return one_after_another([*parts, *map(check_message, together)])


def _runs_unchanged(gate: GateResult) -> list[Message]:
    checks = [check for check in gate.checks if check.kind is CheckKind.UNCHANGED and check.expected]
    if not checks or not checks[0].expected:
        return []
    field, to = Name(checks[0].field), Name(checks[0].expected.written)
    return [Message("gate.unchanged", field=field, to=to, runs=len(checks))]


def one_after_another(parts: Sequence[Message]) -> Message:
    """Join messages; of none, say that nothing was checked."""
    if not parts:
        return Message("verdict.nothing-checked")
    if len(parts) == 1:
        return parts[0]
    return Message("list.then", first=parts[0], rest=one_after_another(parts[1:]))


def _runs_passed(gate: GateResult) -> Message:
    count = gate.count
    if count is None or count.required in {"all", "none"}:
        return Message("gate.runs-passed", passed=count.passed if count else 0, total=count.total if count else 0)
    return counted_runs(count)


def _emptied(emptied: Emptied) -> Message:
    shown = tuple(map(value, emptied.seen[:_VALUES_SHOWN]))
    if len(emptied.seen) > _VALUES_SHOWN:
        shown = (*shown, Message("list.and-more-values"))
    return Message(
        "gate.no-runs-left",
        before=emptied.before,
        condition=Name(emptied.condition),
        field=Name(emptied.field),
        seen=shown,
        absent=None if shown else Name(emptied.field),
    )


def _more(items: Sequence[object]) -> int | None:
    return len(items) - 1 if len(items) > 1 else None
