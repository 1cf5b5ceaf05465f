"""Strict YAML 1.2: the text of a gate file becomes a tree of values that keep their place and their spelling.

Built on PyYAML's events, so that PyYAML resolves, merges and shares nothing. Scalars follow the core schema
(https://yaml.org/spec/1.2.2/#103-core-schema); what is easily misread is refused: duplicate keys, anchors and aliases,
tags, `<<`, tabs, and files beyond the limits below.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from swanlab_ci.gate.parse.punctuation import refuse_full_width, refuse_full_width_lines
from swanlab_ci.gate.parse.yaml_reasons import REASONS
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Place, Scalar, SequenceNode, Source
from swanlab_ci.messages import Key, Message, Name

MAX_BYTES = 256 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 40
_MOST_DIGITS = 3_000

_OWN_KEY = re.compile(
    r"^(version|project|extends|runs|baselines|gates|waivers|report|latest_by|tests) *[:：]",  # noqa: RUF001
    re.MULTILINE,
)
"""How a line of a gate file or of its tests starts; a link may lead to a file without one, which holds secrets."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")

_YAML_TAG = "tag:yaml.org,2002:"
_CONFLICT = ("<<<<<<< ", ">>>>>>> ")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: ten times the speed
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def parse(text: str, name: str) -> Node:
    """Read the one document in `text`.

    Raises `GateSyntaxError` at the first thing that is not strict YAML.
    """
    is_gate_file = bool(_OWN_KEY.search(text)) and not _CONTROL.search(text)
    source = Source(name, tuple(text.splitlines()), is_quotable=is_gate_file)
    _check_text(text, source)
    try:
        return _Builder(source, iter(yaml.parse(text, Loader=_LOADER))).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(source, mark.line + 1, mark.column + 1) if mark else Place(source, 1, 1)
        refuse_full_width_lines(source, place.line)
        line = source.lines[place.line - 1] if place.line <= len(source.lines) else ""
        raise GateSyntaxError(place, _not_yaml(error, line)) from None
    except yaml.YAMLError as error:
        raise GateSyntaxError(Place(source, 1, 1), _reason(" ".join(str(error).split()))) from None


def _not_yaml(error: yaml.MarkedYAMLError, line: str) -> Message:
    """Return what is wrong in `line`: common mistakes in our words, others in the words of the parser."""
    said = error.problem or error.context or ""
    if "${{" in line:
        return Message("gate-file.workflow-expression", example=Key("$head_sha"))
    braces = re.search(r"\$\{(\w+)\}?", line)
    if braces:
        return Message("gate-file.yaml-braces", name=braces.group(1))
    if "mapping values are not allowed" in said:
        return Message("gate-file.yaml-colon") if line.count(": ") > 1 else Message("gate-file.yaml-indent")
    if "alias" in (error.context or ""):
        return Message("gate-file.yaml-star")
    return _reason(said)


def _reason(said: str) -> Message:
    """Return what the parser says in our words, or as it says it."""
    known = next((message for words, message in REASONS.items() if words in said), None)
    return known or Message("gate-file.not-yaml", reason=Name(said))


def _check_text(text: str, source: Source) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise GateSyntaxError(Place(source, 1, 1), Message("gate-file.too-large", limit=MAX_BYTES // 1024))
    for number, line in enumerate(source.lines, 1):
        if "\t" in line:
            raise GateSyntaxError(Place(source, number, line.index("\t") + 1), Message("gate-file.tab"))
        if line.startswith(_CONFLICT):
            raise GateSyntaxError(Place(source, number, 1), Message("gate-file.merge-conflict"))
        odd = re.search("[\ud800-\udfff]", line)
        if odd:
            raise GateSyntaxError(Place(source, number, odd.start() + 1), Message("gate-file.half-character"))


class _Builder:
    """Takes events one by one and returns nodes, counting them on the way."""

    def __init__(self, source: Source, events: Iterator[Any]) -> None:
        self._source = source
        self._events = events
        self._nodes = 0

    def document(self) -> Node:
        """Return the root of the only document."""
        next(self._events)  # the start of the stream
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise GateSyntaxError(Place(self._source, 1, 1), Message("gate-file.empty"))
        root = self._node(next(self._events), 1)
        next(self._events)  # the end of the document
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise GateSyntaxError(self._place(event), Message("gate-file.second-document"))
        return root

    def _place(self, event: Any) -> Place:
        return Place(self._source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise GateSyntaxError(place, Message("gate-file.too-many-values", limit=MAX_NODES))
        if depth > MAX_DEPTH:
            raise GateSyntaxError(place, Message("gate-file.too-deep", limit=MAX_DEPTH))
        _refuse_sharing_and_tags(event, place)
        if isinstance(event, yaml.ScalarEvent):
            value = resolve(event.value) if event.implicit[0] else event.value
            scalar = Scalar(value, event.value, place, is_quoted=not event.implicit[0])
            refuse_full_width(scalar)
            return scalar
        if isinstance(event, yaml.SequenceStartEvent):
            return SequenceNode(tuple(self._items(depth + 1)), place)
        return MappingNode(tuple(self._entries(depth + 1)), place)

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth)

    def _entries(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Place] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth)
            if not isinstance(key, Scalar) or not key.raw:
                raise GateSyntaxError(key.place, Message("gate-file.key-form"))
            refuse_full_width(key, as_key=True)
            if key.raw == "<<":
                raise GateSyntaxError(key.place, Message("gate-file.merge-key"))
            if key.raw in seen:
                raise GateSyntaxError(
                    key.place, Message("gate-file.duplicate-key", key=key.raw, line=seen[key.raw].line)
                )
            seen[key.raw] = key.place
            yield key, self._node(next(self._events), depth)


def _refuse_sharing_and_tags(event: Any, place: Place) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise GateSyntaxError(place, Message("gate-file.alias", name=event.anchor))
    if event.anchor is not None:
        raise GateSyntaxError(place, Message("gate-file.anchor", name=event.anchor))
    if event.tag is not None:
        raise GateSyntaxError(place, Message("gate-file.tag", tag=event.tag.replace(_YAML_TAG, "!!")))


def resolve(raw: str) -> str | int | float | bool | None:
    """Return what an unquoted scalar means in YAML's core schema; a number too large for a float stays a text."""
    if raw in _WORDS:
        return _WORDS[raw]
    if _INTEGER.fullmatch(raw):
        if len(raw) > _MOST_DIGITS:  # more than Python writes
            return raw
        try:
            return int(raw, 0) if raw[:2] in {"0o", "0x"} else int(raw)
        except ValueError:  # more digits than Python converts
            return raw
    if _FLOAT.fullmatch(raw):
        number = float(raw)
        return raw if number in {float("inf"), float("-inf")} else number
    if _NOT_FINITE.fullmatch(raw):
        return float(raw.replace(".", ""))
    return raw
