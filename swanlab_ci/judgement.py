"""What a check found, as data: every number and no sentence. Reports give it words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from swanlab_ci.errors import Problem
from swanlab_ci.messages.message import Message
from swanlab_ci.model import STATUSES_WORST_FIRST, Level, Outcome, RunOrigin, RunRef, Status, Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a gate file asks of a field, as plain values.

    `operator` is a word of the language, or `all_of`, `any_of`, `none_of` or `optional` with `parts`. `values` are the
    operand's, as JSON types; `written` is how the file spells it. `other` is the field that bounds this one, `times`
    its value `plus` a number. `field` is set where a part names a field of its own.
    """

    operator: str
    values: tuple[Any, ...] = ()
    written: str = ""
    field: str = ""
    unit: str = ""
    other: str = ""
    times: float = 1
    plus: float = 0
    parts: tuple["Expectation", ...] = ()


@dataclass(frozen=True, slots=True)
class RunValue:
    """A run, and what one field is there."""

    run: RunRef
    value: Any


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of a selection: `runs` were left after `condition`, which is spelled as in the gate file.

    `kind` is `condition`, `newest` (the condition is the number), `latest` (of runs with equal values of these fields
    the newest), `best` (of these the best), `not_tested` (the runs under test are left out of their own
    baseline) or `group` (runs of the same `for_each` value).
    """

    condition: str
    runs: int
    kind: str = "condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied:
    """The condition of a selection that left no run: of `before` runs; `seen` are some values of `field` there."""

    condition: str
    field: str
    before: int
    seen: tuple[Any, ...]
    file: str
    line: int


class CheckKind(StrEnum):
    """What a check is about."""

    RUN = "run"
    ALL_RUNS = "all_runs"
    HOW_MANY = "how_many"
    COMPARISON = "comparison"
    SELECTION = "selection"
    GROUP = "group"
    LATEST = "latest"
    UNCHANGED = "unchanged"
    PROJECT = "project"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveFacts:
    """What a curve is made of: the points of the metric `of`, from one step to another, of these the `last` few.

    `take` is a word of the language, or `first_step`: the step of the first point that meets `condition`. `last` is
    spelled as in the gate file, `10` or `20%`. `points` is how many points the run has, None where it is no single run.
    `at` is the step that explains a value that is not as required: of the first point that is not finite, of the least
    or greatest value, or after the largest rise or drop.
    """

    of: str
    take: str
    condition: Expectation | None = None
    last: str = ""
    from_step: int | None = None
    to_step: int | None = None
    points: int | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a check came out as it did.

    `subject` is the field that decided, which may be one in a branch or the bound of another. `actual` is its value
    (None: missing) in `unit` (`s` for a length of time), `part` the part of the expectation that decided, `bound` the
    number that another field gave. `spellings` are the ways to write an ambiguous key, `culprit` is the run of which an
    aggregate could not read `culprit_field`, `nearest` the field that is there and most alike. `curve` is set where
    `subject` is a curve or made from one, `unread` where the project `subject` could not be read: it says why.
    """

    truth: Truth
    subject: str
    part: Expectation | None = None
    actual: Any = None
    unit: str = ""
    bound: float | None = None
    nearest: str = ""
    spellings: tuple[str, ...] = ()
    culprit: RunRef | None = None
    culprit_field: str = ""
    too_few: bool = False
    read_as_number: bool = False
    optional_missing: bool = False
    curve: CurveFacts | None = None
    unread: Message | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the selected runs passed.

    `required` is `all`, `any`, `none`, `at_least` or `at_most`, the last two with an `amount` such as `2` or `90%`.
    """

    passed: int
    total: int
    required: str
    amount: str = ""


class Comparing(StrEnum):
    """What a comparison found; the second half are the reasons why nothing could be compared."""

    NOT_WORSE = "not_worse"
    WITHIN_ALLOWANCE = "within_allowance"
    WITHIN_NOISE = "within_noise"
    WORSE = "worse"
    BETTER = "better"
    BETTER_WITHIN_NOISE = "better_within_noise"
    NOT_BETTER = "not_better"
    NO_BASELINE = "no_baseline"
    BASELINE_UNPLACED = "baseline_unplaced"
    BASELINE_AWAITED = "baseline_awaited"
    AMBIGUOUS_BASELINE = "ambiguous_baseline"
    VALUE_MISSING = "value_missing"
    VALUE_NOT_FINITE = "value_not_finite"
    VALUE_PENDING = "value_pending"
    VALUE_NO_NUMBER = "value_no_number"
    VALUE_AMBIGUOUS = "value_ambiguous"
    VALUE_NOT_FETCHED = "value_not_fetched"
    UNEQUAL_COUNTS = "unequal_counts"
    NO_PARTNER = "no_partner"
    SAME_PARTNER = "same_partner"
    CANNOT_PAIR = "cannot_pair"
    DIFFERENT_CONDITIONS = "different_conditions"
    ZERO_BASELINE = "zero_baseline"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison: the value over its runs, their standard deviation (None for one run), each value."""

    centre: float
    spread: float | None
    runs: tuple[RunValue, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a gate file allows or requires: `amount` in the field's unit, or a share (0.01 is 1 %) of the baseline."""

    amount: float
    is_share: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonResult:
    """A field of the selected runs against the runs of the baseline `to`.

    `delta` is new minus baseline, `worse` the same counted so that a positive number is worse, `relative` the delta as
    a share of the baseline's absolute value. `allowed` is what `written` comes to for this baseline; with `required` it
    is how much better the runs have to be. `noise` is `factor` standard errors of the difference, None where the runs
    are too few to estimate it.

    `outliers` are runs of the new side that are worse than the whole baseline's spread explains: worse than the value
    `outlier_limit`. `left_out` are baseline runs without a finite number; `unpaired` are baseline runs that no new run
    has the value of `pair_by` of. `found` and `status` are those of the two means; `costs` is the worst of `status`,
    the outliers and the unpaired runs.

    Where nothing could be compared, `found` says why: `culprit_field` of `culprit` (of the baseline, with
    `in_baseline`), the runs `without_partner`, the two runs with the same partner, or the `funnel` that left fewer than
    `min_runs` baseline runs. `rejected` are the funnels of the earlier choices of a `first_of` that had too few runs.
    `new_values` and `base_values` are what a field that has to be the same on both sides is there. `curve` is set where
    `field` is a curve. `project` is the baseline's, empty where it is the check's own.
    """

    field: str
    unit: str
    to: str
    higher_is_better: bool
    over_runs: str
    required: bool
    written: tuple[Difference, ...]
    found: Comparing
    status: Status
    new: Side | None = None
    base: Side | None = None
    pairs: int = 0
    delta: float | None = None
    worse: float | None = None
    relative: float | None = None
    allowed: float | None = None
    noise: float | None = None
    factor: float = 2
    culprit_field: str = ""
    culprit: RunRef | None = None
    in_baseline: bool = False
    nearest: str = ""
    spellings: tuple[str, ...] = ()
    counts: tuple[int, int] = (0, 0)
    without_partner: tuple[RunRef, ...] = ()
    outliers: tuple[RunValue, ...] = ()
    outlier_limit: float | None = None
    left_out: tuple[RunRef, ...] = ()
    unpaired: tuple[RunRef, ...] = ()
    pair_by: str = ""
    min_runs: int = 1
    costs: Status = Status.PASS
    runs_considered: int = 0
    funnel: tuple[FunnelStep, ...] = ()
    rejected: tuple[tuple[FunnelStep, ...], ...] = ()
    new_values: tuple[Any, ...] = ()
    base_values: tuple[Any, ...] = ()
    curve: CurveFacts | None = None
    project: str = ""

    @property
    def within_noise(self) -> bool:
        """Whether the runs are too few, or too far apart, to decide."""
        return self.found in {Comparing.WITHIN_NOISE, Comparing.BETTER_WITHIN_NOISE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One expectation on one run, or on all selected runs together (`run` is None then).

    `field` is spelled as in the gate file, at `line` of `file`. An aggregate has the `values` of its runs, and `at` is
    the run that has the extreme of `min` and `max`. `waiver` is set where a waiver covers the check's run.
    """

    kind: CheckKind
    field: str
    outcome: Outcome
    run: RunRef | None = None
    file: str = ""
    line: int = 0
    expected: Expectation | None = None
    reason: Reason | None = None
    values: tuple[RunValue, ...] = ()
    at: RunRef | None = None
    count: Count | None = None
    comparison: ComparisonResult | None = None
    waiver: "WaiverResult | None" = None


class Deciding(StrEnum):
    """What decided a gate."""

    CHECKS = "checks"
    NO_RUNS = "no_runs"
    AMBIGUOUS_SELECTION = "ambiguous_selection"
    NO_GROUP = "no_group"


@dataclass(frozen=True, slots=True)
class WaiverResult:
    """A waiver of a gate or of some of its runs; expired, it changes nothing.

    `status` is what the gate has without the waiver.
    """

    until: date
    reason: str
    expired: bool
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The result of one gate, or of one group of a gate with `for_each`.

    `deciding` are the checks that decided it, worst first; they are among `checks`. `count` is how many runs passed,
    None where the gate expects nothing of single runs. `uncapped` is the status that `level_cap` lowered.
    `project` is where its runs are from, empty where that is the check's own.
    """

    id: str
    name: str
    level: Level
    status: Status
    decided_by: Deciding = Deciding.CHECKS
    why: str = ""
    file: str = ""
    line: int = 0
    group_field: str = ""
    group: str = ""
    runs_considered: int = 0
    runs_selected: tuple[RunRef, ...] = ()
    funnel: tuple[FunnelStep, ...] = ()
    emptied: Emptied | None = None
    if_no_runs: str = "fail"
    is_limit: bool = False
    count: Count | None = None
    checks: tuple[Check, ...] = ()
    deciding: tuple[Check, ...] = ()
    waiver: WaiverResult | None = None
    uncapped: Status | None = None
    project: str = ""

    @property
    def is_without_group(self) -> bool:
        """Whether the result is about the runs that belong to no group of `for_each`."""
        return self.decided_by is Deciding.NO_GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPath:
    """The way of one run through a gate: the `conditions` of its selection, whether it is among the `newest`, results.

    `newest` is None where the gate does not limit the number, or the run meets a condition not.
    """

    gate: str
    run: RunRef
    selected: bool
    conditions: tuple[Check, ...]
    newest: int | None
    results: tuple[GateResult, ...]


@dataclass(frozen=True, slots=True)
class ExemptChange:
    """A change that needs no training: each of its `files` (their number) fits one of `patterns`."""

    patterns: tuple[str, ...]
    files: int


@dataclass(frozen=True, slots=True)
class CarriedCommit:
    """An earlier commit of the pull request whose runs count: since then only `files` changed, which are exempt."""

    commit: str
    files: tuple[str, ...]


_EXIT_CODES = {Status.PASS: 0, Status.WARN: 0, Status.FAIL: 1, Status.PENDING: 4}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of all gates together.

    `nothing_checked` says that no gate had a run to check, `strict` that a warning was made a fail, `shadow` is the
    status that shadow mode turned into a warning. With `exempt` no gate was needed.
    """

    status: Status
    gates: tuple[GateResult, ...] = ()
    nothing_checked: bool = False
    strict: bool = False
    shadow: Status | None = None
    exempt: ExemptChange | None = None

    @property
    def statuses(self) -> dict[str, Status]:
        """The status of each gate by its id; with `for_each`, the worst of its groups."""
        found: dict[str, list[Status]] = {}
        for gate in self.gates:
            found.setdefault(gate.id, []).append(gate.status)
        return {gate_id: min(each, key=STATUSES_WORST_FIRST.index) for gate_id, each in found.items()}

    @property
    def exit_code(self) -> int:
        """0 pass and warn, 1 fail, 4 pending; everything else is 3, no result."""
        return _EXIT_CODES.get(self.status, 3)

    @property
    def passed(self) -> bool:
        """Whether the merge may go on."""
        return self.exit_code == 0


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why there is no verdict: what happened, what to do, each problem with its place, and the exit code."""

    what: Message
    advice: Message | None
    exit_code: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull request's own rules, which do not count: their verdict and its headline, or the reason for none.

    `past` says what they would have made of past changes, where that was asked for.
    """

    status: Status | None = None
    headline: Message | None = None
    reason: Message | None = None
    past: Message | None = None


@dataclass(frozen=True, slots=True)
class OtherProject:
    """A project that was read besides the check's own, or the same one in another place, and its page.

    `runs` is how many it gave; `failure` says why it could not be read.
    """

    origin: RunOrigin
    project: str
    url: str = ""
    runs: int = 0
    failure: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict and what it is about: all that a report needs, and nothing that it has to look up.

    `stopped` is set where the program ended before there was a verdict. `carried` are the earlier commits whose runs
    were judged. `others` are the projects that were read besides `project`.
    """

    verdict: Verdict
    judged_at: datetime
    stopped: Stopped | None = None
    project: str = ""
    project_url: str = ""
    gate_file: str = ""
    commit: str = ""
    runs_fetched: int = 0
    notes: tuple[Message, ...] = ()
    proposal: Proposal | None = None
    carried: tuple[CarriedCommit, ...] = ()
    others: tuple[OtherProject, ...] = ()

    @property
    def pages(self) -> str:
        """The address of a project's page, at whose host all links to runs lie; empty where there is none."""
        return self.project_url or next((each.url for each in self.others if each.url), "")

    @property
    def exit_code(self) -> int:
        """What the program ends with."""
        return self.stopped.exit_code if self.stopped else self.verdict.exit_code

    def selected_runs(self) -> Iterator[RunRef]:
        """Yield every run that some gate selected, once."""
        yield from {run.id: run for gate in self.verdict.gates for run in gate.runs_selected}.values()
