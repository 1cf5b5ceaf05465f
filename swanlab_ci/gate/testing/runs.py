"""Made-up runs of a file of tests: by default finished, an hour long and an hour old."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry, one_of, project_of, text_of, unknown_key
from swanlab_ci.gate.parse.operands import read_time
from swanlab_ci.gate.parse.suggestions import FIELD_SYNONYMS, ROOT_SYNONYMS, STATE_SYNONYMS
from swanlab_ci.gate.spec.fields import FIELDS, STATES
from swanlab_ci.gate.spec.readings import STATISTICS
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Place, Scalar, SequenceNode
from swanlab_ci.gate.spec.values import NOT_FINITE_TEXTS, ValueKind, is_number, number_in
from swanlab_ci.messages import Key, Message
from swanlab_ci.model import TERMINAL_STATES, Git, Points, Run, RunOrigin

KEYS = (*dict.fromkeys(spec.made_up for spec in FIELDS.values() if spec.made_up), "project")
"""What a test file can say of a run."""
_TEXTS = tuple(
    root
    for root, spec in FIELDS.items()
    if spec.made_up == root and spec.kind is ValueKind.TEXT and not spec.choices and not spec.is_tree
)
_GIT, _USER = (
    tuple(root.removeprefix(f"{key}.") for root, spec in FIELDS.items() if spec.made_up == key)
    for key in ("git", "user")
)
PARTS = ("last", *STATISTICS)
"""What a test file can say of a metric."""
_OF_CURVES = dict.fromkeys(("curve", "curves", "series", "history"), "points")
_LARGEST_STEP = 2**63 - 1
_PART_SYNONYMS = {"value": "last", "avg": "mean", "average": "mean", "std": "stdev", "stddev": "stdev"}


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A made-up run, and the line that describes it."""

    run: Run
    line: int
    project_place: Place | None = None


def make_runs(grammar: Grammar, node: Node, now: datetime, commit: str, name: str = "run") -> Iterator[MadeUp]:
    """Make one run for each entry of the list `node`.

    Where an entry says nothing else, the run is called `name` with its number, and has the commit `commit`.
    """
    for number, item in enumerate(items(node), 1):
        with grammar.going_on():
            entry = Entry(grammar, item, KEYS, FIELD_SYNONYMS | ROOT_SYNONYMS | _OF_CURVES)
            project = entry.nodes.get("project")
            run = _run(entry, f"{name}-{number}", now, commit)
            yield MadeUp(run, item.place.line, project.place if project else None)


def _run(entry: Entry, name: str, now: datetime, commit: str) -> Run:
    ended = _before(now, entry, "age")
    state = entry.get("state", lambda node: one_of(node, STATES, STATE_SYNONYMS), "FINISHED")
    texts = {key: entry.get(key, text_of, "") for key in _TEXTS if key in entry.nodes}
    git = entry.get("git", lambda node: _texts_of(node, "git", _GIT), {})
    user = entry.get("user", lambda node: _texts_of(node, "user", _USER), {})
    fields: dict[str, Any] = {"id": name, "name": name, "conda": "", **texts}
    return Run(
        **fields,
        state=state,
        show=entry.get("show", _bool, True),
        labels=tuple(entry.get("labels", lambda node: [text_of(item) for item in items(node)], [])),
        created_at=_before(ended, entry, "duration"),
        finished_at=ended if state in TERMINAL_STATES else None,
        user_name=user.get("name"),
        user_username=user.get("username"),
        config=entry.get("config", mapping, {}),
        metadata=entry.get("metadata", mapping, {}),
        requirements=entry.get("requirements", _texts, {}),
        git=Git(**({"commit": commit} | git)),
        metrics=entry.get("metrics", _metrics, {}),
        points=entry.get("points", lambda node: dict(_points(node)), {}),
        origin=RunOrigin(entry.get("project", project_of, "")),
    )


def _before(moment: datetime, entry: Entry, key: str) -> datetime:
    try:
        return moment - timedelta(seconds=entry.get(key, read_time, 3600))
    except OverflowError:
        raise GateSyntaxError(entry.nodes[key].place, Message("test-file.before-all-time")) from None


def items(node: Node) -> tuple[Node, ...]:
    """Return the items of a list."""
    if not isinstance(node, SequenceNode):
        raise GateSyntaxError(node.place, Message("test-file.list"))
    return node.items


def mapping(node: Node) -> dict[str, Any]:
    """Return a map with plain values."""
    if not isinstance(node, MappingNode):
        raise GateSyntaxError(node.place, Message("test-file.map"))
    return {key.raw: _plain(below) for key, below in node.entries}


def _points(node: Node) -> Iterator[tuple[str, Points]]:
    """Yield the points of each metric: a list is of the steps from 0 on, a map has a value for each step."""
    if not isinstance(node, MappingNode):
        raise GateSyntaxError(node.place, Message("test-file.points"))
    for key, below in node.entries:
        pairs = below.entries if isinstance(below, MappingNode) else enumerate(items(below))
        found = [(_step(step) if isinstance(step, Scalar) else step, _value(value)) for step, value in pairs]
        yield key.raw, Points.of([step for step, _ in found], [value for _, value in found])


def _value(node: Node) -> float:
    value = _measured(node)
    return float(value) if isinstance(value, str) else float(number_in(value) or 0)


def _step(key: Scalar) -> int:
    if type(key.value) is not int or not 0 <= key.value <= _LARGEST_STEP:
        raise GateSyntaxError(key.place, Message("test-file.step"))
    return key.value


def _texts(node: Node) -> dict[str, str]:
    if not isinstance(node, MappingNode):
        raise GateSyntaxError(node.place, Message("test-file.map"))
    return {key.raw: text_of(below) for key, below in node.entries}


def _texts_of(node: Node, key: str, known: tuple[str, ...]) -> dict[str, str]:
    found = _texts(node)
    if not found.keys() <= set(known):
        raise GateSyntaxError(node.place, Message("test-file.keys-of", key=key, known=tuple(map(Key, known))))
    return found


def _metrics(node: Node) -> dict[str, dict[str, Any]]:
    """Read metrics by key: each the last value, or a map of its parts, such as `{last: 0.9, max: 0.95}`."""
    if not isinstance(node, MappingNode):
        raise GateSyntaxError(node.place, Message("test-file.map"))
    return {key.raw: dict(_parts(below)) for key, below in node.entries}


def _parts(node: Node) -> Iterator[tuple[str, Any]]:
    if not isinstance(node, MappingNode):
        yield "last", _measured(node)
        return
    for key, below in node.entries:
        if key.raw not in PARTS:
            raise GateSyntaxError(key.place, unknown_key(key, PARTS, _PART_SYNONYMS))
        yield key.raw, _measured(below)


def _measured(node: Node) -> Any:
    """Read what a training logged: a number, or a text for one that is not finite."""
    if isinstance(node, Scalar) and (is_number(node.value) or node.raw in NOT_FINITE_TEXTS):
        return node.value
    raise GateSyntaxError(node.place, Message("test-file.number"))


def _bool(node: Node) -> bool:
    if not isinstance(node, Scalar) or not isinstance(node.value, bool):
        raise GateSyntaxError(node.place, Message("test-file.bool"))
    return node.value


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.value
    return mapping(node) if isinstance(node, MappingNode) else [_plain(item) for item in node.items]
