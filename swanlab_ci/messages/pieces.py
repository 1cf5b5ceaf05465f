"""A message and a language become pieces: plain words, names, code and links, which each surface writes in its way.

A catalogue's entry is plain text with these signs:

    {name}             the parameter `name`
    {count?run|runs}   one word or the other, by whether the number `count` is 1
    [[ (near: {x})]]   left out as a whole where a parameter in it is missing, None or empty
    `code`             code; a parameter may stand in it
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum, auto
from functools import cache
from importlib import import_module
from math import isfinite
from typing import NamedTuple

from swanlab_ci.messages.message import Key, Language, Linked, Message, Param, Prose, Quantity, Seconds, Strong, Url

_TOKEN = re.compile(r"\[\[|\]\]|`[^`]+`|\{(\w+)(?:\?([^|{}]*)\|([^{}]*))?\}")
_DIGITS = 6
_ROOMS = (
    "verdict",
    "report",
    "page",
    "gate_file",
    "check",
    "forge",
    "platforms",
    "client",
    "source",
    "command",
    "history",
)
_WIDE = "，。；：、（）！？“”《》【】…"  # noqa: RUF001 - Chinese marks


class Kind(Enum):
    """What a piece is: our own words, somebody else's text or sentence, code to type, or an address."""

    WORDS = auto()
    NAME = auto()
    PROSE = auto()
    STRONG = auto()
    CODE = auto()
    URL = auto()


class Piece(NamedTuple):
    """A stretch of text of one kind; a name may have the address of its page."""

    kind: Kind
    text: str
    url: str = ""


class _Missing(Exception):
    """A parameter of an optional part is not there."""


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Return every entry of `language` by id."""
    entries: dict[str, str] = {}
    for room in _ROOMS:
        entries |= import_module(f"swanlab_ci.messages.{language}.{room}").MESSAGES
    return entries


def pieces(message: Message, language: Language) -> list[Piece]:
    """Return what `message` says in `language`; raises `KeyError` for an id or a parameter that is not there."""
    return _joined(_filled(catalogue(language)[message.id], message.params, language), language)


def plain(message: Message, language: Language) -> str:
    """Return `message` as text without markup; what the reader can type stands in backticks. Nothing is escaped."""
    return "".join(f"`{piece.text}`" if piece.kind is Kind.CODE else piece.text for piece in pieces(message, language))


def _filled(
    template: str, params: Mapping[str, Param], language: Language, *, optional: bool = False
) -> Iterator[Piece]:
    """Fill in a template; with `optional` it is itself part of an optional part, and raises `_Missing`."""
    outside: list[Piece] | None = None  # what stood before an optional part, while inside one
    found: list[Piece] = []
    skipping = False
    words_before, last = _tokens(template)
    for words, token in words_before:
        if not skipping:
            found.append(Piece(Kind.WORDS, words))
        sign = token.group()
        if sign == "[[":
            outside, found = found, []
        elif sign == "]]":
            found = (outside or []) + ([] if skipping else found)
            outside, skipping = None, False
        elif not skipping:
            try:
                found += _token(token, params, language, optional=optional or outside is not None)
            except _Missing:
                if outside is None:
                    raise
                skipping = True
    found.append(Piece(Kind.WORDS, last))
    return iter(found)


@cache
def _tokens(template: str) -> tuple[tuple[tuple[str, re.Match[str]], ...], str]:
    """Return each sign of an entry with the words before it, and the words after the last."""
    found, at = [], 0
    for token in _TOKEN.finditer(template):
        found.append((template[at : token.start()], token))
        at = token.end()
    return tuple(found), template[at:]


def _token(token: re.Match[str], params: Mapping[str, Param], language: Language, *, optional: bool) -> Iterator[Piece]:
    if token.group().startswith("`"):
        inside = _filled(token.group()[1:-1], params, language, optional=optional)
        yield Piece(Kind.CODE, "".join(piece.text for piece in inside))
        return
    name, one, other = token.groups()
    value = params.get(name) if optional else params[name]
    if optional and (value is None or value in ("", ())):
        raise _Missing
    if one is not None:
        yield Piece(Kind.WORDS, one if value == 1 else other)
    else:
        yield from _shown(value, language)


_KINDS: Mapping[type, Kind] = {Key: Kind.CODE, Url: Kind.URL, Prose: Kind.PROSE, Strong: Kind.STRONG}


def _shown(value: Param, language: Language) -> Iterator[Piece]:
    if isinstance(value, Message):
        yield from pieces(value, language)
    elif isinstance(value, Enum):
        yield from pieces(Message(f"{type(value).__name__.lower()}.{value.value}"), language)
    elif isinstance(value, str):
        yield Piece(_KINDS.get(type(value), Kind.NAME), str(value), value.url if isinstance(value, Linked) else "")
    elif isinstance(value, Quantity):
        yield Piece(Kind.WORDS, value.text)
    elif isinstance(value, Seconds):
        yield Piece(Kind.WORDS, seconds(value, language))
    elif isinstance(value, (bool, int, date)) or value is None:
        yield Piece(Kind.WORDS, str(value))
    elif isinstance(value, float):
        yield Piece(Kind.WORDS, f"{value:.{_DIGITS}g}" if isfinite(value) else str(value))
    else:
        yield from _listed(value, language)


def _listed(values: "tuple[Param, ...] | list[Param] | object", language: Language) -> Iterator[Piece]:
    between = "、" if language is Language.ZH else ", "
    for number, value in enumerate(values if isinstance(values, (tuple, list)) else ()):
        if number:
            yield Piece(Kind.WORDS, between)
        yield from _shown(value, language)


_UNITS = {
    Language.EN: {86_400: "d", 3600: "h", 60: "m", 1: "s"},
    Language.ZH: {86_400: " 天", 3600: " 小时", 60: " 分", 1: " 秒"},
}


def seconds(value: Seconds, language: Language) -> str:
    """Spell a length of time by its two largest units, such as `3h 59m`, or by all of them where it is exact."""
    parts = _time_parts(value, language)
    return " ".join(parts if value.exact else parts[:2])


def alike(one: float, other: float) -> bool:
    """Return whether two lengths of time look the same by their two largest units."""
    return _time_parts(one, Language.EN)[:2] == _time_parts(other, Language.EN)[:2]


def _time_parts(value: float, language: Language) -> list[str]:
    if not isfinite(value):
        return [str(float(value))]
    left, parts = abs(value), []
    for size, unit in _UNITS[language].items():
        count, left = (left, 0.0) if size == 1 else divmod(left, size)
        if count:
            parts.append(f"{count:.6g}{unit}" if size == 1 else f"{count:.0f}{unit}")
    parts = parts or [f"0{_UNITS[language][1]}"]
    return ["-" + parts[0], *parts[1:]] if value < 0 else parts


def _joined(parts: Iterator[Piece], language: Language) -> list[Piece]:
    """Join neighbours of one kind; in Chinese put a space between a Han character and what is not Chinese."""
    joined: list[Piece] = []
    for part in parts:
        if not part.text:
            continue
        text = part.text
        if language is Language.ZH and joined and _needs_space(joined[-1].text[-1], text[0]):
            kind = Kind.WORDS
            if joined[-1].kind is kind:
                joined[-1] = Piece(kind, joined[-1].text + " ")
            elif part.kind is kind:
                text = " " + text
            else:
                joined.append(Piece(kind, " "))
        if joined and joined[-1].kind is part.kind is Kind.WORDS:
            before = joined[-1].text
            if language is Language.ZH and _is_han(text[0]) and before[-1] == " " and _is_han(before[-2:-1]):
                before = before[:-1]  # the entry has a space there for a name
            if language is Language.ZH and before[-1] in _WIDE and text[0] == " ":
                text = text[1:]  # same
            joined[-1] = Piece(Kind.WORDS, before + text)
        else:
            joined.append(Piece(part.kind, text, part.url))
    return joined


def _needs_space(before: str, after: str) -> bool:
    one_is_han = _is_han(before) != _is_han(after)
    return one_is_han and not (before.isspace() or after.isspace() or before in _MARKS or after in _MARKS)


_MARKS = _WIDE + "([{`\"'"


def _is_han(sign: str) -> bool:
    return "\u3400" <= sign[:1] <= "\u9fff"
