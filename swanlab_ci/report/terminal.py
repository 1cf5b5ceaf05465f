"""The judgement for a terminal or a job log: readable without colour, each line safe to print."""

from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

from swanlab_ci.judgement import Check, CheckKind, FunnelStep, GateResult, Judgement
from swanlab_ci.messages import Language, Message, Name, plain
from swanlab_ci.model import Status
from swanlab_ci.report import wording
from swanlab_ci.report.presentation import TROUBLE, advice, missed_checks, own_url, sorted_gates, summary
from swanlab_ci.report.wording.funnel import step_condition
from swanlab_ci.report.writers import line
from swanlab_ci.security.escaping import CELL_CAP, Safe, capped, log_line

_ROWS = 20
_WIDTH = 8
NAMES_RUN = frozenset(
    {
        *("check.value", "check.missing", "check.not-finite", "check.pending", "check.ambiguous", "check.wrong-type"),
        *("check.changed", "check.unchanged", "check.group-missing", "check.group-unusable"),
    }
)
"""Messages that name their run in an optional part; the line of a check has named it before."""

_COLOURS = {
    Status.PASS: 32,
    Status.WAIVED: 36,
    Status.SKIPPED: 36,
    Status.INFO: 36,
    Status.WARN: 33,
    Status.PENDING: 33,
    Status.FAIL: 31,
    Status.ERROR: 31,
}


def terminal(judgement: Judgement, language: Language, *, colour: bool = False) -> Safe:
    """Write the verdict, the gates (worst first), the notes, and what was judged."""
    lines = [*_verdict(judgement, language, colour=colour), ""]
    for gate in sorted_gates(judgement):
        lines += _gate(gate, judgement.pages, language, colour=colour)
    notes = wording.notes(judgement)
    lines += [line(Message("report.note", note=note), language) for note in notes]
    return Safe("\n".join([*lines, line(_about(judgement), language)]))


def _verdict(judgement: Judgement, language: Language, *, colour: bool) -> Iterator[str]:
    yield _status(judgement.verdict.status, language, colour=colour) + line(summary(judgement), language)
    if found := advice(judgement):
        yield line(found, language, indent=_WIDTH)


def _gate(gate: GateResult, origin: str, language: Language, *, colour: bool) -> Iterator[str]:
    shown = Message("report.gate", name=wording.gate_title(gate), summary=wording.gate_summary(gate))
    yield _status(gate.status, language, colour=colour) + line(shown, language)
    if gate.status not in TROUBLE:
        return
    checks = missed_checks(gate)
    if [check.kind for check in checks] == [CheckKind.PROJECT]:
        checks = []  # the gate's summary has said it
    for check in checks[:_ROWS]:
        yield from _check(check, origin, language)
    if len(checks) > _ROWS:
        yield line(Message("report.more-checks", count=len(checks) - _ROWS), language, indent=_WIDTH)
    if not gate.runs_selected:
        yield from _selection(gate.runs_considered, gate.funnel, language)
    if found := wording.gate_advice(gate):
        yield line(Message("report.do", advice=found), language, indent=_WIDTH)
    if gate.why:
        yield line(Message("report.why", why=Name(gate.why)), language, indent=_WIDTH)


def _check(check: Check, origin: str, language: Language) -> Iterator[str]:
    run = check.run
    where = Message("report.run", name=Name(capped(run.name, CELL_CAP)), state=Name(run.state)) if run else None
    message = wording.check_message(check)
    shown = Message(
        "report.check",
        where=where or Message("report.all-runs"),
        message=message.without("run") if run and message.id in NAMES_RUN else message,
        note=wording.check_note(check),
    )
    yield line(shown, language, indent=_WIDTH)
    if run and own_url(run.url, origin):
        yield " " * (_WIDTH + 2) + log_line(run.url)


def _selection(considered: int, funnel: Iterable[FunnelStep], language: Language) -> Iterator[str]:
    steps = tuple(funnel)
    if steps:
        yield line(Message("report.considered", runs=considered), language, indent=_WIDTH)
    for step in steps:
        left = Message("report.left-after", runs=step.runs, condition=step_condition(step))
        yield line(left, language, indent=_WIDTH)


def _about(judgement: Judgement) -> Message:
    return Message(
        "report.about",
        project=Name(judgement.project) if judgement.project else None,
        commit=Name(judgement.commit[:7]) if judgement.commit else None,
        runs=judgement.runs_fetched,
    )


def _status(status: Status, language: Language, *, colour: bool) -> str:
    word = status.upper() if language is Language.EN else plain(Message("report.status", status=status), language)
    columns = sum(2 if east_asian_width(sign) == "W" else 1 for sign in word)
    word += " " * max(1, _WIDTH - columns)
    return f"\x1b[{_COLOURS[status]}m{word}\x1b[0m" if colour else word
