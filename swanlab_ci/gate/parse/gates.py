"""One entry of `gates`, `baselines`, `compare` or `waivers` becomes a value, each mistake at its own place."""

import re
from datetime import UTC, date, datetime
from fractions import Fraction

from swanlab_ci.gate.parse.comparisons import read_comparisons
from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry, count_of, one_of, share_of, sorting_field, text_of
from swanlab_ci.gate.parse.suggestions import GATE_KEYS, LEVELS, did_you_mean
from swanlab_ci.gate.spec.conditions import AllOf, AnyOf, Condition, Named
from swanlab_ci.gate.spec.gates import Baseline, Clause, Gate, HowMany, Selection, Waiver, in_order
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar
from swanlab_ci.model import Level

GATE = (
    *("name", "id", "why", "level", "runs", "scope", "newest", "for_each"),
    *("expect", "how_many", "compare", "if_no_runs"),
)
BASELINE = ("runs", "newest", "scope")
WAIVER = ("gate", "runs", "reason", "until")
IF_NO_RUNS = ("fail", "warn", "skip", "pass")
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
    entry.require("name", "this gate has no `name`")
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
        for_each=entry.get("for_each", sorting_field, None),
        expect=_none_of(singles) if how_many.keyword == "none" and singles else singles,
        aggregates=tuple(clause for clause in expect if clause.across),
        how_many=how_many,
        compare=entry.get("compare", lambda below: read_comparisons(grammar, below), ()),
        if_no_runs=entry.get("if_no_runs", lambda below: one_of(below, IF_NO_RUNS), "fail"),
    )
    _check_gate(entry, gate)
    return gate


def _check_gate(entry: Entry, gate: Gate) -> None:
    if not {"expect", "compare"} & entry.nodes.keys() and {key.raw for key, _ in entry.table.entries} <= set(GATE):
        raise GateSyntaxError(entry.table.place, "this gate checks nothing; give it `expect` or `compare`")
    if "how_many" in entry.nodes and not gate.expect:
        place = entry.nodes["how_many"].place
        raise GateSyntaxError(place, "`how_many` counts runs, and no expectation of this gate is about a single run")
    if not gate.id and "id" not in entry.nodes:
        raise GateSyntaxError(entry.table.place, "no `id` can be made from this name; write one")


def _none_of(expect: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Turn expectations round: that they hold for no run is that for every run they do not hold."""
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
    entry.require("runs", f"the baseline `{key.raw}` selects no runs; give it `runs`")
    entry.get("scope", _whole_project, True)
    return Baseline(key.raw, (_selection(grammar, entry),), key.place)


def read_waiver(grammar: Grammar, node: Node) -> tuple[Waiver, Node]:
    """Read one waiver; returns it with the node that names its gate."""
    entry = Entry(grammar, node, WAIVER, {})
    entry.require("gate", "a waiver names its `gate`")
    entry.require("reason", "a waiver gives its `reason`")
    entry.require("until", "a waiver ends; write `until: ` and a date")
    waiver = Waiver(
        gate=entry.get("gate", text_of, ""),
        reason=entry.get("reason", _reason, ""),
        until=entry.get("until", _date, date.max),
        clauses=in_order(entry.get("runs", lambda below: clauses(grammar, below), ())),
        place=entry.table.place,
    )
    return waiver, entry.nodes["gate"]


def _selection(grammar: Grammar, entry: Entry) -> Selection:
    return Selection(
        in_order(entry.get("runs", lambda below: clauses(grammar, below), ())),
        entry.get("newest", lambda below: count_of(below, "newest"), None),
    )


def _id(node: Node) -> str:
    text = text_of(node)
    if not _ID.fullmatch(text):
        raise GateSyntaxError(
            node.place, f"`{text}` is no id; use letters, digits and dashes, like `{slug(text) or 'smoke-run'}`"
        )
    return text


def _reason(node: Node) -> str:
    text = text_of(node).strip()
    if len(text) < SHORTEST_REASON:
        raise GateSyntaxError(node.place, f"say why in {SHORTEST_REASON} characters or more")
    return text


def _date(node: Node) -> date:
    text = text_of(node)
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise GateSyntaxError(node.place, f"`{text}` is not a date; write it like 2027-01-31") from None


def _level(node: Node) -> Level:
    return Level(one_of(node, tuple(Level), LEVELS))


def _whole_project(node: Node) -> bool:
    return bool(one_of(node, ("project",)))


def _how_many(node: Node) -> HowMany:
    if isinstance(node, Scalar):
        if node.raw[:1].isdigit():
            raise GateSyntaxError(node.place, f"write `{{at_least: {node.raw}}}` or `{{at_most: {node.raw}}}`")
        word = one_of(node, HOW_MANY)
        known = {"all": HowMany(), "any": HowMany("any", 1, Fraction(1)), "none": HowMany("none")}
        return known[word]
    if not isinstance(node, MappingNode) or len(node.entries) != 1:
        raise GateSyntaxError(
            node.place, "`how_many` is all, any, none, `{at_least: 3}`, `{at_least: 90%}` or `{at_most: 1}`"
        )
    key, value = node.entries[0]
    if key.raw not in {"at_least", "at_most"}:
        hint = did_you_mean(key.raw, ("at_least", "at_most"), {"min": "at_least", "max": "at_most"})
        raise GateSyntaxError(key.place, f"unknown key `{key.raw}`{hint}")
    amount = _amount(value, key.raw)
    least, most = (amount, Fraction(1)) if key.raw == "at_least" else (0, amount)
    return HowMany(key.raw, least, most, value.raw)  # type: ignore[union-attr]  # _amount accepts a scalar only


def _amount(node: Node, name: str) -> int | Fraction:
    least = 1 if name == "at_least" else 0
    part = share_of(node)
    if part is None:
        return count_of(node, name, least)
    if not 0 <= part <= 1 or (name == "at_least" and not part):
        raise GateSyntaxError(node.place, f"`{name}` is a share of the runs, above 0% and up to 100%")
    return part
