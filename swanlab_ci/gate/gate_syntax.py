"""One entry of `gates`, `baselines`, `compare` or `waivers` becomes a value, each mistake at its own place."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TypeVar

from swanlab_ci.gate.fields import Field
from swanlab_ci.gate.grammar import Grammar
from swanlab_ci.gate.operands import read_field
from swanlab_ci.gate.rules import Allowance, Baseline, Clause, Comparison, Gate, HowMany, Selection, Waiver, in_order
from swanlab_ci.gate.source import Node, Scalar, Table, Wrong
from swanlab_ci.gate.suggestion import COMPARE_KEYS, GATE_KEYS, LEVELS, did_you_mean
from swanlab_ci.model import Level

GATE = (
    *("name", "id", "why", "level", "runs", "scope", "newest", "for_each"),
    *("expect", "how_many", "compare", "if_no_runs"),
)
BASELINE = ("runs", "newest", "scope")
COMPARE = (
    *("to", "better", "allow_worse", "require_better", "over_runs", "pair_by"),
    *("noise", "if_within_noise", "on_missing"),
)
WAIVER = ("gate", "runs", "reason", "until")
IF_NO_RUNS = ("fail", "warn", "skip", "pass")
HOW_MANY = ("all", "any", "none")
SHORTEST_REASON = 10

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%", re.ASCII)
_NOISE = re.compile(r"(\d+(?:\.\d+)?) se", re.ASCII)
_ID = re.compile(r"\w[\w-]*")
T = TypeVar("T")
D = TypeVar("D")


class Entry:
    """A map of the file, opened: unknown keys are noted, `get` reads the known ones."""

    def __init__(self, grammar: Grammar, node: Node, keys: tuple[str, ...], synonyms: Mapping[str, str]) -> None:
        self.table = grammar.table(node, ", ".join(f"`{key}`" for key in keys[:3]) + ", …")
        self._grammar = grammar
        self.nodes: dict[str, Node] = {}
        for key, below in self.table.entries:
            with grammar.going_on():
                if key.raw == "check" and keys is GATE:
                    raise Wrong(key.place, "`check` is kept for later; say it with `expect` or `compare`")
                if key.raw not in keys:
                    raise Wrong(key.place, f"unknown key `{key.raw}`{did_you_mean(key.raw, keys, synonyms)}")
                self.nodes[key.raw] = below

    def get(self, key: str, read: Callable[[Node], T], default: D) -> T | D:
        """Read the value of `key`; what is wrong with it is noted, and `default` stands in."""
        if key in self.nodes:
            with self._grammar.going_on():
                return read(self.nodes[key])
        return default

    def require(self, key: str, why: str) -> None:
        """Raise `Wrong` where `key` is not there."""
        if key not in self.nodes:
            raise Wrong(self.table.place, why)


def clauses(grammar: Grammar, node: Node, *, across: bool = False) -> tuple[Clause, ...]:
    """Read a map of fields to conditions."""
    return tuple(
        Clause(key.raw, f"{key.raw} {grammar.written(value)}", condition, key.place)
        for key, value, condition in grammar.fields(node, across=across)
    )


def read_gate(grammar: Grammar, node: Node) -> Gate:
    """Read one gate; `runs` of the file itself are not yet in it."""
    entry = Entry(grammar, node, GATE, GATE_KEYS)
    entry.require("name", "this gate has no `name`")
    name = entry.get("name", _text, "")
    expect = entry.get("expect", lambda below: clauses(grammar, below, across=True), ())
    gate = Gate(
        id=entry.get("id", _id, "") if "id" in entry.nodes else slug(name),
        name=name,
        place=entry.table.place,
        why=entry.get("why", _text, ""),
        level=entry.get("level", _level, Level.FAIL),
        selection=_selection(grammar, entry),
        whole_project=entry.get("scope", _whole_project, False),
        for_each=entry.get("for_each", _sorting_field, None),
        expect=tuple(clause for clause in expect if not clause.across),
        totals=tuple(clause for clause in expect if clause.across),
        how_many=entry.get("how_many", _how_many, HowMany()),
        compare=entry.get("compare", lambda below: _comparisons(grammar, below), ()),
        if_no_runs=entry.get("if_no_runs", lambda below: _one_of(below, IF_NO_RUNS), "fail"),
    )
    _check_gate(entry, gate)
    return gate


def _check_gate(entry: Entry, gate: Gate) -> None:
    if not {"expect", "compare"} & entry.nodes.keys():
        raise Wrong(entry.table.place, "this gate checks nothing; give it `expect` or `compare`")
    if "how_many" in entry.nodes and not gate.expect:
        place = entry.nodes["how_many"].place
        raise Wrong(place, "`how_many` counts runs, and no expectation of this gate is about a single run")
    if not gate.id:
        raise Wrong(entry.table.place, "no `id` can be made from this name; write one")


def slug(name: str) -> str:
    """Make the id of a gate from its name: letters and digits of any script in lower case, dashes between."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def read_baseline(grammar: Grammar, key: Scalar, node: Node) -> Baseline:
    """Read one named set of runs."""
    entry = Entry(grammar, node, BASELINE, GATE_KEYS)
    entry.require("runs", f"the baseline `{key.raw}` selects no runs; give it `runs`")
    entry.get("scope", _whole_project, True)
    return Baseline(key.raw, _selection(grammar, entry), key.place)


def read_waiver(grammar: Grammar, node: Node) -> tuple[Waiver, Node]:
    """Read one waiver; returns it with the node that names its gate."""
    entry = Entry(grammar, node, WAIVER, {})
    entry.require("gate", "a waiver names its `gate`")
    entry.require("reason", "a waiver gives its `reason`")
    entry.require("until", "a waiver ends; write `until: ` and a date")
    waiver = Waiver(
        gate=entry.get("gate", _text, ""),
        reason=entry.get("reason", _reason, ""),
        until=entry.get("until", _date, date.max),
        clauses=in_order(entry.get("runs", lambda below: clauses(grammar, below), ())),
        place=entry.table.place,
    )
    return waiver, entry.nodes["gate"]


def _selection(grammar: Grammar, entry: Entry) -> Selection:
    return Selection(
        in_order(entry.get("runs", lambda below: clauses(grammar, below), ())),
        entry.get("newest", lambda below: _count(below, "newest"), None),
    )


def _comparisons(grammar: Grammar, node: Node) -> tuple[Comparison, ...]:
    table = grammar.table(node, "fields, like `metrics.val/acc: {to: main, better: higher, allow_worse: 1%}`")
    if not table.entries:
        raise Wrong(node.place, "empty: name at least one field to compare")
    found = []
    for key, value in table.entries:
        with grammar.going_on():
            found.append(_comparison(grammar, key, value))
    return tuple(found)


def _comparison(grammar: Grammar, key: Scalar, node: Node) -> Comparison:
    field = read_field(key)
    if field.kind not in {"number", "any", "time"}:
        raise Wrong(key.place, f"`{key.raw}` is a {field.kind}; only numbers can be compared with a baseline")
    entry = Entry(grammar, node, COMPARE, COMPARE_KEYS)
    entry.require("to", "`to` is missing: name the baseline to compare with")
    entry.require("better", "`better` is missing: is `higher` or `lower` better?")
    if len({"allow_worse", "require_better"} & entry.nodes.keys()) != 1:
        raise Wrong(entry.table.place, "write either `allow_worse` or `require_better`; 0 is an amount, too")
    amounts = "allow_worse" if "allow_worse" in entry.nodes else "require_better"
    found = Comparison(
        field=field,
        to=entry.get("to", _text, ""),
        to_place=entry.nodes["to"].place,
        higher_is_better=entry.get("better", lambda below: _one_of(below, ("higher", "lower")), "higher") == "higher",
        allowances=entry.get(amounts, lambda below: _allowances(grammar, below), ()),
        required=amounts == "require_better",
        over_runs=entry.get("over_runs", lambda below: _one_of(below, ("mean", "median", "best")), "mean"),
        pair_by=entry.get("pair_by", _sorting_field, None),
        noise=entry.get("noise", _noise, 2.0),
        if_within_noise=entry.get("if_within_noise", lambda below: _one_of(below, ("warn", "fail", "pass")), "warn"),
        on_missing=entry.get("on_missing", lambda below: _one_of(below, ("error", "skip", "warn")), "error"),
    )
    if found.pair_by and found.over_runs == "best":
        raise Wrong(
            entry.nodes["over_runs"].place, "`pair_by` compares run by run, so there is no best; use mean or median"
        )
    return found


def _allowances(grammar: Grammar, node: Node) -> tuple[Allowance, ...]:
    items = getattr(node, "items", (node,))
    if not items:
        raise Wrong(node.place, "an empty list; name at least one amount")
    return tuple(_allowance(grammar, item) for item in items)


def _allowance(grammar: Grammar, node: Node) -> Allowance:
    percent = _PERCENT.fullmatch(node.raw) if isinstance(node, Scalar) else None
    if percent:
        return Allowance(float(percent.group(1)) / 100, is_share=True)
    amount = grammar.operands.number(node)
    if amount < 0:
        raise Wrong(node.place, "an amount cannot be negative; `better` says which way is good")
    return Allowance(float(amount), is_share=False)


def _noise(node: Node) -> float:
    match = _NOISE.fullmatch(node.raw) if isinstance(node, Scalar) else None
    if not match:
        raise Wrong(node.place, "`noise` is a number of standard errors, like `2 se`")
    return float(match.group(1))


def _text(node: Node) -> str:
    if not isinstance(node, Scalar) or not node.raw.strip():
        raise Wrong(node.place, "a text is needed here")
    return node.raw


def _id(node: Node) -> str:
    text = _text(node)
    if not _ID.fullmatch(text):
        raise Wrong(
            node.place, f"`{text}` is no id; use letters, digits and dashes, like `{slug(text) or 'smoke-run'}`"
        )
    return text


def _reason(node: Node) -> str:
    text = _text(node).strip()
    if len(text) < SHORTEST_REASON:
        raise Wrong(node.place, f"say why in {SHORTEST_REASON} characters or more")
    return text


def _date(node: Node) -> date:
    text = _text(node)
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise Wrong(node.place, f"`{text}` is not a date; write it like 2027-01-31") from None


def _one_of(node: Node, known: tuple[str, ...], synonyms: Mapping[str, str] | None = None) -> str:
    text = _text(node)
    if text not in known:
        words = ", ".join(f"`{word}`" for word in known)
        raise Wrong(node.place, f"`{text}` is none of {words}{did_you_mean(text, known, synonyms)}")
    return text


def _level(node: Node) -> Level:
    return Level(_one_of(node, tuple(Level), LEVELS))


def _whole_project(node: Node) -> bool:
    return bool(_one_of(node, ("project",)))


def _sorting_field(node: Node) -> Field:
    if not isinstance(node, Scalar):
        raise Wrong(node.place, "the name of a field is needed here, like `config.dataset`")
    field = read_field(node)
    if field.can_change or field.kind in {"time", "list"}:
        raise Wrong(
            node.place, f"`{field.text}` does not sort runs into groups; use a field that stays, like `config.seed`"
        )
    return field


def _count(node: Node, name: str, least: int = 1) -> int:
    if (
        not isinstance(node, Scalar)
        or not isinstance(node.value, int)
        or isinstance(node.value, bool)
        or node.value < least
    ):
        raise Wrong(node.place, f"`{name}` is a whole number, {least} or more")
    return node.value


def _how_many(node: Node) -> HowMany:
    if isinstance(node, Scalar):
        word = _one_of(node, HOW_MANY)
        known = {"all": HowMany(), "any": HowMany("any", 1, Fraction(1)), "none": HowMany("none", 0, 0)}
        return known[word]
    if not isinstance(node, Table) or len(node.entries) != 1:
        raise Wrong(node.place, "`how_many` is all, any, none, `{at_least: 3}`, `{at_least: 90%}` or `{at_most: 1}`")
    key, value = node.entries[0]
    if key.raw not in {"at_least", "at_most"}:
        hint = did_you_mean(key.raw, ("at_least", "at_most"), {"min": "at_least", "max": "at_most"})
        raise Wrong(key.place, f"unknown key `{key.raw}`{hint}")
    amount = _amount(value, key.raw)
    written = f"{key.raw.replace('_', ' ')} {value.raw}"  # type: ignore[union-attr]  # _amount has seen to it
    return HowMany(written, amount, Fraction(1)) if key.raw == "at_least" else HowMany(written, 0, amount)


def _amount(node: Node, name: str) -> int | Fraction:
    least = 1 if name == "at_least" else 0
    percent = _PERCENT.fullmatch(node.raw) if isinstance(node, Scalar) else None
    if not percent:
        return _count(node, name, least)
    share = Fraction(percent.group(1)) / 100
    if share > 1 or (name == "at_least" and not share):
        raise Wrong(node.place, f"`{name}` is a share of the runs, above 0% and up to 100%")
    return share
