"""A judgement without the run's secrets, for the case that one is quoted in it."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from swanlab_ci.messages import Linked, Message
from swanlab_ci.model import Point

T = TypeVar("T")
Redact = Callable[[str], str]


def without_secrets(value: T, redact: Redact) -> T:
    """Return `value` with every text redacted, before any surface cuts it: half a secret is not recognised any more."""
    return _redacted(value, redact)  # type: ignore[no-any-return]  # of the same type


def _redacted(value: Any, redact: Redact) -> Any:
    if isinstance(value, Message):
        return value.changed(lambda each: _redacted(each, redact))
    if isinstance(value, Linked):
        return Linked(redact(value), redact(value.url))
    if isinstance(value, str) and not isinstance(value, Enum):
        return type(value)(redact(value))
    if isinstance(value, Mapping):
        return {_redacted(key, redact): _redacted(each, redact) for key, each in value.items()}
    if isinstance(value, Point):
        return value  # numbers, and many of them
    if isinstance(value, (tuple, list)):
        return type(value)(_redacted(each, redact) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: _redacted(getattr(value, field.name), redact) for field in fields(value) if field.init}
        return replace(value, **changes)
    return value
