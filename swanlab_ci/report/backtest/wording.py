"""What a backtest says: its messages, and the columns and remarks of its table."""

from collections.abc import Iterator

from swanlab_ci.history.backtest import NO_RUN, Backtest, BacktestReport, CountedGate, JudgedUnit, Remark, differences
from swanlab_ci.insight import hidden
from swanlab_ci.judgement import GateResult, Verdict
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.model import Level, Status
from swanlab_ci.report import wording
from swanlab_ci.security.escaping import CELL_CAP, capped

HEADING = Message("backtest.gate")
"""The head of the first column; like the statuses beside it, a word of the gate language."""

COLUMNS = (Status.PASS, Status.WARN, Status.FAIL, Status.PENDING, Status.ERROR, NO_RUN)
RARE = (Status.INFO, Status.WAIVED, Status.SKIPPED)
"""Statuses that have a column only where a gate has them."""

_LONGEST_NAME = 40


def columns(found: Backtest) -> tuple[str, ...]:
    """Return the columns of the table of gates."""
    rare = (status for status in RARE if any(one.counts.get(status) for one in found.gates))
    return (*COLUMNS[:-1], *rare, NO_RUN)


def head(report: BacktestReport) -> Message:
    """Say what was judged."""
    ends = [each.unit.end.date() for each in report.found.units]
    return Message(
        "backtest.head",
        units=_units(report, len(ends)),
        runs=report.runs,
        project=Name(report.project),
        first=min(ends),
        last=max(ends),
    )


def stopped(report: BacktestReport, found: Backtest, file: str) -> Message:
    """Say how many units would have been stopped, and with enough of them the share and its interval."""
    count, share = len(found.stopped), found.share
    return Message(
        "backtest.stopped",
        file=Key(file),
        stopped=count,
        units=_units(report, len(found.units)),
        share=percent(count / len(found.units)) if share else None,
        low=percent(share.low) if share else None,
        high=percent(share.high) if share else None,
    )


def difference(report: BacktestReport, against: Backtest) -> Message:
    """Say how many units more, and how many fewer, `against` stops."""
    changed = differences(report.found, against)
    more = sum(each.after.is_stopped and not each.before.is_stopped for each in changed)
    fewer = sum(each.before.is_stopped and not each.after.is_stopped for each in changed)
    return Message("backtest.difference", file=Key(report.against_file), more=more, fewer=fewer)


def merged(report: BacktestReport) -> Message | None:
    """Say how many stopped units git knows as merged, and reverted; None where it was not asked."""
    known = report.merged
    if known is None:
        return None
    return Message(
        "backtest.merged",
        ref=Name(known.ref),
        merged=len(known.merged),
        reverted=len(known.reverted),
        unknown=len(known.unknown) or None,
    )


def exceeded(report: BacktestReport) -> Message | None:
    """Say that more is stopped than is allowed; None where it is not."""
    return Message("backtest.too-many", at_most=percent(report.at_most or 0)) if report.is_exceeded else None


def name_of(one: CountedGate) -> str:
    """Return the gate's id, with its level if a failure does not stop the merge."""
    return capped(one.id, CELL_CAP) + (f" ({one.level})" if one.level is not Level.FAIL else "")


def name_of_unit(each: JudgedUnit) -> str:
    """Return the value that all runs of the unit have, cut to a line's share."""
    return capped(each.unit.name, _LONGEST_NAME)


def remarks(one: CountedGate) -> Iterator[Message]:
    """Yield what is odd about a gate's results."""
    if one.remark is Remark.NEVER_HAD_A_RUN:
        yield Message("backtest.check-runs", remark=one.remark, place=Name(f"{one.file}:{one.line}"))
    elif one.remark:
        yield Message("text", text=one.remark)
    if one.alone:
        yield Message("backtest.alone", count=one.alone)


def reason(each: JudgedUnit) -> Message | None:
    """Say why a unit is stopped: the worst gate in one sentence, and how many others; None where it is not."""
    if each.unit.unplaced:
        return Message("backtest.unplaced", reason=each.unit.unplaced)
    first, *others = each.stopping() or (None,)
    if first is None:
        return wording.verdict_summary(each.verdict) if each.verdict and each.is_stopped else None
    said = Message("backtest.reason", gate=Name(first.id), summary=summary(first))
    return Message("backtest.reasons", reasons=said, more=len(others) or None)


def summary(result: GateResult) -> Message:
    """Say what decided a gate, without the values of what sounds like a secret.

    A pull request's own gate file may have chosen the field.
    """
    (shown,) = hidden(Verdict(result.status, gates=(result,))).gates
    return wording.gate_summary(shown)


def example(each: JudgedUnit) -> Message:
    """Name a unit that is stopped, and why."""
    return Message("backtest.example", unit=Name(name_of_unit(each)), reason=reason(each))


def units(report: BacktestReport) -> Message:
    """Say how many units were judged."""
    return _units(report, len(report.found.units))


def notes(report: BacktestReport) -> Iterator[Message]:
    """Yield what was left out, and what cannot be known."""
    if report.older:
        yield Message("backtest.note-older", count=report.older)
    if report.unfit:
        field = Name(report.field)
        yield (
            Message("backtest.note-no-commit", count=report.unfit, field=field)
            if report.of_commits
            else Message("backtest.note-unfit", count=report.unfit, field=field)
        )
    yield Message("backtest.note-past")
    if report.changed:
        yield changed(report.changed, report.runs)


def changed(count: int, runs: int) -> Message:
    """Say how many of the runs were changed after their end."""
    return Message("backtest.note-changed", count=count, runs=runs)


def percent(share: float) -> int:
    """Round a share to whole per cent."""
    return round(100 * share)


def _units(report: BacktestReport, count: int) -> Message:
    if report.of_commits:
        return Message("backtest.commits", count=count)
    return Message("backtest.values", count=count, field=Name(report.field))
