"""Values of fields that sound like a secret's, taken out of a verdict before anything is written of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from swanlab_ci.insight.changes import HIDDEN, is_secret
from swanlab_ci.insight.facts import Measured, Row
from swanlab_ci.judgement import (
    Check,
    CheckKind,
    ComparisonResult,
    Emptied,
    Expectation,
    GateResult,
    Reason,
    RunValue,
    Verdict,
)


def hidden(verdict: Verdict) -> Verdict:
    """Return the verdict with `***` in the place of each value of a field that sounds like a secret's."""
    return replace(verdict, gates=tuple(map(_gate, verdict.gates)))


def hidden_row(row: Row) -> Row:
    """Return a row of the report likewise; its check and its comparison are the verdict's."""
    return replace(row, new=_measured(row.new, row.field), base=_measured(row.base, row.field))


def _gate(gate: GateResult) -> GateResult:
    changed = {id(check): found for check in gate.checks if (found := _check(check)) is not check}
    group = HIDDEN if gate.group and is_secret(gate.group_field, gate.group) else gate.group
    emptied = _emptied(gate.emptied)
    if not changed and group == gate.group and emptied is gate.emptied:
        return gate
    checks, deciding = (
        tuple(changed.get(id(check), check) for check in each) for each in (gate.checks, map(_check, gate.deciding))
    )
    funnel = gate.funnel
    if group != gate.group:
        funnel = tuple(replace(step, condition=HIDDEN) if step.kind == "group" else step for step in gate.funnel)
    return replace(gate, checks=checks, deciding=deciding, group=group, emptied=emptied, funnel=funnel)


def _check(check: Check) -> Check:
    """Return a check without secrets: the same object where it has none."""
    subject = check.reason.subject if check.reason else ""
    if not _sounds_secret((check.field, subject), ""):
        return check
    reason, result = _reason(check), _comparison(check.comparison)
    values, expected = _values(check.values, check.field), check.expected
    if check.kind is CheckKind.UNCHANGED:  # what is expected are the baseline's values, and no words of the gate file
        expected = _expected(expected, check.field)
        reason = replace(reason, part=_expected(reason.part, check.field)) if reason else None
    changed = replace(check, reason=reason, comparison=result, values=values, expected=expected)
    return check if changed == check else changed


def _expected(found: Expectation | None, field: str) -> Expectation | None:
    if found is None:
        return None
    parts = tuple(part for each in found.parts if (part := _expected(each, field)))
    if not any(is_secret(field, each) for each in found.values):
        return replace(found, parts=parts)
    return replace(found, values=(HIDDEN,), written=HIDDEN, parts=parts)


def _reason(check: Check) -> Reason | None:
    found = check.reason
    if found is None or found.actual is None or not _sounds_secret((check.field, found.subject), found.actual):
        return found
    return replace(found, actual=HIDDEN)


def _comparison(found: ComparisonResult | None) -> ComparisonResult | None:
    if found is None or not any(is_secret(found.field, each) for each in (*found.new_values, *found.base_values)):
        return found
    new, base = ((HIDDEN,) if values else () for values in (found.new_values, found.base_values))
    return replace(found, new_values=new, base_values=base)


def _emptied(found: Emptied | None) -> Emptied | None:
    if found is None or not any(is_secret(found.field, each) for each in found.seen):
        return found
    return replace(found, seen=(HIDDEN,))


def _measured(found: Measured | None, field: str) -> Measured | None:
    return replace(found, values=_values(found.values, field)) if found else None


def _values(values: tuple[RunValue, ...], field: str) -> tuple[RunValue, ...]:
    return tuple(replace(each, value=HIDDEN) if is_secret(field, each.value) else each for each in values)


def _sounds_secret(fields: Iterable[str], value: Any) -> bool:
    return any(is_secret(field, value) for field in fields)
