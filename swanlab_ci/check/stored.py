"""Write the frozen types of a check as JSON, and read them back by the types of their fields."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from swanlab_ci.judgement import Proposal
from swanlab_ci.messages.message import Message, Name, from_stored, to_stored
from swanlab_ci.model import Point, Points, Status
from swanlab_ci.security.forms import Form, FormError, at, list_of, table, table_of, text

T = TypeVar("T")


def as_json(value: Any, **style: Any) -> str:
    """Return a value of our types as JSON; `style` is for `json.dumps`.

    Half a character becomes a question mark: half a character in a name is no reason to write nothing.
    """
    content = json.dumps(value, default=_plain, ensure_ascii=False, **style)
    return content.encode("utf-8", "replace").decode()


def _plain(value: Any) -> Any:
    match value:
        case Message():
            return to_stored(value)
        case Proposal(reason=Message() as reason):
            return {"reason": to_stored(reason)}
        case Proposal():
            stored = {"status": value.status, "headline": value.headline}
            return stored | ({"past": value.past} if value.past else {})
        case Points():
            return value.texts()
        case datetime():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case _:
            return {each.name: getattr(value, each.name) for each in fields(value)}


def parsed(body: bytes) -> Any:
    """Return what a file of ours holds; raises `FormError` if it is not whole JSON in UTF-8."""
    try:
        value = json.loads(body.decode())
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()  # raises for half a character
    except (ValueError, RecursionError):
        raise FormError("json_invalid") from None
    return value


@cache
def form_of(kind: Any) -> Form[Any]:
    """Return what reads a type: a dataclass, or any type that a field of one has here."""
    if kind is Any:
        return lambda value: value
    if kind in _FORMS:
        return _FORMS[kind]
    if is_dataclass(kind):
        return _dataclass(kind)
    return _generic(get_origin(kind), get_args(kind)) if get_args(kind) else _member_of(kind)


def _generic(origin: Any, arguments: tuple[Any, ...]) -> Form[Any]:
    if origin in {Union, UnionType}:
        return _one_of([form_of(each) for each in arguments if each is not NoneType], nullable=NoneType in arguments)
    if origin is Literal:
        return lambda value: _checked(value, value in arguments and not isinstance(value, bool), "literal_error")
    if origin is tuple:
        elements = list_of(form_of(arguments[0]))
        return lambda value: tuple(elements(value))
    if origin is Mapping:
        return table_of(form_of(arguments[1]))
    raise TypeError(origin)


def _checked(value: T, usable: bool, kind: str) -> T:  # noqa: FBT001 - what it is about
    if not usable:
        raise FormError(kind)
    return value


def _one_of(forms: list[Form[Any]], *, nullable: bool) -> Form[Any]:
    def read(value: Any) -> Any:
        if value is None and nullable:
            return None
        for form in forms[:-1]:
            try:
                return form(value)
            except FormError:
                continue
        return forms[-1](value)

    return read


def _member_of(kind: type[Enum]) -> Form[Enum]:
    def read(value: Any) -> Enum:
        try:
            return kind(value)
        except ValueError:
            raise FormError("enum") from None

    return read


def _dataclass(kind: Any) -> Form[Any]:
    types = get_type_hints(kind)
    parts = [(each.name, form_of(types[each.name]), _is_required(each)) for each in fields(kind)]

    def read(value: Any) -> Any:
        _checked(value, isinstance(value, dict), "dataclass_type")
        found = {}
        for name, form, required in parts:
            if name in value:
                found[name] = at(name, form, value[name])
            elif required:
                raise FormError("missing", (name,))
        return kind(**found)

    return read


def _is_required(each: "Field[Any]") -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _time(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(text(value))
    except FormError:
        raise FormError("datetime_type") from None
    except ValueError:
        raise FormError("datetime_parsing") from None


def _number(value: Any) -> float:
    try:
        return float(_checked(value, isinstance(value, int | float) and not isinstance(value, bool), "float_type"))
    except OverflowError:
        raise FormError("float_type") from None


def _message(value: Any) -> Message:
    """Read a message; version 0.1 stored notes as texts."""
    if isinstance(value, str):
        return Message("text", text=Name(value))
    try:
        return from_stored(value)
    except (ValueError, TypeError, LookupError):
        raise FormError("value_error") from None


def _proposal(value: Any) -> Proposal:
    stored = table(value)
    if "reason" in stored:
        return Proposal(reason=at("reason", _message, stored["reason"]))
    status, headline, past = (stored.get(name) for name in ("status", "headline", "past"))
    return Proposal(
        status=at("status", form_of(Status), status),
        headline=at("headline", _message, headline),
        past=None if past is None else at("past", _message, past),
    )


def _points(value: Any) -> Points:
    stored = table(value)
    try:
        return Points.of_texts(text(stored.get("steps")), text(stored.get("values")))
    except (ValueError, OverflowError):
        raise FormError("value_error") from None


def _point(value: Any) -> Point:
    match value:
        case [step, number]:
            return Point(at(0, form_of(int), step), at(1, _number, number))
        case _:
            raise FormError("list_type")


_FORMS: dict[Any, Form[Any]] = {
    str: text,
    bool: lambda value: _checked(value, isinstance(value, bool), "bool_type"),
    int: lambda value: _checked(value, isinstance(value, int) and not isinstance(value, bool), "int_type"),
    float: _number,
    datetime: _time,
    Message: _message,
    Proposal: _proposal,
    Points: _points,
    Point: _point,
}
