"""A backtest as text for a terminal or a job log."""

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from swanlab_ci.history.backtest import Backtest, BacktestReport, JudgedUnit, differences
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.report.backtest import wording
from swanlab_ci.report.writers import line
from swanlab_ci.security.escaping import CELL_CAP, Safe, log_line

_ROWS = 20


def backtest_text(report: BacktestReport, language: Language) -> Safe:
    """Write the counts of each gate, what would have been stopped, and what `--against` changes."""
    lines = [line(wording.head(report), language), *_table(report.found, language), ""]
    lines.append(line(wording.stopped(report, report.found, report.gate_file), language))
    if said := wording.merged(report):
        lines.append(line(said, language, indent=2))
    lines += _rows([(each, f"{each.status:7}") for each in report.found.stopped], language)
    if report.against:
        lines += ["", line(wording.stopped(report, report.against, report.against_file), language)]
        lines.append(line(wording.difference(report, report.against), language))
        changed = differences(report.found, report.against)
        lines += _rows([(each.after, f"{each.before.status} → {each.after.status}") for each in changed], language)
    if said := wording.exceeded(report):
        lines.append(line(said, language))
    notes = [line(Message("report.note", note=note), language) for note in wording.notes(report)]
    return Safe("\n".join([*lines, "", *notes]))


def _table(found: Backtest, language: Language) -> Iterator[str]:
    columns, names = wording.columns(found), [wording.name_of(one) for one in found.gates]
    heading = plain(wording.HEADING, language)
    wide = sum(east_asian_width(sign) == "W" for sign in heading)  # a terminal gives each of these two columns
    width = max(len(heading) + wide, *map(len, names))
    yield f"{heading:{width - wide}}  " + "  ".join(columns)
    for name, one in zip(names, found.gates, strict=True):
        counts = "  ".join(f"{one.counts.get(column, 0):{len(column)}}" for column in columns)
        remarks = "; ".join(plain(remark, language) for remark in wording.remarks(one))
        yield log_line(f"{name:{width}}  {counts}  {remarks}".rstrip())


def _rows(rows: Sequence[tuple[JudgedUnit, str]], language: Language) -> Iterator[str]:
    newest = list(reversed(rows))
    for each, verdict in newest[:_ROWS]:
        reason = wording.reason(each)
        said = "  " + plain(reason, language) if reason else ""
        text = f"  {wording.name_of_unit(each)}  {each.unit.end:%Y-%m-%d}  {verdict}{said}"
        yield log_line(text.rstrip(), cap=2 * CELL_CAP)
    if len(newest) > _ROWS:
        yield line(Message("backtest.more-units", count=len(newest) - _ROWS), language, indent=2)
