"""What the verdict says as a whole, in messages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from swanlab_ci.judgement import GateResult, Judgement, OtherProject, Verdict
from swanlab_ci.messages import Linked, Message, Name
from swanlab_ci.model import STATUSES_WORST_FIRST, Status
from swanlab_ci.report.wording.advice import gate_advice
from swanlab_ci.report.wording.gates import one_after_another
from swanlab_ci.report.wording.titles import gate_title
from swanlab_ci.report.wording.training import carried_note, exempt_note, exempt_summary

_NAMES_SHOWN = 5


def headline(verdict: Verdict) -> Message:
    """Say the verdict in one line that only counts: it holds no foreign text."""
    if verdict.exempt:
        return Message("verdict.no-training-needed")
    return _shadowed(verdict, _counted(verdict, names=False))


def verdict_summary(verdict: Verdict) -> Message:
    """Say the verdict in one sentence that names the gates, or the files that made them unnecessary."""
    if verdict.exempt:
        return exempt_summary(verdict.exempt)
    return _shadowed(verdict, _counted(verdict, names=True))


def _shadowed(verdict: Verdict, words: Message) -> Message:
    if verdict.strict:
        words = Message("verdict.strict", counts=words)
    return Message("verdict.shadow", status=verdict.shadow, counts=words) if verdict.shadow else words


def _uncapped(verdict: Verdict) -> Verdict:
    """Return the verdict with the statuses that its gates have without shadow mode, where that is what counts."""
    if not verdict.shadow:
        return verdict
    return replace(verdict, gates=tuple(replace(gate, status=gate.uncapped or gate.status) for gate in verdict.gates))


def _counted(verdict: Verdict, *, names: bool) -> Message:
    if verdict.nothing_checked:
        return Message("verdict.nothing-checked")
    parts = tuple(_counts(_uncapped(verdict), names=names))
    return one_after_another(parts) if names else Message("verdict.counts", parts=parts)


_WEIGHTY = frozenset({Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN})


def _counts(verdict: Verdict, *, names: bool) -> Iterable[Message]:
    """Yield a part for each status, the worst first; what passed is counted only where there is no trouble.

    Gates are counted, not groups; a gate is named with each group that gave it its status.
    """
    statuses = verdict.statuses
    by_status = {
        status: [gate for gate in verdict.gates if gate.status is status and statuses[gate.id] is status]
        for status in STATUSES_WORST_FIRST
    }
    if any(by_status[status] for status in _WEIGHTY):
        del by_status[Status.PASS]
    first = True
    for status, found in by_status.items():
        if not found:
            continue
        named = _names(found) if names and status is not Status.PASS else ()
        state, count = _state(status), len({gate.id for gate in found})
        if first:
            yield Message("verdict.count-some", count=count, total=len(statuses), state=state, names=named)
        else:
            yield Message("verdict.count", count=count, state=state, names=named)
        first = False


def _state(status: Status) -> Message:
    match status:
        case Status.PASS:
            return Message("gates.pass")
        case Status.WARN:
            return Message("gates.warn")
        case Status.INFO:
            return Message("gates.info")
        case Status.FAIL:
            return Message("gates.fail")
        case Status.PENDING:
            return Message("gates.pending")
        case Status.ERROR:
            return Message("gates.error")
        case Status.SKIPPED:
            return Message("gates.skipped")
        case Status.WAIVED:
            return Message("gates.waived")


def _names(gates: Sequence[GateResult]) -> tuple[Message, ...]:
    shown = [gate_title(gate) for gate in gates[:_NAMES_SHOWN]]
    if len(gates) > _NAMES_SHOWN:
        shown.append(Message("list.more", count=len(gates) - _NAMES_SHOWN))
    return tuple(shown)


def verdict_advice(verdict: Verdict) -> Message | None:
    """Say what to do next: the advice of the worst gate."""
    if verdict.status is Status.PASS and not verdict.shadow:
        return None
    ranked = sorted(verdict.gates, key=lambda gate: STATUSES_WORST_FIRST.index(gate.status))
    return next((advice for gate in ranked if (advice := gate_advice(gate))), None)


def notes(judgement: Judgement) -> tuple[Message, ...]:
    """Return the notes of a judgement, the verdict of a pull request's own rules among them."""
    exempt = judgement.verdict.exempt
    fetched = (exempt_note(exempt),) if exempt else ()
    others = map(_read_elsewhere, judgement.others)
    return (*judgement.notes, *fetched, *map(carried_note, judgement.carried), *others, *_proposed(judgement))


def _read_elsewhere(other: OtherProject) -> Message:
    """Say what was read of a project besides the check's own."""
    project = Linked(other.project, other.url)
    if other.failure:
        return Message("note.unread-project", project=project)
    if other.origin.server:
        return Message("note.read-from-server", project=project, runs=other.runs)
    return Message("note.read-project", project=project, runs=other.runs)


def _proposed(judgement: Judgement) -> Iterable[Message]:
    proposal, file = judgement.proposal, Name(judgement.gate_file)
    if proposal and proposal.status is None:
        yield Message("proposal.no-verdict", file=file, reason=proposal.reason)
    elif proposal:
        yield Message("proposal.verdict", file=file, status=proposal.status, counts=proposal.headline)
        if proposal.past:
            yield proposal.past
