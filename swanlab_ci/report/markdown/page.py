"""The judgement as GitHub Markdown, in as much detail as fits its place."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from swanlab_ci import __version__
from swanlab_ci.insight import Insight, of_verdict
from swanlab_ci.judgement import Comparing, GateResult, Judgement
from swanlab_ci.messages import Language, Linked, Message, Name
from swanlab_ci.model import Status
from swanlab_ci.platforms.base import Links
from swanlab_ci.report import wording
from swanlab_ci.report.markdown.changes import changes_fold
from swanlab_ci.report.markdown.charts import charts_fold
from swanlab_ci.report.markdown.runs import runs_fold
from swanlab_ci.report.markdown.table import PageContext, table, title_of
from swanlab_ci.report.presentation import ICONS, TROUBLE, headline, link, missed_checks, sorted_gates
from swanlab_ci.report.wording.comparison import baseline_of
from swanlab_ci.report.wording.funnel import funnel, funnel_of
from swanlab_ci.report.wording.lead import lead, linked, next_steps
from swanlab_ci.report.writers import paragraph
from swanlab_ci.security.escaping import Safe, md_code, md_text, outside_table
from swanlab_ci.templating.values import data

COMMENT_CHARACTERS = 65_000
SUMMARY_BYTES = 1_000_000

_NAME_CAP = 40
_WHYS = 5
_FUNNELS = 5


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is shown: rows of the table, charts, changed keys a part, runs, the gates that pass, notes.

    `checks` is how many checks of single runs are listed, where the rows do not say all of them.

    With `named`, the gates are no more than names, so many of them. `left_out` says what this stage leaves out.
    """

    rows: int = 25
    charts: int = 2
    changes: int = 12
    runs: int = 20
    passing: bool = True
    notes: int = 100
    whys: int = _WHYS
    checks: int = 0
    named: int | None = None
    left_out: tuple[Message, ...] = ()


Reason = Callable[[Detail], Message]
"""Says what a stage leaves out."""


def _stages(first: Detail) -> tuple[Detail, ...]:
    """Return the stages from all to the names of the gates; each leaves out what the one before it does, and more."""
    one_chart = replace(first, charts=1, left_out=(Message("left-out.charts-but-one"),))
    no_chart = replace(first, charts=0, left_out=(Message("left-out.charts"),))
    passing = replace(no_chart, passing=False, checks=0, left_out=(*no_chart.left_out, Message("left-out.passing")))
    runs = replace(passing, runs=5, left_out=(*passing.left_out, Message("left-out.runs", count=5)))
    changes = replace(runs, changes=5, left_out=(*runs.left_out, Message("left-out.changes", count=5)))
    rows = replace(changes, rows=10, notes=10, whys=1, left_out=(*changes.left_out, Message("left-out.rows", count=10)))
    names = Detail(0, 0, 0, 0, passing=False, notes=3, whys=0, named=100, left_out=(Message("left-out.names"),))
    fewest = replace(names, notes=0, named=20, left_out=(Message("left-out.some-names", count=20),))
    return first, one_chart, no_chart, passing, runs, changes, rows, names, fewest, replace(fewest, named=0)


STAGES = _stages(Detail())
_FULL_STAGES = _stages(Detail(rows=1_000, charts=4, changes=200, runs=1_000, notes=1_000, whys=100, checks=500))


def comment(judgement: Judgement, language: Language, insight: Insight | None = None, links: Links = Links()) -> Safe:  # noqa: B008 - it is frozen
    """Write the comment, at most 65,000 characters; GitHub refuses a body over 65,536 (its answer says so)."""
    page = PageContext(judgement, insight or of_verdict(judgement.verdict), links, language)
    return _fitting(page, STAGES, COMMENT_CHARACTERS, len, left_out_of_comment)


def full_report(
    judgement: Judgement,
    language: Language,
    room: int = SUMMARY_BYTES,
    insight: Insight | None = None,
    links: Links = Links(),  # noqa: B008 - it is frozen
) -> Safe:
    """Write the job summary, at most `room` bytes of UTF-8.

    The runner drops a step's summary over 1,048,576 bytes whole (`AttachmentSizeLimit` in its
    `FileCommandManager.cs`). If `room` cannot hold even the least report, the text is empty.
    """
    page = PageContext(judgement, insight or of_verdict(judgement.verdict), links, language)
    return _fitting(page, (*_FULL_STAGES, *STAGES), room, _bytes, _left_out_of_summary)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _fitting(
    page: PageContext,
    stages: tuple[Detail, ...],
    room: int,
    size: Callable[[str], int],
    left_out: Callable[[Detail], Message],
) -> Safe:
    from swanlab_ci.templating.engine import engine  # noqa: PLC0415 - 50 ms that a run which stops early does not pay

    template, shared = engine().get_template("comment.md.j2"), view(page)
    for stage in stages:
        body = template.render(shared | parts(page, stage)).strip("\n")
        text = framed(body, page, stage, left_out)
        if size(text) <= room:
            return text
    return Safe("")


def left_out_of_comment(detail: Detail) -> Message:
    """Say what a comment leaves out, and where it is."""
    return Message("report.left-out-comment", what=detail.left_out)


def _left_out_of_summary(detail: Detail) -> Message:
    return Message("report.left-out-summary", what=detail.left_out)


def framed(body: str, page: PageContext, detail: Detail, left_out: Reason, *, notes_first: bool = False) -> Safe:
    """Put the heading before the body and what the reader must know after it: no template writes these.

    `left_out` says what is missing. With `notes_first` nothing in the body can hide them.
    """
    language = page.language
    title = paragraph(Message("report.title", headline=headline(page.judgement)), language)
    missing = paragraph(left_out(detail), language) if detail.left_out else ""
    notes = _notes(page, detail)
    written = [
        f"## {ICONS[page.judgement.verdict.status]} {title}",
        *((notes, body) if notes_first else (body, notes)),
        f"_{missing}_" if missing else "",
        f"<sub>{' · '.join(_about(page))}</sub>",
    ]
    return Safe("\n\n".join(filter(None, written)))


def _notes(page: PageContext, detail: Detail) -> str:
    notes = (*wording.notes(page.judgement), *page.insight.notes)
    lines = [f"- {paragraph(note, page.language)}" for note in notes[: detail.notes]]
    if more := len(notes) - len(lines):
        lines.append(f"- {paragraph(Message('report.more-notes', count=more), page.language)}")
    return "\n".join(lines)


def view(page: PageContext) -> dict[str, Any]:
    """Return what a template shows at every stage, as plain data."""
    judgement, language = page.judgement, page.language
    return {
        "icon": ICONS[judgement.verdict.status],
        "title": paragraph(Message("report.title", headline=headline(judgement)), language),
        "lead": [paragraph(fact, language) for fact in lead(judgement, page.insight)],
        "next": [paragraph(step, language) for step in next_steps(judgement)],
        "problems": [
            Safe(f"{outside_table(md_code(each.place)) + ' ' if each.place else ''}{paragraph(each.message, language)}")
            for each in (judgement.stopped.problems if judgement.stopped else ())
        ],
        "red": judgement.verdict.status in {Status.FAIL, Status.ERROR, Status.WARN},
        "pending": judgement.verdict.status is Status.PENDING,
        "words": {name: paragraph(each, language) for name, each in _WORDS.items()},
        "gap": Safe("" if language is Language.ZH else " "),
    }


_WORDS = {
    "next": Message("report.next"),
    "changes": Message("changes.heading"),
    "charts": Message("charts.heading"),
    "runs": Message("runs.heading"),
    "gate": Message("report.column-gate"),
    "result": Message("report.column-result"),
    "run": Message("report.column-run"),
}
"""The headings of the templates, by the name that a template calls them by."""


def parts(page: PageContext, detail: Detail) -> dict[str, Any]:
    """Return what a template shows at one stage, as plain data."""
    gates = sorted_gates(page.judgement)
    trouble = [gate for gate in gates if gate.status in TROUBLE]
    calm = [gate for gate in gates if gate.status not in TROUBLE]
    unnamed = max(0, len(trouble) - (detail.named or 0)) if detail.named is not None else 0
    found = {
        "table": table(page, detail.rows) if detail.rows else None,
        "names": [(ICONS[gate.status], _name(gate)) for gate in trouble[: detail.named or 0]],
        "more_names": _more(Message("report.more-gates", count=unnamed), unnamed, page),
        "whys": [(_name(gate), _paragraphs(gate.why)) for gate in trouble if gate.why.strip()][: detail.whys],
        "funnels": _funnels(trouble, page) if detail.rows else [],
        "changes": changes_fold(page, detail.changes) if detail.changes else None,
        "charts": charts_fold(page, detail.charts) if detail.charts else None,
        "runs": runs_fold(page, detail.runs) if detail.runs else None,
        "checks": _checks(trouble, page, detail.checks),
        "calm": title_of(_calm_title(calm), page.language) if calm else "",
        "calm_gates": [(ICONS[gate.status], page.named(gate), page.say(wording.gate_summary(gate))) for gate in calm]
        if detail.passing
        else [],
    }
    return {name: data(value) for name, value in found.items()}


def _more(message: Message, count: int, page: PageContext) -> Safe:
    """Say how many are not shown; empty where all are."""
    return paragraph(message, page.language) if count else Safe("")


def _checks(trouble: list[GateResult], page: PageContext, most: int) -> dict[str, Any] | None:
    """Return each check of a run that did not hold, where there are more of them than rows; at most `most`."""
    missed = [(gate, check) for gate in trouble for check in missed_checks(gate) if check.run]
    if not most or len(missed) <= len(page.insight.rows):
        return None
    rows = [
        (page.named(gate), page.say(Message("value.shown", value=linked(check.run, page.judgement.pages))),
         page.say(wording.check_message(check)))
        for gate, check in missed[:most] if check.run
    ]  # fmt: skip
    unshown = len(missed) - len(rows)
    title = title_of(Message("report.every-check", count=len(missed)), page.language)
    return {"title": title, "rows": rows, "more": _more(Message("report.more-checks", count=unshown), unshown, page)}


def _calm_title(calm: list[GateResult]) -> Message:
    count = {status: sum(gate.status is status for gate in calm) for status in (Status.WAIVED, Status.SKIPPED)}
    passed = len(calm) - sum(count.values())
    parts = [Message("report.gates-passed", count=passed)] if passed else []
    if waived := count[Status.WAIVED]:
        parts.append(Message("report.gates-waived", count=waived))
    if skipped := count[Status.SKIPPED]:
        parts.append(Message("report.gates-skipped", count=skipped))
    return Message("verdict.counts", parts=tuple(parts))


def _name(gate: GateResult) -> Safe:
    name = md_text(gate.name, cap=_NAME_CAP)
    group = f" {md_code(gate.group, cap=_NAME_CAP)}" if gate.group_field else ""
    group += f" ({md_code(gate.project, cap=_NAME_CAP)})" if gate.project else ""
    return outside_table(Safe(f"{name}{group}"))


def _paragraphs(text: str) -> list[Safe]:
    return [outside_table(md_text(part)) for part in text.splitlines() if part.strip()]


def _funnels(trouble: list[GateResult], page: PageContext) -> list[Safe]:
    """Return, for each gate and each baseline without runs, how many runs each condition left."""
    found: list[Message] = []
    for gate in trouble:
        if not gate.runs_selected and gate.funnel:
            found.append(Message("report.funnel", gate=Name(gate.name), funnel=funnel(gate)))
        for result in (check.comparison for check in gate.deciding):
            if result and result.found is Comparing.NO_BASELINE and result.funnel:
                steps = funnel_of(result.runs_considered, result.funnel)
                found.append(Message("report.funnel", gate=baseline_of(result), funnel=steps))
    return [paragraph(each, page.language) for each in list(dict.fromkeys(found))[:_FUNNELS]]


def _about(page: PageContext) -> list[Safe]:
    """Return the parts of the footer."""
    judgement, links, language = page.judgement, page.links, page.language
    found = []
    if judgement.project:
        found.append(link(judgement.project, judgement.project_url, judgement.project_url))
    if judgement.commit:
        short = md_code(judgement.commit[:7])
        found.append(Safe(f"[{short}]({links.commit})") if links.commit else short)
    if judgement.stopped is None:
        judged = sum(1 for _ in judgement.selected_runs())
        found.append(paragraph(Message("report.judged", count=judged, fetched=judgement.runs_fetched), language))
    if judgement.gate_file:
        rules = Linked(judgement.gate_file, links.file(judgement.gate_file))
        found.append(paragraph(Message("report.rules", file=rules), language))
    if links.report:
        found.append(link_of(paragraph(Message("report.full-report"), language), links.report))
    if links.job:
        found.append(link_of(paragraph(Message("report.job"), language), links.job))
    found.append(paragraph(Message("report.version", version=__version__), language))
    return [outside_table(part) for part in found]


def link_of(shown: Safe, address: str) -> Safe:
    """Link Markdown to an address of ours, if there is one."""
    return Safe(f"[{shown}]({address})") if address else shown
