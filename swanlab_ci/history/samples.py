"""The values of a metric or setting in the runs of each unit of a judged history."""

from collections.abc import Collection, Iterable, Sequence

from swanlab_ci.gate.evaluate.selection import Selector
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.gate.spec.gates import Selection
from swanlab_ci.gate.spec.values import is_finite, number_in
from swanlab_ci.history.backtest import JudgedUnit
from swanlab_ci.history.bounded import Bounded
from swanlab_ci.history.bounds import FEWEST_RUNS, Sample
from swanlab_ci.history.suggest import Setting
from swanlab_ci.history.trial import History
from swanlab_ci.history.units import Rules, Unit
from swanlab_ci.model import Run

QUESTIONS = "config.eval_n"
"""The setting that says with how many questions a share is measured."""


def sample_of(about: Bounded, units: Iterable[JudgedUnit], among: Collection[str] | None = None) -> Sample:
    """Return the finite values of the finished runs of each unit; with a gate, of those that it selected.

    `among` are the ids of the only runs that count; None: all do.
    """
    found = [(str(each.unit.value), values) for each in units if (values := _values(about, each, among))]
    return Sample(tuple(values for _, values in found), about.higher_is_better, tuple(name for name, _ in found))


def _values(about: Bounded, each: JudgedUnit, among: Collection[str] | None) -> tuple[float, ...]:
    if each.verdict is None or each.unit.is_open:
        return ()
    selected = {run.id for result in each.verdict.gates if result.id == about.gate for run in result.runs_selected}
    numbers = (
        _number(about.field, run, each.unit)
        for run in each.unit.runs
        if run.state == "FINISHED" and (not about.gate or run.id in selected) and (among is None or run.id in among)
    )
    return tuple(number for number in numbers if number is not None)


def _number(field: Field, run: Run, unit: Unit) -> float | None:
    reading = field.read(run, unit.end)
    number = None if reading.gap else number_in(reading.value)
    return float(number) if number is not None and is_finite(number) else None


def questions_of(units: Sequence[JudgedUnit]) -> int | None:
    """Return the number of questions that a run of the newest unit with `config.eval_n` names; None without any."""
    field = parse_path(QUESTIONS)
    for each in reversed(units):
        for run in each.unit.runs:
            number = _number(field, run, each.unit) if field else None
            if number is not None and number >= 1:
                return int(number)
    return None


def setting_of(about: Bounded, units: Iterable[JudgedUnit], among: Collection[str] | None = None) -> Setting | None:
    """Return the range of a setting in the past; None for fewer than 8 runs."""
    sample = sample_of(about, units, among)
    values = sample.values
    if len(values) < FEWEST_RUNS:
        return None
    return Setting(about, len(sample.units), len(values), min(values), max(values))


def runs_of_baseline(name: str, history: History) -> frozenset[str]:
    """Return the ids of the runs in all units that the baseline `name` may select, however many it takes at a time."""
    found: set[str] = set()
    rules = Rules(history.rules, history.binding)
    for each in history.units:
        selector = Selector(each.unit.runs, each.unit.end)
        for selection in rules.of(each.unit).baseline(name).selections:
            found.update(run.id for run in selector.select(Selection(selection.clauses)).runs)
    return frozenset(found)
