"""The fields of a run: a closed list of roots, each one record, and how a path is written.

The reader, the JSON Schema, the suggestions, the push-down and the files of tests are made from `FIELDS`: a further
field is a further record, its messages and its row in docs/gates.md.

A path splits on dots, slashes are ordinary.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from swanlab_ci.gate.spec.readings import (
    Path,
    Reading,
    Segment,
    read_age,
    read_attribute,
    read_conda,
    read_curve,
    read_duration,
    read_git,
    read_id,
    read_labels,
    read_metric,
    read_requirement,
    read_tree,
    statistics_in,
)
from swanlab_ci.gate.spec.values import ValueKind
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import TERMINAL_STATES, Run

STATES = ("RUNNING", "FINISHED", "CRASHED", "ABORTED", "OFFLINE")
"""Every state of a run on SwanLab; OFFLINE is "created offline, not yet uploaded"."""

_SEGMENT = re.compile(r"""\.?\["((?:[^"\\]|\\.)+)"\]|\.?([^.\["]+)""")


@dataclass(frozen=True, slots=True)
class Field(Path):
    """A path, and what the language knows of its root."""

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
            statistics = [name for _, name in statistics_in(self.path)]
            return {"max": 1, "step": 1, "min": -1}.get(statistics[-1] if statistics else "", 0)
        return self.spec.trend

    def read(self, run: Run, now: datetime) -> Reading:
        """Read the field of `run` as it is at `now`."""
        spec = self.spec
        reading = spec.read(self, run, now)
        if spec.can_change and run.state not in TERMINAL_STATES and not self.curve:  # a curve knows what may come
            return reading._replace(settled=False, trend=self._trend)
        return reading

    def nearest(self, run: Run) -> str:
        """Return the field of `run` that is most like this one, such as `config.lr`, or the empty text.

        For a curve that is a metric most like its own, if the run has not logged that.
        """
        if self.curve:
            logged = bool((run.points or {}).get(self.curve.of))
            metric = Field("", "metrics", (Segment(self.curve.of, quoted=True),))  # pragma: no mutate - no text
            return "" if logged else metric.nearest(run)
        wanted = ".".join(part.text for part in self.path)
        known = [key for key in _keys(self.root, run) if key != wanted]
        close = difflib.get_close_matches(wanted, known)
        folded = [key for key in known if key.lower() == wanted.lower()]
        ends = [key for key in known if key.endswith("/" + wanted) or wanted.endswith("/" + key)]
        found = (*folded, *close, *ends)
        return f"{self.root}.{found[0]}" if found else ""


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


def _keys(root: str, run: Run) -> Iterator[str]:
    tree = getattr(run, root, None)
    for key, value in tree.items() if isinstance(tree, Mapping) else ():
        yield key
        if isinstance(value, Mapping) and root != "metrics":  # a metric holds its statistics
            yield from (f"{key}.{below}" for below in value)


def _give(field: Field, run: Name, place: Name) -> Message:
    return Message("advice.give-field", field=Name(field.text), run=run, place=place)


def _check_clock(_field: Field, run: Name, _place: Name) -> Message:
    return Message("advice.check-clock", run=run)


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


# pragma: no mutate start - it runs at import, before any change is switched on
def _profile(root: str, read: Callable[[Field, Run, datetime], Reading], **more: Any) -> FieldSpec:
    """Describe a field that takes one more request for each run."""
    return FieldSpec(root, read, in_list_answer=False, **more)


# pragma: no mutate end


_SPECS = (
    FieldSpec("id", read_id, made_up="id"),
    FieldSpec("name", partial(read_attribute, "name"), filter="name", made_up="name"),
    FieldSpec("description", partial(read_attribute, "description"), made_up="description"),
    FieldSpec(
        "state",
        partial(read_attribute, "state"),
        can_change=True,
        choices=STATES,
        filter="state",
        made_up="state",
        synonyms=("status", "states"),
    ),
    FieldSpec(
        "labels",
        read_labels,
        kind=ValueKind.LIST,
        filter="labels",
        made_up="labels",
        synonyms=("tags", "tag", "label"),
    ),
    FieldSpec("group", partial(read_attribute, "group"), filter="cluster", made_up="group", synonyms=("cluster",)),
    FieldSpec("job", partial(read_attribute, "job"), filter="job", made_up="job", synonyms=("job_type",)),
    FieldSpec("show", partial(read_attribute, "show"), kind=ValueKind.BOOL, made_up="show"),
    FieldSpec("url", partial(read_attribute, "url"), made_up="url"),
    FieldSpec("created_at", partial(read_attribute, "created_at"), synonyms=("created", "createdAt")),
    FieldSpec(
        "finished_at", partial(read_attribute, "finished_at"), can_change=True, synonyms=("finished", "finishedAt")
    ),
    FieldSpec("user.name", partial(read_attribute, "user_name"), made_up="user"),
    FieldSpec(
        "user.username",
        partial(read_attribute, "user_username"),
        made_up="user",
        synonyms=("user", "author", "username"),
    ),
    FieldSpec(
        "duration",
        read_duration,
        kind=ValueKind.TIME,
        can_change=True,
        trend=1,
        made_up="duration",
        if_missing=_check_clock,
        synonyms=("runtime", "elapsed", "time"),
    ),
    FieldSpec("age", read_age, kind=ValueKind.TIME, can_change=True, made_up="age", if_missing=_check_clock),
    _profile(
        "git.commit",
        partial(read_git, "commit"),
        made_up="git",
        if_missing=_use_checkout,
        synonyms=("commit", "sha", "git.sha", "git_commit"),
    ),
    _profile(
        "git.branch",
        partial(read_git, "branch"),
        made_up="git",
        if_missing=_use_checkout,
        synonyms=("branch", "git.ref"),
    ),
    _profile("git.remote", partial(read_git, "remote"), made_up="git", if_missing=_use_checkout),
    _profile("conda", read_conda, made_up="conda", if_missing=_record),
    FieldSpec(
        "config",
        partial(read_tree, "config"),
        kind=ValueKind.ANY,
        made_up="config",
        example="lr",
        if_missing=_log,
        synonyms=("configs", "params", "hparams", "parameters", "cfg"),
    ),
    _profile(
        "metrics",
        read_metric,
        kind=ValueKind.NUMBER,
        can_change=True,
        made_up="metrics",
        example="loss",
        if_missing=_log,
        synonyms=("summary", "metric", "scalars"),
    ),
    _profile(
        "curve",
        read_curve,
        kind=ValueKind.NUMBER,
        can_change=True,
        made_up="points",
        example="tail",
        if_missing=_log,
        synonyms=("curves", "series", "history"),
    ),
    _profile(
        "requirements",
        read_requirement,
        made_up="requirements",
        example="torch",
        if_missing=_install,
        synonyms=("requirement", "packages", "pip"),
    ),
    _profile(
        "metadata",
        partial(read_tree, "metadata"),
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
