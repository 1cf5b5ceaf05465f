"""The judgement as GitHub Markdown, in as much detail as fits its place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from swanlab_ci import __version__
from swanlab_ci.judgement import Check, GateResult, Judgement
from swanlab_ci.messages import Language, Message, Name
from swanlab_ci.report import wording
from swanlab_ci.report.presentation import (
    ICONS,
    TROUBLE,
    advice,
    headline,
    link,
    missed_checks,
    sorted_gates,
    summary,
)
from swanlab_ci.report.wording.funnel import step_condition
from swanlab_ci.report.writers import markdown, paragraph
from swanlab_ci.security.escaping import Safe, md_code, md_text, outside_table

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

COMMENT_CHARACTERS = 65_000
SUMMARY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is shown: `rows` checks a gate, gates that need nothing, notes, the table, or only so many names."""

    rows: int
    folded: bool = True
    notes: int = 200
    table: bool = True
    named: int | None = None
    left_out: Message | None = None


_NAME_CAP = 40
_ROW_SIZE = 100
_STAGES = (
    Detail(50),
    Detail(50, folded=False, left_out=Message("left-out.passing")),
    Detail(10, folded=False, left_out=Message("left-out.passing-and-checks", rows=10)),
    Detail(3, folded=False, left_out=Message("left-out.passing-and-checks", rows=3)),
    Detail(0, folded=False, notes=10, left_out=Message("left-out.details")),
    Detail(0, folded=False, notes=0, table=False, left_out=Message("left-out.all-but-names")),
    Detail(
        0, folded=False, notes=0, table=False, named=100, left_out=Message("left-out.all-but-some-names", count=100)
    ),
)
_FULL_STAGES = (Detail(1_000), Detail(200, left_out=Message("left-out.checks", rows=200)))


def comment(judgement: Judgement, language: Language) -> Safe:
    """Write the comment, at most 65,000 characters; GitHub refuses a body over 65,536 (its answer says so)."""
    return _fitting("comment.md.j2", judgement, language, _STAGES, COMMENT_CHARACTERS, len)


def full_report(judgement: Judgement, language: Language, room: int = SUMMARY_BYTES) -> Safe:
    """Write the job summary, at most `room` bytes of UTF-8.

    The runner drops a step's summary over 1,048,576 bytes whole (`AttachmentSizeLimit` in its
    `FileCommandManager.cs`). If `room` cannot hold even the least report, the text is empty.
    """
    return _fitting("summary.md.j2", judgement, language, _FULL_STAGES + _STAGES, room, _bytes)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _fitting(  # noqa: PLR0917 - what is written, and how much of it fits
    template: str,
    judgement: Judgement,
    language: Language,
    stages: tuple[Detail, ...],
    room: int,
    size: Callable[[str], int],
) -> Safe:
    page = environment().get_template(template)
    view = _view(judgement, language)
    missed = [len(gate.missed) for gate in view["trouble"]]
    for stage in stages:
        if sum(min(stage.rows, rows) for rows in missed) * _ROW_SIZE > room:
            continue  # not worth the time: thousands of rows are rendered slowly
        text = page.render(view, detail=stage)
        if size(text) <= room:
            return Safe(text)
    return Safe("")


class _Row(NamedTuple):
    """One check that did not hold, as a row of a table."""

    run: Safe | None
    state: str
    field: Message
    actual: Message | None
    required: Message | None
    message: Message | None
    note: Message | None


class _Gate(NamedTuple):
    """One gate, ready for a template."""

    icon: Safe
    name: str
    group: Message | None
    group_value: str
    why: str
    summary: Message
    advice: Message | None
    missed: list[Check]
    funnel: list[tuple[int, Message]]


def _view(judgement: Judgement, language: Language) -> dict[str, Any]:
    gates = sorted_gates(judgement)
    trouble = [_gate(gate) for gate in gates if gate.status in TROUBLE]
    return {
        "icon": ICONS[judgement.verdict.status],
        "headline": headline(judgement),
        "summary": None if trouble or (gates and judgement.verdict.passed) else summary(judgement),
        "advice": advice(judgement),
        "trouble": trouble,
        "folded": [_gate(gate) for gate in gates if gate.status not in TROUBLE],
        "notes": wording.notes(judgement),
        "problems": judgement.stopped.problems if judgement.stopped else (),
        "about": _about(judgement),
        "project": link(judgement.project, judgement.project_url, judgement.project_url) if judgement.project else "",
        "rows": lambda checks: [_row(check, judgement.project_url) for check in checks],
        "cell": lambda message: markdown(message, language),
        "line": lambda message: paragraph(message, language),
        "words": lambda id_, **params: paragraph(_WORDS[id_](**params), language),
        "paragraphs": lambda text: [outside_table(md_text(part)) for part in text.splitlines() if part.strip()],
        "name_cap": _NAME_CAP,
        "nothing": Safe("—"),
        "version": Safe(__version__),
    }


_WORDS: dict[str, Callable[..., Message]] = {
    "run": lambda: Message("report.column-run"),
    "field": lambda: Message("report.column-field"),
    "actual": lambda: Message("report.column-actual"),
    "required": lambda: Message("report.column-required"),
    "note": lambda: Message("report.column-note"),
    "gate": lambda: Message("report.column-gate"),
    "problem": lambda: Message("report.column-problem"),
    "advice": lambda: Message("report.column-advice"),
    "result": lambda: Message("report.column-result"),
    "runs_left": lambda: Message("report.column-runs-left"),
    "after": lambda: Message("report.column-after"),
    "all_runs": lambda: Message("report.all-runs"),
    "more_checks": lambda count: Message("report.more-checks", count=count),
    "folded": lambda count: Message("report.folded-gates", count=count),
    "more_notes": lambda count: Message("report.more-notes", count=count),
    "left_out_comment": lambda what: Message("report.left-out-comment", what=what),
    "left_out_summary": lambda what: Message("report.left-out-summary", what=what),
}
"""The words of the templates, by the name that a template calls them by."""


def _row(check: Check, origin: str) -> _Row:
    return _Row(
        run=link(check.run.name, check.run.url, origin) if check.run else None,
        state=check.run.state if check.run else "",
        field=wording.field_shown(check),
        actual=wording.actual(check),
        required=wording.required(check),
        message=None if wording.says_it_all(check) else wording.check_message(check),
        note=wording.check_note(check),
    )


def _gate(gate: GateResult) -> _Gate:
    steps = [] if gate.runs_selected else [(step.runs, step_condition(step)) for step in gate.funnel]
    return _Gate(
        icon=ICONS[gate.status],
        name=gate.name,
        group=Message("report.of-group", group=group) if (group := wording.group_of(gate)) else None,
        group_value=gate.group,
        why=gate.why,
        summary=wording.gate_summary(gate),
        advice=wording.gate_advice(gate),
        missed=missed_checks(gate),
        funnel=[(gate.runs_considered, Message("report.all-fetched")), *steps] if steps else [],
    )


def _about(judgement: Judgement) -> Message:
    return Message(
        "report.about-markdown",
        commit=Name(judgement.commit[:7]) if judgement.commit else None,
        runs=judgement.runs_fetched,
        gate_file=Name(judgement.gate_file) if judgement.gate_file else None,
        version=__version__,
    )


@cache
def environment() -> "ImmutableSandboxedEnvironment":
    """Return the engine of the templates: sandboxed, strict about names, every value escaped as Markdown."""
    import jinja2  # noqa: PLC0415 - 50 ms that a run which stops early does not pay
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - same

    engine = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(str(templates_dir())),
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    engine.filters |= {"code": md_code, "outside_table": outside_table}
    return engine


def _finalize(value: Any) -> Any:
    """Let a template that forgets about escaping be safe: every text that is not ours becomes a code span."""
    return md_code(value) if isinstance(value, str) and not isinstance(value, Safe) else value


def templates_dir() -> Path:
    """Find the templates: inside the installed package, else beside the package in a checkout."""
    package = Path(str(resources.files("swanlab_ci")))
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
