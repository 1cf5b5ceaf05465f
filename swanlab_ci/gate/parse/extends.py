"""`extends`: the files that a gate file builds on, read before it; presets of the package, or paths beside the file."""

from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import PurePosixPath

from swanlab_ci.gate.parse.suggestions import did_you_mean
from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar, SequenceNode

PRESETS = ("smoke", "reproducible")
_PRESET = "preset:"


def documents(tree: Node, read: Callable[[str], str] | None) -> Iterator[MappingNode]:
    """Yield the trees that `tree` extends, in their order, and `tree` itself last.

    Raises `GateSyntaxError` for an unknown preset, a path that leads elsewhere, and a file that extends another in its
    turn.
    """
    if not isinstance(tree, MappingNode):
        raise GateSyntaxError(tree.place, "a gate file is a map; start with `project:` and `gates:`")
    for node in _named(tree):
        found = parse(_text(node, read), node.raw)
        if not isinstance(found, MappingNode):
            raise GateSyntaxError(found.place, "a gate file is a map")
        if any(True for _ in _named(found)):
            raise GateSyntaxError(found.place, "a file that others extend cannot extend one itself")
        yield found
    yield tree


def _named(tree: MappingNode) -> Iterator[Scalar]:
    for key, node in tree.entries:
        if key.raw == "extends":
            items: tuple[Node, ...] = node.items if isinstance(node, SequenceNode) else (node,)
            for item in items:
                if not isinstance(item, Scalar) or not item.raw:
                    raise GateSyntaxError(item.place, "`extends` names `preset:smoke`, or a file beside this one")
                yield item


def _text(node: Scalar, read: Callable[[str], str] | None) -> str:
    if node.raw.startswith(_PRESET):
        return _preset(node, node.raw.removeprefix(_PRESET))
    path = PurePosixPath(node.raw)
    if "://" in node.raw or "\\" in node.raw or path.is_absolute() or ".." in path.parts:
        raise GateSyntaxError(
            node.place, f"`{node.raw}` is not beside this file; URLs, absolute paths and `..` are refused"
        )
    if read is None:
        raise GateSyntaxError(node.place, f"`{node.raw}` cannot be read here; only presets can be extended")
    try:
        return read(node.raw)
    except (OSError, ValueError) as error:
        raise GateSyntaxError(node.place, f"`{node.raw}` cannot be read: {error}") from None


def _preset(node: Scalar, name: str) -> str:
    if name not in PRESETS:
        raise GateSyntaxError(node.place, f"unknown preset `{name}`{did_you_mean(name, PRESETS)}")
    return (resources.files("swanlab_ci.gate") / "presets" / f"{name}.yml").read_text("utf-8")
