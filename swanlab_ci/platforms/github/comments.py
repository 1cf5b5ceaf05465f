"""The comments of a pull request on GitHub."""

from collections.abc import Iterator
from dataclasses import dataclass

from swanlab_ci.platforms.api import ForgeError
from swanlab_ci.platforms.comment import RemoteComment, remote_comment
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub

_GITHUB_TOKEN_IS = "github-actions[bot]"  # noqa: S105 - a login, no secret


@dataclass(frozen=True, slots=True)
class GitHubComments:
    """The comments of the pull request of `context`; see `platforms.comment.Comments` for the methods."""

    github: GitHub
    context: Context

    def all(self) -> Iterator[RemoteComment]:
        """List them page by page."""
        return (self._read(item) for item in self.github.pages(self._of_issue()) if isinstance(item, dict))

    def create(self, body: str) -> RemoteComment:
        """Write one."""
        return self._read(self.github.send("POST", self._of_issue(), {"body": body}))

    def edit(self, number: int, body: str) -> None:
        """Replace the text of one."""
        self.github.send("PATCH", self._path(number), {"body": body})

    def delete(self, number: int) -> None:
        """Delete one."""
        self.github.send("DELETE", self._path(number))

    def url(self, number: int) -> str:
        """Return its address."""
        context = self.context
        return f"{context.server_url}/{context.repository}/pull/{context.pr_number}#issuecomment-{number}"

    def who_we_are(self) -> str:
        """Return the login of the token. A GITHUB_TOKEN may not ask `GET /user`, but every token may ask GraphQL.

        Where that is refused too, the token counts as a GITHUB_TOKEN: at worst a comment of ours is not found.
        """
        try:
            viewer = self.github.graphql("query { viewer { login } }").get("viewer")
        except ForgeError:
            viewer = None
        login = viewer.get("login") if isinstance(viewer, dict) else None
        return login if isinstance(login, str) else _GITHUB_TOKEN_IS

    def _read(self, item: object) -> RemoteComment:
        return remote_comment(item, forge=self.github.name)

    def _of_issue(self) -> str:
        return f"/repos/{self.context.repository}/issues/{self.context.pr_number}/comments"

    def _path(self, number: int) -> str:
        return f"/repos/{self.context.repository}/issues/comments/{number}"
