"""Read one entry of `gates`, `baselines` or `waivers`, each mistake at its own place."""

import re
from datetime import UTC, date, datetime
from fractions import Fraction

from swanlab_ci.gate.parse.comparisons import read_comparisons
from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import (
    Entry,
    count_of,
    fields_of,
    grouping_field,
    one_of,
    patterns_of,
    project_of,
    share_of,
    text_of,
    unknown_key,
)
from swanlab_ci.gate.parse.names import read_field
from swanlab_ci.gate.parse.suggestions import FROM_SYNONYMS, GATE_KEYS, LEVEL_SYNONYMS, TAKE_KEYS, UNCHANGED_KEYS
from swanlab_ci.gate.spec.conditions import AllOf, AnyOf, Condition, Named
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.gates import Baseline, Clause, Gate, HowMany, Selection, Take, Unchanged, Waiver, in_order
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Place, Scalar, SequenceNode
from swanlab_ci.gate.spec.values import ValueKind
from swanlab_ci.messages import Key, Message
from swanlab_ci.model import Level, RunOrigin

GATE = (
    *("name", "id", "why", "level", "runs", "scope", "newest", "for_each"),
    *("expect", "how_many", "compare", "if_no_runs", "latest_by", "take", "unchanged", "project", "from"),
)
BASELINE = ("runs", "newest", "scope", "latest_by", "take", "min_runs", "first_of", "project", "from")
CHOICE = ("runs", "newest", "latest_by", "take")
TAKE = ("best", "by", "better")
UNCHANGED = ("to", "fields", "except")
WAIVER = ("gate", "runs", "reason", "until")
IF_NO_RUNS = ("fail", "warn", "skip", "pass")
FROM = ("server",)
HOW_MANY = ("all", "any", "none")
SHORTEST_REASON = 10

_ID = re.compile(r"\w[\w-]*")


def clauses(grammar: Grammar, node: Node, *, across: bool = False) -> tuple[Clause, ...]:
    """Read a map of fields to conditions."""
    return tuple(
        Clause(key.raw, f"{key.raw} {grammar.written(value)}", condition, key.place)
        for key, value, condition in grammar.fields(node, across=across)
    )


def read_gate(grammar: Grammar, node: Node) -> Gate:
    """Read one gate; `runs` of the file itself are not yet in it."""
    entry = Entry(grammar, node, GATE, GATE_KEYS)
    entry.require("name", Message("gate-file.gate-without-name"))
    name = entry.get("name", text_of, "")
    expect = entry.get("expect", lambda below: clauses(grammar, below, across=True), ())
    how_many = entry.get("how_many", _how_many, HowMany())
    singles = tuple(clause for clause in expect if not clause.across)
    gate = Gate(
        id=entry.get("id", _id, "") if "id" in entry.nodes else slug(name),
        name=name,
        place=entry.table.place,
        why=entry.get("why", text_of, ""),
        level=entry.get("level", _level, Level.FAIL),
        selection=_selection(grammar, entry),
        whole_project=entry.get("scope", _whole_project, False),
        for_each=entry.get("for_each", grouping_field, None),
        expect=_none_of(singles) if how_many.keyword == "none" and singles else singles,
        aggregates=tuple(clause for clause in expect if clause.across),
        how_many=how_many,
        compare=entry.get("compare", lambda below: read_comparisons(grammar, below), ()),
        unchanged=entry.get("unchanged", lambda below: _unchanged(grammar, below), None),
        if_no_runs=entry.get("if_no_runs", lambda below: one_of(below, IF_NO_RUNS), "fail"),
        origin=_origin(entry),
        origin_place=_origin_place(entry),
    )
    _check_gate(entry, gate)
    return gate


def _check_gate(entry: Entry, gate: Gate) -> None:
    if not {"expect", "compare", "unchanged"} & entry.nodes.keys() and {
        key.raw for key, _ in entry.table.entries
    } <= set(GATE):
        raise GateSyntaxError(entry.table.place, Message("gate-file.gate-without-check"))
    if "how_many" in entry.nodes and not gate.expect:
        place = entry.nodes["how_many"].place
        raise GateSyntaxError(place, Message("gate-file.how-many-of-nothing"))
    if not gate.id and "id" not in entry.nodes:
        raise GateSyntaxError(entry.table.place, Message("gate-file.no-id"))


def _none_of(expect: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Negate expectations: they hold for no run if for every run they do not hold."""
    if len(expect) == 1:
        part: Condition = expect[0].condition
    else:
        part = AllOf(tuple(Named(clause.field, clause.condition) for clause in expect))
    fields = ", ".join(clause.field for clause in expect)
    written = "; ".join(clause.written for clause in expect)
    return (Clause(fields, f"not ({written})", AnyOf((part,), none=True), expect[0].place),)


def slug(name: str) -> str:
    """Make the id of a gate from its name: letters and digits of any script in lower case, dashes between."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def read_baseline(grammar: Grammar, key: Scalar, node: Node) -> Baseline:
    """Read one named set of runs."""
    entry = Entry(grammar, node, BASELINE, GATE_KEYS)
    entry.get("scope", _whole_project, True)
    least = entry.get("min_runs", lambda below: count_of(below, "min_runs"), 1)
    if "first_of" not in entry.nodes:
        entry.require("runs", Message("gate-file.baseline-without-runs", baseline=key.raw))
        return Baseline(key.raw, (_selection(grammar, entry),), key.place, least, _origin(entry), _origin_place(entry))
    choices = entry.get("first_of", lambda below: _choices(grammar, below), ())
    if beside := next((entry.nodes[name] for name in CHOICE if name in entry.nodes), None):
        raise GateSyntaxError(beside.place, Message("gate-file.beside-first-of", baseline=key.raw))
    return Baseline(key.raw, choices, key.place, least, _origin(entry), _origin_place(entry))


def _origin(entry: Entry) -> RunOrigin:
    server = entry.get("from", lambda below: one_of(below, FROM, FROM_SYNONYMS), "")
    return RunOrigin(entry.get("project", project_of, ""), bool(server))


def _origin_place(entry: Entry) -> Place | None:
    node = entry.nodes.get("project") or entry.nodes.get("from")
    return node.place if node else None


def _choices(grammar: Grammar, node: Node) -> tuple[Selection, ...]:
    """Read the list below `first_of`: conditions on runs, or a map with `runs` where a choice says more than these."""
    if not isinstance(node, SequenceNode) or not node.items:
        raise GateSyntaxError(node.place, Message("gate-file.first-of"))
    return tuple(_choice(grammar, item) for item in node.items)


def _choice(grammar: Grammar, node: Node) -> Selection:
    if isinstance(node, MappingNode) and any(key.raw == "runs" for key, _ in node.entries):
        return _selection(grammar, Entry(grammar, node, CHOICE, GATE_KEYS))
    return Selection(in_order(clauses(grammar, node)))


def _unchanged(grammar: Grammar, node: Node) -> Unchanged:
    entry = Entry(grammar, node, UNCHANGED, UNCHANGED_KEYS)
    entry.require("to", Message("gate-file.unchanged-to"))
    entry.require("fields", Message("gate-file.unchanged-fields"))
    return Unchanged(
        to=entry.get("to", text_of, ""),
        fields=entry.get("fields", lambda below: patterns_of(below, grammar.operands.curves), ()),
        exempt=entry.get("except", lambda below: patterns_of(below, grammar.operands.curves), ()),
        place=entry.nodes["to"].place,
    )


def read_waiver(grammar: Grammar, node: Node) -> tuple[Waiver, Node]:
    """Read one waiver; returns it with the node that names its gate."""
    entry = Entry(grammar, node, WAIVER, {})
    entry.require("gate", Message("gate-file.waiver-without-gate"))
    entry.require("reason", Message("gate-file.waiver-without-reason"))
    entry.require("until", Message("gate-file.waiver-without-end"))
    waiver = Waiver(
        gate=entry.get("gate", text_of, ""),
        reason=entry.get("reason", _reason, ""),
        until=entry.get("until", _date, date.max),
        clauses=in_order(entry.get("runs", lambda below: clauses(grammar, below), ())),
        place=entry.table.place,
    )
    return waiver, entry.nodes["gate"]


def _selection(grammar: Grammar, entry: Entry) -> Selection:
    if {"take", "newest"} <= entry.nodes.keys():
        raise GateSyntaxError(entry.nodes["take"].place, Message("gate-file.take-and-newest"))
    return Selection(
        in_order(entry.get("runs", lambda below: clauses(grammar, below), ())),
        entry.get("newest", lambda below: count_of(below, "newest"), None),
        entry.get("latest_by", fields_of, ()),
        entry.get("take", lambda below: _take(grammar, below), None),
    )


def _take(grammar: Grammar, node: Node) -> Take | None:
    entry = Entry(grammar, node, TAKE, TAKE_KEYS)
    for key in TAKE:
        entry.require(key, Message("gate-file.take-form", key=key))
    by = entry.get("by", lambda below: _number_field(grammar, below), None)
    better = entry.get("better", lambda below: one_of(below, ("higher", "lower")), "higher")
    best = entry.get("best", lambda below: count_of(below, "best"), 1)
    return Take(best, by, better == "higher", node.place) if by else None


def _number_field(grammar: Grammar, node: Node) -> Field:
    """Read a field that runs can be ranked by."""
    if not isinstance(node, Scalar):
        raise GateSyntaxError(node.place, Message("gate-file.take-by"))
    field = read_field(node, grammar.operands.curves)
    if field.kind not in {ValueKind.NUMBER, ValueKind.ANY, ValueKind.TIME}:
        raise GateSyntaxError(node.place, Message("gate-file.take-by-kind", field=field.text, kind=field.kind))
    return field


def _id(node: Node) -> str:
    text = text_of(node)
    if not _ID.fullmatch(text):
        example = Key(slug(text) or "smoke-run")
        raise GateSyntaxError(node.place, Message("gate-file.id-form", id=text, example=example))
    return text


def _reason(node: Node) -> str:
    text = text_of(node).strip()
    if len(text) < SHORTEST_REASON:
        raise GateSyntaxError(node.place, Message("gate-file.reason-short", least=SHORTEST_REASON))
    return text


def _date(node: Node) -> date:
    text = text_of(node)
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise GateSyntaxError(node.place, Message("gate-file.not-a-date", text=text)) from None


def _level(node: Node) -> Level:
    return Level(one_of(node, tuple(Level), LEVEL_SYNONYMS))


def _whole_project(node: Node) -> bool:
    return bool(one_of(node, ("project",)))


def _how_many(node: Node) -> HowMany:
    if isinstance(node, Scalar):
        if node.raw[:1].isdigit():
            raise GateSyntaxError(node.place, Message("gate-file.how-many-number", number=node.raw))
        word = one_of(node, HOW_MANY)
        known = {"all": HowMany(), "any": HowMany("any", 1, Fraction(1)), "none": HowMany("none")}
        return known[word]
    if not isinstance(node, MappingNode) or len(node.entries) != 1:
        raise GateSyntaxError(node.place, Message("gate-file.how-many-form"))
    key, value = node.entries[0]
    if key.raw not in {"at_least", "at_most"}:
        wrong = unknown_key(key, ("at_least", "at_most"), {"min": "at_least", "max": "at_most"})
        raise GateSyntaxError(key.place, wrong)
    amount = _amount(value, key.raw)
    least, most = (amount, Fraction(1)) if key.raw == "at_least" else (0, amount)
    return HowMany(key.raw, least, most, value.raw)  # type: ignore[union-attr]  # _amount accepts a scalar only


def _amount(node: Node, name: str) -> int | Fraction:
    least = 1 if name == "at_least" else 0
    part = share_of(node)
    if part is None:
        return count_of(node, name, least)
    if name == "at_least" and not 0 < part <= 1:
        raise GateSyntaxError(node.place, Message("gate-file.share-least"))
    if not 0 <= part <= 1:
        raise GateSyntaxError(node.place, Message("gate-file.share-most"))
    return part
