"""What stands below a gate's `compare` becomes comparisons, each mistake at its own place."""

import re

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry, one_of, share_of, sorting_field, text_of
from swanlab_ci.gate.parse.operands import read_field
from swanlab_ci.gate.parse.suggestions import COMPARE_KEYS
from swanlab_ci.gate.spec.gates import Allowance, Comparison
from swanlab_ci.gate.spec.source import GateSyntaxError, Node, Scalar

COMPARE = (
    *("to", "better", "allow_worse", "require_better", "over_runs", "pair_by"),
    *("noise", "if_within_noise", "on_missing"),
)
_NOISE = re.compile(r"(\d{1,9}(?:\.\d{1,18})?) se", re.ASCII)


def read_comparisons(grammar: Grammar, node: Node) -> tuple[Comparison, ...]:
    """Read what stands below `compare`."""
    table = grammar.table(node, "fields, like `metrics.val/acc: {to: main, better: higher, allow_worse: 1%}`")
    if not table.entries:
        raise GateSyntaxError(node.place, "empty: name at least one field to compare")
    found = []
    for key, value in table.entries:
        with grammar.going_on():
            found.append(_comparison(grammar, key, value))
    return tuple(found)


def _comparison(grammar: Grammar, key: Scalar, node: Node) -> Comparison:
    field = read_field(key)
    if field.kind not in {"number", "any", "time"}:
        raise GateSyntaxError(key.place, f"`{key.raw}` is a {field.kind}; only numbers can be compared with a baseline")
    entry = Entry(grammar, node, COMPARE, COMPARE_KEYS)
    entry.require("to", "`to` is missing: name the baseline to compare with")
    entry.require("better", "`better` is missing: is `higher` or `lower` better?")
    if len({"allow_worse", "require_better"} & entry.nodes.keys()) != 1:
        raise GateSyntaxError(entry.table.place, "write either `allow_worse` or `require_better`; 0 is an amount, too")
    amounts = "allow_worse" if "allow_worse" in entry.nodes else "require_better"
    found = Comparison(
        field=field,
        to=entry.get("to", text_of, ""),
        to_place=entry.nodes["to"].place,
        higher_is_better=entry.get("better", lambda below: one_of(below, ("higher", "lower")), "higher") == "higher",
        allowances=entry.get(amounts, lambda below: _allowances(grammar, below), ()),
        required=amounts == "require_better",
        over_runs=entry.get("over_runs", lambda below: one_of(below, ("mean", "median", "best")), "mean"),
        pair_by=entry.get("pair_by", sorting_field, None),
        noise=entry.get("noise", _noise, 2.0),
        if_within_noise=entry.get("if_within_noise", lambda below: one_of(below, ("warn", "fail", "pass")), "warn"),
        on_missing=entry.get("on_missing", lambda below: one_of(below, ("error", "skip", "warn")), "error"),
    )
    if found.pair_by and found.over_runs == "best":
        raise GateSyntaxError(
            entry.nodes["over_runs"].place, "`pair_by` compares run by run, so there is no best; use mean or median"
        )
    return found


def _allowances(grammar: Grammar, node: Node) -> tuple[Allowance, ...]:
    items = getattr(node, "items", (node,))
    if not items:
        raise GateSyntaxError(node.place, "an empty list; name at least one amount")
    return tuple(_allowance(grammar, item) for item in items)


def _allowance(grammar: Grammar, node: Node) -> Allowance:
    part = share_of(node)
    amount = grammar.operands.number(node) if part is None else part
    if amount < 0:
        raise GateSyntaxError(node.place, "an amount cannot be negative; `better` says which way is good")
    return Allowance(float(amount), is_share=part is not None)


def _noise(node: Node) -> float:
    match = _NOISE.fullmatch(node.raw) if isinstance(node, Scalar) else None
    if not match:
        raise GateSyntaxError(node.place, "`noise` is a number of standard errors, like `2 se`")
    return float(match.group(1))
