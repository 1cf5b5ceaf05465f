"""The nouns that every room shares: a run, levels, statuses, outcomes; all frozen."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple, Self


class Level(StrEnum):
    """What a missed gate costs."""

    FAIL = "fail"
    WARN = "warn"
    INFO = "info"


TERMINAL_STATES = frozenset({"FINISHED", "CRASHED", "ABORTED"})
"""The states of a run that has ended. A resumed run leaves them again."""

MONITORING = "__swanlab__"
"""How the keys begin under which SwanLab's SDK logs processor, memory and disk by itself."""


class Status(StrEnum):
    """The result of a gate; the whole verdict uses only PASS, WARN, PENDING, FAIL and ERROR."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    WARN = "warn"
    INFO = "info"
    FAIL = "fail"
    PENDING = "pending"
    ERROR = "error"
    SKIPPED = "skipped"
    WAIVED = "waived"


STATUSES_WORST_FIRST = (
    *(Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN),
    *(Status.INFO, Status.WAIVED, Status.SKIPPED, Status.PASS),
)


class Truth(StrEnum):
    """The answer to a condition on a run; all but HOLDS and FAILS say why there is no answer."""

    HOLDS = "holds"
    FAILS = "fails"
    MISSING = "missing"
    NOT_FINITE = "not_finite"
    WRONG_TYPE = "wrong_type"
    AMBIGUOUS = "ambiguous"
    NOT_FETCHED = "not_fetched"
    PENDING = "pending"


class Outcome(StrEnum):
    """The result of one check."""

    OK = "ok"
    VIOLATED = "violated"
    MISSING = "missing"
    PENDING = "pending"
    ERROR = "error"


OUTCOMES_WORST_FIRST = (Outcome.ERROR, Outcome.VIOLATED, Outcome.MISSING, Outcome.PENDING, Outcome.OK)


@dataclass(frozen=True, slots=True)
class Git:
    """The code a run was started from; an empty text where the SDK recorded nothing."""

    commit: str = ""
    branch: str = ""
    remote: str = ""


class Point(NamedTuple):
    """One logged value of a metric; it may be NaN or infinite."""

    step: int
    value: float


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Points:
    """All points of one metric of a run, by step, 16 bytes a point; a value may be NaN or infinite.

    Points of one step keep their order.
    """

    steps: "array[int]"
    values: "array[float]"

    @classmethod
    def of(cls, steps: Iterable[int], values: Iterable[float]) -> Self:
        """Return the points with these steps and values, in any order.

        Raises `OverflowError` for a step beyond 64 bits, and `ValueError` where the numbers of both differ.
        """
        found, numbers = array("q", steps), array("d", values)
        if len(found) != len(numbers):
            raise ValueError
        if any(after < before for before, after in pairwise(found)):
            order = sorted(range(len(found)), key=found.__getitem__)
            found, numbers = array("q", map(found.__getitem__, order)), array("d", map(numbers.__getitem__, order))
        return cls(found, numbers)

    def __len__(self) -> int:
        return len(self.steps)

    def __eq__(self, other: object) -> bool:
        """Compare bit by bit, so that NaN equals itself."""
        if self is other or not isinstance(other, Points):
            return self is other
        return self.steps == other.steps and self.values.tobytes() == other.values.tobytes()

    def __hash__(self) -> int:
        return hash((len(self.steps), *self.steps[-1:]))

    @classmethod
    def of_texts(cls, steps: str, values: str) -> Self:
        """Return the points that `texts` wrote; raises `ValueError` and `OverflowError`."""
        return cls.of(map(int, steps.split()), map(float, values.split()))

    def texts(self) -> dict[str, str]:
        """Return `steps` and `values` as two texts: in a file, a list would have a line for each of them."""
        return {"steps": " ".join(map(str, self.steps)), "values": " ".join(map(repr, self.values))}


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """Where runs come from if not from where the check's own do: another `project`, or another place.

    An empty `project` is the check's own. `server`: from the server, while the check's own runs come from a folder.
    """

    project: str = ""
    server: bool = False


OWN = RunOrigin()
"""Where the check's own runs come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One experiment as the gates judge it: wire quirks gone, values untouched.

    `None` in `labels`, `config`, `metadata`, `requirements`, `conda`, `git` and `metrics` means "not fetched", never
    "empty". `config` is unwrapped from SwanLab's `{value, desc, sort}`; `metrics` maps a key to
    `{"last": …, "min": …, "max": …, "step": …, …}` as far as the server gave them. `points` maps the key of a metric to
    all of its points, none where the run did not log it; a key that is not there was not fetched. `config_keys` are the
    only keys of `config` of which anything is known, where not all of it was kept. `updated_at` is when SwanLab last
    changed anything of it.
    """

    id: str
    name: str
    state: str
    slug: str = ""
    description: str = ""
    show: bool = True
    labels: tuple[str, ...] | None = ()
    group: str | None = None
    job: str | None = None
    created_at: datetime | None = None
    finished_at: datetime | None = None
    updated_at: datetime | None = None
    user_name: str | None = None
    user_username: str | None = None
    url: str = ""
    config: Mapping[str, Any] | None = field(default_factory=dict)
    config_keys: tuple[str, ...] | None = None
    metadata: Mapping[str, Any] | None = None
    requirements: Mapping[str, str] | None = None
    conda: str | None = None
    git: Git | None = None
    metrics: Mapping[str, Mapping[str, Any]] | None = None
    points: Mapping[str, Points] | None = None
    origin: RunOrigin = OWN


@dataclass(frozen=True, slots=True)
class RunRef:
    """A run as a report names it."""

    id: str
    name: str
    url: str = ""
    state: str = ""
