"""Add a gate behind the last one of a gate file; every character that was there stays."""

from typing import Any

import yaml

from swanlab_ci.gate.edit.splice import EditError, says, values
from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.messages import Message, Name


def add_gate(text: str, name: str, entries: dict[str, str]) -> str:
    """Return `text` with one more gate; `entries` are its keys, each with its value as YAML in flow style.

    Raises `EditError` where the text would not say exactly this then.
    """
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    gates = next((value for key, value in root.value if key.value == "gates"), None)
    if gates is None and root.flow_style:
        raise EditError(Message("edit.no-gates", file=Name(name)))
    flow = "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"
    if gates is not None and gates.flow_style:
        end = _end(gates.value[-1]) if gates.value else gates.start_mark.index + 1
        changed = text[:end] + (", " if gates.value else "") + flow + text[end:]
    else:
        changed = _with_block(text, root if gates is None else gates, entries, is_first=gates is None)
    before, added = parse(text, name), values(parse(flow, name))
    expected = values(before)
    key = ("gates", False)
    if not says(changed, name, expected | {key: [*expected.get(key, []), added]}):
        raise EditError(Message("edit.no-gates", file=Name(name)))
    return changed


def _with_block(text: str, node: Any, entries: dict[str, str], *, is_first: bool) -> str:
    """Insert an item of a block sequence in lines of its own, behind the last line of `node`."""
    lines = [f"{'- ' if number == 0 else '  '}{key}: {value}" for number, (key, value) in enumerate(entries.items())]
    indent = " " * (2 if is_first else node.start_mark.column)
    lines = [*(["gates:"] if is_first else []), *(indent + line for line in lines)]
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    end = _end(node)
    if text[end - 1] not in "\r\n":
        end = text.find("\n", end) + 1 or len(text)
    added = end_of_line.join(lines)
    if text[end - 1] == "\n":
        return text[:end] + added + end_of_line + text[end:]
    return text + end_of_line + added


def _end(node: Any) -> int:
    """Return where the text of `node` ends; the mark of a block is behind the comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)
