"""Files of tests: made-up runs, and the results that the gates must have for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from swanlab_ci.gate.evaluate.gates import judge_gate
from swanlab_ci.gate.evaluate.selection import GateInput, Selector
from swanlab_ci.gate.evaluate.verdict import verdict
from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry, one_of, text_of
from swanlab_ci.gate.parse.suggestions import did_you_mean
from swanlab_ci.gate.parse.variables import NAMES, SAMPLES, Value, unknown_variable
from swanlab_ci.gate.spec.gates import Gate, GateFile
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node
from swanlab_ci.gate.testing.runs import items, make_runs, mapping
from swanlab_ci.judgement import GateResult, Verdict
from swanlab_ci.messages import Message
from swanlab_ci.model import STATUSES_WORST_FIRST, Run, Status

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
"""The time of a test that names none."""

_FILE = ("now", "variables", "tests")
_CASE = ("name", "runs", "expect", "verdict")
_STATUSES = tuple(Status)


@dataclass(frozen=True, slots=True)
class Case:
    """One test: made-up `runs`, and the expected status of gates (by id) and of the verdict."""

    name: str
    line: int
    runs: tuple[Run, ...]
    expect: Mapping[str, Status]
    verdict: Status | None


@dataclass(frozen=True, slots=True)
class Cases:
    """A file of tests that was read."""

    now: datetime
    variables: Mapping[str, Value]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation of the test `test` that was not met: of a gate (`result` is its worst), or of the `verdict`."""

    test: str
    line: int
    wanted: Status
    result: GateResult | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of a file of tests."""

    tests: int
    wrong: tuple[Mismatch, ...]
    untested: tuple[str, ...]
    """The ids of the gates that no test makes fail."""


def read_cases(grammar: Grammar, tree: Node, gates: Sequence[Gate]) -> Cases:
    """Read a file of tests for `gates`; its mistakes are collected in the grammar's `problems`."""
    if isinstance(tree, MappingNode) and "gates" in {key.raw for key, _ in tree.entries}:
        raise GateSyntaxError(tree.place, Message("test-file.gate-file"))
    entry = Entry(grammar, tree, _FILE, {})
    entry.require("tests", Message("test-file.no-tests"))
    now = entry.get("now", _moment, NOW)
    variables = entry.get("variables", _variables, SAMPLES)
    ids = {gate.name: gate.id for gate in gates}
    cases = entry.get("tests", lambda node: [_case(grammar, item, now, variables, ids) for item in items(node)], [])
    return Cases(now, variables, tuple(cases))


def run_cases(gate_file: GateFile, cases: Cases) -> Trial:
    """Judge the runs of every test, and compare the results with those that it expects."""
    wrong: list[Mismatch] = []
    missed: set[str] = set()
    for case in cases.cases:
        given = GateInput(Selector(case.runs, cases.now), gate_file, cases.now)
        results = [result for gate in gate_file.gates for result in judge_gate(gate, given)]
        missed |= {result.id for result in results if result.status in {Status.FAIL, Status.WARN, Status.INFO}}
        wrong += _differences(case, results)
    untested = tuple(gate.id for gate in gate_file.gates if gate.id not in missed)
    return Trial(len(cases.cases), tuple(wrong), untested)


def _differences(case: Case, results: Sequence[GateResult]) -> Iterator[Mismatch]:
    for gate, wanted in case.expect.items():
        found = [result for result in results if result.id == gate]
        worst = min(found, key=lambda result: STATUSES_WORST_FIRST.index(result.status))
        if worst.status is not wanted:
            yield Mismatch(case.name, case.line, wanted, result=worst)
    whole = verdict(results)
    if case.verdict and whole.status is not case.verdict:
        yield Mismatch(case.name, case.line, case.verdict, verdict=whole)


def _moment(node: Node) -> datetime:
    try:
        moment = datetime.fromisoformat(text_of(node))
    except ValueError:
        raise GateSyntaxError(node.place, Message("test-file.time")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _variables(node: Node) -> Mapping[str, Value]:
    values = dict(SAMPLES)
    for name, value in mapping(node).items():
        if name not in NAMES:
            raise GateSyntaxError(node.place, unknown_variable(f"${name}"))
        values[name] = tuple(map(str, value)) if isinstance(value, list) else value
    return values


def _case(grammar: Grammar, node: Node, now: datetime, variables: Mapping[str, Value], ids: Mapping[str, str]) -> Case:
    entry = Entry(grammar, node, _CASE, {})
    entry.require("name", Message("test-file.no-name"))
    if not {"expect", "verdict"} & entry.nodes.keys():
        raise GateSyntaxError(entry.table.place, Message("test-file.expects-nothing"))
    commit = str(variables["head_sha"] or "")
    return Case(
        name=entry.get("name", text_of, ""),
        line=entry.table.place.line,
        runs=entry.get("runs", lambda below: tuple(make_runs(grammar, below, now, commit)), ()),
        expect=entry.get("expect", lambda below: dict(_expected(grammar, below, ids)), {}),
        verdict=entry.get("verdict", _status, None),
    )


def _expected(grammar: Grammar, node: Node, ids: Mapping[str, str]) -> Iterator[tuple[str, Status]]:
    """Read what is expected of gates; `ids` has the id of each by its name."""
    for key, below in grammar.table(node, Message("test-file.map-of-statuses")).entries:
        with grammar.going_on():
            if key.raw not in ids.values():
                hint = did_you_mean(key.raw, ids.values(), ids)
                raise GateSyntaxError(key.place, Message("gate-file.unknown-gate", gate=key.raw, hint=hint))
            yield key.raw, _status(below)


def _status(node: Node) -> Status:
    return Status(one_of(node, _STATUSES))
