"""Read `curves`: named quantities made from the points of a metric, each mistake at its own place."""

import re
from collections.abc import Sequence
from fractions import Fraction

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry, count_of, one_of, share_of, text_of
from swanlab_ci.gate.parse.names import Curves
from swanlab_ci.gate.parse.suggestions import CURVE_KEYS, TAKE_SYNONYMS
from swanlab_ci.gate.spec.conditions import Bound, Condition, FieldCondition, Optional, conditions_in
from swanlab_ci.gate.spec.curves import TAKES, Curve, Window
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.readings import PointsReader, Segment
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar
from swanlab_ci.messages import Key, Message

CURVE = ("of", "last", "from_step", "to_step", "take", "first")
_NAME = re.compile(r"\w[\w-]*")
_NO_TEST_OF_A_POINT = frozenset({"exists", "type"})


def read_curves(grammar: Grammar, documents: Sequence[MappingNode]) -> Curves:
    """Return the curves of all files by name: one of a later file replaces the one of an earlier, as a whole."""
    found: dict[str, PointsReader | None] = {}
    for table in documents:
        for key, node in table.entries:
            if key.raw == "curves":
                with grammar.going_on():
                    for name, below in grammar.table(node, Message("gate-file.map-of-curves")).entries:
                        found[name.raw] = None
                        with grammar.going_on():
                            found[name.raw] = _curve(grammar, name, below)
    return found


def _curve(grammar: Grammar, name: Scalar, node: Node) -> Curve:
    if not _NAME.fullmatch(name.raw):
        raise GateSyntaxError(name.place, Message("gate-file.curve-name", curve=name.raw))
    if not isinstance(node, MappingNode):
        raise GateSyntaxError(node.place, Message("gate-file.curve-form", curve=name.raw))
    entry = Entry(grammar, node, CURVE, CURVE_KEYS)
    entry.require("of", Message("gate-file.curve-without-of", curve=name.raw))
    if {"take", "first"} <= entry.nodes.keys():
        raise GateSyntaxError(entry.nodes["first"].place, Message("gate-file.curve-take-and-first"))
    if not {"take", "first"} & entry.nodes.keys() and {key.raw for key, _ in node.entries} <= set(CURVE):
        raise GateSyntaxError(node.place, Message("gate-file.curve-without-take", curve=name.raw))
    of = entry.get("of", _metric, "")
    return Curve(
        name=name.raw,
        of=of,
        window=_window(entry),
        take=entry.get("take", lambda below: one_of(below, tuple(TAKES), TAKE_SYNONYMS), ""),
        first=entry.get("first", lambda below: _first(grammar, of, below), None),
        last=getattr(entry.nodes.get("last"), "raw", ""),
        place=name.place,
    )


def _metric(node: Node) -> str:
    key = text_of(node)
    if "*" in key:
        raise GateSyntaxError(node.place, Message("gate-file.curve-star", metric=key))
    return key


def _window(entry: Entry) -> Window:
    first = entry.get("from_step", lambda node: count_of(node, "from_step", 0), None)
    end = entry.get("to_step", lambda node: count_of(node, "to_step", 0), None)
    if first is not None and end is not None and first > end:
        raise GateSyntaxError(entry.nodes["to_step"].place, Message("gate-file.curve-steps", first=first, end=end))
    return Window(entry.get("last", _last, None), first, end)


def _last(node: Node) -> int | Fraction:
    share = share_of(node)
    if share is None:
        if not isinstance(node, Scalar) or type(node.value) is not int or node.value < 1:
            raise GateSyntaxError(node.place, Message("gate-file.curve-last"))
        return node.value
    if not 0 < share <= 1:
        raise GateSyntaxError(node.place, Message("gate-file.curve-last"))
    return share


def _first(grammar: Grammar, of: str, node: Node) -> Condition:
    """Read what the first point has to meet: a condition on a number, which only the point's own value decides."""
    if not isinstance(node, MappingNode):
        raise GateSyntaxError(node.place, Message("gate-file.curve-first"))
    point = Field(f"metrics.{of}", "metrics", (Segment(of, quoted=True),))
    condition = grammar.condition(point, node)
    for part in conditions_in(condition):
        if isinstance(part, Optional):
            raise GateSyntaxError(node.place, Message("gate-file.curve-first-operator", operator=Key("optional")))
        if isinstance(part, FieldCondition) and part.operator in _NO_TEST_OF_A_POINT:
            raise GateSyntaxError(node.place, Message("gate-file.curve-first-operator", operator=Key(part.operator)))
        if isinstance(part, FieldCondition) and isinstance(part.operand, Bound):
            raise GateSyntaxError(node.place, Message("gate-file.curve-first-bound", field=part.operand.field.text))
    return condition
