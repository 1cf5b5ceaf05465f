"""What the client returns: experiments, projects, lists of them, and the response around them.

Field names are the ones of SwanLab's documentation and of its wire format, hence the camel case.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from swanlab_ci.errors import ApiError
from swanlab_ci.security.forms import (
    Form,
    FormError,
    at,
    filled,
    filled_table,
    flag,
    list_of,
    table,
    table_of,
    text,
    whole,
)

T = TypeVar("T")


def _printed(value: Any) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False, default=_fields)
    return text.encode("utf-8", "backslashreplace").decode()


def _fields(value: Any) -> Any:
    return value.shown() if isinstance(value, _Record) else repr(value)


class _Field(NamedTuple):
    """How a field of a record is read; `wire` is its name in answers, if that is another."""

    name: str
    form: Form[Any]
    required: bool = False
    wire: str = ""


@dataclass(slots=True, kw_only=True, repr=False)
class _Record:
    """One record of an answer; `record.name` and `record["name"]` are the same. `sent` are the fields SwanLab sent."""

    documented: ClassVar[frozenset[str]]
    read_as: ClassVar[tuple[_Field, ...]]

    sent: frozenset[str] = field(default=frozenset(), compare=False)

    @classmethod
    def read(cls, body: Any) -> Self:
        """Read a record from JSON; `null` is absent: some servers leave a field out where others send `null`.

        Raises `FormError`.
        """
        if not isinstance(body, dict):
            raise FormError("model_type")
        found: dict[str, Any] = {}
        for name, form, required, wire in cls.read_as:
            key = wire if wire and body.get(wire) is not None else name
            value = body.get(key)
            if value is not None:
                found[name] = at(key, form, value)
            elif required:
                raise FormError("missing", (name,))
        return cls(**found, sent=frozenset(found))

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return ((each.name, getattr(self, each.name)) for each in self.read_as)

    def __getitem__(self, key: str) -> Any:
        return dict(self)[key]

    def model_dump(self) -> dict[str, Any]:
        """Return all fields as a dict that shares nothing with the record; named as in the SDK, which uses pydantic."""
        return deepcopy(dict(self))

    def shown(self) -> dict[str, Any]:
        """Return the documented fields, and all others that SwanLab sent."""
        names = self.sent | self.documented
        return {name: value for name, value in self if name in names}

    def __repr__(self) -> str:
        return _printed(self)

    __str__ = __repr__


def _label(value: Any) -> dict[str, Any] | str:
    return value if isinstance(value, str) else table(value)


@dataclass(slots=True, kw_only=True, repr=False)
class Experiment(_Record):
    """One experiment (a run). Times are ISO 8601 texts in UTC, such as `2024-11-23T12:28:04.286Z`.

    The fields from `slug` on are in SwanLab's answers, but not in its documentation. In a list `profile` holds only
    `config`; `get_experiment` adds `metadata`, `requirements` and `conda`.
    """

    documented = frozenset(
        {"cuid", "name", "description", "state", "show", "createdAt", "finishedAt", "user", "profile"}
    )
    read_as = (
        _Field("cuid", filled, required=True),
        _Field("name", text),
        _Field("description", text),
        _Field("state", filled, required=True),
        _Field("show", flag),
        _Field("createdAt", text),
        _Field("finishedAt", text),
        _Field("user", filled_table),
        _Field("profile", table),
        _Field("slug", text),
        _Field("type", text),
        _Field("labels", list_of(_label)),
        _Field("cluster", text),
        _Field("job", text),
        _Field("pin", flag),
        _Field("rootExpId", text),
        _Field("rootProId", text),
        _Field("updatedAt", text),
    )

    cuid: str
    name: str = ""
    description: str = ""
    state: str
    show: bool = True
    createdAt: str = ""  # noqa: N815 - the documented name
    finishedAt: str | None = None  # noqa: N815 - the documented name
    user: dict[str, Any] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    slug: str = ""
    type: str = ""
    labels: list[dict[str, Any] | str] = field(default_factory=list)
    cluster: str | None = None
    job: str | None = None
    pin: bool = False
    rootExpId: str = ""  # noqa: N815 - the wire's name
    rootProId: str = ""  # noqa: N815 - the wire's name
    updatedAt: str = ""  # noqa: N815 - the wire's name

    @property
    def group(self) -> str | None:
        """The group the run belongs to, which the wire calls `cluster`."""
        return self.cluster


@dataclass(slots=True, kw_only=True, repr=False)
class Project(_Record):
    """One project. Times are as in `Experiment`; `count` is empty without `detail`."""

    documented = frozenset({"cuid", "name", "description", "visibility", "createdAt", "updatedAt", "group", "count"})
    read_as = (
        _Field("cuid", filled, required=True),
        _Field("name", filled, required=True),
        _Field("description", text),
        _Field("visibility", text),
        _Field("createdAt", text),
        _Field("updatedAt", text),
        _Field("group", filled_table),
        _Field("count", table_of(whole), wire="_count"),
        _Field("path", text),
    )

    cuid: str
    name: str
    description: str = ""
    visibility: str = ""
    createdAt: str = ""  # noqa: N815 - the documented name
    updatedAt: str | None = None  # noqa: N815 - the documented name
    group: dict[str, Any] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    path: str = ""


class Listing(list[T]):
    """A list that prints as JSON; SwanLab's documentation also writes `listing.items[0]`."""

    @property
    def items(self) -> list[T]:
        """The list itself."""
        return self

    def __repr__(self) -> str:
        return _printed(self)


class Table(dict[str, T]):
    """A dict that prints as JSON."""

    def __repr__(self) -> str:
        return _printed(self)


@dataclass(frozen=True, slots=True)
class ApiResponse(Generic[T]):
    """What a method of `OpenApi` returns.

    `code` is the HTTP status; outside 2xx `errmsg` says why in English, and `data` is None. Without a usable
    answer (SwanLab unreachable, an unreadable or incomplete answer, a time limit), `UnavailableError` is raised.
    """

    code: int
    errmsg: str
    data: T | Any  # None if SwanLab refused; with `Any`, type checkers accept the documented use
    refusal: ApiError | None = field(default=None, repr=False, compare=False)

    def unwrap(self) -> T:
        """Return `data`, or raise the `ApiError` that says what SwanLab answered and what to do."""
        if self.refusal is not None:
            raise self.refusal
        return self.data
