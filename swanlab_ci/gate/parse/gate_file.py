"""The trees of a gate file, and of the files that it extends, become one `GateFile`."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.gates import clauses, read_baseline, read_gate, read_waiver
from swanlab_ci.gate.parse.suggestions import FILE_KEYS, did_you_mean
from swanlab_ci.gate.spec.gates import Baseline, Clause, Gate, GateFile, Waiver, within
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar, SequenceNode

KEYS = ("version", "project", "extends", "runs", "baselines", "gates", "waivers")
VERSION = 1
_PROJECT = re.compile(r"[\w.+-]+/[\w.+-]+")
_ELSEWHERE = {"host", "api_host", "web_host", "api_key", "api-key", "apikey", "key", "token", "github_token"}
T = TypeVar("T")


@dataclass(slots=True)
class _Document:
    """What one file says, and what a later one says over it: a whole gate replaces a whole gate."""

    project: str | None = None
    runs: tuple[Clause, ...] = ()
    gates: dict[str, Gate] = field(default_factory=dict)
    baselines: dict[str, Baseline] = field(default_factory=dict)
    waivers: list[tuple[Waiver, Node]] = field(default_factory=list)

    def under(self, later: "_Document") -> "_Document":
        return _Document(
            later.project or self.project,
            later.runs or self.runs,
            self.gates | later.gates,
            self.baselines | later.baselines,
            self.waivers + later.waivers,
        )


def read_file(grammar: Grammar, documents: Sequence[MappingNode], name: str) -> GateFile:
    """Read the trees, the file itself last; what is wrong is in the grammar's `problems` afterwards."""
    whole = _Document()
    for table in documents:
        whole = whole.under(_document(grammar, table))
    if not whole.gates and not grammar.problems:
        with grammar.going_on():
            raise GateSyntaxError(
                documents[-1].place, "no gates: a file that checks nothing would always pass; write `gates`"
            )
    gates = tuple(within(gate, whole.runs) for gate in whole.gates.values())
    _check_references(grammar, whole)
    return GateFile(
        name=name,
        project=whole.project,
        gates=gates,
        baselines=tuple(whole.baselines.values()),
        waivers=tuple(waiver for waiver, _ in whole.waivers),
        variables=frozenset(grammar.operands.variables.used),
        bound=grammar.operands.variables.values is not None,
        documents=tuple(documents),
    )


def _document(grammar: Grammar, table: MappingNode) -> _Document:
    found = _Document()
    for key, node in table.entries:
        with grammar.going_on():
            _part(grammar, found, key, node)
    return found


def _part(grammar: Grammar, found: _Document, key: Scalar, node: Node) -> None:
    if key.raw in _ELSEWHERE:
        raise GateSyntaxError(
            key.place, f"`{key.raw}` is never read from this file, which a pull request can write; use the input"
        )
    if key.raw not in KEYS:
        raise GateSyntaxError(key.place, f"unknown key `{key.raw}`{did_you_mean(key.raw, KEYS, FILE_KEYS)}")
    match key.raw:
        case "version":
            _check_version(node)
        case "project":
            found.project = _project(node)
        case "runs":
            found.runs = clauses(grammar, node)
        case "baselines":
            _add_baselines(grammar, found, node)
        case "gates":
            _add_gates(grammar, found, node)
        case "waivers":
            found.waivers = list(_each(grammar, node, "waivers", read_waiver))
        case _:
            pass  # `extends` was resolved before, for it brings documents of its own


def _check_version(node: Node) -> None:
    if not isinstance(node, Scalar) or node.value != VERSION or isinstance(node.value, bool):
        raise GateSyntaxError(node.place, f"`version` is {VERSION}")


def _add_baselines(grammar: Grammar, found: _Document, node: Node) -> None:
    for name, below in grammar.table(node, "names, each with its `runs`").entries:
        with grammar.going_on():
            found.baselines[name.raw] = read_baseline(grammar, name, below)


def _project(node: Node) -> str:
    if not isinstance(node, Scalar) or not _PROJECT.fullmatch(node.raw):
        raise GateSyntaxError(node.place, "`project` is written `workspace/project`")
    return node.raw


def _add_gates(grammar: Grammar, found: _Document, node: Node) -> None:
    for gate in _each(grammar, node, "gates", read_gate):
        first = found.gates.setdefault(gate.id, gate)
        if first is not gate:
            message = (
                f"the id `{gate.id}` is taken by the gate on line {first.place.line}; give one of them its own `id`"
            )
            with grammar.going_on():
                raise GateSyntaxError(gate.place, message)


def _each(grammar: Grammar, node: Node, what: str, read: Callable[[Grammar, Node], T]) -> Iterator[T]:
    if not isinstance(node, SequenceNode):
        raise GateSyntaxError(node.place, f"`{what}` is a list; start each entry with `- `")
    if not node.items:
        raise GateSyntaxError(node.place, f"`{what}` is empty")
    for item in node.items:
        with grammar.going_on():
            yield read(grammar, item)


def _check_references(grammar: Grammar, whole: _Document) -> None:
    for comparison in (comparison for gate in whole.gates.values() for comparison in gate.compare):
        if comparison.to and comparison.to not in whole.baselines:
            hint = did_you_mean(comparison.to, whole.baselines) or "; name it under `baselines`"
            with grammar.going_on():
                raise GateSyntaxError(comparison.to_place, f"no baseline `{comparison.to}`{hint}")
    names = {gate.name: gate.id for gate in whole.gates.values()}
    for waiver, node in whole.waivers:
        if waiver.gate and waiver.gate not in whole.gates:
            with grammar.going_on():
                raise GateSyntaxError(
                    node.place, f"no gate has the id `{waiver.gate}`{did_you_mean(waiver.gate, whole.gates, names)}"
                )
