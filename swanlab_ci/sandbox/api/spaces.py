"""Routes that read users, workspaces and projects."""

from collections.abc import Callable
from typing import Any

from swanlab_ci.sandbox.api import wire
from swanlab_ci.sandbox.http.exchange import Answer, Call, Refusal, answer, encode
from swanlab_ci.sandbox.storage.store import StoredProject, StoredWorkspace

_SORTS: dict[str, tuple[Callable[[StoredProject], str], bool]] = {
    "create": (lambda project: project.created_at, True),
    "update": (lambda project: project.updated_at, True),
    "name": (lambda project: project.name, False),
}


def workspaces(call: Call) -> Answer:
    """`GET /group/`: the workspaces that the caller is a member of, including the personal one."""
    own = [wire.workspace(space, role) for space, role in _memberships(call)]
    return answer({"list": own, "total": len(own)})


def teams(call: Call) -> Answer:
    """`GET /user/{user}/groups`: the same without the personal one (0.7.20 `api/workspaces/__init__.py` adds it)."""
    if call.parts["user"] != call.user.username:
        raise Refusal(403, "Forbidden", "no permission for another user's workspaces")
    return answer([wire.workspace(space, role) for space, role in _memberships(call) if space.type == "TEAM"])


def _memberships(call: Call) -> list[tuple[StoredWorkspace, str]]:
    spaces = call.store.workspaces.values()
    return [(space, role) for space in spaces if (role := call.role(space.username))]


def workspace(call: Call) -> Answer:
    """`GET /group/{space}`."""
    space = _space(call)
    return answer(wire.workspace(space, call.role(space.username) or "VISITOR"))


def profile(call: Call) -> Answer:
    """`GET /user/profile`."""
    return answer(wire.profile(call.user))


def projects(call: Call) -> Answer:
    """`GET /project/{space}`: a page of its projects; users who are no members see the public ones."""
    space, (page, size) = _space(call), call.page()
    detail = call.query.get("detail", "true").lower() != "false"
    found = _sorted(_visible(call, space), call.query.get("sort", "update"))
    role = call.role(space.username) or "VISITOR"
    rows = found[(page - 1) * size : page * size]
    shapes = [encode(wire.project(call.store, row, role=role, detail=detail)) for row in rows]
    return Answer(body=wire.page(shapes, size=size, total=len(found)))


def _visible(call: Call, space: StoredWorkspace) -> list[StoredProject]:
    wanted, member = call.query.get("search", "").lower(), bool(call.role(space.username))
    return [
        project
        for project in call.store.projects.values()
        if project.workspace == space.username
        and wanted in project.name.lower()
        and (member or project.visibility == "PUBLIC")
    ]


def _sorted(found: list[StoredProject], sort: str) -> list[StoredProject]:
    if sort not in _SORTS:
        raise Refusal(400, "Bad_Request", f"sort must be one of {', '.join(_SORTS)}")
    key, newest_first = _SORTS[sort]
    return sorted(found, key=key, reverse=newest_first)


def _space(call: Call) -> StoredWorkspace:
    space = call.store.workspaces.get(call.parts["space"])
    if space is None:
        raise Refusal(404, "Not_Found", f"workspace {call.parts['space']} not found")
    return space


def project(call: Call) -> Answer:
    """`GET /project/{space}/{project}`."""
    return answer(described(call, call.project()))


def described(call: Call, found: StoredProject) -> dict[str, Any]:
    """Describe a project to the caller."""
    return wire.project(call.store, found, role=call.role(found.workspace) or "VISITOR")


def delete_project(call: Call) -> Answer:
    """`DELETE /project/{space}/{project}`."""
    call.store.delete_project(call.own_project())
    return Answer(status=204)
