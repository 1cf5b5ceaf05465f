"""The fields of a run: a closed list of roots, each one record, how a path is written, and what it reads.

The reader, the JSON Schema, the suggestions, the push-down and the files of tests are made from `FIELDS`: a further
field is a further record, its messages and its row in docs/gates.md.

A path splits on dots, slashes are ordinary. A key may itself hold dots: every way of reading the path is tried, and
exactly one must exist; `config["opt.lr"]` names a key outright.
"""

import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from packaging.utils import canonicalize_name

from swanlab_ci.gate.spec.values import ValueKind, is_finite, number_in
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import TERMINAL_STATES, Run, Truth

STATES = ("RUNNING", "FINISHED", "CRASHED", "ABORTED", "OFFLINE")
"""Every state of a run on SwanLab; OFFLINE is "created offline, not yet uploaded"."""

STATISTICS = ("min", "max", "step", "mean", "median", "stdev")
_CLOCKS_DIFFER = 300
"""How many seconds a run may be dated in the future: a clock that is further off says nothing of its age."""

_SEGMENT = re.compile(r"""\.?\["((?:[^"\\]|\\.)+)"\]|\.?([^.\["]+)""")
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


@dataclass(frozen=True, slots=True)
class Field:
    """A path as written (`text`), its `root`, and the parts below it."""

    text: str
    root: str
    path: tuple[Segment, ...] = ()

    @property
    def field(self) -> "Field":
        """The field that a condition on it reads: itself."""
        return self

    @property
    def spec(self) -> "FieldSpec":
        """What the language knows of its root."""
        return FIELDS[self.root]

    @property
    def kind(self) -> ValueKind:
        """The kind of value that it holds."""
        return self.spec.kind

    @property
    def can_change(self) -> bool:
        """Whether the value can change while the run is not over, or jump when it is (`age`)."""
        return self.spec.can_change

    @property
    def in_list_answer(self) -> bool:
        """Whether SwanLab's list of experiments already has it, so that no further request is needed."""
        return self.spec.in_list_answer

    @property
    def _trend(self) -> int:
        if self.root == "metrics" and len(self.path) > 1:
            return {"max": 1, "step": 1, "min": -1}.get(self.path[-1].text, 0)
        return self.spec.trend

    def read(self, run: Run, now: datetime) -> Reading:
        """Read the field of `run` as it is at `now`."""
        spec = self.spec
        reading = spec.read(self, run, now)
        if spec.can_change and run.state not in TERMINAL_STATES:
            return reading._replace(settled=False, trend=self._trend)
        return reading

    def metric_keys(self) -> frozenset[str]:
        """Return every metric that the path may mean."""
        return frozenset(key for key, _ in self.metric_readings()) if self.root == "metrics" else frozenset()

    def metric_readings(self) -> Iterator[tuple[str, str]]:
        """Yield (key, statistic) for each way to read the path of a metric."""
        if len(self.path) == 1 or not any(part.quoted for part in self.path):
            yield ".".join(part.text for part in self.path), "last"
        *key, last = self.path
        if key and not last.quoted and last.text in STATISTICS and (len(key) == 1 or not any(k.quoted for k in key)):
            yield ".".join(part.text for part in key), last.text

    def nearest(self, run: Run) -> str:
        """Return the field of `run` that is most like this one, such as `config.lr`, or the empty text."""
        wanted = ".".join(part.text for part in self.path)
        known = [key for key in _keys(self.root, run) if key != wanted]
        close = difflib.get_close_matches(wanted, known, 1, 0.6)
        folded = [key for key in known if key.lower() == wanted.lower()]
        return f"{self.root}.{(folded + close)[0]}" if folded or close else ""


def parse_path(text: str) -> Field | None:
    """Read a path; None where it is not one of the language's fields."""
    root = next((root for root in TREES if text.startswith((root + ".", root + "["))), None)
    if root is None:
        return Field(text, text) if text in PLAIN else None
    at, path = len(root), []
    while at < len(text):
        match = _SEGMENT.match(text, at)
        if not match:
            return None
        quoted, bare = match.groups()
        path.append(Segment(re.sub(r"\\(.)", r"\1", quoted) if quoted else bare, bare is None))
        at = match.end()
    field = Field(text, root, tuple(path))
    return None if root == "metrics" and not field.metric_keys() else field


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


def _attribute(name: str) -> Callable[[Field, Run, datetime], Reading]:
    return lambda _field, run, _now: _value(getattr(run, name))


def _id(_field: Field, run: Run, _now: datetime) -> Reading:
    """Read the run's id; its slug counts too, because `run.id` of swanlab 0.10 is the slug."""
    return Reading(run.id, aliases=(run.slug,) if run.slug else ())


def _labels(_field: Field, run: Run, _now: datetime) -> Reading:
    return Reading(gap=Truth.NOT_FETCHED) if run.labels is None else Reading(run.labels)


def _git(name: str) -> Callable[[Field, Run, datetime], Reading]:
    def read(_field: Field, run: Run, _now: datetime) -> Reading:
        if run.git is None:
            return Reading(gap=Truth.NOT_FETCHED)
        return _value(getattr(run.git, name) or None)

    return read


def _duration(_field: Field, run: Run, now: datetime) -> Reading:
    end = now if run.state == "RUNNING" else run.finished_at  # an offline run may have ended long before it is synced
    if run.created_at is None or end is None:
        return Reading(gap=Truth.MISSING)
    seconds = (end - run.created_at).total_seconds()
    return Reading(seconds) if seconds >= 0 else Reading(gap=Truth.MISSING)  # by a clock that was set back


def _age(_field: Field, run: Run, now: datetime) -> Reading:
    since = run.finished_at or run.created_at
    age = (now - since).total_seconds() if since else -math.inf
    return Reading(max(age, 0)) if age >= -_CLOCKS_DIFFER else Reading(gap=Truth.MISSING)


def _conda(_field: Field, run: Run, _now: datetime) -> Reading:
    return Reading(gap=Truth.NOT_FETCHED) if run.conda is None else _value(run.conda or None)


def _requirement(field: Field, run: Run, _now: datetime) -> Reading:
    if run.requirements is None:
        return Reading(gap=Truth.NOT_FETCHED)
    return _value(run.requirements.get(canonicalize_name(".".join(part.text for part in field.path))))


def _metric(field: Field, run: Run, _now: datetime) -> Reading:
    metrics = run.metrics
    if metrics is None:
        return Reading(gap=Truth.NOT_FETCHED)
    found = [(key, name) for key, name in field.metric_readings() if name in metrics.get(key, ())]
    if len(found) > 1:
        spellings = (f'metrics["{key}"]' + ("" if name == "last" else f".{name}") for key, name in found)
        return Reading(gap=Truth.AMBIGUOUS, spellings=tuple(spellings))
    return _measured(metrics[found[0][0]][found[0][1]] if found else None)


def _tree(name: str) -> Callable[[Field, Run, datetime], Reading]:
    def read(field: Field, run: Run, _now: datetime) -> Reading:
        tree = getattr(run, name)
        if tree is None:
            return Reading(gap=Truth.NOT_FETCHED)
        if len(field.path) == 1:
            return _logged(tree.get(field.path[0].text))
        found = list(_ways(tree, field.path))
        if len(found) > 1:
            spellings = (name + "".join(f'["{key}"]' for key in keys) for keys, _ in found)
            return Reading(gap=Truth.AMBIGUOUS, spellings=tuple(spellings))
        return _logged(found[0][1] if found else None)

    return read


def _ways(tree: Any, path: tuple[Segment, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield (keys, value) for each way of reading `path` that exists in `tree`."""
    if not path:
        yield (), tree
    elif isinstance(tree, Mapping):
        for length in range(1, len(path) + 1):
            if length > 1 and any(part.quoted for part in path[:length]):
                return
            key = ".".join(part.text for part in path[:length])
            if key in tree:
                yield from (((key, *keys), value) for keys, value in _ways(tree[key], path[length:]))


def _keys(root: str, run: Run) -> Iterator[str]:
    tree = getattr(run, root) if root in TREES else None
    for key, value in (tree or {}).items():
        yield key
        if isinstance(value, Mapping) and root in {"config", "metadata"}:
            yield from (f"{key}.{below}" for below in value)


def _give(field: Field, run: Name, place: Name) -> Message:
    return Message("advice.give-field", field=Name(field.text), run=run, place=place)


def _log(field: Field, run: Name, place: Name) -> Message:
    return Message("advice.log", field=Name(field.text), run=run, place=place)


def _install(field: Field, run: Name, place: Name) -> Message:
    package = Name(".".join(part.text for part in field.path))
    return Message("advice.install", package=package, run=run, place=place)


def _use_checkout(_field: Field, run: Name, place: Name) -> Message:
    return Message("advice.use-checkout", run=run, place=place)


def _record(field: Field, run: Name, place: Name) -> Message:
    return Message("advice.record", field=Name(field.text), run=run, place=place)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What the language knows of one root of fields.

    `read` reads a field of this root from a run. `can_change` says that the value may change until the run has ended,
    `trend` which way a changing value goes (see `Reading`). `in_list_answer` says that SwanLab's list of experiments
    has the value. `choices` are all values there are, where they are few.

    `filter` is the name under which SwanLab's own filter knows a text or list of the run, `made_up` the key under which
    a file of tests gives the value of a made-up run; both are empty where there is none. A tree has keys of its own
    below the root, such as `example`. `if_missing` makes the message that says what to do where a run (the third
    argument) lacks the field; the last argument is the place that asks for it. `synonyms` are words of other tools.
    """

    root: str
    read: Callable[[Field, Run, datetime], Reading]
    kind: ValueKind = ValueKind.TEXT
    can_change: bool = False
    trend: int = 0
    in_list_answer: bool = True
    choices: tuple[str, ...] = ()
    filter: str = ""
    made_up: str = ""
    example: str = ""
    if_missing: Callable[[Field, Name, Name], Message] = _give
    synonyms: tuple[str, ...] = ()

    @property
    def is_tree(self) -> bool:
        """Whether a field of this root is written with a key, like `config.lr`."""
        return bool(self.example)


def _profile(root: str, read: Callable[[Field, Run, datetime], Reading], **more: Any) -> FieldSpec:
    """Describe a field that takes one more request for each run."""
    return FieldSpec(root, read, in_list_answer=False, **more)


_SPECS = (
    FieldSpec("id", _id, made_up="id"),
    FieldSpec("name", _attribute("name"), filter="name", made_up="name"),
    FieldSpec("description", _attribute("description"), made_up="description"),
    FieldSpec(
        "state",
        _attribute("state"),
        can_change=True,
        choices=STATES,
        filter="state",
        made_up="state",
        synonyms=("status", "states"),
    ),
    FieldSpec(
        "labels",
        _labels,
        kind=ValueKind.LIST,
        filter="labels",
        made_up="labels",
        synonyms=("tags", "tag", "label"),
    ),
    FieldSpec("group", _attribute("group"), filter="cluster", made_up="group", synonyms=("cluster",)),
    FieldSpec("job", _attribute("job"), filter="job", made_up="job", synonyms=("job_type",)),
    FieldSpec("show", _attribute("show"), kind=ValueKind.BOOL, made_up="show"),
    FieldSpec("url", _attribute("url"), made_up="url"),
    FieldSpec("created_at", _attribute("created_at"), synonyms=("created", "createdAt")),
    FieldSpec("finished_at", _attribute("finished_at"), can_change=True, synonyms=("finished", "finishedAt")),
    FieldSpec("user.name", _attribute("user_name"), made_up="user"),
    FieldSpec("user.username", _attribute("user_username"), made_up="user", synonyms=("user", "author", "username")),
    FieldSpec(
        "duration",
        _duration,
        kind=ValueKind.TIME,
        can_change=True,
        trend=1,
        made_up="duration",
        synonyms=("runtime", "elapsed", "time"),
    ),
    FieldSpec("age", _age, kind=ValueKind.TIME, can_change=True, made_up="age"),
    _profile(
        "git.commit",
        _git("commit"),
        made_up="git",
        if_missing=_use_checkout,
        synonyms=("commit", "sha", "git.sha", "git_commit"),
    ),
    _profile("git.branch", _git("branch"), made_up="git", if_missing=_use_checkout, synonyms=("branch", "git.ref")),
    _profile("git.remote", _git("remote"), made_up="git", if_missing=_use_checkout),
    _profile("conda", _conda, made_up="conda", if_missing=_record),
    FieldSpec(
        "config",
        _tree("config"),
        kind=ValueKind.ANY,
        made_up="config",
        example="lr",
        if_missing=_log,
        synonyms=("configs", "params", "hparams", "parameters", "cfg"),
    ),
    _profile(
        "metrics",
        _metric,
        kind=ValueKind.NUMBER,
        can_change=True,
        made_up="metrics",
        example="loss",
        if_missing=_log,
        synonyms=("summary", "metric", "scalars"),
    ),
    _profile(
        "requirements",
        _requirement,
        made_up="requirements",
        example="torch",
        if_missing=_install,
        synonyms=("requirement", "packages", "pip"),
    ),
    _profile(
        "metadata",
        _tree("metadata"),
        kind=ValueKind.ANY,
        made_up="metadata",
        example="gpu",
        if_missing=_record,
        synonyms=("meta",),
    ),
)
FIELDS = {spec.root: spec for spec in _SPECS}
"""Every root of fields by its name, in the order of the documentation."""

TREES = tuple(root for root, spec in FIELDS.items() if spec.is_tree)
PLAIN = tuple(root for root, spec in FIELDS.items() if not spec.is_tree)
