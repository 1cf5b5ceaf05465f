"""The words of a result: the actual value first, the bound second, the run by name, and what to do next."""

from collections.abc import Iterator

from swanlab_ci.gate.spec.conditions import AnyOf, FieldCondition, Finding, Named, spelled_as
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.gate.spec.gates import Clause
from swanlab_ci.gate.spec.logic import OUTCOMES, Truth
from swanlab_ci.gate.spec.values import Number, number_in, spelled, type_of
from swanlab_ci.model import Check, Outcome, Run, RunRef

_NEEDS = {
    **dict.fromkeys(("min", "max", "above", "below"), "a number"),
    **dict.fromkeys(("contains", "like", "matches"), "a text"),
    **dict.fromkeys(("has", "lacks"), "a list"),
    "version": "a version as text, like 2.4.1",
}


def run_ref(run: Run) -> RunRef:
    """Name a run for the report."""
    return RunRef(run.id, run.name, run.url, run.state)


def check(clause: Clause, finding: Finding, run: Run | None) -> Check:
    """Tell the finding of `clause` about one run, or about all together (`run` is None)."""
    actual = _actual(finding)
    return Check(
        run=run_ref(run) if run else None,
        field=clause.field,
        expected=clause.condition.says().removeprefix("be "),
        actual=actual,
        outcome=Outcome.MISSING if _misses_for_want(finding) else OUTCOMES[finding.answer],
        message=_message(clause, finding, run, actual),
        note=_note(finding),
    )


def _misses_for_want(finding: Finding) -> bool:
    return finding.answer is Truth.FAILS and finding.reading.gap is Truth.MISSING


def _actual(finding: Finding) -> str:
    reading = finding.reading
    if reading.gap is Truth.MISSING or (reading.value is None and reading.gap in {None, Truth.PENDING}):
        return "missing"
    if reading.gap in {Truth.AMBIGUOUS, Truth.NOT_FETCHED}:
        return {Truth.AMBIGUOUS: "ambiguous"}.get(reading.gap, "not fetched")
    return spelled_as(finding.subject, reading.value, *_compared_with(finding))


def _compared_with(finding: Finding) -> Iterator[Number]:
    """Yield the numbers that the actual value was held against: it must not look like one that it is not."""
    operand = finding.part.operand if isinstance(finding.part, FieldCondition) else None
    literals = operand if isinstance(operand, tuple) else ()
    for value in (finding.bound, operand, *(getattr(literal, "value", None) for literal in literals)):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield value


def _message(clause: Clause, finding: Finding, run: Run | None, actual: str) -> str:
    name, hint = finding.subject.text, finding.reading.hint
    where = f" in {run.name}" if run else f" {hint}" if hint else ""
    must = f"must {_must(finding)}"
    match finding.answer:
        case Truth.HOLDS | Truth.FAILS:
            nearest = _nearest(finding, run) if _misses_for_want(finding) else ""
            words = f"is {actual}{where}{nearest}, {must}"
        case Truth.MISSING:
            words = f"is missing{where}{_nearest(finding, run)}, {must}"
        case Truth.NOT_FINITE:
            words = f"is {actual}{where}, which is no finite number; {must}"
        case Truth.PENDING:
            state = f", which is {run.state}" if run and name != "state" else "" if run else ", while runs are not over"
            words = f"is {actual}{where}{state}; in the end it {must}"
        case Truth.AMBIGUOUS:
            words = f"can be read in more than one way{where}" + (f"; {hint}" if run else "")
        case Truth.WRONG_TYPE:
            words = _wrong_type(finding, where, actual)
        case _:
            words = f"was not fetched{where}, so {clause.field} cannot be judged"
    return f"{name} {words}"


def _nearest(finding: Finding, run: Run | None) -> str:
    return finding.subject.nearest(run) if run and isinstance(finding.subject, Field) else ""


def _must(finding: Finding) -> str:
    part = finding.part
    if isinstance(part, AnyOf) and any(
        isinstance(below, Named) for inner in part.parts for below in getattr(inner, "parts", ())
    ):
        return f"meet {part.says()}"
    if finding.bound is not None and isinstance(part, FieldCondition):
        actual = number_in(finding.reading.value)
        others = () if actual is None else (actual,)
        return f"{part.says()}, which is {spelled_as(finding.subject, finding.bound, *others)}"
    return part.says()


def _wrong_type(finding: Finding, where: str, actual: str) -> str:
    kind = type_of(finding.reading.value)
    shown = (
        f"the {kind} {actual}"
        if kind in {"text", "bool", "number"}
        else actual
        if kind == "map"
        else f"the list {actual}"
    )
    operator = getattr(finding.part, "operator", "")
    needs = _NEEDS.get(operator, "one value; for a list there are `has` and `lacks`")
    word = f"`{operator}`" if operator in _NEEDS else "the condition"
    return f"is {shown}{where}, and {word} needs {needs}"


def _note(finding: Finding) -> str:
    operator = getattr(finding.part, "operator", "")
    if finding.answer is Truth.HOLDS and finding.reading.gap is Truth.MISSING and operator != "exists":
        return "missing, and optional"
    if (
        operator in {"min", "max", "above", "below"}
        and isinstance(finding.reading.value, str)
        and number_in(finding.reading.value) is not None
        and not finding.reading.gap
    ):
        return f"the text {spelled(finding.reading.value)} was read as a number"
    return ""


def advice(check: Check, place: str) -> str:
    """Say what to do about a check that is not ok; `place` is where the gate file asks for it."""
    name = check.run.name if check.run else "the runs"
    match check.outcome:
        case Outcome.MISSING:
            return _advice_on_missing(check, place)
        case Outcome.PENDING if check.run and check.run.state == "OFFLINE":
            return f"Upload {name} with `swanlab sync`, then check again."
        case Outcome.PENDING:
            return f"Wait until {name} {'is' if check.run else 'are'} over, then check again."
        case Outcome.ERROR:
            field = parse_path(check.field)
            logged = f"what the script logs as {check.field}, or " if field and field.root in _LOGGED else ""
            return f"Correct {logged}the gate at {place}."
        case _:
            again = f"Correct {name} and run {'it' if check.run else 'them'} again"
            return f"{again}; if the new value is meant, change the gate at {place}."


_LOGGED = ("config", "metrics")
_LACKS = {
    **dict.fromkeys(_LOGGED, "Log {field} in the training script"),
    "requirements": "Install {key} where the script runs",
    **dict.fromkeys(("git.commit", "git.branch", "git.remote"), "Start the script in a checkout of the code"),
    **dict.fromkeys(("conda", "metadata"), "Let SwanLab record {field}"),
}


def _advice_on_missing(check: Check, place: str) -> str:
    field = parse_path(check.field)
    if not check.run:
        return f"See that every run has what {check.field} takes, or change the gate at {place}."
    if not field or field.root not in _LACKS:
        return f"Give {check.run.name} what is missing, or change the gate at {place}."
    do = _LACKS[field.root].format(field=check.field, key=".".join(part.text for part in field.path))
    return f"{do}, and run {check.run.name} again; `optional: true` at {place} lets it be missing."
