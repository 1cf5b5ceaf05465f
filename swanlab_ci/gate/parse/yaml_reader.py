"""A gate file's text becomes a tree of values that know their place and their spelling: YAML 1.2 core, strictly.

Built on PyYAML's events, so that nothing is resolved, merged or shared behind our back. Scalars follow the core schema
(https://yaml.org/spec/1.2.2/#103-core-schema); what a reader could misread is refused: duplicate keys, anchors and
aliases, tags, `<<`, tabs, and files beyond the limits below.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Place, Scalar, SequenceNode, Source

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "Place", "parse", "resolve"]

MAX_BYTES = 256 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 40

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
    source = Source(name, tuple(text.splitlines()))
    _check_text(text, source)
    try:
        return _Builder(source, iter(yaml.parse(text, Loader=_LOADER))).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(source, mark.line + 1, mark.column + 1) if mark else Place(source, 1, 1)
        line = source.lines[place.line - 1] if place.line <= len(source.lines) else ""
        raise GateSyntaxError(place, f"this is not YAML: {_in_words(error, line)}") from None
    except yaml.YAMLError as error:
        raise GateSyntaxError(Place(source, 1, 1), f"this is not YAML: {' '.join(str(error).split())}") from None


def _in_words(error: yaml.MarkedYAMLError, line: str) -> str:
    """Say what is wrong in `line`: the usual slips in our words, all else in those of the parser."""
    said = error.problem or error.context or ""
    braces = re.search(r"\$\{(\w+)\}?", line)
    if braces:
        return f"write `${braces.group(1)}` without braces"
    if "mapping values are not allowed" in said:
        return "quote a text that holds `: `" if line.count(": ") > 1 else "this key is indented like no other"
    return "quote a text that starts with `*`" if "alias" in (error.context or "") else said


def _check_text(text: str, source: Source) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise GateSyntaxError(Place(source, 1, 1), f"the file is larger than {MAX_BYTES // 1024} KiB")
    for number, line in enumerate(source.lines, 1):
        if "\t" in line:
            raise GateSyntaxError(Place(source, number, line.index("\t") + 1), "a tab; use spaces instead")
        if line.startswith(_CONFLICT):
            raise GateSyntaxError(Place(source, number, 1), "a merge conflict was left here; resolve it")
        odd = re.search("[\ud800-\udfff]", line)
        if odd:
            raise GateSyntaxError(Place(source, number, odd.start() + 1), "half a character; save the file as UTF-8")


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
            raise GateSyntaxError(Place(self._source, 1, 1), "the file is empty")
        root = self._node(next(self._events), 1)
        next(self._events)  # the end of the document
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise GateSyntaxError(self._place(event), "a second document; a gate file is one")
        return root

    def _place(self, event: Any) -> Place:
        return Place(self._source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise GateSyntaxError(place, f"more than {MAX_NODES:,} values in one file")
        if depth > MAX_DEPTH:
            raise GateSyntaxError(place, f"more than {MAX_DEPTH} levels of nesting")
        _refuse_sharing_and_tags(event, place)
        if isinstance(event, yaml.ScalarEvent):
            value = resolve(event.value) if event.implicit[0] else event.value
            return Scalar(value, event.value, place, is_quoted=not event.implicit[0])
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
                raise GateSyntaxError(key.place, "a key must be a text")
            if key.raw == "<<":
                raise GateSyntaxError(key.place, "`<<` merges what a reader does not see; write the keys out")
            if key.raw in seen:
                raise GateSyntaxError(
                    key.place, f"the key `{key.raw}` is there twice; first on line {seen[key.raw].line}"
                )
            seen[key.raw] = key.place
            yield key, self._node(next(self._events), depth)


def _refuse_sharing_and_tags(event: Any, place: Place) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise GateSyntaxError(
            place, f"`*{event.anchor}` is an alias; write the value out, or quote a text that starts with `*`"
        )
    if event.anchor is not None:
        raise GateSyntaxError(place, f"`&{event.anchor}` is an anchor; write the value out where it is needed")
    if event.tag is not None:
        raise GateSyntaxError(place, f"`{event.tag.replace(_YAML_TAG, '!!')}` is a tag; plain YAML needs none")


def resolve(raw: str) -> str | int | float | bool | None:
    """Return what an unquoted scalar means in YAML's core schema; a number too large for a float stays a text."""
    if raw in _WORDS:
        return _WORDS[raw]
    if _INTEGER.fullmatch(raw):
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
