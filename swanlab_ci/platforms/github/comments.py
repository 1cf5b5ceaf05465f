"""The comments of a pull request on GitHub."""

from swanlab_ci.platforms.api import ForgeError
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.pull_comments import PullComments

_GITHUB_TOKEN_IS = "github-actions[bot]"  # noqa: S105 - a login, no secret


class GitHubComments(PullComments):
    """The comments of the pull request of `context`."""

    def __init__(self, github: GitHub, context: Context) -> None:
        issues = f"/repos/{context.repository}/issues"
        super().__init__(
            github,
            listed=f"{issues}/{context.pr_number}/comments",
            single=f"{issues}/comments",
            address=f"{context.server_url}/{context.repository}/pull/{context.pr_number}",
        )
        self._github = github

    def who_we_are(self) -> str:
        """Return the login of the token. A GITHUB_TOKEN may not ask `GET /user`, but every token may ask GraphQL.

        Where that is refused too, the token counts as a GITHUB_TOKEN: at worst a comment of ours is not found.
        """
        try:
            viewer = self._github.graphql("query { viewer { login } }").get("viewer")
        except ForgeError:
            viewer = None
        login = viewer.get("login") if isinstance(viewer, dict) else None
        return login if isinstance(login, str) else _GITHUB_TOKEN_IS
