"""Made-up runs of a file of tests: by default finished, an hour long and an hour old."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry, one_of, text_of
from swanlab_ci.gate.parse.operands import read_time
from swanlab_ci.gate.parse.suggestions import FIELD_SYNONYMS, ROOT_SYNONYMS, STATE_SYNONYMS
from swanlab_ci.gate.spec.fields import FIELDS, STATES
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar, SequenceNode
from swanlab_ci.gate.spec.values import ValueKind
from swanlab_ci.messages import Key, Message
from swanlab_ci.model import TERMINAL_STATES, Git, Run

_KEYS = tuple(dict.fromkeys(spec.made_up for spec in FIELDS.values() if spec.made_up))
_TEXTS = tuple(
    root
    for root, spec in FIELDS.items()
    if spec.made_up == root and spec.kind is ValueKind.TEXT and not spec.choices and not spec.is_tree
)
_GIT = tuple(root.removeprefix("git.") for root, spec in FIELDS.items() if spec.made_up == "git")


def make_runs(grammar: Grammar, node: Node, now: datetime, commit: str) -> Iterator[Run]:
    """Make one run for each entry of the list `node`; `commit` is the commit of a run that names none."""
    for number, item in enumerate(items(node), 1):
        with grammar.going_on():
            yield _run(Entry(grammar, item, _KEYS, FIELD_SYNONYMS | ROOT_SYNONYMS), f"run-{number}", now, commit)


def _run(entry: Entry, name: str, now: datetime, commit: str) -> Run:
    ended = _before(now, entry, "age")
    state = entry.get("state", lambda node: one_of(node, STATES, STATE_SYNONYMS), "FINISHED")
    texts = {key: entry.get(key, text_of, "") for key in _TEXTS if key in entry.nodes}
    git = entry.get("git", _git, {})
    user = entry.get("user", mapping, {})
    metrics = entry.get("metrics", mapping, {})
    fields: dict[str, Any] = {"id": name, "name": name, "conda": "", **texts}
    return Run(
        **fields,
        state=state,
        show=entry.get("show", _plain, True),
        labels=tuple(entry.get("labels", lambda node: [text_of(item) for item in items(node)], [])),
        created_at=_before(ended, entry, "duration"),
        finished_at=ended if state in TERMINAL_STATES else None,
        user_name=user.get("name"),
        user_username=user.get("username"),
        config=entry.get("config", mapping, {}),
        metadata=entry.get("metadata", mapping, {}),
        requirements=entry.get("requirements", _texts, {}),
        git=Git(**({"commit": commit} | git)),
        metrics={key: value if isinstance(value, dict) else {"last": value} for key, value in metrics.items()},
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


def _texts(node: Node) -> dict[str, str]:
    if not isinstance(node, MappingNode):
        raise GateSyntaxError(node.place, Message("test-file.map"))
    return {key.raw: text_of(below) for key, below in node.entries}


def _git(node: Node) -> dict[str, str]:
    found = _texts(node)
    if not found.keys() <= set(_GIT):
        raise GateSyntaxError(node.place, Message("test-file.keys-of", key="git", known=tuple(map(Key, _GIT))))
    return found


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.value
    return mapping(node) if isinstance(node, MappingNode) else [_plain(item) for item in node.items]
