"""The gate language: read a gate file, bind it to an event and judge runs by it; no input or output."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from swanlab_ci.errors import ConfigurationError, Problem
from swanlab_ci.gate.evaluate.explain import run_path
from swanlab_ci.gate.evaluate.gates import judge_gate
from swanlab_ci.gate.evaluate.selection import GateInput, Selector
from swanlab_ci.gate.evaluate.verdict import verdict
from swanlab_ci.gate.fetch_plan import (
    all_fields,
    all_find_runs,
    candidates,
    config_keys,
    leaves_out_runs,
    must_be_bound,
    points_needed,
    pushed_down,
    selectable,
    slow_clause,
)
from swanlab_ci.gate.parse.conditions import Grammar, Memory
from swanlab_ci.gate.parse.extends import documents
from swanlab_ci.gate.parse.gate_file import read_file
from swanlab_ci.gate.parse.lint import warnings
from swanlab_ci.gate.parse.suggestions import did_you_mean
from swanlab_ci.gate.parse.variables import SAMPLES, Value, Variables
from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Gate, GateFile, Home
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode
from swanlab_ci.gate.spec.wildcards import is_pattern
from swanlab_ci.judgement import GateResult, RunPath, Verdict
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import OWN, Level, Run, RunOrigin

if TYPE_CHECKING:
    from swanlab_ci.gate.testing.cases import Trial

__all__ = [
    "SAMPLES",
    "Gate",
    "GateFile",
    "Home",
    "Memory",
    "Needs",
    "all_fields",
    "all_find_runs",
    "bind",
    "candidates",
    "config_keys",
    "judge",
    "judge_selected",
    "lacking",
    "leaves_out_runs",
    "load",
    "named",
    "needs",
    "no_such_run",
    "points_needed",
    "pushed_down",
    "results_of",
    "run_paths",
    "schema",
    "selectable",
    "slow_clause",
    "try_out",
    "unfetched",
]

_NAMES_SHOWN = 3  # of a project's runs


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be fetched beyond the list of runs: their profile (git, metadata, …), and which metrics.

    `last_only` says that of the metrics nothing but the last value is read; `all_metrics`, that a star may stand for
    any metric. `points` are the metrics of which a curve reads all points.
    """

    profile: bool
    metrics: frozenset[str]
    last_only: bool = True
    all_metrics: bool = False
    points: frozenset[str] = frozenset()

    def __or__(self, other: "Needs") -> "Needs":
        """Return what both need together."""
        return Needs(
            profile=self.profile or other.profile,
            metrics=self.metrics | other.metrics,
            last_only=self.last_only and other.last_only,
            all_metrics=self.all_metrics or other.all_metrics,
            points=self.points | other.points,
        )


def load(text: str, *, name: str, read: Callable[[str], str] | None = None) -> GateFile:
    """Read a gate file; `name` is what the user calls it, `read` fetches the text of a path that it extends.

    Raises `ConfigurationError` with every problem of the file at once.
    """
    try:
        trees = tuple(documents(parse(text, name), read))
    except GateSyntaxError as wrong:
        raise _bad(name, [wrong.problem]) from None
    return _read(Grammar(Variables()), trees, name)


def bind(gate_file: GateFile, variables: Mapping[str, Value], *, event: str, memory: Memory | None = None) -> GateFile:
    """Put the values of `$name` in; None is "no value on this event".

    `event` is the event's name, empty on the command line. A `memory` is for who binds a file to one value after the
    other: what names no variable is read once, and the file's warnings are left out.

    Raises `ConfigurationError` where the file uses a variable that has none.
    """
    grammar = Grammar(Variables(variables, event), memory)
    bound = _read(grammar, gate_file.documents, gate_file.name, warn=memory is None)
    home = gate_file.home
    return bound.at(home if home.project else replace(home, project=gate_file.project or ""))


def needs(gate_file: GateFile, origin: RunOrigin | None = None) -> Needs:
    """Tell what judging takes beyond SwanLab's list of runs: of those at `origin`, or of all."""
    fields = tuple(all_fields(gate_file, origin))
    metrics = [field for field in fields if field.root == "metrics"]
    readings = {reading for field in metrics if not is_pattern(field) for reading in field.metric_readings()}
    return Needs(
        profile=any(not field.in_list_answer and field.root not in {"metrics", "curve"} for field in fields),
        metrics=frozenset(key for key, _ in readings),
        last_only=all(name == "last" for _, name in readings),
        all_metrics=any(map(is_pattern, metrics)),
        points=frozenset(field.curve.of for field in fields if field.curve),
    )


def lacking(gate_file: GateFile, fetched_for: GateFile, origin: RunOrigin = OWN) -> tuple[str, ...]:
    """Return the fields of `gate_file` that a check by `fetched_for` fetched of no run, each spelled as there.

    What it fetched of some runs only is `None` in the others, and an error when they are judged.
    """
    return unfetched(all_fields(gate_file, origin), needs(fetched_for, origin))


def unfetched(fields: Iterable[Field], had: Needs) -> tuple[str, ...]:
    """Return those of the fields that are not among what was fetched (`had`), each spelled as in a gate file."""
    return tuple(dict.fromkeys(field.text for field in fields if not _fetched(field, had)))


def _fetched(field: Field, had: Needs) -> bool:
    if field.curve:
        return field.curve.of in had.points
    if field.root != "metrics":
        return field.in_list_answer or had.profile
    if is_pattern(field):
        return had.all_metrics
    readings = tuple(field.metric_readings())
    known = had.all_metrics or had.metrics.issuperset(key for key, _ in readings)
    return known and (not had.last_only or all(name == "last" for _, name in readings))


def judge(
    gate_file: GateFile,
    runs: Sequence[Run],
    *,
    now: datetime,
    strict: bool = False,
    level_cap: Level = Level.FAIL,
    unread: Mapping[RunOrigin, Message] = MappingProxyType({}),
) -> Verdict:
    """Judge `runs`, complete where `candidates` asked for it, as they are at `now`.

    Of the origins `unread` it is not known which runs there are, for this reason: what reads them is an error.

    `strict`: a warning stops the merge, too. `level_cap` below `fail` is shadow mode: nothing stops it, and the verdict
    says what would have.
    """
    return _judged(GateInput.of(gate_file, runs, now, unread), strict=strict, level_cap=level_cap)


def judge_selected(
    gate_file: GateFile, selector: Selector, *, strict: bool = False, level_cap: Level = Level.FAIL
) -> Verdict:
    """Judge the runs of a selector as `judge` does, by a gate file that reads no other project."""
    return _judged(
        GateInput({OWN: selector}, gate_file, selector.now, {}),
        strict=strict,
        level_cap=level_cap,
    )


def _judged(given: GateInput, *, strict: bool, level_cap: Level) -> Verdict:
    gate_file = given.gate_file
    must_be_bound(gate_file)
    results = tuple(result for gate in gate_file.gates for result in judge_gate(gate, given))
    return verdict(results, strict=strict, level_cap=level_cap)


def named(gate_file: GateFile, gate_id: str) -> Gate:
    """Return the gate with this id; raises `ConfigurationError` where there is none."""
    gates = {gate.id: gate for gate in gate_file.gates}
    if gate_id not in gates:
        names = {gate.name: gate.id for gate in gate_file.gates}
        hint = did_you_mean(gate_id, gates, names)
        known = None if hint else tuple(map(Name, gates))
        raise ConfigurationError(
            Message("gate-file.no-such-gate", file=gate_file.name, gate=gate_id, hint=hint, known=known)
        )
    return gates[gate_id]


def results_of(
    gate_file: GateFile,
    gate_id: str,
    runs: Sequence[Run],
    *,
    now: datetime,
    unread: Mapping[RunOrigin, Message] = MappingProxyType({}),
) -> tuple[GateResult, ...]:
    """Judge `runs` by one gate; raises `ConfigurationError` where there is none with this id."""
    must_be_bound(gate_file)
    return tuple(judge_gate(named(gate_file, gate_id), GateInput.of(gate_file, runs, now, unread)))


def run_paths(
    gate_file: GateFile,
    gate_id: str,
    runs: Sequence[Run],
    *,
    now: datetime,
    run: str,
    unread: Mapping[RunOrigin, Message] = MappingProxyType({}),
) -> tuple[RunPath, ...]:
    """Return the way of every run with the id or name `run` through a gate.

    Raises `ConfigurationError` for a gate or a run that is not there.
    """
    must_be_bound(gate_file)
    gate = named(gate_file, gate_id)
    given = GateInput.of(gate_file, runs, now, unread)
    found = [each for each in given.selector(gate.origin).runs if run in {each.id, each.name}]
    if not found:
        raise no_such_run(run, [each.name for each in given.selector(gate.origin).runs])
    return tuple(run_path(gate, each, given) for each in found)


def no_such_run(run: str, names: Sequence[str]) -> ConfigurationError:
    """Return the error that no run has the id or name `run`, with the nearest of the names that there are."""
    hint = did_you_mean(run, names)
    known = None if hint else tuple(map(Name, dict.fromkeys(names)))[:_NAMES_SHOWN]
    return ConfigurationError(Message("gate-file.no-such-run", run=run, hint=hint, known=known or None))


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a gate file."""
    from swanlab_ci.gate.parse.schema import schema as made  # noqa: PLC0415 - for `swanlab-ci schema` only

    return made()


def try_out(gate_file: GateFile, text: str, *, name: str) -> "Trial":
    """Hold a gate file against a file of tests: made-up runs, and the statuses that they must lead to.

    Raises `ConfigurationError` where the file of tests, called `name`, is wrong.
    """
    from swanlab_ci.gate.testing.cases import read_cases, run_cases  # noqa: PLC0415 - for `swanlab-ci test` only

    grammar = Grammar(Variables())
    gate_file = gate_file.at(Home(gate_file.project or ""))
    with grammar.going_on():
        cases = read_cases(grammar, parse(text, name), gate_file, needs(gate_file).points)
    if grammar.problems:
        raise _bad(name, grammar.problems)
    return run_cases(bind(gate_file, cases.variables, event="test"), cases)


def _read(grammar: Grammar, documents: tuple[MappingNode, ...], name: str, *, warn: bool = True) -> GateFile:
    gate_file = read_file(grammar, documents, name)
    if grammar.problems:
        raise _bad(name, grammar.problems)
    return replace(gate_file, warnings=tuple(warnings(gate_file)) if warn else ())


def _bad(name: str, problems: Iterable[Problem]) -> ConfigurationError:
    ordered = sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.column))
    what = Message("gate-file.problems", file=name, count=len(ordered))
    return ConfigurationError(what, Message("gate-file.fix-and-rerun"), ordered)
