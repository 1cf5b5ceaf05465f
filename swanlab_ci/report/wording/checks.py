"""What a check found, in messages."""

from swanlab_ci.gate.spec.operators import OPERATORS
from swanlab_ci.judgement import Check, CheckKind, Count, Expectation, Reason
from swanlab_ci.messages import Key, Message, Name, Param, Prose
from swanlab_ci.model import Outcome, RunRef, Truth
from swanlab_ci.report.wording.comparison import (
    baseline_of,
    comparison_message,
    comparison_required,
    left_out_note,
    new_value,
)
from swanlab_ci.report.wording.curve import described
from swanlab_ci.report.wording.expectation import expectation, value, with_differing_digits
from swanlab_ci.report.wording.funnel import funnel_of

_VALUES_SHOWN = 5


def check_message(check: Check) -> Message:
    """Say what one check found: the actual value first, then what is required."""
    match check.kind:
        case CheckKind.COMPARISON if check.comparison:
            return comparison_message(check.comparison)
        case CheckKind.HOW_MANY if check.count:
            return counted_runs(check.count)
        case CheckKind.GROUP:
            return _without_group(check)
        case CheckKind.LATEST:
            return _unsettled(check)
        case CheckKind.UNCHANGED:
            return _unchanged(check)
        case CheckKind.PROJECT if check.reason:
            return Message("check.unread-project", project=Name(check.reason.subject), why=check.reason.unread)
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


def counted_runs(count: Count) -> Message:
    """Say how many runs passed and how many must."""
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
        return Message("note.rejected", to=baseline_of(check.comparison), funnels=funnels)
    if check.comparison and check.comparison.within_noise:
        return Message("note.within-noise")
    if reason and reason.optional_missing:
        return Message("note.optional-missing")
    if reason and reason.read_as_number:
        return Message("note.read-as-number", text=value(reason.actual))
    return None


def _finding(check: Check) -> Message:
    reason, about = check.reason, run_of(check)
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
    return Message("check.missing", field=field, run=run, nearest=_nearest(reason), required=required)


def _nearest(reason: Reason | None) -> Name | None:
    return Name(reason.nearest) if reason and reason.nearest else None


def run_of(check: Check) -> RunRef | None:
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
        return Message("check.group-missing", field=Name(check.field), run=run, nearest=_nearest(check.reason))
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
    return Message("check.unplaced", run=run, field=field, nearest=_nearest(check.reason))
