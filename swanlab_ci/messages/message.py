"""A message is an id and its parameters; a catalogue gives it words in a language, and each parameter its escaping."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Self, Union


class Name(str):
    """Text that is not ours: a run, a field, a path, a value, a server's words; every writer escapes it."""

    __slots__ = ()


class Linked(Name):
    """A name with the address of its page; the address is ours, or empty."""

    __slots__ = ("url",)

    url: str

    def __new__(cls, name: str, url: str) -> Self:
        """Return `name`; `url` has been checked by the caller."""
        found = super().__new__(cls, name)
        found.url = url
        return found


class Strong(str):
    """A short text that a sentence is about, such as a value; it may be foreign, and is bold where a surface can."""

    __slots__ = ()


class Prose(str):
    """A sentence that is not ours, such as a waiver's reason: its words stay plain, and nothing in it is markup."""

    __slots__ = ()


class Key(str):
    """What the reader can type as it stands: a key, a flag, a command; shown as code on every surface."""

    __slots__ = ()


class Url(str):
    """An address of ours that a surface may turn into a link."""

    __slots__ = ()


class Seconds(float):
    """A length of time, written in the units of the language: the two largest, or all of them where it is `exact`."""

    __slots__ = ("exact",)

    exact: bool

    def __new__(cls, seconds: float, *, exact: bool = False) -> Self:
        """Return `seconds`; a whole number beyond a float counts as infinite."""
        try:
            found = super().__new__(cls, seconds)
        except OverflowError:
            found = super().__new__(cls, "inf")
        found.exact = exact
        return found


class Quantity(float):
    """A number, and `text`: how its digits are written, the same in every language."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, number: float, text: str) -> Self:
        """Return `number`, to be written as `text`; a whole number beyond a float counts as infinite."""
        try:
            quantity = super().__new__(cls, number)
        except OverflowError:
            quantity = super().__new__(cls, "inf")
        quantity.text = text
        return quantity


Param = Union[str, int, float, bool, date, Enum, "Message", Sequence["Param"], None]
"""A parameter; its type decides how a writer shows it. A plain `str` is taken for a `Name`: nothing is trusted."""


class Message:
    """Something to tell a person: `id` is an entry of every catalogue, `params` fill its places.

    Two messages with one id and equal parameters are equal; a message can be a parameter of another.
    """

    __slots__ = ("id", "params")

    id: str
    params: Mapping[str, Param]

    def __init__(self, id: str, /, **params: Param) -> None:  # noqa: A002 - it is the id, positional only
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "params", params)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a message is frozen: {name} = {value!r}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.id, self.params) == (other.id, other.params)

    def __hash__(self) -> int:
        return hash((self.id, tuple(map(str, self.params.values()))))

    def __repr__(self) -> str:
        return f"Message({', '.join([repr(self.id), *(f'{key}={value!r}' for key, value in self.params.items())])})"

    def __str__(self) -> str:
        """Return the message in plain English, for tracebacks and the users of the client."""
        from swanlab_ci.messages import plain  # noqa: PLC0415 - the catalogue is loaded for who reads it

        return plain(self, Language.EN)

    def changed(self, change: Callable[[Param], Param]) -> "Message":
        """Return the same message with `change` applied to each parameter."""
        return Message(self.id, **{key: change(value) for key, value in self.params.items()})

    def without(self, name: str) -> "Message":
        """Return the same message without a parameter, which must stand in an optional part of every catalogue."""
        return Message(self.id, **{**self.params, name: None})

    def within(self) -> Iterator["Message"]:
        """Yield this message and every message among its parameters, at any depth."""
        yield self
        for value in self.params.values():
            for each in value if isinstance(value, (tuple, list)) else (value,):
                if isinstance(each, Message):
                    yield from each.within()


class Language(StrEnum):
    """The languages that messages are written in."""

    EN = "en"
    ZH = "zh"


def as_data(message: Message) -> dict[str, Any]:
    """Return `message` as JSON's types: `{"id": …, "params": {…}}`; numbers stay numbers."""
    return {"id": message.id, "params": {key: _data(value) for key, value in message.params.items()}}


def _data(value: Param) -> Any:
    if isinstance(value, Message):
        return as_data(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return float(value)
    return [_data(each) for each in value] if isinstance(value, (tuple, list)) else value


def to_stored(message: Message) -> dict[str, Any]:
    """Return `message` as JSON types from which `from_stored` makes an equal one: the types of texts are kept."""
    return {"id": message.id, "params": {key: _stored(value) for key, value in message.params.items()}}


_TEXTS: dict[str, type[str]] = {"prose": Prose, "name": Name, "key": Key, "strong": Strong}


def _stored(value: Param) -> Any:
    if isinstance(value, Message):
        return {"message": to_stored(value)}
    if isinstance(value, Quantity):
        return {"quantity": str(float(value)), "text": value.text}
    if isinstance(value, Seconds):
        return {"seconds": str(float(value)), "exact": value.exact}
    if isinstance(value, Enum):
        return {"message": {"id": f"{type(value).__name__.lower()}.{value.value}", "params": {}}}
    if isinstance(value, Url):
        return {"url": str(value)}
    if isinstance(value, Linked):
        return {"linked": str(value), "url": value.url}
    for name, kind in _TEXTS.items():
        if isinstance(value, kind):
            return {name: str(value)}
    if isinstance(value, date):
        return {"name": value.isoformat()}
    return [_stored(each) for each in value] if isinstance(value, (tuple, list)) else value


def from_stored(stored: Any) -> Message:
    """Read what `to_stored` wrote; raises `ValueError` for anything else."""
    if not isinstance(stored, dict) or not isinstance(stored.get("id"), str) or not isinstance(stored["params"], dict):
        raise ValueError("not a message")  # noqa: TRY004 - the same for everything that it cannot read
    return Message(stored["id"], **{key: _unstored(value) for key, value in stored["params"].items()})


def _unstored(stored: Any) -> Param:
    if isinstance(stored, list):
        return tuple(map(_unstored, stored))
    if not isinstance(stored, dict):
        return Name(stored) if isinstance(stored, str) else stored
    if "message" in stored:
        return from_stored(stored["message"])
    if "quantity" in stored:
        return Quantity(float(stored["quantity"]), str(stored["text"]))
    if "seconds" in stored:
        return Seconds(float(stored["seconds"]), exact=bool(stored["exact"]))
    if "linked" in stored:
        return Linked(str(stored["linked"]), str(stored["url"]))
    if "url" in stored:
        return Url(stored["url"])
    for name, kind in _TEXTS.items():
        if name in stored:
            return kind(stored[name])
    raise ValueError("not a parameter of a message")
