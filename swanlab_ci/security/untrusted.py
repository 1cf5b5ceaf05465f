"""Values out of foreign JSON and YAML, read with a fallback instead of an error; pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

YAML_ERRORS = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)
"""What PyYAML also raises, if a tag such as `!!bool` stands before a scalar of another type."""


def mapping(value: Any) -> Mapping[str, Any]:
    """Return `value` if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """Return `value` if it is a text, else the empty text."""
    return value if isinstance(value, str) else ""


def time_of(value: Any) -> datetime | None:
    """Read an ISO 8601 time, which is in UTC if it names no zone; None for anything else."""
    try:
        time = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def mended(value: Any, build: Callable[[list[tuple[str, Any]]], dict[str, Any]] = dict) -> Any:
    """Copy a value of JSON or YAML with U+FFFD in the place of half a surrogate pair, which no surface can show.

    `build` makes each mapping out of its pairs.
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return build([(mended(key, build), mended(below, build)) for key, below in value.items()])
    return [mended(below, build) for below in value] if isinstance(value, list) else value
