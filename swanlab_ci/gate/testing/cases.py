"""Files of tests: made-up runs, and the results that the gates must have for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from swanlab_ci.gate.evaluate.gates import judge_gate
from swanlab_ci.gate.evaluate.selection import GateInput, selects
from swanlab_ci.gate.evaluate.verdict import verdict
from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry, count_of, one_of, text_of
from swanlab_ci.gate.parse.suggestions import did_you_mean
from swanlab_ci.gate.parse.variables import NAMES, SAMPLES, Value, unknown_variable
from swanlab_ci.gate.spec.gates import GateFile
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar, SequenceNode
from swanlab_ci.gate.testing.runs import MadeUp, items, make_runs
from swanlab_ci.judgement import GateResult, Verdict
from swanlab_ci.messages import Message
from swanlab_ci.model import STATUSES_WORST_FIRST, Points, Run, Status

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
"""The time of a test that names none."""

FILE = ("now", "variables", "tests")
CASE = ("name", "runs", "baselines", "expect", "verdict")
_STATUSES = tuple(Status)


@dataclass(frozen=True, slots=True)
class Case:
    """One test: made-up `runs`, those of `baselines`, and the expected status of gates (by id) and verdict."""

    name: str
    line: int
    runs: tuple[MadeUp, ...]
    baselines: Mapping[str, tuple[MadeUp, ...]]
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
class NotInBaseline:
    """A run of the test `test` that was made up for `baseline`, which does not select it: `condition` does not hold."""

    test: str
    line: int
    baseline: str
    run: str
    condition: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of a file of tests."""

    tests: int
    wrong: tuple[Mismatch | NotInBaseline, ...]
    untested: tuple[str, ...]
    """The ids of the gates that no test makes fail."""


def read_cases(grammar: Grammar, tree: Node, gate_file: GateFile, curves_of: frozenset[str]) -> Cases:
    """Read a file of tests for `gate_file`, whose curves read the metrics `curves_of`.

    Its mistakes are collected in the grammar's `problems`.
    """
    if isinstance(tree, MappingNode) and "gates" in {key.raw for key, _ in tree.entries}:
        raise GateSyntaxError(tree.place, Message("test-file.gate-file"))
    entry = Entry(grammar, tree, FILE, {})
    entry.require("tests", Message("test-file.no-tests"))
    now = entry.get("now", _moment, NOW)
    variables = entry.get("variables", _variables, SAMPLES)
    reader = _CaseReader(grammar, gate_file, now, variables, curves_of)
    return Cases(now, variables, tuple(entry.get("tests", lambda node: list(map(reader.case, items(node))), [])))


def run_cases(gate_file: GateFile, cases: Cases) -> Trial:
    """Judge the runs of every test, and compare the results with those that it expects."""
    wrong: list[Mismatch | NotInBaseline] = []
    missed: set[str] = set()
    for case in cases.cases:
        made_up = (*case.runs, *(each for runs in case.baselines.values() for each in runs))
        given = GateInput.of(gate_file, [each.run for each in made_up], cases.now, {})
        results = [result for gate in gate_file.gates for result in judge_gate(gate, given)]
        missed |= {result.id for result in results if result.status in {Status.FAIL, Status.WARN, Status.INFO}}
        wrong += _not_selected(case, gate_file, cases.now)
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


def _not_selected(case: Case, gate_file: GateFile, now: datetime) -> Iterator[NotInBaseline]:
    for name, runs in case.baselines.items():
        selections = gate_file.baseline(name).selections
        for each in runs:
            missed = [[clause for clause in one.clauses if not selects((clause,), each.run, now)] for one in selections]
            if all(missed):
                condition = missed[0][0].written
                yield NotInBaseline(case.name, each.line, name, each.run.name, condition)


def _moment(node: Node) -> datetime:
    try:
        moment = datetime.fromisoformat(text_of(node))
    except ValueError:
        raise GateSyntaxError(node.place, Message("test-file.time")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _variables(node: Node) -> Mapping[str, Value]:
    if not isinstance(node, MappingNode):
        raise GateSyntaxError(node.place, Message("test-file.map"))
    values = dict(SAMPLES)
    for key, below in node.entries:
        if key.raw not in NAMES:
            raise GateSyntaxError(key.place, unknown_variable(f"${key.raw}"))
        values[key.raw] = _value(below, SAMPLES[key.raw])
    return values


def _value(node: Node, sample: Value) -> Value:
    """Read the value of a variable, of the type of `sample`; null: it has none."""
    if isinstance(node, Scalar) and node.value is None:
        return None
    if isinstance(sample, tuple):
        return tuple(map(text_of, items(node) if isinstance(node, SequenceNode) else (node,)))
    return count_of(node, "pr_number") if isinstance(sample, int) else text_of(node)


@dataclass(frozen=True, slots=True)
class _CaseReader:
    """Reads the tests of one file."""

    grammar: Grammar
    gate_file: GateFile
    now: datetime
    variables: Mapping[str, Value]
    curves_of: frozenset[str]

    def case(self, node: Node) -> Case:
        """Read one test."""
        entry = Entry(self.grammar, node, CASE, {})
        entry.require("name", Message("test-file.no-name"))
        if not {"expect", "verdict"} & entry.nodes.keys():
            raise GateSyntaxError(entry.table.place, Message("test-file.expects-nothing"))
        case = Case(
            name=entry.get("name", text_of, ""),
            line=entry.table.place.line,
            runs=entry.get("runs", lambda below: self._runs(below, "head_sha"), ()),
            baselines=entry.get("baselines", lambda below: dict(self._baselines(below)), {}),
            expect=entry.get("expect", lambda below: dict(self._expected(below)), {}),
            verdict=entry.get("verdict", _status, None),
        )
        ids = [each.run.id for runs in (case.runs, *case.baselines.values()) for each in runs]
        if len(ids) > len(set(ids)):
            twice = next(each for each in ids if ids.count(each) > 1)
            raise GateSyntaxError(entry.table.place, Message("test-file.same-id", id=twice))
        return case

    def _runs(self, node: Node, commit: str, name: str = "run") -> tuple[MadeUp, ...]:
        made_up = make_runs(self.grammar, node, self.now, str(self.variables[commit] or ""), name)
        return tuple(replace(each, run=self._with_points(self._at_home(each))) for each in made_up)

    def _at_home(self, each: MadeUp) -> Run:
        """Return the run with its project, which must be one that the gate file reads."""
        project, known = each.run.origin.project, {origin.project for origin in self.gate_file.origins()}
        if each.project_place and project not in {*known, self.gate_file.home.project}:
            hint = did_you_mean(project, filter(None, known))
            self.grammar.problems.append(
                each.project_place.problem(Message("test-file.other-project", project=project, hint=hint))
            )
        return replace(each.run, origin=self.gate_file.home.seen(each.run.origin))

    def _with_points(self, run: Run) -> Run:
        """Return a run that has not logged what a curve reads and its description does not give points of."""
        return replace(run, points=dict.fromkeys(self.curves_of, Points.of((), ())) | dict(run.points or {}))

    def _baselines(self, node: Node) -> Iterator[tuple[str, tuple[MadeUp, ...]]]:
        """Read the runs of each baseline; they are of the base commit."""
        known = [baseline.name for baseline in self.gate_file.baselines]
        for key, below in self.grammar.table(node, Message("test-file.map-of-baselines")).entries:
            with self.grammar.going_on():
                if key.raw not in known:
                    hint = did_you_mean(key.raw, known)
                    raise GateSyntaxError(key.place, Message("test-file.unknown-baseline", name=key.raw, hint=hint))
                origin = self.gate_file.baseline(key.raw).origin
                runs = self._runs(below, "base_sha", f"baseline-{key.raw}")
                yield key.raw, tuple(replace(each, run=replace(each.run, origin=origin)) for each in runs)

    def _expected(self, node: Node) -> Iterator[tuple[str, Status]]:
        ids = {gate.name: gate.id for gate in self.gate_file.gates}
        for key, below in self.grammar.table(node, Message("test-file.map-of-statuses")).entries:
            with self.grammar.going_on():
                if key.raw not in ids.values():
                    hint = did_you_mean(key.raw, ids.values(), ids)
                    raise GateSyntaxError(key.place, Message("gate-file.unknown-gate", gate=key.raw, hint=hint))
                yield key.raw, _status(below)


def _status(node: Node) -> Status:
    return Status(one_of(node, _STATUSES))
