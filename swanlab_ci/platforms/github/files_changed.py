"""What GitHub is asked about a change."""

from swanlab_ci.platforms.compared import ComparedChanges
from swanlab_ci.platforms.github.api import GitHub


class GitHubChanges(ComparedChanges):
    """Asks GitHub about a change, with `token`."""

    def __init__(self, token: str) -> None:
        super().__init__(
            lambda context, deadline: GitHub(context.api_url, context.graphql_url, token, deadline), "contents: read"
        )
