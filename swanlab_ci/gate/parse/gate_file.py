"""Make one `GateFile` of the trees of a gate file and of the files that it extends."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import TypeVar

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import fields_of, project_of, unknown_key
from swanlab_ci.gate.parse.exempt_paths import check_exempt_paths, read_exempt_paths
from swanlab_ci.gate.parse.gates import clauses, read_baseline, read_gate, read_waiver
from swanlab_ci.gate.parse.names import Curves
from swanlab_ci.gate.parse.report import read_report
from swanlab_ci.gate.parse.suggestions import FILE_KEYS, did_you_mean
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Baseline, Clause, Gate, GateFile, Waiver, within
from swanlab_ci.gate.spec.paths import PathPattern
from swanlab_ci.gate.spec.report import ReportSpec
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar, SequenceNode
from swanlab_ci.messages import Message

KEYS = (
    *("version", "project", "extends", "runs", "baselines", "curves", "gates", "waivers", "report", "latest_by"),
    "no_training_needed",
)
VERSION = 1
_ELSEWHERE = {"host", "api_host", "web_host", "api_key", "api-key", "apikey", "key", "token", "github_token"}
T = TypeVar("T")


@dataclass(slots=True)
class _Document:
    """The content of one file, which a later one can override: a whole gate replaces a whole gate."""

    project: str | None = None
    runs: tuple[Clause, ...] = ()
    gates: dict[str, Gate] = field(default_factory=dict)
    baselines: dict[str, Baseline] = field(default_factory=dict)
    waivers: list[tuple[Waiver, Node]] = field(default_factory=list)
    report: ReportSpec = field(default_factory=ReportSpec)
    report_baseline: Node | None = None
    latest_by: tuple[Field, ...] = ()
    no_training_needed: tuple[PathPattern, ...] = ()

    def under(self, later: "_Document") -> "_Document":
        return _Document(
            later.project or self.project,
            later.runs or self.runs,
            self.gates | later.gates,
            self.baselines | later.baselines,
            self.waivers + later.waivers,
            self.report.under(later.report),
            later.report_baseline or self.report_baseline,
            later.latest_by or self.latest_by,
            later.no_training_needed or self.no_training_needed,
        )


def read_file(grammar: Grammar, documents: Sequence[MappingNode], name: str) -> GateFile:
    """Read the trees, the file itself last; mistakes are collected in the grammar's `problems`."""
    whole = _Document()
    grammar.operands.curves = _curves(grammar, documents)
    for table in documents:
        whole = whole.under(_document(grammar, table))
    if not whole.gates and not grammar.problems:
        grammar.problems.append(documents[-1].place.problem(Message("gate-file.no-gates")))
    gates = tuple(within(gate, whole.runs, whole.latest_by) for gate in whole.gates.values())
    _check_references(grammar, whole)
    grammar.problems += check_exempt_paths(whole.no_training_needed, _files(documents))
    return GateFile(
        name=name,
        project=whole.project,
        report=whole.report,
        gates=gates,
        baselines=tuple(whole.baselines.values()),
        waivers=tuple(waiver for waiver, _ in whole.waivers),
        variables=frozenset(grammar.operands.variables.used),
        curves=grammar.operands.curves,
        no_training_needed=whole.no_training_needed,
        bound=grammar.operands.variables.values is not None,
        documents=tuple(documents),
    )


def _curves(grammar: Grammar, documents: Sequence[MappingNode]) -> Curves:
    if not any(key.raw == "curves" for table in documents for key, _ in table.entries):
        return {}
    from swanlab_ci.gate.parse.curves import read_curves  # noqa: PLC0415 - most files have none

    return read_curves(grammar, documents)


def _files(documents: Sequence[MappingNode]) -> Iterator[str]:
    """Yield the paths of the gate file and of what it extends."""
    *others, own = (document.place.source.name for document in documents)
    yield own
    yield from (str(PurePosixPath(own).parent / name) for name in others)


def _document(grammar: Grammar, table: MappingNode) -> _Document:
    found = _Document()
    for key, node in table.entries:
        with grammar.going_on():
            _check_key(key)
            _part(grammar, found, key, node)
    return found


def _check_key(key: Scalar) -> None:
    if key.raw in _ELSEWHERE:
        raise GateSyntaxError(key.place, Message("gate-file.key-elsewhere", key=key.raw))
    if key.raw not in KEYS:
        raise GateSyntaxError(key.place, unknown_key(key, KEYS, FILE_KEYS))


def _part(grammar: Grammar, found: _Document, key: Scalar, node: Node) -> None:
    match key.raw:
        case "version":
            _check_version(node)
        case "project":
            found.project = project_of(node)
        case "runs":
            found.runs = clauses(grammar, node)
        case "baselines":
            _add_baselines(grammar, found, node)
        case "gates":
            _add_gates(grammar, found, node)
        case "waivers":
            found.waivers = list(_each(grammar, node, "waivers", read_waiver))
        case "latest_by":
            found.latest_by = fields_of(node)
        case "report":
            found.report, found.report_baseline = read_report(grammar, node)
        case "no_training_needed":
            found.no_training_needed = read_exempt_paths(grammar, node)
        case _:
            pass  # `extends` is resolved before, as it adds documents, and `curves`, as fields refer to them


def _check_version(node: Node) -> None:
    if not isinstance(node, Scalar) or node.value != VERSION or isinstance(node.value, bool):
        raise GateSyntaxError(node.place, Message("gate-file.version", version=VERSION))


def _add_baselines(grammar: Grammar, found: _Document, node: Node) -> None:
    for name, below in grammar.table(node, Message("gate-file.map-of-baselines")).entries:
        with grammar.going_on():
            found.baselines[name.raw] = grammar.once(below, partial(read_baseline, grammar, name, below))


def _add_gates(grammar: Grammar, found: _Document, node: Node) -> None:
    for gate in _each(grammar, node, "gates", read_gate):
        first = found.gates.setdefault(gate.id, gate)
        if first is not gate:
            message = Message("gate-file.duplicate-id", gate=gate.id, line=first.place.line)
            grammar.problems.append(gate.place.problem(message))


def _each(grammar: Grammar, node: Node, what: str, read: Callable[[Grammar, Node], T]) -> Iterator[T]:
    if not isinstance(node, SequenceNode):
        raise GateSyntaxError(node.place, Message("gate-file.list-of-entries", key=what))
    if not node.items:
        raise GateSyntaxError(node.place, Message("gate-file.no-entries", key=what))
    for item in node.items:
        with grammar.going_on():
            yield grammar.once(item, partial(read, grammar, item))


def _check_references(grammar: Grammar, whole: _Document) -> None:
    for gate in whole.gates.values():
        places = [(comparison.to, comparison.to_place) for comparison in gate.compare]
        places += [(gate.unchanged.to, gate.unchanged.place)] if gate.unchanged else []
        for name, place in places:
            if name and name not in whole.baselines:
                hint = did_you_mean(name, whole.baselines)
                grammar.problems.append(place.problem(Message("gate-file.unknown-baseline", baseline=name, hint=hint)))
    name, node = whole.report.baseline, whole.report_baseline
    if node and name and name not in whole.baselines:
        hint = did_you_mean(name, whole.baselines)
        grammar.problems.append(node.place.problem(Message("gate-file.unknown-baseline", baseline=name, hint=hint)))
    names = {gate.name: gate.id for gate in whole.gates.values()}
    for waiver, node in whole.waivers:
        if waiver.gate and waiver.gate not in whole.gates:
            hint = did_you_mean(waiver.gate, whole.gates, names)
            grammar.problems.append(node.place.problem(Message("gate-file.unknown-gate", gate=waiver.gate, hint=hint)))
