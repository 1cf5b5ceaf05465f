"""Convert the JSON of an answer to records: ids are required, everything else may be missing."""

from typing import Any, TypeVar

from swanlab_ci.client.types import Experiment, Project
from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message, Name
from swanlab_ci.security.forms import Form, FormError, list_of

T = TypeVar("T")

EXPERIMENT = Experiment.read
EXPERIMENTS = list_of(Experiment.read)
PROJECT = Project.read
PROJECTS = list_of(Project.read)


def read(form: Form[T], data: Any, about: Message) -> T:
    """Return `data` as a record or a list of records; raises `UnavailableError` with the first wrong field."""
    try:
        return form(data)
    except FormError as error:
        # Without the value, which may be large and is foreign text.
        field, kind = Name(error.path), Name(error.kind)
        what = (
            Message("client.bad-field", about=about, field=field, error=kind)
            if field
            else Message("client.bad-form", about=about, error=kind)
        )
        raise UnavailableError(what, Message("client.report-answer")) from None


def read_workspaces(data: Any) -> list[dict[str, Any]]:
    """Read `{"list": [{name, username, role, …}]}`; some servers leave out the role or the name.

    Raises `UnavailableError` if the list is missing or incomplete, or a workspace has no `username`.
    """
    rows = data.get("list") if isinstance(data, dict) else None
    if not isinstance(rows, list) or data.get("total", len(rows)) != len(rows):
        raise UnavailableError(Message("client.workspaces-incomplete"))
    if not all(isinstance(row, dict) and isinstance(row.get("username"), str) for row in rows):
        raise UnavailableError(Message("client.workspace-unnamed"))
    return [
        {"name": row.get("name") or row["username"], "username": row["username"], "role": row.get("role") or ""}
        for row in rows
    ]
