"""Read the `compare` of a gate, each mistake at its own place."""

import re

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry, fields_of, grouping_field, one_of, share_of, text_of
from swanlab_ci.gate.parse.names import read_field
from swanlab_ci.gate.parse.suggestions import COMPARE_KEYS
from swanlab_ci.gate.spec.gates import Allowance, Comparison
from swanlab_ci.gate.spec.source import GateSyntaxError, Node, Scalar
from swanlab_ci.gate.spec.values import ValueKind
from swanlab_ci.messages import Message

COMPARE = (
    *("to", "better", "allow_worse", "require_better", "over_runs", "pair_by"),
    *("noise", "if_within_noise", "on_missing", "outliers", "unpaired", "same"),
)
_COSTS = ("fail", "warn", "ignore")
_NOISE = re.compile(r"(\d{1,9}(?:\.\d{1,18})?) se", re.ASCII)


def read_comparisons(grammar: Grammar, node: Node) -> tuple[Comparison, ...]:
    """Read the map below `compare`."""
    table = grammar.table(node, Message("gate-file.map-of-comparisons"))
    if not table.entries:
        raise GateSyntaxError(node.place, Message("gate-file.compare-nothing"))
    found = []
    for key, value in table.entries:
        with grammar.going_on():
            found.append(_comparison(grammar, key, value))
    return tuple(found)


def _comparison(grammar: Grammar, key: Scalar, node: Node) -> Comparison:
    field = read_field(key, grammar.operands.curves, star=True)
    if field.kind not in {ValueKind.NUMBER, ValueKind.ANY, ValueKind.TIME}:
        raise GateSyntaxError(key.place, Message("gate-file.compare-kind", field=key.raw, kind=field.kind))
    entry = Entry(grammar, node, COMPARE, COMPARE_KEYS)
    entry.require("to", Message("gate-file.compare-to"))
    entry.require("better", Message("gate-file.compare-better"))
    if len({"allow_worse", "require_better"} & entry.nodes.keys()) != 1:
        raise GateSyntaxError(entry.table.place, Message("gate-file.compare-amounts"))
    amounts = "allow_worse" if "allow_worse" in entry.nodes else "require_better"
    found = Comparison(
        field=field,
        to=entry.get("to", text_of, ""),
        to_place=entry.nodes["to"].place,
        higher_is_better=entry.get("better", lambda below: one_of(below, ("higher", "lower")), "higher") == "higher",
        allowances=entry.get(amounts, lambda below: _allowances(grammar, below), ()),
        required=amounts == "require_better",
        over_runs=entry.get("over_runs", lambda below: one_of(below, ("mean", "median", "best")), "mean"),
        pair_by=entry.get("pair_by", grouping_field, None),
        noise=entry.get("noise", _noise, 2.0),
        if_within_noise=entry.get("if_within_noise", lambda below: one_of(below, ("warn", "fail", "pass")), "warn"),
        on_missing=entry.get("on_missing", lambda below: one_of(below, ("error", "skip", "warn")), "error"),
        outliers=entry.get("outliers", lambda below: one_of(below, _COSTS), "fail"),
        unpaired=entry.get("unpaired", lambda below: one_of(below, _COSTS), "fail"),
        same=entry.get("same", fields_of, ()),
    )
    if "unpaired" in entry.nodes and not found.pair_by:
        raise GateSyntaxError(entry.nodes["unpaired"].place, Message("gate-file.unpaired-without-pairs"))
    if found.pair_by and found.over_runs == "best":
        raise GateSyntaxError(entry.nodes["over_runs"].place, Message("gate-file.best-of-pairs"))
    return found


def _allowances(grammar: Grammar, node: Node) -> tuple[Allowance, ...]:
    items = getattr(node, "items", (node,))
    if not items:
        raise GateSyntaxError(node.place, Message("gate-file.no-amounts"))
    return tuple(_allowance(grammar, item) for item in items)


def _allowance(grammar: Grammar, node: Node) -> Allowance:
    part = share_of(node)
    amount = grammar.operands.number(node) if part is None else part
    if amount < 0:
        raise GateSyntaxError(node.place, Message("gate-file.negative-amount"))
    return Allowance(float(amount), is_share=part is not None)


def _noise(node: Node) -> float:
    match = _NOISE.fullmatch(node.raw) if isinstance(node, Scalar) else None
    if not match:
        raise GateSyntaxError(node.place, Message("gate-file.noise"))
    return float(match.group(1))
