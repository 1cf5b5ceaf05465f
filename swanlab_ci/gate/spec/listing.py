"""Every field that a run has, each spelled so that a gate file reads this value and no other."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from swanlab_ci.gate.spec.fields import FIELDS, Field, parse_path
from swanlab_ci.gate.spec.readings import Reading
from swanlab_ci.gate.spec.wildcards import field_at, leaves
from swanlab_ci.model import MONITORING, Run, Truth


class ListedField(NamedTuple):
    """A field, and what it is in one run."""

    field: Field
    reading: Reading


def fields_of(run: Run, now: datetime) -> Iterator[ListedField]:
    """Yield every field of `run` as it is at `now`, in the order of the documentation, keys by name.

    What the SDK monitors comes after the other metrics: a hundred such keys would hide what the script logged.
    A root that was not fetched is one field, whose reading says so. A key that is the empty text cannot be spelled.
    """
    for root, spec in FIELDS.items():
        if root == "curve":
            continue  # pragma: no mutate - defined by a gate file; it is the last
        if not spec.is_tree or getattr(run, root) is None:
            field = Field(root, root)
            yield ListedField(field, field.read(run, now))
            continue
        for keys, statistic in sorted(_keys(root, run), key=_monitoring_last):
            if all(keys):
                yield from _spelled(root, keys, statistic, run, now)  # pragma: no mutate - no key changes with time


def _keys(root: str, run: Run) -> Iterator[tuple[tuple[str, ...], str]]:
    if root != "metrics":
        yield from ((keys, "") for keys in leaves(getattr(run, root)))
        return
    for key, statistics in (run.metrics or {}).items():
        yield from (((key,), "" if name == "last" else name) for name in statistics)


def _monitoring_last(found: tuple[tuple[str, ...], str]) -> tuple[bool, tuple[str, ...], str]:
    keys, statistic = found
    return keys[0].startswith(MONITORING), keys, statistic


def _spelled(root: str, keys: tuple[str, ...], statistic: str, run: Run, now: datetime) -> Iterator[ListedField]:
    """Yield the field, with quotes where without them it would name two values; none where it cannot be spelled."""
    for quoted in (False, True):
        field = parse_path(field_at(root, keys, statistic, quoted=quoted).text)
        if field and (reading := field.read(run, now)).gap is not Truth.AMBIGUOUS:  # pragma: no mutate - same
            yield ListedField(field, reading)
            return
