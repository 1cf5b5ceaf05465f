"""What to fetch: which runs SwanLab's own filters can leave out, and of which runs all points of a metric are read.

Push-down keeps every run that a gate selects. Only the equality of texts is used: SwanLab compares numbers exactly, a
gate to 9 digits; how its patterns treat case and signs is not documented, and its dates are in another time zone. Every
run that is fetched is judged again.

Runs are fetched project by project, so each function asks what is needed at one `origin`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from swanlab_ci.gate.evaluate.selection import Selector
from swanlab_ci.gate.spec.conditions import AllOf, Condition, FieldCondition
from swanlab_ci.gate.spec.fields import FIELDS, Field
from swanlab_ci.gate.spec.gates import Baseline, Clause, Gate, GateFile, Selection
from swanlab_ci.gate.spec.readings import leading_keys
from swanlab_ci.gate.spec.values import Literal
from swanlab_ci.model import OWN, Run, RunOrigin

_MOST_COPIES = 20
_ONE_OF = frozenset({"bare", "is", "in"})
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps the runs whose value is one of `values`, or a list with one of them; SwanLab always keeps pinned runs.

    `key` names a field of the run itself where `type` is STABLE, and an entry of its config where it is CONFIG.
    """

    type: str
    key: str
    values: tuple[str, ...]

    @property
    def field(self) -> str:
        """The field of the gate language that it filters by, such as `group`, which SwanLab calls `cluster`."""
        if self.type == "CONFIG":
            return f"config.{self.key}"
        return next((root for root, spec in FIELDS.items() if spec.filter == self.key), self.key)


def must_be_bound(gate_file: GateFile) -> None:
    """Raise `ValueError` for a gate file whose variables have no values yet."""
    if gate_file.variables and not gate_file.bound:
        raise ValueError("the gate file uses variables; bind it first")


def pushed_down(gate_file: GateFile, origin: RunOrigin = OWN) -> tuple[tuple[Filter, ...], ...]:
    """Return what to request: each item is filters joined by "and"; every run that may be selected passes some item.

    Empty where a gate, or a baseline in use, has no condition that SwanLab can filter by.
    """
    of_gates = [frozenset(_filters(gate.selection)) for gate in gate_file.gates if gate.origin == origin]
    common = [of_gates[0].intersection(*of_gates[1:])] if of_gates else []
    asked = dict.fromkeys([*common, *(frozenset(_filters(each)) for each in _baselines(gate_file, origin))])
    if not all(any(each.key != "state" for each in filters) for filters in asked):
        return ()
    return tuple(tuple(sorted(filters, key=lambda each: (each.type, each.key, each.values))) for filters in asked)


def slow_clause(gate_file: GateFile, origin: RunOrigin = OWN) -> tuple[Clause, str] | None:
    """Return the first clause for which each run of the project is read by itself, and its baseline or the empty text.

    None where SwanLab's filters leave few runs for every clause that its list does not have.
    """
    own = [("", gate.selection) for gate in gate_file.gates if gate.origin == origin]
    for gate in gate_file.gates:
        own += [(each.name, part) for each in _baselines_of(gate_file, gate, origin) for part in each.selections]
    for baseline, selection in own:
        slow = next((clause for clause in selection.clauses if not clause.in_list_answer), None)
        if slow and not any(each.key != "state" for each in _filters(selection)):
            return slow, baseline
    return None


def all_find_runs(gate_file: GateFile, runs: Iterable[Run], *, now: datetime, origin: RunOrigin = OWN) -> bool:
    """Tell whether every gate, and every baseline in use, may select some of `runs`."""
    selector = Selector(runs, now)
    return all(selector.candidates(selection) for selection in _selections(gate_file, origin))


def leaves_out_runs(fetched_for: GateFile, gate_file: GateFile, origin: RunOrigin = OWN) -> tuple[Filter, ...]:
    """Return the filters by which a check by `fetched_for` may have left out a run that `gate_file` selects.

    Nothing where it read the whole list, or where every run that `gate_file` may select passes its filters, too.
    """
    asked, wanted = pushed_down(fetched_for, origin), pushed_down(gate_file, origin)
    if not asked or (wanted and all(any(_implies(one, other) for other in asked) for one in wanted)):
        return ()
    return tuple(dict.fromkeys(each for filters in asked for each in filters))


def _implies(narrow: Iterable[Filter], wide: Iterable[Filter]) -> bool:
    """Tell whether every run that passes `narrow` passes `wide`."""
    return all(
        any((one.type, one.key) == (other.type, other.key) and {*one.values} <= {*other.values} for one in narrow)
        for other in wide
    )


def all_fields(gate_file: GateFile, origin: RunOrigin | None = None) -> Iterator[Field]:
    """Yield every field that judging by `gate_file` reads, of the runs at `origin` or of all."""
    for gate in gate_file.gates:
        if origin in {None, gate.origin}:
            yield from gate_file.fields(gate)
        elif list(_baselines_of(gate_file, gate, origin)):
            yield from gate.compared_fields()
    for baseline in gate_file.baselines:
        for selection in baseline.selections if origin in {None, baseline.origin} else ():
            yield from selection.fields()


def points_needed(
    gate_file: GateFile, runs: Iterable[Run], *, now: datetime, origin: RunOrigin = OWN
) -> dict[str, tuple[str, ...]]:
    """Return the metrics of which a gate may read all points, by the id of the run; `runs` have all else that it needs.

    What has not been fetched counts as "may be".
    """
    selector = Selector(runs, now)
    found: dict[str, set[str]] = {}

    def add(chosen: Iterable[Run], fields: Iterable[Field]) -> None:
        keys = {field.curve.of for field in fields if field.curve}
        for run in chosen if keys else ():
            found.setdefault(run.id, set()).update(keys)

    for gate in gate_file.gates:
        tested = _may_be_judged(selector, gate.selection, spare=0) if gate.origin == origin else ()
        add(tested, gate_file.fields(gate))
        spare = _spare(gate, origin, len(tested))
        for baseline in _baselines_of(gate_file, gate, origin):
            for selection in baseline.selections:
                add(_may_be_judged(selector, selection, spare=spare), [*gate.compared_fields(), *selection.fields()])
    return {run_id: tuple(sorted(keys)) for run_id, keys in found.items()}


def _spare(gate: Gate, origin: RunOrigin, tested: int) -> int | None:
    """Return how many runs at `origin` a baseline may lose because they are under test; None: any number.

    Of the runs of a folder, copies may be on the server: how many is not known here, so some are allowed for.
    """
    if gate.for_each:
        return None
    return _MOST_COPIES if gate.origin != origin and gate.origin.project == origin.project else tested


def _may_be_judged(selector: Selector, selection: Selection, *, spare: int | None) -> Sequence[Run]:
    """Return the runs that the selection may come to, though `spare` of them (None: any number) do not count.

    Unlike `Selector.candidates` it leaves out what `take` and `latest_by` leave out, where these are known: of a sweep
    of thousands the points of the best three are read.
    """
    if spare is None or (spare and selection.latest_by):
        return selector.candidates(selection, spare=spare)
    newest, take = selection.newest, selection.take
    widened = replace(
        selection,
        newest=newest and newest + spare,
        take=take and replace(take, best=take.best + spare),
    )
    selected = selector.select(widened)
    if selected.doubts or (take and take.by.curve):
        return selector.candidates(selection, spare=spare)
    return [*selected.runs, *selected.awaited]


def config_keys(gate_file: GateFile, origin: RunOrigin = OWN) -> tuple[str, ...]:
    """Return the keys at the top of a run's config that some selection reads: of a run that none selects, no others."""
    fields = (field for selection in _selections(gate_file, origin) for field in selection.fields())
    keys = {key for field in fields if field.root == "config" for key in leading_keys(field.path)}
    return tuple(sorted(keys))


def selectable(gate_file: GateFile, runs: Iterable[Run], *, now: datetime, origin: RunOrigin = OWN) -> frozenset[str]:
    """Return the ids of the runs that a gate, or a baseline in use, may select, however many it takes of them."""
    selector = Selector(runs, now)
    return frozenset(
        run.id for selection in _selections(gate_file, origin) for run in selector.candidates(selection, spare=None)
    )


def candidates(gate_file: GateFile, runs: Iterable[Run], *, now: datetime, origin: RunOrigin = OWN) -> tuple[Run, ...]:
    """Return the runs that some gate or baseline may select and of which it needs more than the list contains.

    What was not fetched counts as "may be"; to be judged, these runs must be complete, and all others as they are.
    """
    must_be_bound(gate_file)
    selector = Selector(runs, now)
    own = [gate for gate in gate_file.gates if gate.origin == origin]
    wanted = {
        run.id
        for gate in own
        if any(not field.in_list_answer for field in gate_file.fields(gate))
        for run in selector.candidates(gate.selection)
    }
    for gate in gate_file.gates:
        tested = len(selector.candidates(gate.selection)) if gate.origin == origin else 0
        for baseline in _baselines_of(gate_file, gate, origin):
            for selection in baseline.selections:
                spare = _spare(gate, origin, tested)
                wanted.update(run.id for run in selector.candidates(selection, spare=spare))
    return tuple(run for run in selector.runs if run.id in wanted)


def _selections(gate_file: GateFile, origin: RunOrigin) -> list[Selection]:
    own = (gate.selection for gate in gate_file.gates if gate.origin == origin)
    return [*own, *_baselines(gate_file, origin)]


def _baselines(gate_file: GateFile, origin: RunOrigin) -> Iterator[Selection]:
    for gate in gate_file.gates:
        for baseline in _baselines_of(gate_file, gate, origin):
            yield from baseline.selections


def _baselines_of(gate_file: GateFile, gate: Gate, origin: RunOrigin | None) -> Iterator[Baseline]:
    """Yield the baselines at `origin` that the gate compares with."""
    for name in gate.baselines():
        baseline = gate_file.baseline(name)
        if baseline.origin == origin:
            yield baseline


def _filters(selection: Selection) -> Iterator[Filter]:
    clauses = selection.stable_clauses if selection.latest_by else selection.clauses
    for clause in clauses:  # a run that its state leaves out may replace an older one
        for test in _tests(clause.condition):
            yield from _of(test)


def _tests(condition: Condition) -> Iterator[FieldCondition]:
    """Yield the single conditions that must all hold."""
    if isinstance(condition, FieldCondition):
        yield condition
    elif isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _tests(part)


def _of(test: FieldCondition) -> Iterator[Filter]:
    field = test.subject
    if not isinstance(field, Field):
        return
    if field.spec.filter and test.operator == "has":
        for literal in test.operand:
            yield from _kept("STABLE", field.spec.filter, (literal,))
    elif field.spec.filter and test.operator in _ONE_OF:
        yield from _kept("STABLE", field.spec.filter, test.operand)
    elif field.root == "config" and len(field.path) == 1 and _is_sure(test):
        yield from _kept("CONFIG", field.path[0].text, test.operand)


def _is_sure(test: FieldCondition) -> bool:
    """Tell whether the config value must be a text: how SwanLab filters by a list is not documented.

    A bare value also holds for a list with that value; a whole commit is taken for a text.
    """
    if test.operator == "bare":
        return all(_COMMIT.fullmatch(literal.raw) for literal in test.operand)
    return test.operator in _ONE_OF


def _kept(kind: str, key: str, wanted: tuple[Literal, ...]) -> Iterator[Filter]:
    values = tuple(literal.value for literal in wanted if isinstance(literal.value, str) and literal.value.strip())
    if len(values) == len(wanted) and (kind == "STABLE" or "." not in key):
        yield Filter(kind, key, values)
