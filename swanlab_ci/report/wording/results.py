"""What checks, gates and the verdict say, and what to do next."""

from collections.abc import Iterable, Sequence

from swanlab_ci.gate.spec.fields import FIELDS, parse_path
from swanlab_ci.gate.spec.operators import OPERATORS
from swanlab_ci.gate.spec.wildcards import is_pattern
from swanlab_ci.judgement import (
    Check,
    CheckKind,
    Count,
    Deciding,
    Emptied,
    Expectation,
    GateResult,
    Judgement,
    Reason,
    Verdict,
)
from swanlab_ci.messages import Key, Message, Name, Param, Prose
from swanlab_ci.model import STATUSES_WORST_FIRST, Outcome, RunRef, Status, Truth
from swanlab_ci.report.wording.comparison import (
    baseline_advice,
    comparison_advice,
    comparison_message,
    comparison_required,
    left_out_note,
    new_value,
)
from swanlab_ci.report.wording.curve import described
from swanlab_ci.report.wording.expectation import expectation, value, with_differing_digits
from swanlab_ci.report.wording.funnel import funnel, funnel_of
from swanlab_ci.report.wording.titles import gate_title
from swanlab_ci.report.wording.training import carried_note, exempt_note, exempt_summary

_NAMES_SHOWN = 5
_VALUES_SHOWN = 5


def check_message(check: Check) -> Message:
    """Say what one check found: the actual value first, then what is required."""
    match check.kind:
        case CheckKind.COMPARISON if check.comparison:
            return comparison_message(check.comparison)
        case CheckKind.HOW_MANY if check.count:
            return _counted_runs(check.count)
        case CheckKind.GROUP:
            return _without_group(check)
        case CheckKind.LATEST:
            return _unsettled(check)
        case CheckKind.UNCHANGED:
            return _unchanged(check)
        case _:
            pass
    return _finding(check)


def says_it_all(check: Check) -> bool:
    """Return whether the columns of a table, actual and required, say all that the message says."""
    return check.outcome is Outcome.VIOLATED and check.kind is CheckKind.RUN


def actual(check: Check) -> Message | None:
    """Return the actual value of a check as a message, for a column of its own."""
    result, count = check.comparison, check.count
    if result:
        return Message("value.shown", value=new_value(result)) if result.new else Message("value.not-compared")
    if count:
        return Message("value.count", passed=count.passed, total=count.total)
    if check.reason is None or check.reason.truth is Truth.NOT_FETCHED:
        return None
    if check.reason.truth is Truth.AMBIGUOUS:
        return Message("value.ambiguous")
    return Message("value.shown", value=with_differing_digits(check.reason))


def field_shown(check: Check) -> Message:
    """Return the name of a check's field for a column of its own; of a curve with what it is."""
    reason = check.reason
    curve = check.comparison.curve if check.comparison else reason.curve if reason else None
    own = check.comparison is not None or (reason is not None and reason.subject == check.field)
    return Message("value.shown", value=described(check.field, curve if own else None))


def required(check: Check) -> Message | None:
    """Return what a check requires as a message, for a column of its own."""
    if check.comparison:
        return comparison_required(check.comparison)
    if check.count:
        return count_required(check.count)
    if check.kind is CheckKind.GROUP:
        return Message("value.single")
    return expectation(check.expected) if check.expected else None


def count_required(count: Count) -> Message:
    """Say how many of the runs have to pass."""
    if count.required == "at_most":
        return Message("count.at-most", amount=Name(count.amount))
    return Message("count.at-least", amount=Name(count.amount or "1"))


def _counted_runs(count: Count) -> Message:
    required = count_required(count)
    return Message("check.how-many", passed=count.passed, total=count.total, required=required)


def check_note(check: Check) -> Message | None:
    """Say what else is worth knowing about a check, or nothing."""
    reason = check.reason
    if check.waiver:
        return Message("note.waived", until=check.waiver.until, reason=Prose(check.waiver.reason))
    if check.comparison and check.comparison.left_out and check.comparison.new:
        return left_out_note(check.comparison)
    if check.comparison and check.comparison.rejected:
        funnels = tuple(funnel_of(check.comparison.runs_considered, steps) for steps in check.comparison.rejected)
        return Message("note.rejected", to=Name(check.comparison.to), funnels=funnels)
    if check.comparison and check.comparison.within_noise:
        return Message("note.within-noise")
    if reason and reason.optional_missing:
        return Message("note.optional-missing")
    if reason and reason.read_as_number:
        return Message("note.read-as-number", text=value(reason.actual))
    return None


def _finding(check: Check) -> Message:
    reason, about = check.reason, _run_of(check)
    run = Name(about.name) if about else None
    if reason is None or check.expected is None:
        return Message("check.without-reason", field=Name(check.field))
    field = described(reason.culprit_field or reason.subject, reason.curve)
    required = _required_of(check, reason, check.expected)
    actual = with_differing_digits(reason)
    match reason.truth:
        case Truth.HOLDS | Truth.FAILS:
            return Message("check.value", field=field, actual=actual, run=run, required=required)
        case Truth.MISSING:
            return _missing(reason, field, run, required)
        case Truth.NOT_FINITE:
            return Message("check.not-finite", field=field, actual=actual, run=run, required=required)
        case Truth.PENDING if run is None:
            return Message("check.pending-together", field=field, actual=actual, required=required)
        case Truth.PENDING:
            state = Name(about.state) if about and reason.subject != "state" else None
            return Message("check.pending", field=field, actual=actual, run=run, state=state, required=required)
        case Truth.AMBIGUOUS:
            return Message("check.ambiguous", field=field, run=run, spellings=tuple(map(Key, reason.spellings)))
        case Truth.WRONG_TYPE:
            needs = _needs(check, reason)
            return Message("check.wrong-type", field=field, actual=actual, run=run, needs=needs)
        case _:
            return Message("check.not-fetched", field=field, run=run)


def _missing(reason: Reason, field: Param, run: Name | None, required: Message) -> Message:
    if reason.too_few:
        return Message("check.too-few-runs", field=field, required=required)
    nearest = Name(reason.nearest) if reason.nearest else None
    return Message("check.missing", field=field, run=run, nearest=nearest, required=required)


def _run_of(check: Check) -> RunRef | None:
    """Return the run that a check is about: its own, the one that an aggregate cannot read, or that has its extreme."""
    return check.run or (check.reason and check.reason.culprit) or check.at


def _required_of(check: Check, reason: Reason, expected: Expectation) -> Message:
    """Say what is required, naming the field where the sentence is about another one."""
    words = expectation(reason.part or expected, reason)
    other = bool(reason.part and reason.part.other == reason.subject and reason.bound is None)
    if reason.culprit or other:
        return Message("expect.named", field=Name(check.field), condition=words)
    return words


def _needs(check: Check, reason: Reason) -> Message:
    if reason.culprit:
        return Message("needs.number", operator=Key(check.field.partition("(")[0]))
    operator = reason.part.operator if reason.part and not reason.part.parts else ""
    match OPERATORS[operator].needs if operator in OPERATORS else "":
        case "number":
            return Message("needs.number", operator=Key(operator))
        case "text":
            return Message("needs.text", operator=Key(operator))
        case "list":
            return Message("needs.list", operator=Key(operator))
        case "version":
            return Message("needs.version")
        case _:
            pass
    return Message("needs.single-value")


def _without_group(check: Check) -> Message:
    run = Name(check.run.name) if check.run else None
    if check.outcome is Outcome.MISSING:
        return Message("check.group-missing", field=Name(check.field), run=run)
    return Message("check.group-unusable", field=Name(check.field), run=run)


def _unchanged(check: Check) -> Message:
    field, run = Name(check.field), Name(check.run.name) if check.run else None
    to = Name(check.expected.written) if check.expected else field
    if check.outcome is Outcome.OK:
        return Message("check.unchanged", field=field, run=run, to=to)
    if check.outcome is Outcome.PENDING:
        return Message("comparison.baseline-awaited", to=field, run=run)
    if check.reason is None or check.run is None:
        return _unusable_baseline(field, check.reason)
    if check.outcome is Outcome.MISSING:
        required = Message("expect.same-as", baseline=to)
        return Message("check.missing", field=field, run=run, nearest=None, required=required)
    if check.outcome is Outcome.ERROR:
        if check.reason.truth is Truth.AMBIGUOUS:
            unclear = Name(check.reason.culprit.name) if check.reason.culprit else run
            return Message(
                "check.ambiguous", field=field, run=unclear, spellings=tuple(map(Key, check.reason.spellings))
            )
        return Message("check.not-fetched", field=field, run=run)
    theirs = tuple(value(each) for each in (check.reason.part.values if check.reason.part else ())[:_VALUES_SHOWN])
    return Message("check.changed", field=field, run=run, actual=value(check.reason.actual), to=to, values=theirs)


def _unusable_baseline(to: Name, reason: Reason | None) -> Message:
    """Say why a baseline has no runs to be the same as."""
    if reason is None or reason.culprit is None:
        least, found = (reason.bound, reason.actual) if reason else (1, 0)
        return Message("check.no-unchanged-baseline", to=to, least=int(least or 1), found=found)
    run, field = Name(reason.culprit.name), Name(reason.culprit_field)
    match reason.truth:
        case Truth.AMBIGUOUS:
            spellings = tuple(map(Key, reason.spellings))
            return Message("comparison.ambiguous-baseline", to=to, field=field, run=run, spellings=spellings)
        case Truth.NOT_FETCHED:
            return Message("comparison.unknown-baseline", to=to, field=field, run=run)
        case _:
            return Message("comparison.baseline-unplaced", to=to, run=run)


def _unsettled(check: Check) -> Message:
    field, run = Name(check.field), Name(check.run.name) if check.run else None
    if check.outcome is Outcome.PENDING:
        return Message(
            "check.may-still-count", run=run, state=Name(check.run.state) if check.run else None, field=field
        )
    return Message("check.unplaced", run=run, field=field)


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
    return _one_after_another([*parts, *map(check_message, together)])


def _runs_unchanged(gate: GateResult) -> list[Message]:
    checks = [check for check in gate.checks if check.kind is CheckKind.UNCHANGED and check.expected]
    if not checks or not checks[0].expected:
        return []
    field, to = Name(checks[0].field), Name(checks[0].expected.written)
    return [Message("gate.unchanged", field=field, to=to, runs=len(checks))]


def _one_after_another(parts: Sequence[Message]) -> Message:
    if not parts:
        return Message("verdict.nothing-checked")
    if len(parts) == 1:
        return parts[0]
    return Message("list.then", first=parts[0], rest=_one_after_another(parts[1:]))


def _runs_passed(gate: GateResult) -> Message:
    count = gate.count
    if count is None or count.required in {"all", "none"}:
        return Message("gate.runs-passed", passed=count.passed if count else 0, total=count.total if count else 0)
    return _counted_runs(count)


def _emptied(emptied: Emptied) -> Message:
    shown = tuple(map(value, emptied.seen[:_VALUES_SHOWN])) or (Message("value.missing"),)
    if len(emptied.seen) > _VALUES_SHOWN:
        shown = (*shown, Message("list.and-more-values"))
    return Message(
        "gate.no-runs-left",
        before=emptied.before,
        condition=Name(emptied.condition),
        field=Name(emptied.field),
        seen=shown,
    )


def _more(items: Sequence[object]) -> int | None:
    return len(items) - 1 if len(items) > 1 else None


def gate_advice(gate: GateResult) -> Message | None:
    """Say what to do about a gate that did not pass, or nothing."""
    advice = _advice(gate)
    if gate.waiver and gate.waiver.expired:
        return Message(
            "advice.waiver-expired", advice=advice, until=gate.waiver.until, reason=Prose(gate.waiver.reason)
        )
    if gate.waiver and gate.status is Status.WAIVED:
        return Message("advice.before-waiver-ends", advice=advice, until=gate.waiver.until)
    return advice


def _advice(gate: GateResult) -> Message | None:
    place = _place(gate.file, gate.line)
    match gate.decided_by:
        case Deciding.NO_RUNS if gate.if_no_runs == "pass":
            return None
        case Deciding.NO_RUNS:
            where = _place(gate.emptied.file, gate.emptied.line) if gate.emptied else place
            return Message("advice.start-run", place=where)
        case Deciding.AMBIGUOUS_SELECTION:
            return check_advice(gate.checks[0])
        case Deciding.NO_GROUP:
            return Message("advice.log-group", field=Name(gate.group_field))
        case _:
            pass
    checks = () if gate.status is Status.PASS else gate.deciding or gate.checks
    return next((advice for check in checks if (advice := check_advice(check))), None)


def _place(file: str, line: int) -> Name:
    return Name(f"{file}:{line}" if line else file)


def check_advice(check: Check) -> Message | None:
    """Say what to do about a check that is not ok."""
    place, run = _place(check.file, check.line), check.run
    if check.comparison:
        return comparison_advice(check.comparison, place)
    match check.outcome:
        case Outcome.OK:
            return None
        case Outcome.PENDING if run and run.state == "OFFLINE":
            return Message("advice.sync", run=Name(run.name))
        case Outcome.PENDING:
            return Message("advice.wait", run=Name(run.name)) if run else Message("advice.wait-all")
        case _ if check.reason and check.reason.truth is Truth.AMBIGUOUS:
            return Message("advice.quote-key", place=place)
        case _ if check.reason and check.reason.truth is Truth.NOT_FETCHED:
            return Message("advice.fetch", field=Name(check.reason.culprit_field or check.reason.subject))
        case Outcome.MISSING if check.kind in {CheckKind.LATEST, CheckKind.UNCHANGED}:
            return Message("advice.every-run-has", field=Name(check.field), place=place)
        case Outcome.MISSING:
            return _advice_on_missing(check, run, place)
        case Outcome.ERROR:
            return _advice_on_error(check, place)
        case _:
            pass
    return _advice_on_value(check, _run_of(check), place)


def _advice_on_value(check: Check, run: RunRef | None, place: Name) -> Message:
    reason = check.reason
    if run is None:
        return Message("advice.fix-runs", place=place)
    if reason and reason.subject == "state" and reason.actual in {"CRASHED", "ABORTED"}:
        return Message("advice.crashed", run=Name(run.name), state=Name(reason.actual))
    if reason and reason.truth is Truth.NOT_FINITE:
        field = Name(reason.culprit_field or reason.subject)
        return Message("advice.not-finite", run=Name(run.name), field=field)
    return Message("advice.fix-run", run=Name(run.name), place=place)


def _field_of(check: Check) -> str:
    """Return the field of a run that decided a check; the metric of a curve, if the run has not logged that."""
    if check.reason and check.reason.curve and not check.reason.curve.points:
        return f"metrics.{check.reason.curve.of}"
    return (check.reason.culprit_field or check.reason.subject) if check.reason else check.field


def _advice_on_error(check: Check, place: Name) -> Message:
    is_baseline = check.expected is None or check.reason is None or check.reason.truth is not Truth.AMBIGUOUS
    if check.kind is CheckKind.UNCHANGED and is_baseline:
        culprit = check.reason.culprit if check.reason else None
        return baseline_advice(Name(check.field), Name(culprit.name) if culprit else None)
    logged = _field_of(check)
    field = parse_path(logged)
    if field and field.root in {"config", "metrics"}:
        return Message("advice.fix-script-or-gate", field=Name(logged), place=place)
    return Message("advice.fix-gate", place=place)


def _advice_on_missing(check: Check, run: RunRef | None, place: Name) -> Message:
    name = Name(_field_of(check))
    if check.reason and check.reason.too_few:
        return Message("advice.start-another", place=place)
    if run is None:
        return Message("advice.every-run-has", field=name, place=place)
    if check.reason and check.reason.curve and check.reason.curve.points:
        metric = Name(f"metrics.{check.reason.curve.of}")
        return Message("advice.no-curve-value", metric=metric, run=Name(run.name), place=place)
    field = parse_path(name)
    if field is None:
        return Message("advice.fix-gate", place=place)
    if is_pattern(field):
        return Message("advice.log-match", field=name, place=place)
    return FIELDS[field.root].if_missing(field, Name(run.name), place)


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


def _counted(verdict: Verdict, *, names: bool) -> Message:
    if verdict.nothing_checked:
        return Message("verdict.nothing-checked")
    parts = tuple(_counts(verdict, names=names))
    return _one_after_another(parts) if names else Message("verdict.counts", parts=parts)


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
    return (*judgement.notes, *fetched, *map(carried_note, judgement.carried), *_proposed(judgement))


def _proposed(judgement: Judgement) -> Iterable[Message]:
    proposal, file = judgement.proposal, Name(judgement.gate_file)
    if proposal and proposal.status is None:
        yield Message("proposal.no-verdict", file=file, reason=proposal.reason)
    elif proposal:
        yield Message("proposal.verdict", file=file, status=proposal.status, counts=proposal.headline)
