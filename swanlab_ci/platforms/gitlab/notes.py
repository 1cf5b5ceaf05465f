"""The notes of a merge request: GitLab's word for comments."""

from collections.abc import Iterator
from dataclasses import dataclass

from swanlab_ci.platforms.api import ForgeError
from swanlab_ci.platforms.comment import RemoteComment, remote_comment
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.gitlab.api import GitLab
from swanlab_ci.platforms.payload import Payload


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of the merge request of `context`; see `platforms.comment.Comments` for the methods."""

    gitlab: GitLab
    context: Context

    def all(self) -> Iterator[RemoteComment]:
        """List them page by page, oldest first, so that a note that is written meanwhile moves no other."""
        items = self.gitlab.pages(self._path(), order_by="created_at", sort="asc")
        return (self._read(item) for item in items if isinstance(item, dict))

    def create(self, body: str) -> RemoteComment:
        """Write one."""
        return self._read(self.gitlab.send("POST", self._path(), {"body": body}))

    def edit(self, number: int, body: str) -> None:
        """Replace the text of one."""
        self.gitlab.send("PUT", f"{self._path()}/{number}", {"body": body})

    def delete(self, number: int) -> None:
        """Delete one."""
        self.gitlab.send("DELETE", f"{self._path()}/{number}")

    def url(self, number: int) -> str:
        """Return its address."""
        context = self.context
        return f"{context.server_url}/{context.repository}/-/merge_requests/{context.pr_number}#note_{number}"

    def who_we_are(self) -> str:
        """Return the name of the token's user, which for a project access token is a bot of its own."""
        try:
            return Payload(self.gitlab.get("/user")).text("username")
        except ForgeError:
            return ""

    def _read(self, item: object) -> RemoteComment:
        return remote_comment(item, forge=self.gitlab.name, author=("author", "username"))

    def _path(self) -> str:
        return f"{self.gitlab.project}/merge_requests/{self.context.pr_number}/notes"
