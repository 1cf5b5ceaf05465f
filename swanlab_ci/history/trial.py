"""Try a suggestion on the newest changes, which it has not seen: a backtest of the rule that it would be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from swanlab_ci.gate import GateFile, judge_selected
from swanlab_ci.gate.spec.conditions import FieldCondition
from swanlab_ci.gate.spec.gates import Allowance, Clause, Comparison, Gate, HowMany
from swanlab_ci.history.as_of import Past
from swanlab_ci.history.backtest import JudgedUnit
from swanlab_ci.history.bounded import Bounded
from swanlab_ci.history.bounds import Floor, Sample, floor, spread_within
from swanlab_ci.history.past_selector import Selecting
from swanlab_ci.history.rates import smallest_allowance
from swanlab_ci.history.units import Binding, Rules, Unit
from swanlab_ci.model import Level, Status

_SHARE = 0.3
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The newest `units`: how many of them a rule from the older ones stops, and of how many it warns."""

    units: int
    stopped: int
    warned: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """What a backtest judged: the gate file, its units, and all that was known at any time."""

    rules: GateFile
    units: Sequence[JudgedUnit]
    past: Past
    binding: Binding


@dataclass(frozen=True, slots=True)
class _Rule:
    """A suggestion from the older units, as a gate file would have it; `allowance` is in the metric's unit."""

    about: Bounded
    floor: Floor | None
    allowance: float | None


def held_out(about: Bounded, sample: Sample, alarms: float, history: History) -> HeldOut | None:
    """Make a rule from the older 70 % of the units, and try it on the others; None for fewer than 10 units."""
    count = round(len(sample.units) * _SHARE)
    if len(sample.units) < _FEWEST:
        return None
    older = sample.older(len(sample.units) - count)
    rule = _Rule(about, floor(older, alarms), _allowance(about, older, alarms))
    if rule.floor is None and rule.allowance is None:
        return None
    if not about.gate:
        newest = sample.units[-count:]
        bound = rule.floor.bound if rule.floor else 0.0
        return HeldOut(count, sum(any(sample.is_worse(value, bound) for value in unit) for unit in newest))
    names = frozenset(sample.names[-count:])
    rules = Rules(history.rules, history.binding)
    selecting = Selecting(history.past, history.binding.field, rules.fixed())
    said = [_status(rule, each.unit, rules, selecting) for each in history.units if str(each.unit.value) in names]
    return HeldOut(count, said.count(Status.FAIL), said.count(Status.WARN))


def _allowance(about: Bounded, older: Sample, alarms: float) -> float | None:
    spread = spread_within(older) if about.comparison and about.is_simulated else None
    if spread is None or not spread.deviation:
        return None
    smallest = smallest_allowance(older.runs_a_unit, about.baseline_runs, alarms)
    return None if smallest is None else smallest * spread.deviation


def _status(rule: _Rule, unit: Unit, rules: Rules, selecting: Selecting) -> Status:
    bound = rules.of(unit)
    gates = tuple(_trial(gate, rule) for gate in bound.gates if gate.id == rule.about.gate)
    return judge_selected(replace(bound, gates=gates, waivers=()), selecting.at(unit.end)).status


def _trial(gate: Gate, rule: _Rule) -> Gate:
    """Return the gate with nothing but the suggested rule, at the level that stops."""
    about = rule.about
    expect: tuple[Clause, ...] = ()
    if rule.floor:
        written = str(rule.floor.bound)
        condition = FieldCondition(about.field, "min" if about.higher_is_better else "max", rule.floor.bound, written)
        expect = (Clause(about.field.text, f"{about.field.text} {written}", condition, gate.place),)
    compare: tuple[Comparison, ...] = ()
    if rule.allowance is not None and about.comparison:
        amounts = (Allowance(rule.allowance, is_share=False),)
        compare = (replace(about.comparison, allowances=amounts, on_missing="skip", same=()),)
    changed = replace(gate, level=Level.FAIL, expect=expect, compare=compare, if_no_runs="skip")
    return replace(changed, aggregates=(), unchanged=None, how_many=HowMany())
