"""The nouns that every room shares: run, check, gate result, verdict; all frozen."""

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
"""The states of a run that has ended; nothing about it changes any more."""


class Status(StrEnum):
    """What became of a gate; the whole verdict uses only PASS, WARN, PENDING, FAIL and ERROR."""

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


class Outcome(StrEnum):
    """What one check of one run came to."""

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

    `None` in `metadata`, `requirements`, `conda`, `git` and `metrics` means "not fetched", never "empty".
    `config` is unwrapped from SwanLab's `{value, desc, sort}`; `metrics` maps a key to
    `{"last": …, "min": …, "max": …, "step": …, …}` as far as the server gave them.
    """

    id: str
    name: str
    state: str
    slug: str = ""
    description: str = ""
    show: bool = True
    labels: tuple[str, ...] = ()
    group: str | None = None
    job: str | None = None
    created_at: datetime | None = None
    finished_at: datetime | None = None
    user_name: str | None = None
    user_username: str | None = None
    url: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
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


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of a selection: the condition as written, and how many runs were left after it."""

    condition: str
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One expectation on one run, or on all selected runs together (`run` is None then)."""

    run: RunRef | None
    field: str
    expected: str
    actual: str
    outcome: Outcome
    message: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What one gate came to: `summary` in a sentence, `advice` what to do next, `why` the author's own text."""

    id: str
    name: str
    level: Level
    status: Status
    summary: str
    advice: str = ""
    why: str = ""
    line: int = 0
    group: str = ""
    runs_considered: int = 0
    runs_selected: tuple[RunRef, ...] = ()
    funnel: tuple[FunnelStep, ...] = ()
    checks: tuple[Check, ...] = ()


_EXIT_CODES = {Status.PASS: 0, Status.WARN: 0, Status.FAIL: 1, Status.PENDING: 4}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole judgement: `summary` is the first line people read, `advice` what to do next.

    `headline` is the summary without any name: it only counts, and is empty where no gate was judged.
    """

    status: Status
    summary: str
    advice: str = ""
    gates: tuple[GateResult, ...] = ()
    headline: str = ""

    @property
    def exit_code(self) -> int:
        """0 pass and warn, 1 fail, 4 pending; whatever else there may be is 3, cannot tell."""
        return _EXIT_CODES.get(self.status, 3)

    @property
    def passed(self) -> bool:
        """Whether the merge may go on."""
        return self.exit_code == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict and what it was about: all that a report needs, and nothing that it has to look up.

    `stopped` is the exit code of what ended the program before there was a verdict, or 0.
    """

    verdict: Verdict
    judged_at: datetime
    stopped: int = 0
    project: str = ""
    project_url: str = ""
    gate_file: str = ""
    commit: str = ""
    runs_fetched: int = 0
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """What the program ends with."""
        return self.stopped or self.verdict.exit_code
