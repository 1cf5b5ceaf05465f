"""What the client returns: experiments, projects, lists of them, and the response around them.

Field names are the ones of SwanLab's documentation and of its wire format, hence the camel case.
"""

import json
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from swanlab_ci.errors import ApiError

T = TypeVar("T")


def _printed(value: Any) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False, default=_fields)
    return text.encode("utf-8", "backslashreplace").decode()


def _fields(value: Any) -> Any:
    return value.shown() if isinstance(value, _Record) else repr(value)


def _without_nulls(body: Any) -> Any:
    return {key: value for key, value in body.items() if value is not None} if isinstance(body, dict) else body


_Person = Annotated[dict[str, Any], BeforeValidator(_without_nulls)]


class _Record(BaseModel):
    """One record of an answer; `record.name` and `record["name"]` are the same."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True, hide_input_in_errors=True)
    documented: ClassVar[frozenset[str]]

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, body: Any) -> Any:
        """Replace `null` by the field's default: some servers leave a field out where others send `null`."""
        return _without_nulls(body)

    def __getitem__(self, key: str) -> Any:
        if key not in type(self).model_fields:
            raise KeyError(key)
        return getattr(self, key)

    def shown(self) -> dict[str, Any]:
        """Return the documented fields, and all others that SwanLab sent."""
        names = self.model_fields_set | self.documented
        return {name: value for name, value in self if name in names}

    def __repr__(self) -> str:
        return _printed(self)

    __str__ = __repr__


class Experiment(_Record):
    """One experiment (a run). Times are ISO 8601 texts in UTC, such as `2024-11-23T12:28:04.286Z`.

    The fields from `slug` on are in SwanLab's answers, but not in its documentation. In a list `profile` holds only
    `config`; `get_experiment` adds `metadata`, `requirements` and `conda`.
    """

    documented = frozenset(
        {"cuid", "name", "description", "state", "show", "createdAt", "finishedAt", "user", "profile"}
    )

    cuid: str = Field(min_length=1)
    name: str = ""
    description: str = ""
    state: str = Field(min_length=1)
    show: bool = True
    createdAt: str = ""  # noqa: N815 - the documented name
    finishedAt: str | None = None  # noqa: N815 - the documented name
    user: _Person = {}
    profile: dict[str, Any] = {}
    slug: str = ""
    type: str = ""
    labels: list[dict[str, Any] | str] = []
    cluster: str | None = None
    job: str | None = None
    pin: bool = False
    rootExpId: str = ""  # noqa: N815 - the wire's name
    rootProId: str = ""  # noqa: N815 - the wire's name

    @property
    def group(self) -> str | None:
        """The group the run belongs to, which the wire calls `cluster`."""
        return self.cluster


class Project(_Record):
    """One project. Times are as in `Experiment`; `count` is empty without `detail`."""

    documented = frozenset({"cuid", "name", "description", "visibility", "createdAt", "updatedAt", "group", "count"})

    cuid: str = Field(min_length=1)
    name: str = Field(min_length=1)
    description: str = ""
    visibility: str = ""
    createdAt: str = ""  # noqa: N815 - the documented name
    updatedAt: str | None = None  # noqa: N815 - the documented name
    group: _Person = {}
    count: dict[str, int] = Field(default={}, validation_alias="_count")
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
