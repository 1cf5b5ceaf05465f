"""The one table of all checks: what was checked, the value beside the baseline's, the difference, what is required."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from swanlab_ci.insight import Insight, Row
from swanlab_ci.judgement import GateResult, Judgement
from swanlab_ci.messages import Language, Message, Name, Param, Prose
from swanlab_ci.model import RunRef, Status
from swanlab_ci.platforms.base import Links
from swanlab_ci.report import wording
from swanlab_ci.report.markdown.bar import bar
from swanlab_ci.report.markup import words
from swanlab_ci.report.presentation import ICONS, TROUBLE
from swanlab_ci.report.wording import cells
from swanlab_ci.report.wording.comparison import comparison_finding
from swanlab_ci.report.wording.lead import linked
from swanlab_ci.report.writers import markdown
from swanlab_ci.security.escaping import CELL_CAP, Safe, md_text

_RUNS = 3
_FILLED = 6
_NAME_CAP = CELL_CAP
_NOTHING = Safe("")


@dataclass(frozen=True, slots=True)
class PageContext:
    """What every part of a page is written with."""

    judgement: Judgement
    insight: Insight
    links: Links
    language: Language

    def gate(self, number: int) -> GateResult:
        """Return a gate by its position in the verdict."""
        return self.judgement.verdict.gates[number]

    def write(self, message: Param) -> Safe:
        """Write a parameter for a table cell."""
        return markdown(Message("value.shown", value=message), self.language)

    def say(self, message: Message) -> Safe:
        """Write a message for a table cell."""
        return markdown(message, self.language)

    def named(self, gate: GateResult) -> Safe:
        """Name a gate, with the address of its line, and its group."""
        return Safe(self.gate_link(gate) + self.group(gate))

    def gate_link(self, gate: GateResult) -> Safe:
        """Name a gate, with the address of its line."""
        name, address = md_text(gate.name, cap=_NAME_CAP), self.links.file(gate.file, gate.line)
        return Safe(f"[{name}]({address})" if address else name)

    def group(self, gate: GateResult) -> str:
        """Name the group of runs that a result is about, after a space; empty where it is about all of them."""
        found = wording.group_of(gate)
        return f" ({self.say(found)})" if found else ""


@dataclass(frozen=True, slots=True)
class MarkdownTable:
    """A table in Markdown: its head, how each column is aligned, and its rows; columns without content are gone."""

    head: tuple[Safe, ...]
    aligned: tuple[Safe, ...]
    rows: tuple[tuple[Safe, ...], ...]
    more: Safe = _NOTHING


def title_of(message: Message, language: Language) -> Safe:
    """Write a message for a `<summary>`, in which Markdown is not read."""
    return Safe(words(message, language))


def without_empty_columns(
    head: Sequence[Safe], aligned: Sequence[str], rows: Sequence[Sequence[Safe]], more: Safe = _NOTHING
) -> MarkdownTable:
    """Return a table without the columns in which no row has anything."""
    kept = [number for number in range(len(head)) if number == 0 or any(row[number] for row in rows)]
    return MarkdownTable(
        tuple(head[number] for number in kept),
        tuple(Safe(aligned[number]) for number in kept),
        tuple(tuple(row[number] for number in kept) for row in rows),
        more,
    )


def _chosen(insight: Insight, most: int) -> tuple[list[Row], int]:
    """Return the rows to show, and how many misses were left out.

    All misses come first; passing comparisons and aggregates fill up to six rows, other passing checks where there is
    nothing else.
    """
    missed = [row for row in insight.rows if row.status in TROUBLE or row.status is Status.WAIVED]
    passed = [row for row in insight.rows if row.status not in TROUBLE and row.status is not Status.WAIVED]
    with_numbers = [row for row in passed if row.comparison or row.function or row.field == "how_many"]
    with_numbers.sort(key=lambda row: not row.comparison)
    fill = with_numbers or ([] if missed else [row for row in passed if row.check])
    return [*missed[:most], *fill[: max(0, min(_FILLED, most) - len(missed))]], max(0, len(missed) - most)


def table(page: PageContext, most: int) -> MarkdownTable | None:
    """Return the table with at most `most` misses; None where there is nothing to show."""
    rows, more = _chosen(page.insight, most)
    if not rows:
        return None
    head = [
        page.say(Message("report.column-check")),
        page.say(Message("report.column-here")),
        Safe("Δ"),
        page.say(Message("report.column-required")),
    ]
    found, before = [], -1
    for row in rows:
        again = row.gate == before
        found.append((_check(row, page, again=again), _value(row, page), _delta(row, page), _bounds(row, page)))
        before = row.gate
    unshown = page.say(Message("report.more-checks", count=more)) if more else _NOTHING
    return without_empty_columns(head, (":--", "--:", "--:", ":--"), found, unshown)


def _check(row: Row, page: PageContext, *, again: bool) -> Safe:
    """Write what was checked: of a miss the gate first, of a pass the field."""
    gate, icon = page.gate(row.gate), ICONS[row.status]
    named = f"<b>{page.named(gate)}</b>"
    if row.status in TROUBLE or row.status is Status.WAIVED:
        below = f"<sub>{_about_miss(row, page)}</sub>"
        return Safe(f"{icon} {below}" if again else f"{icon} {named}<br>{below}")
    field = f"<b>{page.say(cells.subject(row))}{_arrow(row)}</b>"
    group = page.group(gate)
    counts = _counts(row, page)
    about = f" <sub>{counts}</sub>" if counts else ""
    below = "" if again else f"<br><sub>{page.gate_link(gate)}</sub>"
    return Safe(f"{icon} {field}{group}{about}{below}")


def _arrow(row: Row) -> str:
    return {"higher": " ↑", "lower": " ↓"}.get(row.better, "")


def _about_miss(row: Row, page: PageContext) -> str:
    gate = page.gate(row.gate)
    if row.check is None:
        return page.say(wording.gate_summary(gate))
    result, field = row.comparison, f"{page.say(cells.subject(row))}{_arrow(row)}"
    if result:
        apart = result.delta is None or result.costs is not result.status
        found = f"<br>{page.say(comparison_finding(result))}" if apart else ""
        return f"{field} {_counts(row, page)}".rstrip() + found
    if not cells.says_all(row):
        return page.say(wording.check_message(row.check)) + _same(row, page)
    counts = "" if row.missed else _counts(row, page)
    return " ".join(filter(None, (field, counts, _runs(row.missed, page)))) + _same(row, page)


def _same(row: Row, page: PageContext) -> str:
    if not row.also:
        return ""
    return f" {page.say(Message('report.same-gates', count=len(row.also)))}"


def _counts(row: Row, page: PageContext) -> str:
    """Say of how many runs a value is."""
    result = row.comparison
    if result and result.pairs:
        return page.say(Message("report.pairs", count=result.pairs, field=Name(result.pair_by)))
    if result and result.new:
        return page.say(Message("report.against", new=result.counts[0], base=result.counts[1]))
    if row.function and row.new and row.new.values:
        return page.say(Message("report.runs", count=len(row.new.values)))
    if row.new and len(row.new.values) > 1 and row.status not in TROUBLE:
        return page.say(Message("report.runs", count=len(row.new.values)))
    return ""


def _runs(runs: Sequence[RunRef], page: PageContext) -> str:
    shown = [page.write(linked(run, page.judgement.pages)) for run in runs[:_RUNS]]
    if len(runs) > _RUNS:
        shown.append(page.say(Message("list.more", count=len(runs) - _RUNS)))
    return " ".join(shown)


def _value(row: Row, page: PageContext) -> Safe:
    """Write the value and its spread, and below them the baseline's."""
    shown = _measured(cells.value_now(row), page, bold=row.status in TROUBLE or bool(row.comparison))
    shown = shown or ("—" if row.status in TROUBLE else "")
    base = _measured(cells.value_and_spread(row.base, row), page)
    if not base:
        return Safe(shown)
    return Safe(f"{shown}<br><sub>{md_text(row.baseline, cap=_NAME_CAP)} {base}</sub>")


def _measured(found: tuple[Param, Param] | None, page: PageContext, *, bold: bool = False) -> str:
    if found is None:
        return ""
    centre, spread = (None if each is None else page.write(each) for each in found)
    shown = f"<b>{centre}</b>" if bold else f"{centre}"
    return f"{shown}\u00a0±{spread}" if spread else shown  # a value and its spread stay on one line


def _delta(row: Row, page: PageContext) -> Safe:
    """Write the difference, its noise, and the bar."""
    result = row.comparison
    if result is None or result.delta is None:
        factor = cells.delta(row)
        return page.say(factor) if factor else _NOTHING
    shown = _measured(cells.change_and_noise(result), page, bold=True)
    if result.within_noise:
        shown += f"<br><sub>{page.say(Message('note.within-noise'))}</sub>"
    drawn = bar(result)
    return Safe(f"{shown}<br>`{drawn}`" if drawn else shown)


def _bounds(row: Row, page: PageContext) -> Safe:
    gate = page.gate(row.gate)
    found: list[str] = [page.say(bound) for bound in cells.bounds(row)]
    waiver = (row.check.waiver if row.check else None) or gate.waiver
    if waiver and row.status is Status.WAIVED:
        note = Message("note.waived", until=waiver.until, reason=Prose(waiver.reason))
        found.append(f"<sub>{page.say(note)}</sub>")
    return Safe("<br>".join(_distinct(found)))


def _distinct(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))
