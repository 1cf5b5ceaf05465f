"""`extends`: the files that a gate file builds on, read before it: presets of the package, or files next to it."""

from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import PurePosixPath

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate.parse.punctuation import refuse_full_width
from swanlab_ci.gate.parse.suggestions import did_you_mean
from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.gate.spec.source import PRESET, GateSyntaxError, MappingNode, Node, Scalar, SequenceNode
from swanlab_ci.messages import Message, Name

PRESETS = ("smoke", "reproducible", "healthy")


def documents(tree: Node, read: Callable[[str], str] | None) -> Iterator[MappingNode]:
    """Yield the trees that `tree` extends, in their order, and `tree` itself last.

    Raises `GateSyntaxError` for an unknown preset, a path to another folder, and an extended file that extends another.
    """
    if not isinstance(tree, MappingNode):
        refuse_full_width(tree, as_key=True)
        raise GateSyntaxError(tree.place, Message("gate-file.not-a-map"))
    for node in _named(tree):
        found = parse(_text(node, read), node.raw)
        if not isinstance(found, MappingNode):
            raise GateSyntaxError(found.place, Message("gate-file.not-a-map"))
        if any(True for _ in _named(found)):
            raise GateSyntaxError(found.place, Message("gate-file.extends-chain"))
        yield found
    yield tree


def _named(tree: MappingNode) -> Iterator[Scalar]:
    for key, node in tree.entries:
        if key.raw == "extends":
            items: tuple[Node, ...] = node.items if isinstance(node, SequenceNode) else (node,)
            for item in items:
                if not isinstance(item, Scalar) or not item.raw:
                    raise GateSyntaxError(item.place, Message("gate-file.extends-form"))
                yield item


def _text(node: Scalar, read: Callable[[str], str] | None) -> str:
    if node.raw.startswith(PRESET):
        return _preset(node, node.raw.removeprefix(PRESET))
    path = PurePosixPath(node.raw)
    if "://" in node.raw or "\\" in node.raw or path.is_absolute() or ".." in path.parts:
        raise GateSyntaxError(node.place, Message("gate-file.extends-outside", path=node.raw))
    if read is None:
        raise GateSyntaxError(node.place, Message("gate-file.extends-presets-only", path=node.raw))
    try:
        return read(node.raw)
    except ConfigurationError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        missing = Message("gate-file.extends-missing", path=Name(node.raw), file=Name(node.place.source.name))
        raise GateSyntaxError(node.place, missing) from None
    except (OSError, ValueError) as error:
        reason = Name(str(error))
        raise GateSyntaxError(
            node.place, Message("gate-file.extends-unreadable", path=node.raw, reason=reason)
        ) from None


def _preset(node: Scalar, name: str) -> str:
    if name not in PRESETS:
        hint = did_you_mean(name, PRESETS)
        raise GateSyntaxError(node.place, Message("gate-file.unknown-preset", preset=name, hint=hint))
    return (resources.files("swanlab_ci.gate") / "presets" / f"{name}.yml").read_text("utf-8")
