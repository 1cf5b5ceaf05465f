"""Suggestions: for each metric that a gate file bounds or compares, what its past supports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from swanlab_ci.gate.spec.gates import Comparison
from swanlab_ci.history.bounded import Bounded
from swanlab_ci.history.bounds import FEWEST_RUNS, Floor, Sample, Spread, floor, spread_within
from swanlab_ci.history.intervals import Interval, wilson
from swanlab_ci.history.means import Rates
from swanlab_ci.history.rates import rates, seen_drop, smallest_allowance
from swanlab_ci.history.trial import HeldOut

_SEEN_WITH = (1, 3, 5, 10)
LARGER_BASELINE = 10
_MOST_RUNS = 100  # what can be simulated


@dataclass(frozen=True, slots=True)
class Existing:
    """A bound of the gate file: how many of the past runs it would have stopped, and the interval of that share."""

    bound: float
    missed: int
    runs: int
    share: Interval


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an allowance does to unchanged changes: `new` runs against `base`, in the metric's unit."""

    amount: float
    new: int
    base: int
    unchanged: Rates


@dataclass(frozen=True, slots=True)
class Seen:
    """The smallest drop that fails 8 times in 10 with `runs` runs of the change; None where none does."""

    runs: int
    drop: float | None


@dataclass(frozen=True, slots=True)
class Power:
    """What the rule of a comparison does to unchanged changes, and which drops it sees.

    `allowance` is that of the gate file, `suggested` the smallest one with few enough false alarms. `larger_baseline`
    is what is seen with ten baseline runs, where the file's `newest` is smaller.
    """

    allowance: Allowed | None = None
    suggested: Allowed | None = None
    seen: tuple[Seen, ...] = ()
    larger_baseline: Seen | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """The noise of a share that was measured with `questions` questions, as a standard error; seeds do not show it."""

    questions: int
    noise: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the past of one metric supports; each part is None where it does not support it."""

    about: Bounded
    sample: Sample
    existing: Existing | None
    floor: Floor | None
    spread: Spread | None
    power: Power
    sampling: Sampling | None
    held_out: HeldOut | None = None


def suggest(about: Bounded, sample: Sample, alarms: float, questions: int | None = None) -> Suggestion | None:
    """Say what the past of one metric supports; None where it has no value at all, or such that no float holds more.

    `questions` is with how many questions the metric is measured, if it is a share of these.
    """
    try:
        return _suggested(about, sample, alarms, questions) if sample.units else None
    except OverflowError:
        return None


def _suggested(about: Bounded, sample: Sample, alarms: float, questions: int | None) -> Suggestion:
    spread = spread_within(sample)
    missed, runs = (sample.missing(about.bound) if about.bound is not None else 0), len(sample.values)
    return Suggestion(
        about=about,
        sample=sample,
        existing=None if about.bound is None else Existing(about.bound, missed, runs, wilson(missed, runs)),
        floor=floor(sample, alarms),
        spread=spread,
        power=_power(about, sample, spread, alarms),
        sampling=_sampling(sample, questions) if questions else None,
    )


def _power(about: Bounded, sample: Sample, spread: Spread | None, alarms: float) -> Power:
    new, base = sample.runs_a_unit, about.baseline_runs
    asked = (about.comparison is not None or not about.gate) and about.is_simulated
    if not asked or spread is None or not spread.deviation or base < 2 or max(new, base) > _MOST_RUNS:  # noqa: PLR2004 - one baseline run has no noise
        return Power()
    one = spread.deviation
    allowed = _allowed(about.comparison, sample.mean) if about.comparison else None
    smallest = smallest_allowance(new, base, alarms)
    counts = _round((allowed if allowed is not None else (smallest or 0) * one) / one)
    few = about.newest is not None and about.newest < LARGER_BASELINE
    return Power(
        allowance=None if allowed is None else Allowed(allowed, new, base, rates(new, base, counts)),
        suggested=None if smallest is None else Allowed(smallest * one, new, base, rates(new, base, smallest)),
        seen=tuple(_seen(runs, base, counts, one) for runs in _SEEN_WITH),
        larger_baseline=_seen(new, LARGER_BASELINE, counts, one) if few else None,
    )


def _sampling(sample: Sample, questions: int) -> Sampling | None:
    """Return the noise of a share of right answers; None for a loss, which may lie between 0 and 1 as well."""
    if not sample.higher_is_better or not all(0 <= value <= 1 for value in sample.values) or not 0 < sample.mean < 1:
        return None
    return Sampling(questions, (sample.mean * (1 - sample.mean) / questions) ** 0.5)


def _seen(runs: int, base: int, allowed: float, one: float) -> Seen:
    drop = seen_drop(runs, base, allowed)
    return Seen(runs, None if drop is None else drop * one)


def _round(allowed: float) -> float:
    """Round an allowance in standard deviations, so that what was simulated once is not simulated again."""
    return round(allowed, 3)


def _allowed(comparison: Comparison, mean: float) -> float:
    return max(each.amount * abs(mean) if each.is_share else each.amount for each in comparison.allowances)


@dataclass(frozen=True, slots=True)
class Setting:
    """The values of a setting that a gate bounds: from `lowest` to `highest` in `runs` runs of `units` units."""

    about: Bounded
    units: int
    runs: int
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Together:
    """How many of the `units` miss one of several `bounds`, if each is suggested from all other units."""

    bounds: int
    stopped: int
    units: int
    share: Interval


def together(suggestions: Sequence[Suggestion], alarms: float) -> Together | None:
    """Count the false alarms of all bounds together, as history shows them; None for fewer than two bounds.

    Metrics of one run are alike, so their rates cannot simply be added.
    """
    bounded = [each for each in suggestions if each.floor]
    stopped: set[str] = set()
    for each in bounded:
        for number in _suspects(each.sample, alarms):
            unit = each.sample.units[number]
            others = floor(each.sample.without(number), alarms)
            if others and any(each.sample.is_worse(value, others.bound) for value in unit):
                stopped.add(each.sample.names[number])
    if len(bounded) < 2:  # noqa: PLR2004 - a joint rate is that of two or more
        return None
    units = len({name for each in bounded for name in each.sample.names})
    return Together(len(bounded), len(stopped), units, wilson(len(stopped), units))


def _suspects(sample: Sample, alarms: float) -> Sequence[int]:
    """Return the units that can miss the bound of all others: where this is their worst run, those with the worst."""
    k, fewest = sample.runs_a_unit + 1, len(sample.values) - max(map(len, sample.units))
    if fewest < FEWEST_RUNS or k / (fewest + k) > alarms:
        return range(len(sample.units))
    worst = min(sample.values) if sample.higher_is_better else max(sample.values)
    return [number for number, unit in enumerate(sample.units) if worst in unit]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestReport:
    """The suggestions for a gate file, and what they rest on; `without_history` are metrics of which there is none.

    `baseline` names the baseline of which runs alone count, if one was asked for. `first` and `last` are the days on
    which a unit ended. Of the `runs` that were read, `changed` were changed after their end.
    """

    project: str
    gate_file: str
    field: str
    units: int
    runs: int
    first: date
    last: date
    alarms: float
    suggestions: Sequence[Suggestion]
    without_history: Sequence[Bounded]
    settings: Sequence[Setting] = ()
    together: Together | None = None
    baseline: str = ""
    changed: int = 0
