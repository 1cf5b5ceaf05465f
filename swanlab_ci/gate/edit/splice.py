"""Replace one number in the text of a gate file, where it stands; comments, quotes and line ends stay as they are.

The text is read again afterwards: if anything but this number differs then, the change is refused.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Place, Scalar, SequenceNode
from swanlab_ci.messages import Message, Name

Path = tuple[int | str, ...]
"""The way to a value of a gate file: keys and positions."""


class EditError(Exception):
    """The file cannot be changed there; `problem` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def path_to(tree: Node, place: Place) -> Path:
    """Return the way to the entry with the key at `place`; raises `EditError` where there is none in this file."""
    for path, key in _keys(tree, ()):
        if key.place == place:
            return path
    raise EditError(Message("edit.elsewhere", place=Name(f"{place.source.name}:{place.line}")))


def path_to_value(tree: Node, place: Place) -> Path:
    """Return the way to the value at `place`; raises `EditError` where there is none in this file."""
    for path, _ in _keys(tree, ()):
        value = value_at(tree, path)
        if value and value.place == place:
            return path
    raise EditError(Message("edit.elsewhere", place=Name(f"{place.source.name}:{place.line}")))


def _keys(node: Node, path: Path) -> Iterator[tuple[Path, Scalar]]:
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            yield (*path, key.raw), key
            yield from _keys(value, (*path, key.raw))
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.items):
            yield from _keys(item, (*path, number))


def value_at(tree: Node, path: Sequence[int | str]) -> Node | None:
    """Return what stands at the end of `path`; None where nothing does."""
    node: Node | None = tree
    for part in path:
        if isinstance(node, MappingNode):
            node = next((value for key, value in node.entries if key.raw == part), None)
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        else:
            return None
    return node


def splice(text: str, name: str, path: Path, written: str) -> str:
    """Return `text` with `written` in the place of the scalar at the end of `path`.

    Raises `EditError` where no number stands there, or where the text would say anything else then.
    """
    before = parse(text, name)
    node = value_at(before, path)
    if not isinstance(node, Scalar):
        place = Name(f"{name}:{node.place.line}") if node else Name(name)
        raise EditError(Message("edit.not-a-number", place=place))
    start, end = _span(text, node)
    inside = text[start:end]
    quote = inside[0] if inside[:1] in {'"', "'"} else ""
    changed = text[:start] + quote + written + quote + text[end:]
    if not says(changed, name, values(before, path, written)):
        raise EditError(Message("edit.changes-more", place=Name(f"{name}:{node.place.line}")))
    return changed


def _span(text: str, node: Scalar) -> tuple[int, int]:
    reader: Any = yaml  # the types of its marks do not fit
    for event in reader.parse(text, Loader=yaml.SafeLoader):
        start, end = event.start_mark, event.end_mark
        at = (start.line + 1, start.column + 1)
        if isinstance(event, yaml.ScalarEvent) and at == (node.place.line, node.place.column):
            return start.index, end.index
    raise EditError(Message("edit.not-a-number", place=Name(f"{node.place.source.name}:{node.place.line}")))


def says(text: str, name: str, expected: Any) -> bool:
    """Tell whether a text is read as these `values`."""
    try:
        return bool(values(parse(text, name)) == expected)
    except GateSyntaxError:
        return False


def values(node: Node, path: Sequence[int | str] | None = None, written: str = "") -> Any:
    """Return the values of a tree without their places; with `path`, those with `written` at its end."""
    if isinstance(node, Scalar):
        return (written if path == () else node.raw, node.is_quoted)

    def below(part: int | str) -> Sequence[int | str] | None:
        return tuple(path[1:]) if path and path[0] == part else None

    if isinstance(node, SequenceNode):
        return [values(item, below(number), written) for number, item in enumerate(node.items)]
    return {(key.raw, key.is_quoted): values(value, below(key.raw), written) for key, value in node.entries}
