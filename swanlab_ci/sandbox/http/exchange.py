"""A call as the routes receive it, and the answer they return; works without sockets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from swanlab_ci.sandbox.storage.store import Store, StoredProject, StoredRun, StoredUser

PAGE_SIZES = (10, 12, 15, 20, 24, 27, 50, 100)
_DEFAULT_SIZE = 20
_LARGEST_PAGE_NUMBER = 1_000_000


class Refusal(Exception):
    """A request is refused: `status`, SwanLab's error code and message, and the reason phrase that clients read."""

    def __init__(self, status: int, code: str, message: str, *, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer; an empty `reason` means the usual phrase, `acknowledges` that it confirms a change."""

    body: bytes = b""
    status: int = 200
    reason: str = ""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    acknowledges: bool = False


def answer(content: Any, status: int = 200) -> Answer:
    """Answer with JSON."""
    return Answer(body=encode(content), status=status)


def encode(content: Any) -> bytes:
    """Write JSON as SwanLab's server does: compact."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(
        "utf-8",
        "backslashreplace",  # half of a surrogate pair is written as in JavaScript: `\\ud800`
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a signed-in user; `parts` are the decoded variables of the path, `origin` is the server's address."""

    store: Store
    user: StoredUser
    origin: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = b""

    def json(self) -> Any:
        """Read the body; raises a 400 if it is not JSON, or has a number that JSON does not have."""
        try:
            content = json.loads(self.body or b"null")
            json.dumps(content, allow_nan=False)  # what is taken must come back: no NaN, and no 1e999
        except (ValueError, RecursionError) as error:
            raise Refusal(400, "Bad_Request", f"the body is not JSON: {error}") from error
        return content

    def object(self) -> dict[str, Any]:
        """Read the body as an object; raises a 400 for anything else."""
        content = self.json()
        if not isinstance(content, dict):
            raise Refusal(400, "Bad_Request", "the body must be an object")
        return content

    def project(self) -> StoredProject:
        """Find the project that the path names; raises a 404, or a 403 for another user's private one."""
        path = f"{self.parts['space']}/{self.parts['project']}"
        project = self.store.projects.get(path)
        if project is None:
            raise Refusal(404, "Not_Found", f"project {path} not found")
        if project.visibility == "PRIVATE" and not self.role(project.workspace):
            raise Refusal(403, "Forbidden", f"no permission for project {path}")
        return project

    def own_project(self) -> StoredProject:
        """Find the project that the path names, to change it; raises a 403 for users who may only read."""
        return self._changeable(self.project())

    def _changeable(self, project: StoredProject) -> StoredProject:
        if self.role(project.workspace) not in {"MEMBER", "OWNER"}:
            raise Refusal(403, "Forbidden", f"no permission to change project {project.path}")
        return project

    def run(self, project: StoredProject) -> StoredRun:
        """Find the run that the path names by id or slug; raises a 404, the special one for a deleted run."""
        name = self.parts["run"]
        run = self.store.run_in(project, name)
        if run is None:
            raise self.no_run(name)
        return run

    def any_run(self, name: str) -> tuple[StoredProject, StoredRun]:
        """Find a run by id in all projects; raises a 404, or a 403 for another user's private one."""
        found = self.store.find(name)
        if found is None:
            raise self.no_run(name)
        if found[0].visibility == "PRIVATE" and not self.role(found[0].workspace):
            raise Refusal(403, "Forbidden", f"no permission for experiment {name}")
        return found

    def own_run(self, name: str) -> tuple[StoredProject, StoredRun]:
        """Find a run by id, to change it; raises a 403 for users who may only read."""
        project, run = self.any_run(name)
        return self._changeable(project), run

    def no_run(self, name: str) -> Refusal:
        """Return the refusal for a run that does not exist, or no longer."""
        if name in self.store.deleted:
            return Refusal(404, "Disabled_Resource", f"experiment {name} was deleted", reason="Disabled Resource")
        return Refusal(404, "Not_Found", f"experiment {name} not found")

    def role(self, workspace: str) -> str:
        """Return the caller's role in a workspace, or the empty text."""
        found = self.store.workspaces.get(workspace)
        return found.members.get(self.user.username, "") if found else ""

    def page(self) -> tuple[int, int]:
        """Read page (from 1) and size; raises a 400 for a size that SwanLab does not offer."""
        try:
            page, size = int(self.query.get("page", 1)), int(self.query.get("size", _DEFAULT_SIZE))
        except ValueError as error:
            raise Refusal(400, "Bad_Request", "page and size must be whole numbers") from error
        if size not in PAGE_SIZES or not 1 <= page <= _LARGEST_PAGE_NUMBER:
            raise Refusal(400, "Bad_Request", f"page must be 1 or more, size one of {PAGE_SIZES}")
        return page, size
