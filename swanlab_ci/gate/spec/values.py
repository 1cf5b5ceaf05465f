"""What a value is: a number or not, equal or not, and how it is spelled in a message."""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter
from typing import Any

_INFINITE = ("INF", "Inf", "inf", "Infinity")
NOT_FINITE_TEXTS = frozenset({"NaN", "nan", *_INFINITE, *(f"-{word}" for word in _INFINITE)})
"""How SwanLab and its SDKs write non-finite numbers: uploaded as "nan" or "Inf", returned as any of these texts."""

Number = int | float

_NUMBER_TEXT = re.compile(r"\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)
_PLAIN_TEXT = re.compile(r"(?!(?:true|false|null)\Z)[A-Za-z][\w./@+-]*|\d+(?:\.\d+){2,}[\w.+-]*", re.ASCII)
_COMMIT = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{7,40}|[0-9a-f]{40}")
_WHOLE_COMMIT = 40
_SIGNIFICANT = 9
_ALL_WHOLE = 10**_SIGNIFICANT
_SHOWN_TEXT = 80
_SHOWN_DIGITS = 6
_ALL_DIGITS = 17
_FLOAT_END = 10**308
_LONGEST_INTEGER = 10**18


class ValueKind(StrEnum):
    """What the language knows of a subject's value before it meets a run; ANY where it depends on the run.

    TIME is a length of time in seconds; the AGGREGATE kinds are one number for all selected runs.
    """

    ANY = "any"
    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    BOOL = "bool"
    LIST = "list"
    AGGREGATE = "aggregate"
    AGGREGATE_TIME = "aggregate-time"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value in the gate file, and `raw`: how it is spelled there."""

    value: str | int | float | bool
    raw: str


def is_number(value: Any) -> bool:
    """Tell whether `value` is a number; a bool is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_finite(value: Any) -> bool:
    """Tell whether `value` is anything but NaN and ±infinity, as numbers or as SwanLab's texts for them."""
    if isinstance(value, str):
        return value not in NOT_FINITE_TEXTS
    number = number_in(value)
    return number is None or math.isfinite(number)


def number_in(value: Any) -> Number | None:
    """Return the number that `value` is or spells (it may come out infinite: "1e999"), or None."""
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) < _FLOAT_END:
            return value
        return math.inf if value > 0 else -math.inf  # pragma: no mutate - neither 0 nor 1 comes here
    if isinstance(value, float):
        return value
    if isinstance(value, str) and len(value) <= _SHOWN_TEXT and _NUMBER_TEXT.fullmatch(value):
        return float(value)
    return None


def equal(actual: Any, wanted: Literal) -> bool:
    """Compare as `is` does: numbers to 9 significant digits, texts by spelling, a bool only with a bool.

    Whole numbers are compared exactly: a seed of ten digits is not its neighbour.
    """
    if isinstance(actual, str):
        return actual == wanted.raw and not isinstance(wanted.value, bool)
    if isinstance(actual, bool):
        return actual is wanted.value
    return is_number(actual) and is_number(wanted.value) and same_number(actual, wanted.value)  # type: ignore[arg-type]


def same_number(one: Number, other: Number) -> bool:
    """Compare two finite numbers to 9 significant digits, and from 10⁹ on as whole numbers."""
    if one == other or (isinstance(one, int) and isinstance(other, int)):  # pragma: no mutate - to be quick
        return one == other
    return _canonical(one) == _canonical(other)


def _canonical(number: Number) -> str:
    """Spell a number so that equal numbers, and no others, are spelled alike.

    "Equal" has to be transitive. A float from 10⁹ on thus counts as the nearest whole number: to 9 digits it would
    equal two whole numbers that differ.
    """
    if isinstance(number, int):
        return f"{number:d}"
    if not math.isfinite(number):
        return repr(number)
    if abs(number) >= _ALL_WHOLE:  # pragma: no mutate - both ways spell 10⁹ alike
        return f"{round(number):d}"
    rounded = float(f"{number:.{_SIGNIFICANT - 1}e}")
    return f"{int(rounded):d}" if rounded.is_integer() else f"{rounded:.{_SIGNIFICANT}g}"


def same_commit(one: str, other: str) -> bool:
    """Compare two commits, of which either may be a prefix of 7 characters or more."""
    short, long = sorted((one, other))  # a beginning comes before the whole
    return len(short) >= SHORTEST_COMMIT and long.lower().startswith(short.lower())


SHORTEST_COMMIT = 7


def type_of(value: Any) -> str:
    """Name the type of a value as the language does."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    return "map" if isinstance(value, Mapping) else "list"


def identity(value: Any) -> tuple[str, str]:
    """Make equal values equal keys, as `is` sees them: a text is never a number, true is never 1."""
    kind = type_of(value)
    if kind == "number":
        return kind, _canonical(value)
    if isinstance(value, Mapping):
        return kind, "".join(repr(key) + _part(below) for key, below in sorted(value.items(), key=itemgetter(0)))
    if isinstance(value, (list, tuple)):
        return kind, "".join(map(_part, value))
    return kind, repr(value)


def _part(value: Any) -> str:
    """Write an identity so that it can be told where it ends; its `repr` would double with each list around it."""
    kind, text = identity(value)
    return f"{kind} {len(text)}:{text}"


def distinct_names(values: Mapping[tuple[str, str], Any]) -> dict[tuple[str, str], str]:
    """Spell values, keyed by identity, each in its own way: of texts that look alike once cut, the next gets a `#2`."""
    seen = Counter[str]()
    names = {}
    for key in sorted(values):
        kind, digits = key
        name = digits if kind == "number" else spelled(values[key])
        seen[name] += 1
        names[key] = name if seen[name] == 1 else f"{name} #{seen[name]}"
    return names


def spelled(value: Any) -> str:
    """Spell a value for a message: numbers in full, texts quoted where they could be taken for something else.

    A commit is an exception: it is never quoted, and a whole one is cut to 7 characters, as everywhere.
    """
    if isinstance(value, str):
        if _COMMIT.fullmatch(value):
            return value if len(value) < _WHOLE_COMMIT else value[:SHORTEST_COMMIT]
        cut = value if len(value) <= _SHOWN_TEXT else value[: _SHOWN_TEXT - 1] + "…"
        if _PLAIN_TEXT.fullmatch(cut):
            return cut
        return json.dumps(cut, ensure_ascii=False)  # pragma: no mutate - None would do as well
    if isinstance(value, Mapping):
        return "{…}" if value else "{}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_item_text, value[:8])) + (", …]" if len(value) > 8 else "]")  # noqa: PLR2004 - a line's worth
    return json.dumps(value) if value is None or isinstance(value, bool) else number_text(value)


def _item_text(item: Any) -> str:
    """Spell an item of a list; a list in it stays closed, for lists can be nested without end."""
    if isinstance(item, (list, tuple)):
        return "[…]" if item else "[]"
    return spelled(item)


def number_text(number: Number, *others: Number) -> str:
    """Spell a number with 6 significant digits, or as many as distinguish it from those of `others` that differ."""
    if isinstance(number, int) or not math.isfinite(number):
        return str(number) if abs(number) < _LONGEST_INTEGER else f"{Decimal(number):.6e}"
    different = [other for other in others if other != number]
    for digits in range(_SHOWN_DIGITS, _ALL_DIGITS):
        if _digits(number, digits) not in {_digits(other, digits) for other in different}:
            return f"{number:.{digits}g}"
    return repr(number)


def _digits(number: Number, digits: int) -> str:
    """Spell a number of any size so that equal texts mean equal digits: `g` leaves out zeros, and not of all alike."""
    return f"{Decimal(number):.{digits - 1}e}"


UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}


def seconds_text(seconds: Number, *others: Number) -> str:
    """Spell a length of time by its two largest units (`3h 59m`), or all where that distinguishes it from `others`."""
    parts = _time_parts(seconds)
    if any(_time_parts(other)[:2] == parts[:2] for other in others if other != seconds):
        return " ".join(parts)
    return " ".join(parts[:2])


def _time_parts(seconds: Number) -> list[str]:
    left: Number = abs(seconds)
    parts = []
    for unit, size in UNITS.items():
        count, left = divmod(left, size) if unit != "s" else (left, 0)  # pragma: no mutate - nothing is left after s
        if count:
            parts.append(f"{count:.15g}{unit}")
    parts = parts or ["0s"]
    return ["-" + parts[0], *parts[1:]] if seconds < 0 else parts
