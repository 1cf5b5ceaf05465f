"""The facts that reports show beside a verdict: both sides in numbers, what changed, the runs, the curves; no words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from swanlab_ci.judgement import Check, ComparisonResult, Expectation, RunValue
from swanlab_ci.messages import Message
from swanlab_ci.model import Point, Run, RunRef, Status

Curves = Mapping[str, Mapping[str, Sequence[Point]]]
"""Points by the id of a run and the key of a metric."""


@dataclass(frozen=True, slots=True)
class Details:
    """What was fetched for the report alone, after the verdict.

    `runs` are runs that are more complete than those that were judged. `notes` say what could not be fetched.
    """

    runs: tuple[Run, ...] = ()
    curves: Mapping[str, Mapping[str, tuple[Point, ...]]] | None = None
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One field of several runs; the centre and standard deviation are None where there is none to compute.

    A comparison has its own centre; otherwise it is the mean of the numbers, or what an aggregate came to.
    """

    values: tuple[RunValue, ...]
    centre: float | None = None
    spread: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field of one gate, or of one group of a gate: a row of the table of all checks.

    `gate` is the gate's position in the verdict; `also` are the gates that miss the same value of the same field in the
    same runs. `function` is that of an aggregate, `unit` is `s` for a length of time, `better` is `higher`, `lower` or
    empty. `check` is the worst one (None: the gate had no runs), `bounds` are all that is required, and `missed`
    the runs that missed it. `factor` is how many times the baseline's setting it is, where that is 2 or 1/2 or beyond.
    """

    gate: int
    status: Status
    field: str = ""
    label: str = ""
    function: str = ""
    unit: str = ""
    better: str = ""
    baseline: str = ""
    check: Check | None = None
    comparison: ComparisonResult | None = None
    bounds: tuple[Expectation, ...] = ()
    new: Measured | None = None
    base: Measured | None = None
    missed: tuple[RunRef, ...] = ()
    factor: float | None = None
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A key whose values differ between the sides: each distinct value as a text, and how many runs have it.

    No value at all means that no run of that side has the key. `apart` says that the sides have no value in common.
    """

    key: str
    new: tuple[tuple[str, int], ...] = ()
    base: tuple[tuple[str, int], ...] = ()
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPart:
    """What changed in `config`, `requirements` or `git`; those that tell most come first."""

    name: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs between the runs `new` and `base`; `varying` are keys left out as they differ in every run."""

    new: tuple[RunRef, ...]
    base: tuple[RunRef, ...]
    parts: tuple[ChangedPart, ...] = ()
    varying: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Change, ...]:
        """Every change, those without a common value first."""
        found = [change for part in self.parts for change in part.changes]
        return tuple(sorted(found, key=lambda change: not change.apart))


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric of the report: the field as written, the metric's `key`, its name, and which way is better."""

    field: str
    key: str
    label: str
    better: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """One run of the report: how long it took (seconds), and its values by column and by metric's field.

    `missed` are the fields of which a check of this run did not hold. `project` is empty where it is the check's own.
    """

    run: RunRef
    duration: float | None = None
    columns: Mapping[str, str | float | bool | None]
    metrics: Mapping[str, float | None]
    missed: tuple[str, ...] = ()
    project: str = ""


@dataclass(frozen=True, slots=True)
class RunCurve:
    """The points of one metric of one run by step: sampled, and finite."""

    run: RunRef
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricCurves:
    """One metric of the runs of both sides that have points; not every new run is one of `Insight.compared`."""

    metric: Metric
    new: tuple[RunCurve, ...]
    base: tuple[RunCurve, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """All facts of a report.

    `compared` are the ids of the runs that are held against the `base_runs`: those of the first gate that compares,
    else all that were judged. `charts` are the metrics' keys to draw, the worst miss first. `time_left` is how many
    seconds the runs that are still going on will take, if they take as long as the baseline's.
    """

    baseline: str = ""
    rows: tuple[Row, ...] = ()
    metrics: tuple[Metric, ...] = ()
    columns: tuple[str, ...] = ()
    new_runs: tuple[RunFacts, ...] = ()
    base_runs: tuple[RunFacts, ...] = ()
    compared: tuple[str, ...] = ()
    changes: Changes | None = None
    curves: tuple[MetricCurves, ...] = ()
    charts: tuple[str, ...] = ()
    time_left: float | None = None
    notes: tuple[Message, ...] = ()
