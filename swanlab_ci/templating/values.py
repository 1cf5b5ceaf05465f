"""What a template is given: plain data, in which a text that is already Markdown differs from a foreign one."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from swanlab_ci.security.escaping import Safe

_MARKDOWN = "$markdown"


def data(value: Any) -> Any:
    """Return a value as maps, lists, texts, numbers, bools and None: a template reaches no object of this program."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): data(each) for key, each in value.items()}
    if is_dataclass(value):
        return {field.name: data(getattr(value, field.name)) for field in fields(value)}
    return [data(each) for each in value]


def written(value: Any) -> str:
    """Return data as JSON; `read` gives it back with the texts that are Markdown."""
    return json.dumps(_marked(value), allow_nan=False)


def read(text: str) -> Any:
    """Return the data of `written`."""
    return json.loads(text, object_hook=_unmarked)


def _marked(value: Any) -> Any:
    if isinstance(value, Safe):
        return {_MARKDOWN: str(value)}
    if isinstance(value, dict):
        return {key: _marked(each) for key, each in value.items()}
    return [_marked(each) for each in value] if isinstance(value, list) else value


def _unmarked(found: dict[str, Any]) -> Any:
    return Safe(found[_MARKDOWN]) if found.keys() == {_MARKDOWN} else found
