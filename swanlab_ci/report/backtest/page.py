"""A backtest as Markdown, for a comment, a job summary or a wiki."""

from collections.abc import Iterable, Iterator, Sequence

from swanlab_ci.history.backtest import Backtest, BacktestReport, JudgedUnit, differences
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.report.backtest import wording
from swanlab_ci.report.presentation import ICONS
from swanlab_ci.report.writers import markdown, paragraph
from swanlab_ci.security.escaping import Safe, md_code

_ROWS = 50


def backtest_markdown(report: BacktestReport, language: Language) -> Safe:
    """Write the counts of each gate, what would have been stopped, and what `--against` changes."""
    found, against = report.found, report.against
    parts = ["## " + paragraph(wording.stopped(report, found, report.gate_file), language)]
    if said := wording.exceeded(report):
        parts.append(f"**{paragraph(said, language)}**")
    if known := wording.merged(report):
        parts.append(paragraph(known, language))
    parts += [paragraph(wording.head(report), language), _lines(_gates(found, language))]
    parts.append(_lines(_units(report.field, [(each, ICONS[each.status]) for each in found.stopped], language)))
    if against:
        parts.append("### " + paragraph(wording.stopped(report, against, report.against_file), language))
        parts.append(paragraph(wording.difference(report, against), language))
        changed = [
            (each.after, f"{ICONS[each.before.status]} → {ICONS[each.after.status]}")
            for each in differences(found, against)
        ]
        parts.append(_lines(_units(report.field, changed, language)))
    parts.append(_lines("- " + paragraph(note, language) for note in wording.notes(report)))
    return Safe("\n\n".join(filter(None, parts)))


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _gates(found: Backtest, language: Language) -> Iterator[str]:
    columns = wording.columns(found)
    yield _row([plain(wording.HEADING, language), *columns, ""])
    yield _row(["---", *("---:" for _ in columns), "---"])
    for one in found.gates:
        remarks = "; ".join(markdown(remark, language) for remark in wording.remarks(one))
        counts = (str(one.counts.get(column, 0)) for column in columns)
        yield _row([md_code(wording.name_of(one)), *counts, remarks])


def _units(field: str, rows: Sequence[tuple[JudgedUnit, str]], language: Language) -> Iterator[str]:
    newest = list(reversed(rows))[:_ROWS]
    if newest:
        yield _row(["", md_code(field), "", ""])
        yield _row(["---"] * 4)
    for each, verdict in newest:
        reason = wording.reason(each)
        said = markdown(reason, language) if reason else ""
        yield _row([verdict, md_code(wording.name_of_unit(each)), f"{each.unit.end:%Y-%m-%d}", said])
    if len(rows) > _ROWS:
        yield ""
        yield paragraph(Message("backtest.more-units", count=len(rows) - _ROWS), language)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
