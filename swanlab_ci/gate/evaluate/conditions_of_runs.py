"""Whether runs were made under the same conditions: fields that must be the same, or unchanged from a baseline."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from swanlab_ci.gate.evaluate.checks import run_ref
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Unchanged
from swanlab_ci.gate.spec.values import identity
from swanlab_ci.gate.spec.wildcards import covers, is_pattern, matching
from swanlab_ci.judgement import Check, CheckKind, Expectation, Reason
from swanlab_ci.model import Outcome, Run, Truth


def distinct_values(field: Field, runs: Iterable[Run], now: datetime) -> dict[object, Any]:
    """Return the values of `field` in `runs` by their identity; a missing value is one, too."""
    found: dict[object, Any] = {}
    for run in runs:
        reading = field.read(run, now)  # pragma: no mutate - what is the same does not change with time
        key: object = reading.gap if reading.gap and reading.gap is not Truth.NOT_FINITE else identity(reading.value)
        found.setdefault(key, reading.value)
    return found


def ambiguous(field: Field, runs: Iterable[Run], now: datetime) -> Run | None:
    """Return the first run in which it is ambiguous what `field` means: two such runs may have different values."""
    return next((run for run in runs if field.read(run, now).gap is Truth.AMBIGUOUS), None)  # pragma: no mutate - same


def unchanged(asked: Unchanged, runs: Sequence[Run], base: Sequence[Run], now: datetime) -> Iterator[Check]:
    """Yield a check for each field of a run that differs from a baseline run; one that holds where none differs.

    A field that no run has is missing, since nothing was compared.
    """
    for run in runs:
        absent = list(_absent(asked, [run, *base], now))  # pragma: no mutate - same
        differing = [*absent, *_differing(asked, run, base, now)]  # pragma: no mutate - same
        yield from differing
        if not differing:
            yield _check(asked, run, ", ".join(field.text for field in asked.fields), Outcome.OK, None)


def _absent(asked: Unchanged, runs: Sequence[Run], now: datetime) -> Iterator[Check]:
    present = [
        field
        for field in _fields(asked, runs)
        if any(field.read(run, now).gap is not Truth.MISSING for run in runs)  # pragma: no mutate - same
    ]
    for wanted in asked.fields:
        if not any(covers(wanted, field) for field in present):
            reason = Reason(truth=Truth.MISSING, subject=wanted.text)
            yield _check(asked, runs[0], wanted.text, Outcome.MISSING, reason)


def _differing(asked: Unchanged, run: Run, base: Sequence[Run], now: datetime) -> Iterator[Check]:
    for field in _fields(asked, [run, *base]):
        reading = field.read(run, now)  # pragma: no mutate - same
        ours = distinct_values(field, [run], now)  # pragma: no mutate - same
        theirs = distinct_values(field, base, now)  # pragma: no mutate - same
        if Truth.NOT_FETCHED in ours or Truth.NOT_FETCHED in theirs:
            yield _check(asked, run, field.text, Outcome.ERROR, Reason(truth=Truth.NOT_FETCHED, subject=field.text))
        elif unclear := ambiguous(field, [run, *base], now):  # pragma: no mutate - same
            reason = Reason(
                truth=Truth.AMBIGUOUS,
                subject=field.text,
                spellings=field.read(unclear, now).spellings,  # pragma: no mutate - same
                culprit=run_ref(unclear),
            )
            yield _check(asked, run, field.text, Outcome.ERROR, reason)
        elif theirs.keys() != ours.keys():
            expected = Expectation(operator="same_as", written=asked.to, values=tuple(theirs.values()))
            reason = Reason(truth=Truth.FAILS, subject=field.text, part=expected, actual=reading.value)
            yield _check(asked, run, field.text, Outcome.VIOLATED, reason)


def _fields(asked: Unchanged, runs: Iterable[Run]) -> list[Field]:
    """Return the fields that are asked for, by name: every key that a star matches in any of `runs`."""
    found: dict[str, Field] = {}
    for run in runs:
        for pattern in asked.fields:
            for field in matching(pattern, run) if is_pattern(pattern) else (pattern,):
                if not any(covers(exempt, field) for exempt in asked.exempt):
                    found.setdefault(field.text, field)
    return [found[text] for text in sorted(found)]


def _check(asked: Unchanged, run: Run, text: str, outcome: Outcome, reason: Reason | None) -> Check:
    return Check(
        kind=CheckKind.UNCHANGED,
        run=run_ref(run),
        field=text,
        outcome=outcome,
        file=asked.place.source.name,
        line=asked.place.line,
        expected=Expectation(operator="same_as", written=asked.to),
        reason=reason,
    )
