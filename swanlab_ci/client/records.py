"""From the JSON of an answer to records: identity is required, all else may be missing."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from swanlab_ci.client.types import Experiment, Project
from swanlab_ci.errors import UnavailableError

T = TypeVar("T")

EXPERIMENT = TypeAdapter(Experiment)
EXPERIMENTS = TypeAdapter(list[Experiment])
PROJECT = TypeAdapter(Project)
PROJECTS = TypeAdapter(list[Project])


def read(form: TypeAdapter[T], data: Any, about: str) -> T:
    """Return `data` as a record or a list of them; raises `UnavailableError` naming the first field that is wrong."""
    try:
        return form.validate_python(data)
    except ValidationError as error:
        # Without the input: it may be large, and it is foreign text.
        wrong = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(map(str, wrong["loc"]))
        raise UnavailableError(
            f"SwanLab's answer about {about} has no usable {place or 'form'}: {wrong['msg']}.",
            "Check that `host` is the address of SwanLab's API; if it is, please report this answer's form.",
        ) from None


def read_workspaces(data: Any) -> list[dict[str, Any]]:
    """Read `{"list": [{name, username, role, …}]}`; some servers leave out the role of a member, or the name.

    Raises `UnavailableError` where the list is missing or not whole, or a workspace has no `username`.
    """
    rows = data.get("list") if isinstance(data, dict) else None
    if not isinstance(rows, list) or data.get("total", len(rows)) != len(rows):
        raise UnavailableError("SwanLab's answer about your workspaces does not hold the whole list.")
    if not all(isinstance(row, dict) and isinstance(row.get("username"), str) for row in rows):
        raise UnavailableError("SwanLab's answer about your workspaces has one without `username`.")
    return [
        {"name": row.get("name") or row["username"], "username": row["username"], "role": row.get("role") or ""}
        for row in rows
    ]
