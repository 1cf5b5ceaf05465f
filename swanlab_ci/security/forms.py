"""Read the values of foreign JSON by their form: each reader returns a value of its type, or raises; pure."""

import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Form = Callable[[Any], T]
"""Returns what a value of JSON is read as, or raises `FormError`."""

MOST_DIGITS = 18
"""Of a whole number: nothing that is counted has more, and the time to convert a text grows with their square."""

_BEYOND = 10**MOST_DIGITS
_WHOLE = re.compile(r"(?P<number>[+-]?[0-9]+(?:_[0-9]+)*)(?:\.0+)?")
_FLAGS = dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True) | dict.fromkeys(
    ("0", "false", "f", "no", "n", "off"), False
)


class FormError(ValueError):
    """A value has another form: `kind` says what is wrong, `place` are the keys and positions that lead to it."""

    def __init__(self, kind: str, place: tuple[str | int, ...] = ()) -> None:
        super().__init__(kind, place)
        self.kind = kind
        self.place = place

    def below(self, step: str | int) -> "FormError":
        """Return the same error, seen from the value that has this one at `step`."""
        return FormError(self.kind, (step, *self.place))

    @property
    def path(self) -> str:
        """The place with dots, such as `1.state`; empty for the whole value."""
        return ".".join(map(str, self.place))


def text(value: Any) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise FormError("string_type")
    return value


def filled(value: Any) -> str:
    """Read a text that is not empty."""
    if not text(value):
        raise FormError("string_too_short")
    return str(value)


def flag(value: Any) -> bool:
    """Read a bool, also as 0 or 1, and as a text such as `true` or `off`."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        found = _FLAGS.get(value.lower())
    elif isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        found = bool(value) if value in {0, 1} else None
    else:
        raise FormError("bool_type")
    if found is None:
        raise FormError("bool_parsing")
    return found


def whole(value: Any) -> int:
    """Read a whole number of at most 18 digits, also one that is written as a float or as a text."""
    match value:
        case int():
            found = int(value)
        case float():
            found = _whole_of_float(value)
        case str():
            found = _whole_of_text(value.strip())
        case _:
            raise FormError("int_type")
    if not -_BEYOND < found < _BEYOND:
        raise FormError("int_parsing_size")
    return found


def _whole_of_float(value: float) -> int:
    if not math.isfinite(value):
        raise FormError("finite_number")
    if not value.is_integer():
        raise FormError("int_from_float")
    return int(value)


def _whole_of_text(value: str) -> int:
    match = _WHOLE.fullmatch(value)
    if not match:
        raise FormError("int_parsing")
    number = match["number"].replace("_", "")
    if len(number.lstrip("+-")) > MOST_DIGITS:
        raise FormError("int_parsing_size")
    return int(number)


def table(value: Any) -> dict[str, Any]:
    """Read a map; its values may be anything."""
    if not isinstance(value, dict):
        raise FormError("dict_type")
    return value


def filled_table(value: Any) -> dict[str, Any]:
    """Read a map without the keys that are null."""
    return {key: each for key, each in table(value).items() if each is not None}


def table_of(form: Form[T]) -> Form[dict[str, T]]:
    """Return the form of a map with values of `form`."""

    def read(value: Any) -> dict[str, T]:
        return {key: at(key, form, each) for key, each in table(value).items()}

    return read


def list_of(form: Form[T]) -> Form[list[T]]:
    """Return the form of a list with elements of `form`."""

    def read(value: Any) -> list[T]:
        if not isinstance(value, list):
            raise FormError("list_type")
        return [at(number, form, each) for number, each in enumerate(value)]

    return read


def at(step: str | int, form: Form[T], value: Any) -> T:
    """Read the value at `step` of another; raises `FormError` with that step."""
    try:
        return form(value)
    except FormError as error:
        raise error.below(step) from None
