"""The content of a gate file as values: gates, baselines, waivers."""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from swanlab_ci.errors import Problem
from swanlab_ci.gate.spec.aggregates import Aggregate
from swanlab_ci.gate.spec.conditions import Condition, fields_in, subjects_in
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.paths import PathPattern
from swanlab_ci.gate.spec.readings import PointsReader
from swanlab_ci.gate.spec.report import ReportSpec
from swanlab_ci.gate.spec.source import MappingNode, Place
from swanlab_ci.model import OWN, Level, RunOrigin


@dataclass(frozen=True, slots=True)
class Clause:
    """One field and its condition; `field` and `written` are spelled as in the file."""

    field: str
    written: str
    condition: Condition
    place: Place = dataclasses.field(compare=False)

    @property
    def in_list_answer(self) -> bool:
        """Whether SwanLab's list of experiments has everything that this clause reads."""
        return all(field.in_list_answer for field in fields_in(self.condition))

    @property
    def across(self) -> bool:
        """Whether it is about all runs together."""
        return any(isinstance(subject, Aggregate) for subject in subjects_in(self.condition))


@dataclass(frozen=True, slots=True)
class Take:
    """Of the selected runs the `best` few by the number in a field."""

    best: int
    by: Field
    higher_is_better: bool
    place: Place = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which runs: those for which every clause holds; then three ways to narrow them down.

    Of runs with equal values of all `latest_by` fields only the newest counts, so that a rerun replaces a crash. Then
    the `newest` few, or the best that `take` wants.
    """

    clauses: tuple[Clause, ...] = ()
    newest: int | None = None
    latest_by: tuple[Field, ...] = ()
    take: Take | None = None

    def fields(self) -> Iterator[Field]:
        """Yield every field that selecting reads."""
        for clause in self.clauses:
            yield from fields_in(clause.condition)
        yield from self.latest_by
        if self.take:
            yield self.take.by

    @property
    def stable_clauses(self) -> tuple[Clause, ...]:
        """The clauses on fields that no longer change once a run has started."""
        return tuple(
            clause for clause in self.clauses if not any(field.can_change for field in fields_in(clause.condition))
        )


@dataclass(frozen=True, slots=True)
class HowMany:
    """For how many of the selected runs the expectations must hold: between `least` and `most` of them.

    A bound is a number of runs or, as a `Fraction` of 1, a share of them. `keyword` is all, any, none, at_least or
    at_most, the last two with an `amount` as the gate file spells it.
    """

    keyword: str = "all"
    least: int | Fraction = Fraction(1)
    most: int | Fraction = Fraction(1)
    amount: str = ""

    @property
    def is_limit(self) -> bool:
        """Whether it says "at most"."""
        return self.least == 0

    def bounds(self, runs: int) -> tuple[int, int]:
        """Return the fewest and the most of `runs` that do; a share is rounded against the gate."""
        least = math.ceil(self.least * runs) if isinstance(self.least, Fraction) else self.least
        most = math.floor(self.most * runs) if isinstance(self.most, Fraction) else self.most
        return least, most


@dataclass(frozen=True, slots=True)
class Baseline:
    """A named set of runs to compare with: the first of `selections` that has at least `min_runs` runs."""

    name: str
    selections: tuple[Selection, ...]
    place: Place = dataclasses.field(compare=False)
    min_runs: int = 1
    origin: RunOrigin = OWN
    origin_place: Place | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Allowance:
    """A difference: `amount` as it is, or a share (0.01 is 1 %) of the baseline's absolute value."""

    amount: float
    is_share: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One field of the selected runs against a baseline; see docs/statistics.md for what the parts mean."""

    field: Field
    to: str
    higher_is_better: bool
    allowances: tuple[Allowance, ...]
    required: bool = False
    over_runs: str = "mean"
    pair_by: Field | None = None
    noise: float = 2.0
    if_within_noise: str = "warn"
    on_missing: str = "error"
    outliers: str = "fail"
    unpaired: str = "fail"
    same: tuple[Field, ...] = ()
    to_place: Place = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Fields, with or without a star, that must be equal in each run and in every run of the baseline `to`."""

    to: str
    fields: tuple[Field, ...]
    exempt: tuple[Field, ...] = ()
    place: Place = dataclasses.field(compare=False, kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate; `selection` already holds the file's own `runs`, unless the gate says `scope: project`."""

    id: str
    name: str
    place: Place = dataclasses.field(compare=False)
    why: str = ""
    level: Level = Level.FAIL
    selection: Selection = Selection()
    whole_project: bool = False
    for_each: Field | None = None
    expect: tuple[Clause, ...] = ()
    aggregates: tuple[Clause, ...] = ()
    how_many: HowMany = HowMany()
    compare: tuple[Comparison, ...] = ()
    unchanged: Unchanged | None = None
    if_no_runs: str = "fail"
    origin: RunOrigin = OWN
    origin_place: Place | None = dataclasses.field(default=None, compare=False)

    def baselines(self) -> Iterator[str]:
        """Yield the name of every baseline that this gate compares with."""
        yield from (comparison.to for comparison in self.compare)
        if self.unchanged:
            yield self.unchanged.to

    def fields(self) -> Iterator[Field]:
        """Yield every field that judging this gate reads."""
        yield from self.selection.fields()
        for clause in (*self.expect, *self.aggregates):
            yield from fields_in(clause.condition)
        yield from self.compared_fields()

    def compared_fields(self) -> Iterator[Field]:
        """Yield every field that is read of the runs of a baseline, too."""
        for comparison in self.compare:
            yield comparison.field
            yield from comparison.same
            if comparison.pair_by:
                yield comparison.pair_by
        if self.unchanged:
            yield from self.unchanged.fields
        if self.for_each:
            yield self.for_each


@dataclass(frozen=True, slots=True)
class Waiver:
    """Permission to miss `gate` until the end of the day `until` (UTC), for the runs that `clauses` select."""

    gate: str
    reason: str
    until: date
    clauses: tuple[Clause, ...]
    place: Place = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Home:
    """What a check calls its own: the `project`, of which it reads a folder if it is `local`."""

    project: str = ""
    local: bool = False

    def seen(self, origin: RunOrigin) -> RunOrigin:
        """Return `origin` without what is the check's own anyway."""
        return RunOrigin("" if origin.project == self.project else origin.project, origin.server and self.local)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFile:
    """A gate file that was read.

    `documents` are its trees, the file itself last, from which `bind` reads it again. A change of files that all fit a
    pattern of `no_training_needed` needs no runs.
    """

    name: str
    project: str | None = None
    gates: tuple[Gate, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    curves: Mapping[str, PointsReader | None] = dataclasses.field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    report: ReportSpec = dataclasses.field(default_factory=ReportSpec)
    no_training_needed: tuple[PathPattern, ...] = ()
    warnings: tuple[Problem, ...] = ()
    variables: frozenset[str] = frozenset()
    bound: bool = False
    home: Home = Home()
    documents: tuple[MappingNode, ...] = dataclasses.field(default=(), repr=False, compare=False)

    def fields(self, gate: Gate) -> Iterator[Field]:
        """Yield every field that judging `gate` reads, its waivers included."""
        yield from gate.fields()
        for waiver in self.waivers:
            if waiver.gate == gate.id:
                yield from Selection(waiver.clauses).fields()

    def at(self, home: Home) -> "GateFile":
        """Return the file as it is read in a check at `home`: no origin in it is the check's own by another name."""
        return replace(
            self,
            home=home,
            gates=tuple(replace(each, origin=home.seen(each.origin)) for each in self.gates),
            baselines=tuple(replace(each, origin=home.seen(each.origin)) for each in self.baselines),
        )

    def origins(self) -> dict[RunOrigin, Place | None]:
        """Return where the gates and the baselines that they use find their runs, and the place that first says so."""
        used = {name for gate in self.gates for name in gate.baselines()}
        readers: list[Gate | Baseline] = [*self.gates, *(each for each in self.baselines if each.name in used)]
        found: dict[RunOrigin, Place | None] = {}
        for each in readers:
            found.setdefault(each.origin, each.origin_place)
        return found

    def baseline(self, name: str) -> Baseline:
        """Return the baseline `name`; a file that loads refers only to baselines that it has."""
        return next(baseline for baseline in self.baselines if baseline.name == name)


def within(gate: Gate, clauses: tuple[Clause, ...], latest_by: tuple[Field, ...] = ()) -> Gate:
    """Narrow `gate` to the runs that the file's own `runs` and `latest_by` select, unless its scope is the project.

    A rerun replaces a run of its own group only, as a group must not disappear.
    """
    if gate.whole_project:
        clauses, latest_by = (), ()
    latest_by = gate.selection.latest_by or latest_by
    if latest_by and gate.for_each:
        latest_by = tuple(dict.fromkeys((*latest_by, gate.for_each)))
    clauses = in_order((*clauses, *gate.selection.clauses))
    return replace(gate, selection=replace(gate.selection, clauses=clauses, latest_by=latest_by))


def in_order(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Put clauses on fields of the list answer first, so that few runs need their profile for the others."""
    return tuple(sorted(clauses, key=lambda clause: not clause.in_list_answer))
