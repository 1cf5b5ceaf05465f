"""The small parts of an entry: its keys, and the words, numbers, shares and fields that stand right of them."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeVar

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.operands import read_field
from swanlab_ci.gate.parse.suggestions import did_you_mean
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.source import GateSyntaxError, Node, Scalar

T = TypeVar("T")
D = TypeVar("D")
_PERCENT = re.compile(r"(-?\d{1,9}(?:\.\d{1,18})?)%", re.ASCII)


class Entry:
    """A map of the file, opened: unknown keys are noted, `get` reads the known ones."""

    def __init__(self, grammar: Grammar, node: Node, keys: tuple[str, ...], synonyms: Mapping[str, str]) -> None:
        self.table = grammar.table(node, ", ".join(f"`{key}`" for key in keys[:3]) + ", …")
        self._grammar = grammar
        self.nodes: dict[str, Node] = {}
        for key, below in self.table.entries:
            with grammar.going_on():
                if key.raw == "check" and "expect" in keys:
                    raise GateSyntaxError(key.place, "`check` is kept for later; say it with `expect` or `compare`")
                if key.raw not in keys:
                    raise GateSyntaxError(key.place, f"unknown key `{key.raw}`{did_you_mean(key.raw, keys, synonyms)}")
                self.nodes[key.raw] = below

    def get(self, key: str, read: Callable[[Node], T], default: D) -> T | D:
        """Read the value of `key`; what is wrong with it is noted, and `default` stands in."""
        if key in self.nodes:
            with self._grammar.going_on():
                return read(self.nodes[key])
        return default

    def require(self, key: str, why: str) -> None:
        """Raise `GateSyntaxError` where `key` is not there."""
        if key not in self.nodes:
            raise GateSyntaxError(self.table.place, why)


def text_of(node: Node) -> str:
    """Read a text, as it is spelled."""
    if not isinstance(node, Scalar) or not node.raw.strip():
        raise GateSyntaxError(node.place, "a text is needed here")
    return node.raw


def one_of(node: Node, known: tuple[str, ...], synonyms: Mapping[str, str] | None = None) -> str:
    """Read one of the words in `known`."""
    word = text_of(node)
    if word not in known:
        words = ", ".join(f"`{each}`" for each in known)
        raise GateSyntaxError(node.place, f"`{word}` is none of {words}{did_you_mean(word, known, synonyms)}")
    return word


def sorting_field(node: Node) -> Field:
    """Read the name of a field that sorts runs into groups or pairs: it must not change later."""
    if not isinstance(node, Scalar):
        raise GateSyntaxError(node.place, "the name of a field is needed here, like `config.dataset`")
    field = read_field(node)
    if field.can_change or field.kind in {"time", "list"}:
        raise GateSyntaxError(
            node.place, f"`{field.text}` does not sort runs into groups; use a field that stays, like `config.seed`"
        )
    return field


def count_of(node: Node, name: str, least: int = 1) -> int:
    """Read a whole number of `least` or more."""
    if (
        not isinstance(node, Scalar)
        or not isinstance(node.value, int)
        or isinstance(node.value, bool)
        or node.value < least
    ):
        raise GateSyntaxError(node.place, f"`{name}` is a whole number, {least} or more")
    return node.value


def share_of(node: Node) -> Fraction | None:
    """Read a percentage as a share of 1; None where it is none."""
    percent = _PERCENT.fullmatch(node.raw) if isinstance(node, Scalar) else None
    return Fraction(percent.group(1)) / 100 if percent else None
