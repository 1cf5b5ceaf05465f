"""The gate language: a gate file's text is read, bound to an event, and judges runs; pure, text in and values out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from swanlab_ci.errors import BadConfiguration, Problem
from swanlab_ci.gate.evaluation import Facts, judge_gate
from swanlab_ci.gate.extending import documents
from swanlab_ci.gate.grammar import Grammar
from swanlab_ci.gate.lint import warnings
from swanlab_ci.gate.rules import Gate, GateFile
from swanlab_ci.gate.schema import schema
from swanlab_ci.gate.selection import Selector
from swanlab_ci.gate.source import Table, Wrong, parse
from swanlab_ci.gate.syntax import read_file
from swanlab_ci.gate.variables import Value, Variables
from swanlab_ci.gate.verdict import verdict
from swanlab_ci.model import Level, Run, Verdict

__all__ = ["Gate", "GateFile", "Needs", "bind", "candidates", "judge", "load", "needs", "schema"]


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be fetched beyond the list of runs: their profile (git, metadata, …), and which metrics."""

    profile: bool
    metrics: frozenset[str]


def load(text: str, *, name: str, read: Callable[[str], str] | None = None) -> GateFile:
    """Read a gate file; `name` is what the user calls it, `read` fetches the text of a path that it extends.

    Raises `BadConfiguration` with every problem of the file at once.
    """
    try:
        trees = tuple(documents(parse(text, name), read))
    except Wrong as wrong:
        raise _bad(name, [wrong.problem]) from None
    return _read(trees, name, Variables())


def bind(gate_file: GateFile, variables: Mapping[str, Value], *, event: str) -> GateFile:
    """Put the values of `$name` in; None is "no value on this event", whose name is `event`.

    Raises `BadConfiguration` where the file uses a variable that has none.
    """
    return _read(gate_file.documents, gate_file.name, Variables(variables, event))


def needs(gate_file: GateFile) -> Needs:
    """Tell what judging takes beyond SwanLab's list of runs."""
    fields = [field for gate in gate_file.gates for field in gate.fields()]
    for baseline in gate_file.baselines:
        fields += baseline.selection.fields()
    metrics = frozenset[str]().union(*(field.metric_keys() for field in fields))
    return Needs(any(not field.in_list_answer and field.root != "metrics" for field in fields), metrics)


def candidates(gate_file: GateFile, runs: Iterable[Run], *, now: datetime) -> tuple[Run, ...]:
    """Return the runs that some gate or baseline may select and of which it needs more than the list tells.

    What was not fetched counts as "may be"; `judge` wants these runs complete, and all others as they are.
    """
    _must_be_bound(gate_file)
    selector = Selector(runs, now)
    wanted = {
        run.id
        for gate in gate_file.gates
        if any(not field.in_list_answer for field in gate.fields())
        for run in selector.candidates(gate.selection)
    }
    for gate in gate_file.gates:
        tested = None if gate.for_each else len(selector.candidates(gate.selection))
        for comparison in gate.compare:
            selection = gate_file.baseline(comparison.to).selection
            wanted.update(run.id for run in selector.candidates(selection, spare=tested))
    return tuple(run for run in selector.runs if run.id in wanted)


def judge(
    gate_file: GateFile,
    runs: Sequence[Run],
    *,
    now: datetime,
    strict: bool = False,
    level_cap: Level = Level.FAIL,
) -> Verdict:
    """Judge `runs`, complete where `candidates` asked for it, as they are at `now`.

    `strict`: a warning stops the merge, too. `level_cap` below `fail` is shadow mode: nothing stops it, and the verdict
    says what would have.
    """
    _must_be_bound(gate_file)
    facts = Facts(Selector(runs, now), gate_file, now)
    results = tuple(result for gate in gate_file.gates for result in judge_gate(gate, facts))
    return verdict(results, strict=strict, level_cap=level_cap)


def _must_be_bound(gate_file: GateFile) -> None:
    if gate_file.variables and not gate_file.bound:
        raise ValueError("the gate file uses variables; bind it first")


def _read(documents: tuple[Table, ...], name: str, variables: Variables) -> GateFile:
    grammar = Grammar(variables)
    gate_file = read_file(grammar, documents, name)
    if grammar.problems:
        raise _bad(name, grammar.problems)
    return replace(gate_file, warnings=tuple(warnings(gate_file)))


def _bad(name: str, problems: Iterable[Problem]) -> BadConfiguration:
    ordered = sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.column))
    count = f"{len(ordered)} problem{'s' * (len(ordered) != 1)}"
    return BadConfiguration(f"{name} has {count}.", "Correct the file; nothing was fetched.", ordered)
