"""What a field reads of a run: the path to it, and a reader for each root.

A key may itself hold dots: every way of reading the path is tried, and exactly one must exist; `config["opt.lr"]` names
a key outright.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from swanlab_ci.gate.spec.source import Place
from swanlab_ci.gate.spec.values import is_finite, number_in
from swanlab_ci.judgement import CurveFacts
from swanlab_ci.model import TERMINAL_STATES, Points, Run, Truth

STATISTICS = ("min", "max", "step", "mean", "median", "stdev", "min.step", "max.step")
"""What is known of a metric beside its last value; `step` is that of the last value."""

_CLOCKS_DIFFER = 300
"""How many seconds a run may be dated in the future: a clock that is further off says nothing of its age."""

_NO_NUMBER = re.compile(r"[-+]?(nan|inf|infinity)", re.IGNORECASE)


class Reading(NamedTuple):
    """The value of a field of a run, or the `gap` that stands in its place; `settled` once it can no longer change.

    `trend` is 1 where a value that is not settled can only grow, -1 where it can only shrink, 0 where it can do both.
    `aliases` are values that count as well as the first, such as the slug of a run beside its id. `spellings` are the
    ways to write an ambiguous key. An aggregate names the run that it could not read (`culprit`,
    with the `nearest` field there), or that it had `too_few` runs.
    """

    value: Any = None
    gap: Truth | None = None
    settled: bool = True
    trend: int = 0
    spellings: tuple[str, ...] = ()
    culprit: Run | None = None
    nearest: str = ""
    too_few: bool = False
    aliases: tuple[Any, ...] = ()


class Segment(NamedTuple):
    """One part of a path; a quoted one is a whole key."""

    text: str
    quoted: bool


class PointsReader(Protocol):
    """What reads a quantity from all points of the metric `of`: a curve of the gate file."""

    @property
    def of(self) -> str:
        """The key of the metric."""

    @property
    def place(self) -> Place | None:
        """Where it is defined."""

    def read(self, points: Points | None, *, over: bool) -> Reading:
        """Return the quantity; `over` says that no more points will come."""

    def facts(self, points: Points | None, *, decided: bool) -> CurveFacts:
        """Say what it is made of, and with `decided` which step made it what it is."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path as written (`text`), its `root`, and the parts below it; `curve` is what `curve.NAME` is defined as."""

    text: str
    root: str
    path: tuple[Segment, ...] = ()
    curve: PointsReader | None = None

    def metric_keys(self) -> frozenset[str]:
        """Return every metric that the path may mean."""
        return frozenset(key for key, _ in self.metric_readings()) if self.root == "metrics" else frozenset()

    def metric_readings(self) -> Iterator[tuple[str, str]]:
        """Yield (key, statistic) for each way to read the path of a metric."""
        for key, name in ((self.path, "last"), *statistics_in(self.path)):
            if len(key) == 1 or not any(part.quoted for part in key):
                yield ".".join(part.text for part in key), name


def statistics_in(path: tuple[Segment, ...]) -> Iterator[tuple[tuple[Segment, ...], str]]:
    """Yield (key, statistic) for each statistic that the path may end with, the shorter one first."""
    for length in range(1, len(path)):
        ending = path[-length:]
        name = ".".join(part.text for part in ending)
        if name in STATISTICS and not any(part.quoted for part in ending):
            yield path[:-length], name


def unfit(number: Any) -> Truth | None:
    """Say why `number` cannot be reckoned with: it is none (None), or not finite; None where it can."""
    if number is None:
        return Truth.WRONG_TYPE
    return None if is_finite(number) else Truth.NOT_FINITE


def _value(value: Any) -> Reading:
    if value is None:
        return Reading(gap=Truth.MISSING)
    if isinstance(value, datetime):
        return Reading(value.isoformat().replace("+00:00", "Z"))
    return Reading(value)


def _logged(value: Any) -> Reading:
    """Read what a training script logged: it may be no finite number."""
    return _value(value) if is_finite(value) else Reading(value, Truth.NOT_FINITE)


def _measured(value: Any) -> Reading:
    """Read a metric: always a number, so that no spelling of infinity is an ordinary text."""
    odd = isinstance(value, str) and _NO_NUMBER.fullmatch(value)
    return Reading(value, Truth.NOT_FINITE) if odd or not is_finite(number_in(value)) else _logged(value)


def read_attribute(name: str, _field: Path, run: Run, _now: datetime) -> Reading:
    """Read the attribute `name` of a run."""
    return _value(getattr(run, name))


def read_id(_field: Path, run: Run, _now: datetime) -> Reading:
    """Read the run's id; its slug counts too, because `run.id` of swanlab 0.10 is the slug."""
    return Reading(run.id, aliases=(run.slug,) if run.slug else ())


def read_labels(_field: Path, run: Run, _now: datetime) -> Reading:
    """Read the labels."""
    return Reading(gap=Truth.NOT_FETCHED) if run.labels is None else Reading(run.labels)


def read_git(name: str, _field: Path, run: Run, _now: datetime) -> Reading:
    """Read the attribute `name` of the commit that the run was made from."""
    if run.git is None:
        return Reading(gap=Truth.NOT_FETCHED)
    return _value(getattr(run.git, name) or None)


def read_duration(_field: Path, run: Run, now: datetime) -> Reading:
    """Read how long the run took or has taken, in seconds."""
    end = now if run.state == "RUNNING" else run.finished_at  # an offline run may have ended long before it is synced
    if run.created_at is None or end is None:
        return Reading(gap=Truth.MISSING)
    seconds = (end - run.created_at).total_seconds()
    return Reading(seconds) if seconds >= 0 else Reading(gap=Truth.MISSING)  # by a clock that was set back


def read_age(_field: Path, run: Run, now: datetime) -> Reading:
    """Read how long ago the run ended or, while it runs, began, in seconds."""
    since = run.finished_at or run.created_at
    age = (now - since).total_seconds() if since else -math.inf
    return Reading(max(age, 0)) if age >= -_CLOCKS_DIFFER else Reading(gap=Truth.MISSING)


def read_conda(_field: Path, run: Run, _now: datetime) -> Reading:
    """Read the list of conda packages, as one text."""
    return Reading(gap=Truth.NOT_FETCHED) if run.conda is None else _value(run.conda or None)


def read_requirement(field: Path, run: Run, _now: datetime) -> Reading:
    """Read the version of a package of Python."""
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - for gates that read one

    if run.requirements is None:
        return Reading(gap=Truth.NOT_FETCHED)
    return _value(run.requirements.get(canonicalize_name(".".join(part.text for part in field.path))))


def read_metric(field: Path, run: Run, _now: datetime) -> Reading:
    """Read a statistic of a metric."""
    metrics = run.metrics
    if metrics is None:
        return Reading(gap=Truth.NOT_FETCHED)
    found = [(key, name) for key, name in field.metric_readings() if name in metrics.get(key, ())]
    if len(found) > 1:
        spellings = (f'metrics["{key}"]' + ("" if name == "last" else f".{name}") for key, name in found)
        return Reading(gap=Truth.AMBIGUOUS, spellings=tuple(spellings))
    return _measured(metrics[found[0][0]][found[0][1]] if found else None)


def read_curve(field: Path, run: Run, _now: datetime) -> Reading:
    """Read a curve from the points of its metric."""
    if field.curve is None or run.points is None:
        return Reading(gap=Truth.NOT_FETCHED)
    return field.curve.read(run.points.get(field.curve.of), over=run.state in TERMINAL_STATES)


def read_tree(name: str, field: Path, run: Run, _now: datetime) -> Reading:
    """Read a key below the attribute `name`, which is a map of maps."""
    tree = getattr(run, name)
    if tree is None or (name == "config" and not _is_known(field.path, run.config_keys)):
        return Reading(gap=Truth.NOT_FETCHED)
    if len(field.path) == 1:
        return _logged(tree.get(field.path[0].text))
    found = list(_ways(tree, field.path))
    if len(found) > 1:
        spellings = (name + "".join(f'["{key}"]' for key in keys) for keys, _ in found)
        return Reading(gap=Truth.AMBIGUOUS, spellings=tuple(spellings))
    return _logged(found[0][1] if found else None)


def leading_keys(path: tuple[Segment, ...]) -> Iterator[str]:
    """Yield every key at the top of a map that the path may begin with."""
    for length in range(1, len(path) + 1):
        if length > 1 and any(part.quoted for part in path[:length]):
            return
        yield ".".join(part.text for part in path[:length])


def _is_known(path: tuple[Segment, ...], known: Collection[str] | None) -> bool:
    return known is None or all(key in known for key in leading_keys(path))


def _ways(tree: Any, path: tuple[Segment, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield (keys, value) for each way of reading `path` that exists in `tree`."""
    if not path:
        yield (), tree
    elif isinstance(tree, Mapping):
        for length, key in enumerate(leading_keys(path), 1):
            if key in tree:
                yield from (((key, *keys), value) for keys, value in _ways(tree[key], path[length:]))
