"""Entries of a gate file: their keys, and the words, numbers, shares and fields to the right of these."""

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeVar

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.names import Curves, read_field
from swanlab_ci.gate.parse.punctuation import missing_space
from swanlab_ci.gate.parse.suggestions import did_you_mean
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.gate.spec.source import GateSyntaxError, Node, Scalar, SequenceNode
from swanlab_ci.gate.spec.values import ValueKind
from swanlab_ci.messages import Key, Message

T = TypeVar("T")
D = TypeVar("D")
PROJECT = re.compile(r"[\w.+-]+/[\w.+-]+")
_PERCENT = re.compile(r"(-?\d{1,9}(?:\.\d{1,18})?)%", re.ASCII)


class Entry:
    """A map of the file: unknown keys are collected as problems, `get` reads the known ones."""

    def __init__(self, grammar: Grammar, node: Node, keys: tuple[str, ...], synonyms: Mapping[str, str]) -> None:
        self.table = grammar.table(node, Message("gate-file.map-of-keys", keys=tuple(map(Key, keys[:3]))))
        self._grammar = grammar
        self.nodes: dict[str, Node] = {}
        for key, below in self.table.entries:
            with grammar.going_on():
                if key.raw == "check" and "expect" in keys:
                    raise GateSyntaxError(key.place, Message("gate-file.check-reserved"))
                if key.raw not in keys:
                    raise GateSyntaxError(key.place, unknown_key(key, keys, synonyms))
                self.nodes[key.raw] = below

    def get(self, key: str, read: Callable[[Node], T], default: D) -> T | D:
        """Read the value of `key`; a mistake in it is collected as a problem, and `default` is returned."""
        if key in self.nodes:
            with self._grammar.going_on():
                return read(self.nodes[key])
        return default

    def require(self, key: str, why: Message) -> None:
        """Raise `GateSyntaxError` with the message `why` where `key` is not there."""
        if key not in self.nodes:
            raise GateSyntaxError(self.table.place, why)


def unknown_key(key: Scalar, known: Iterable[str], synonyms: Mapping[str, str]) -> Message:
    """Return the mistake that `key` is not one of `known`."""
    if space := missing_space(key):
        return space
    below = next((name for name in ("expect", "runs") if name in known), None)
    if below and key.raw not in synonyms and parse_path(key.raw):
        return Message("gate-file.field-as-key", field=key.raw, key=Key(below))
    return Message("gate-file.unknown-key", key=key.raw, hint=did_you_mean(key.raw, known, synonyms))


def text_of(node: Node) -> str:
    """Read a text, as it is spelled."""
    if not isinstance(node, Scalar) or not node.raw.strip():
        raise GateSyntaxError(node.place, Message("gate-file.text-needed"))
    return node.raw


def project_of(node: Node) -> str:
    """Read the name of a project with its workspace."""
    if not isinstance(node, Scalar) or not PROJECT.fullmatch(node.raw):
        raise GateSyntaxError(node.place, Message("gate-file.project"))
    return node.raw


def one_of(node: Node, known: tuple[str, ...], synonyms: Mapping[str, str] | None = None) -> str:
    """Read one of the words in `known`."""
    word = text_of(node)
    if word not in known:
        hint = did_you_mean(word, known, synonyms)
        raise GateSyntaxError(
            node.place, Message("gate-file.not-one-of", word=word, known=tuple(map(Key, known)), hint=hint)
        )
    return word


def grouping_field(node: Node) -> Field:
    """Read the name of a field by whose value runs are grouped or paired: it must not change later."""
    if not isinstance(node, Scalar):
        raise GateSyntaxError(node.place, Message("gate-file.grouping-field"))
    field = read_field(node)
    if field.can_change or field.kind in {ValueKind.TIME, ValueKind.LIST}:
        raise GateSyntaxError(node.place, Message("gate-file.grouping-changes", field=field.text))
    return field


def fields_of(node: Node) -> tuple[Field, ...]:
    """Read one field or a list of fields, each as `grouping_field` does."""
    items = node.items if isinstance(node, SequenceNode) else (node,)
    if not items:
        raise GateSyntaxError(node.place, Message("gate-file.grouping-field"))
    return tuple(map(grouping_field, items))


def patterns_of(node: Node, curves: Curves) -> tuple[Field, ...]:
    """Read one field or a list of fields, which may have stars."""
    items = node.items if isinstance(node, SequenceNode) else (node,)
    found = []
    for item in items:
        if not isinstance(item, Scalar):
            raise GateSyntaxError(item.place, Message("gate-file.grouping-field"))
        found.append(read_field(item, curves, star=True))
    if not found:
        raise GateSyntaxError(node.place, Message("gate-file.grouping-field"))
    return tuple(found)


def count_of(node: Node, name: str, least: int = 1) -> int:
    """Read a whole number of `least` or more."""
    if (
        not isinstance(node, Scalar)
        or not isinstance(node.value, int)
        or isinstance(node.value, bool)
        or node.value < least
    ):
        raise GateSyntaxError(node.place, Message("gate-file.whole-number", key=name, least=least))
    return node.value


def share_of(node: Node) -> Fraction | None:
    """Read a percentage as a share of 1; None if it is no percentage."""
    percent = _PERCENT.fullmatch(node.raw) if isinstance(node, Scalar) else None
    return Fraction(percent.group(1)) / 100 if percent else None
