"""The nouns that every room shares: a run, levels, statuses, outcomes; all frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """What a missed gate costs."""

    FAIL = "fail"
    WARN = "warn"
    INFO = "info"


TERMINAL_STATES = frozenset({"FINISHED", "CRASHED", "ABORTED"})
"""The states of a run that has ended. A resumed run leaves them again."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One experiment as the gates judge it: wire quirks gone, values untouched.

    `None` in `labels`, `config`, `metadata`, `requirements`, `conda`, `git` and `metrics` means "not fetched", never
    "empty". `config` is unwrapped from SwanLab's `{value, desc, sort}`; `metrics` maps a key to
    `{"last": …, "min": …, "max": …, "step": …, …}` as far as the server gave them.
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
    user_name: str | None = None
    user_username: str | None = None
    url: str = ""
    config: Mapping[str, Any] | None = field(default_factory=dict)
    metadata: Mapping[str, Any] | None = None
    requirements: Mapping[str, str] | None = None
    conda: str | None = None
    git: Git | None = None
    metrics: Mapping[str, Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class RunRef:
    """A run as a report names it."""

    id: str
    name: str
    url: str = ""
    state: str = ""
