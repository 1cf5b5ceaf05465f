"""What to do next about a gate and each of its checks, in messages."""

import re
from collections.abc import Sequence
from math import ceil

from swanlab_ci.gate.spec.fields import FIELDS, parse_path
from swanlab_ci.gate.spec.operators import BARE
from swanlab_ci.gate.spec.source import PRESET
from swanlab_ci.gate.spec.values import number_in
from swanlab_ci.gate.spec.wildcards import is_pattern
from swanlab_ci.insight.rows import function_of
from swanlab_ci.judgement import Check, CheckKind, Count, Deciding, GateResult, Reason
from swanlab_ci.messages import Message, Name, Prose
from swanlab_ci.model import Outcome, RunRef, Status, Truth
from swanlab_ci.report.wording.checks import run_of
from swanlab_ci.report.wording.comparison import baseline_advice, comparison_advice
from swanlab_ci.report.wording.expectation import value


def gate_advice(gate: GateResult) -> Message | None:
    """Say what to do about a gate that did not pass, or nothing."""
    advice = _advice(gate)
    if advice and gate.file.startswith(PRESET):
        advice = Message("advice.from-preset", advice=advice, preset=Name(gate.file), gate=Name(gate.id))
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
            return _advice_on_group(gate, place)
        case _:
            pass
    if gate.status is not Status.PASS and (too_few := _advice_on_count(gate.count, place)):
        return too_few
    checks = () if gate.status is Status.PASS else gate.deciding or gate.checks
    found = [(check, advice) for check in checks if (advice := check_advice(check))]
    return _of_all(found) if found else None


def _advice_on_count(count: Count | None, place: Name) -> Message | None:
    """Say how many runs to start where fewer are selected than must pass; nothing where there are enough."""
    if count is None or count.required != "at_least" or not count.amount.isdecimal():
        return None
    least = int(count.amount)
    more = least - count.total
    return Message("advice.start-more", count=more, total=count.total, least=least, place=place) if more > 0 else None


def _of_all(found: Sequence[tuple[Check, Message]]) -> Message:
    """Return the first advice; where other runs need the same, let it count them."""
    check, advice = found[0]
    if advice.id in {
        "advice.log",
        "advice.every-run-has",
    }:  # a run that has a key like it shows that the gate's is misspelled
        return next((said for each, said in found if each.field == check.field and said.id in _MISSPELLED), advice)
    if advice.id != "advice.fix-run":
        return advice
    same = {run.id: run for each, said in found if said.id == advice.id and (run := run_of(each))}
    if len(same) == 1:
        return advice
    first, place = next(iter(same.values())), _place(check.file, check.line)
    return Message("advice.fix-run-and-others", run=Name(first.name), count=len(same) - 1, place=place)


def _advice_on_group(gate: GateResult, place: Name) -> Message:
    field = Name(gate.group_field)
    nearest = next((each.reason.nearest for each in gate.checks if each.reason and each.reason.nearest), "")
    if nearest:
        return Message("advice.use-nearest", nearest=Name(nearest), place=place, field=field, run=None)
    return Message("advice.log-group", field=field)


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
            return _advice_on_not_fetched(check.kind, check.reason, place)
        case Outcome.MISSING:
            return _advice_on_missing(check, run, place)
        case Outcome.ERROR:
            return _advice_on_error(check, place)
        case _:
            pass
    return _advice_on_value(check, run_of(check), place)


_MISSPELLED = frozenset({"advice.use-nearest", "advice.use-nearest-metric"})


def _is_misspelled(check: Check, reason: Reason) -> bool:
    """Tell whether a run has a setting or metric of nearly this name, and none that an aggregate reads has this one."""
    field = parse_path(_field_of(check))
    if field is None or is_pattern(field) or any(each.value is not None for each in check.values):
        return False
    return reason.nearest.startswith(("config.", "metrics."))


def _advice_on_misspelled(check: Check, reason: Reason, place: Name) -> Message:
    """Name the key to write: `optional` would let a gate with a misspelled one pass for ever."""
    about = run_of(check)
    run, field = Name(about.name) if about else None, Name(_field_of(check))
    if reason.curve:
        curve, nearest = Name(reason.culprit_field or reason.subject), Name(reason.nearest.removeprefix("metrics."))
        return Message("advice.use-nearest-metric", nearest=nearest, curve=curve, field=field, run=run)
    return Message("advice.use-nearest", nearest=Name(reason.nearest), place=place, field=field, run=run)


def _advice_on_not_fetched(kind: CheckKind, reason: Reason, place: Name) -> Message:
    if kind is CheckKind.PROJECT:
        return Message("advice.give-access", project=Name(reason.subject), place=place)
    return Message("advice.fetch", field=Name(reason.culprit_field or reason.subject))


def _advice_on_value(check: Check, run: RunRef | None, place: Name) -> Message:
    reason = check.reason
    if run is None:
        return _advice_on_too_few(check, place) or Message("advice.fix-runs", place=place)
    if reason and reason.subject == "state" and reason.actual in {"CRASHED", "ABORTED"}:
        return Message("advice.crashed", run=Name(run.name), state=Name(reason.actual))
    if reason and reason.truth is Truth.NOT_FINITE:
        field = Name(reason.culprit_field or reason.subject)
        return Message("advice.not-finite", run=Name(run.name), field=field)
    if reason and _is_text_for_number(reason):
        field, actual = Name(reason.subject), value(reason.actual)
        return Message("advice.text-for-number", field=field, actual=actual, run=Name(run.name), place=place)
    return Message("advice.fix-run", run=Name(run.name), place=place)


def _advice_on_too_few(check: Check, place: Name) -> Message | None:
    """Say how many runs, or values of a field, are missing where a gate counts them and there are too few."""
    reason, part = check.reason, check.reason.part if check.reason else None
    function, field = function_of(check.field)
    if function not in {"count", "distinct"} or reason is None or part is None or part.operator != "min":
        return None
    least, actual = (number_in(each) for each in (part.values[0] if part.values else None, reason.actual))
    if least is None or actual is None or least <= actual:
        return None
    more = ceil(least - actual)
    if function == "distinct":
        return Message("advice.start-distinct", count=more, field=Name(field), place=place)
    return Message("advice.start-more", count=more, total=int(actual), least=ceil(least), place=place)


_COMPARISON = re.compile(r"(?:[<>]=?|==?|!=)\s*\S+")


def _is_text_for_number(reason: Reason) -> bool:
    """Tell whether a number or a bool was held against a text that spells one, or that spells a comparison."""
    actual, part = reason.actual, reason.part
    if not isinstance(actual, (bool, int, float)) or part is None or part.operator not in {BARE.name, "is", "in"}:
        return False
    texts = [each for each in part.values if isinstance(each, str)]
    spelled = any(number_in(each) is not None or each.lower() in {"true", "false"} for each in texts)
    return spelled or any(map(_COMPARISON.fullmatch, texts))


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
    if check.reason and _is_misspelled(check, check.reason):
        return _advice_on_misspelled(check, check.reason, place)
    if check.reason and check.reason.too_few:
        return Message("advice.start-another", place=place)
    if check.kind in {CheckKind.LATEST, CheckKind.UNCHANGED}:
        return Message("advice.every-run-has", field=Name(check.field), place=place)
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
