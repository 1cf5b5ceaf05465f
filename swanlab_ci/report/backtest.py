"""A backtest as text for a terminal, and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from swanlab_ci import __version__
from swanlab_ci.history.backtest import (
    NO_RUN,
    Backtest,
    BacktestReport,
    ChangedVerdict,
    CountedGate,
    JudgedUnit,
    Remark,
    differences,
)
from swanlab_ci.messages import Key, Language, Message, Name, as_data, plain
from swanlab_ci.model import Level, Status
from swanlab_ci.report import wording
from swanlab_ci.report.writers import line
from swanlab_ci.security.escaping import CELL_CAP, Safe, capped, log_line

SCHEMA_VERSION = 1
_ROWS = 20
_HEADING = "gate"  # like the statuses beside it, a word of the gate language
_COLUMNS = (Status.PASS, Status.WARN, Status.FAIL, Status.PENDING, Status.ERROR, NO_RUN)
_RARE = (Status.INFO, Status.WAIVED, Status.SKIPPED)


def backtest_text(report: BacktestReport, language: Language) -> Safe:
    """Write the counts of each gate, what would have been stopped, and what `--against` changes."""
    lines = [line(_head(report), language), *_table(report.found, language), ""]
    lines += _stopped(report, report.found, report.gate_file, language)
    if report.against:
        lines += ["", *_stopped(report, report.against, report.against_file, language, listed=False)]
        lines += _differences(report, report.against, language)
    if report.is_exceeded:
        lines.append(line(Message("backtest.too-many", at_most=_percent(report.at_most or 0)), language))
    notes = [line(Message("report.note", note=note), language) for note in _notes(report)]
    return Safe("\n".join([*lines, "", *notes]))


def backtest_json(report: BacktestReport, language: Language) -> dict[str, Any]:
    """Return the backtest as JSON types: numbers are numbers, and a text has its message's id and parameters."""
    against = report.against
    others = against.units if against else (None,) * len(report.found.units)
    return {
        "schema": SCHEMA_VERSION,
        "tool": {"name": "swanlab-ci", "version": __version__},
        "project": report.project,
        "gate_file": report.gate_file,
        "field": report.field,
        "runs": report.runs,
        **_facts(report.found),
        "at_most": report.at_most,
        "exceeded": report.is_exceeded,
        "units": [
            {**_unit(each, language), "against": _unit(other, language) if other else None}
            for each, other in zip(report.found.units, others, strict=True)
        ],
        "against": {"gate_file": report.against_file, **_facts(against)} if against else None,
        "notes": [_message(note, language) for note in _notes(report)],
    }


def _facts(found: Backtest) -> dict[str, Any]:
    share = found.share
    return {
        "stopped": {
            "count": len(found.stopped),
            "of": len(found.units),
            "share": len(found.stopped) / len(found.units),
            "low": share.low if share else None,
            "high": share.high if share else None,
        },
        "gates": [
            {
                "id": one.id,
                "level": one.level.value,
                "counts": {str(status): one.counts.get(status, 0) for status in (*_COLUMNS, *_RARE)},
                "alone_in_stopping": one.alone,
                "remark": one.remark.value if one.remark else None,
            }
            for one in found.gates
        ],
    }


def _unit(each: JudgedUnit, language: Language) -> dict[str, Any]:
    return {
        "unit": each.unit.value,
        "judged_at": each.unit.end.isoformat(),
        "runs": len(each.unit.runs),
        "open": each.unit.is_open,
        "unplaced": each.unit.unplaced.value if each.unit.unplaced else None,
        "verdict": each.status.value,
        "stopped": each.is_stopped,
        "headline": _message(wording.headline(each.verdict), language) if each.verdict else None,
        "gates": [
            {
                "id": result.id,
                "status": result.status.value,
                "runs": len(result.runs_selected),
                "summary": _message(wording.gate_summary(result), language),
            }
            for result in each.results().values()
        ],
    }


def _message(message: Message, language: Language) -> dict[str, Any]:
    return as_data(message) | {"text": plain(message, language)}


def _head(report: BacktestReport) -> Message:
    ends = [each.unit.end.date() for each in report.found.units]
    return Message(
        "backtest.head",
        units=_units(report, len(ends)),
        runs=report.runs,
        project=Name(report.project),
        first=min(ends),
        last=max(ends),
    )


def _units(report: BacktestReport, count: int) -> Message:
    if report.field == "git.commit":
        return Message("backtest.commits", count=count)
    return Message("backtest.values", count=count, field=Name(report.field))


def _table(found: Backtest, language: Language) -> Iterator[str]:
    rare = [status for status in _RARE if any(one.counts.get(status) for one in found.gates)]
    columns = (*_COLUMNS[:-1], *rare, NO_RUN)
    names = [_name(one) for one in found.gates]
    width = max(len(name) for name in (*names, _HEADING))
    yield f"{_HEADING:{width}}  " + "  ".join(columns)
    for name, one in zip(names, found.gates, strict=True):
        counts = "  ".join(f"{one.counts.get(column, 0):{len(column)}}" for column in columns)
        remarks = "; ".join(plain(remark, language) for remark in _remarks(one))
        yield log_line(f"{name:{width}}  {counts}  {remarks}".rstrip())


def _name(one: CountedGate) -> str:
    return capped(one.id, CELL_CAP) + (f" ({one.level})" if one.level is not Level.FAIL else "")


def _remarks(one: CountedGate) -> Iterator[Message]:
    if one.remark is Remark.NEVER_HAD_A_RUN:
        yield Message("backtest.check-runs", remark=one.remark, place=Name(f"{one.file}:{one.line}"))
    elif one.remark:
        yield Message("text", text=one.remark)
    if one.alone:
        yield Message("backtest.alone", count=one.alone)


def _stopped(
    report: BacktestReport, found: Backtest, file: str, language: Language, *, listed: bool = True
) -> Iterator[str]:
    stopped, share = found.stopped, found.share
    said = Message(
        "backtest.stopped",
        file=Key(file),
        stopped=len(stopped),
        units=_units(report, len(found.units)),
        share=_percent(len(stopped) / len(found.units)) if share else None,
        low=_percent(share.low) if share else None,
        high=_percent(share.high) if share else None,
    )
    yield line(said, language)
    if listed:
        yield from _rows([(each, _why(each, language)) for each in stopped], language)


def _differences(report: BacktestReport, against: Backtest, language: Language) -> Iterator[str]:
    found = differences(report.found, against)
    more = sum(each.after.is_stopped and not each.before.is_stopped for each in found)
    fewer = sum(each.before.is_stopped and not each.after.is_stopped for each in found)
    yield line(Message("backtest.difference", file=Key(report.against_file), more=more, fewer=fewer), language)
    yield from _rows([(each.after, _change(each, language)) for each in found], language)


def _change(each: ChangedVerdict, language: Language) -> str:
    return f"{each.before.status} → {each.after.status}  {_reasons(each.after, language)}".rstrip()


def _why(each: JudgedUnit, language: Language) -> str:
    return f"{each.status:7}  {_reasons(each, language)}".rstrip()


def _reasons(each: JudgedUnit, language: Language) -> str:
    """Say why a unit has its verdict: the gates that stop it, each in one sentence."""
    if each.unit.unplaced:
        return plain(Message("backtest.unplaced", reason=each.unit.unplaced), language)
    first, *others = each.stopping() or (None,)
    if first is None:
        return plain(wording.verdict_summary(each.verdict), language) if each.verdict and each.is_stopped else ""
    reason = Message("backtest.reason", gate=Name(first.id), summary=wording.gate_summary(first))
    return plain(Message("backtest.reasons", reasons=reason, more=len(others) or None), language)


def _rows(rows: Sequence[tuple[JudgedUnit, str]], language: Language) -> Iterator[str]:
    newest = list(reversed(rows))
    for each, text in newest[:_ROWS]:
        yield log_line(f"  {capped(each.unit.name, 40)}  {each.unit.end:%Y-%m-%d}  {text}", cap=CELL_CAP * 2)
    if len(newest) > _ROWS:
        yield "  " + line(Message("backtest.more-units", count=len(newest) - _ROWS), language)


def _notes(report: BacktestReport) -> Iterable[Message]:
    if report.older:
        yield Message("backtest.note-older", count=report.older)
    if report.unfit:
        yield Message("backtest.note-unfit", count=report.unfit, field=Name(report.field))
    yield Message("backtest.note-past")


def _percent(share: float) -> int:
    return round(100 * share)
