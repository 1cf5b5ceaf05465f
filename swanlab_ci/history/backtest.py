"""A backtest: each unit is judged as a check would have judged it when its last run ended; then gates are counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from swanlab_ci import gate
from swanlab_ci.gate import GateFile
from swanlab_ci.history.as_of import Past
from swanlab_ci.history.intervals import Interval, wilson
from swanlab_ci.history.past_selector import Selecting
from swanlab_ci.history.units import Binding, Rules, Unit
from swanlab_ci.judgement import Deciding, GateResult, Verdict
from swanlab_ci.model import STATUSES_WORST_FIRST, Level, Status

FEWEST_FOR_SHARES = 10
NO_RUN = "no-run"
"""The result of a gate that selected no run, whatever `if_no_runs` makes of that."""

_STOPPING = frozenset({Status.ERROR, Status.FAIL, Status.PENDING})
_MISSED = (Status.FAIL, Status.WARN, Status.INFO, Status.WAIVED)


@dataclass(frozen=True, slots=True)
class JudgedUnit:
    """A unit and its verdict; None where it has no place in time."""

    unit: Unit
    verdict: Verdict | None

    @property
    def status(self) -> Status:
        """The status of the verdict; what cannot be judged is an error."""
        return self.verdict.status if self.verdict else Status.ERROR

    @property
    def is_stopped(self) -> bool:
        """Whether the merge would have been stopped."""
        return not (self.verdict and self.verdict.passed)

    def results(self) -> dict[str, GateResult]:
        """Return the result of each gate by id; of a gate with groups the worst."""
        found: dict[str, GateResult] = {}
        for result in self.verdict.gates if self.verdict else ():
            known = found.get(result.id)
            if known is None or _rank(result) < _rank(known):
                found[result.id] = result
        return found

    def stopping(self) -> tuple[GateResult, ...]:
        """Return the results that stop the merge, worst first."""
        return tuple(sorted((each for each in self.results().values() if each.status in _STOPPING), key=_rank))


class Remark(StrEnum):
    """What is odd about the results of a gate."""

    NEVER_HAD_A_RUN = "never-had-a-run"
    NEVER_FAILED = "never-failed"
    NEVER_PASSED = "never-passed"


@dataclass(frozen=True, slots=True)
class CountedGate:
    """How often a gate had each status, or no run; `alone` is how often no other gate stopped the merge as well."""

    id: str
    level: Level
    file: str
    line: int
    counts: Mapping[str, int]
    alone: int
    remark: Remark | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a gate file would have said of each unit."""

    units: tuple[JudgedUnit, ...]
    gates: tuple[CountedGate, ...]

    @property
    def stopped(self) -> tuple[JudgedUnit, ...]:
        """The units that would have been stopped."""
        return tuple(each for each in self.units if each.is_stopped)

    @property
    def share(self) -> Interval | None:
        """The interval of the share that is stopped; None for too few units to tell."""
        return wilson(len(self.stopped), len(self.units)) if len(self.units) >= FEWEST_FOR_SHARES else None


def backtest(
    gate_file: GateFile,
    units: Sequence[Unit],
    past: Past,
    binding: Binding,
    progress: Callable[[int], None] = lambda _: None,
) -> Backtest:
    """Judge each unit at its end by `gate_file`, of what was known then; `progress` is told how many are done.

    Raises `ConfigurationError` where a variable has no value.
    """
    judged, rules = [], Rules(gate_file, binding)
    selecting = Selecting(past, binding.field, rules.fixed())
    for number, unit in enumerate(units):
        if number:
            progress(number)
        bound = rules.of(unit)
        verdict = None if unit.unplaced else gate.judge_selected(bound, selecting.at(unit.end))
        judged.append(JudgedUnit(unit, verdict))
    return Backtest(tuple(judged), tuple(_counted(gate_file, judged)))


def _counted(gate_file: GateFile, judged: Sequence[JudgedUnit]) -> Iterable[CountedGate]:
    counts = {one.id: Counter[str]() for one in gate_file.gates}
    alone = Counter[str]()
    for each in judged:
        for gate_id, result in each.results().items():
            counts[gate_id][_kind(result)] += 1
        stopping = each.stopping()
        if len(stopping) == 1:
            alone[stopping[0].id] += 1
    for one in gate_file.gates:
        found = counts[one.id]
        place = one.place
        yield CountedGate(one.id, one.level, place.source.name, place.line, found, alone[one.id], _remark(found))


def _kind(result: GateResult) -> str:
    return NO_RUN if result.decided_by is Deciding.NO_RUNS else result.status.value


def _remark(counts: Counter[str]) -> Remark | None:
    judged = counts.total() - counts[NO_RUN]
    if not judged:
        return Remark.NEVER_HAD_A_RUN if counts.total() else None
    if counts[Status.PASS] == judged:
        return Remark.NEVER_FAILED
    return Remark.NEVER_PASSED if sum(counts[status] for status in _MISSED) == judged else None


def _rank(result: GateResult) -> int:
    return STATUSES_WORST_FIRST.index(result.status)


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """A unit that two gate files judge differently."""

    before: JudgedUnit
    after: JudgedUnit


def differences(before: Backtest, after: Backtest) -> tuple[ChangedVerdict, ...]:
    """Return the units of which the verdicts differ."""
    pairs = zip(before.units, after.units, strict=True)
    return tuple(ChangedVerdict(one, other) for one, other in pairs if one.status is not other.status)


@dataclass(frozen=True, slots=True)
class MergedUnits:
    """Which of the stopped units are in the history of the branch `ref` all the same, as git knows it.

    `reverted` are those of the `merged` that a later commit reverts. This checkout does not know those in `unknown`.
    """

    ref: str
    merged: frozenset[str]
    reverted: frozenset[str]
    unknown: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestReport:
    """A backtest and what it is about: all that a report needs.

    `field` is the one of which each value is a unit, with `of_commits` a commit; `runs` is how many were read.
    `against` is the same for another gate file. `older` units were left out, `unfit` values are none that the field's
    variable can have. `changed` runs were changed after their end. `at_most` is the share of units that may be stopped.
    `merged` is None where git was not asked.
    """

    project: str
    gate_file: str
    field: str
    runs: int
    found: Backtest
    against_file: str = ""
    against: Backtest | None = None
    older: int = 0
    unfit: int = 0
    changed: int = 0
    at_most: float | None = None
    merged: MergedUnits | None = None
    of_commits: bool = False

    @property
    def is_exceeded(self) -> bool:
        """Whether more units would have been stopped than `at_most` allows; with `against`, by that file."""
        judged = self.against or self.found
        return self.at_most is not None and len(judged.stopped) > self.at_most * len(judged.units)
