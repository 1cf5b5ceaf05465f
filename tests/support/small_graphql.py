"""As much of GraphQL as our queries need: one operation with variables and fragments, over values in dictionaries.

The stage `forges` compares its answers with those of a whole implementation.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r"\s*(\.\.\.|[{}():!$,]|\w+)")


@dataclass
class Selection:
    """Fields with their arguments, each a name of a variable, a number or a word; and the fragments between them."""

    fields: dict[str, tuple[dict[str, str], "Selection | None"]] = field(default_factory=dict)
    inline: list[tuple[str, "Selection"]] = field(default_factory=list)
    spread: list[str] = field(default_factory=list)


def answer(query: str, variables: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `query` from `root`, where a function stands for a field with arguments.

    An unknown field is a KeyError.
    """
    tokens = _tokens(query)
    while next(tokens) != "{":
        pass  # the operation's name and the types of its variables
    operation = _selection(tokens)
    fragments: dict[str, Selection] = {}
    for word in tokens:
        if word == "fragment":
            name, _on, _type, _brace = (next(tokens) for _ in range(4))
            fragments[name] = _selection(tokens)
    found = _resolved(operation, root, variables, fragments)
    assert isinstance(found, dict)
    return found


def _tokens(query: str) -> Iterator[str]:
    position = 0
    while match := _TOKEN.match(query, position):
        position = match.end()
        yield match[1]
    assert not query[position:].strip()


def _selection(tokens: Iterator[str]) -> Selection:
    found, last = Selection(), ""
    for token in tokens:
        if token == "}":
            return found
        if token == "...":
            if (word := next(tokens)) == "on":
                kind, _brace = next(tokens), next(tokens)
                found.inline.append((kind, _selection(tokens)))
            else:
                found.spread.append(word)
        elif token == "(":
            found.fields[last] = (_arguments(tokens), None)
        elif token == "{":
            found.fields[last] = (found.fields[last][0], _selection(tokens))
        else:
            last = token
            found.fields[last] = ({}, None)
    raise AssertionError


def _arguments(tokens: Iterator[str]) -> dict[str, str]:
    written = "".join(iter(lambda: next(tokens), ")"))
    return dict(argument.split(":") for argument in written.split(","))


def _resolved(wanted: Selection, value: Any, variables: Mapping[str, Any], fragments: Mapping[str, Selection]) -> Any:
    if value is None:
        return None
    if isinstance(value, list):
        return [_resolved(wanted, each, variables, fragments) for each in value]
    found: dict[str, Any] = {}
    for name, (arguments, below) in wanted.fields.items():
        inner = value[name]
        if arguments:
            given = {key: variables[word[1:]] if word[0] == "$" else word for key, word in arguments.items()}
            inner = inner(**given)
        found[name] = inner if below is None else _resolved(below, inner, variables, fragments)
    inline = [selection for kind, selection in wanted.inline if value["__typename"] == kind]
    for selection in (*inline, *(fragments[name] for name in wanted.spread)):
        found |= _resolved(selection, value, variables, fragments)
    return found
