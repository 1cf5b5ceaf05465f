"""Gitea's REST API, version 1, which Forgejo has too, as far as a report needs it."""

from collections.abc import Iterator

from swanlab_ci.messages import Message
from swanlab_ci.platforms import repository
from swanlab_ci.platforms.api import ForgeApi
from swanlab_ci.platforms.base import ApiAttempt, BaseFile
from swanlab_ci.platforms.comment import RemoteComment
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.payload import Facts, Payload, pull_request_facts
from swanlab_ci.platforms.pull_comments import PullComments
from swanlab_ci.runtime.deadline import Deadline


class Gitea(ForgeApi):
    """A client of the API of `context`."""

    page_size_parameter = "limit"

    def __init__(self, context: Context, token: str, deadline: Deadline) -> None:
        name = Message("gitea.forgejo" if context.ci == "forgejo" else "gitea.name")
        super().__init__(name, context.api_url, ("Authorization", f"token {token}"), deadline)
        self.repository = f"/repos/{context.repository}"


class GiteaComments(PullComments):
    """The comments of the pull request of `context`."""

    def __init__(self, gitea: Gitea, context: Context) -> None:
        super().__init__(
            gitea,
            listed=f"{gitea.repository}/issues/{context.pr_number}/comments",
            single=f"{gitea.repository}/issues/comments",
            address=f"{context.server_url}/{context.repository}/pulls/{context.pr_number}",
        )

    def all(self) -> Iterator[RemoteComment]:
        """List them; this list has no pages."""
        found = self.api.get(self.listed)
        return (self.read(item) for item in (found if isinstance(found, list) else ()) if isinstance(item, dict))


def base_file(gitea: Gitea, context: Context, path: str) -> BaseFile:
    """Do as `repository.base_file`."""
    return repository.base_file(gitea, context, path, "contents: read")


def find_pull_request(gitea: Gitea, context: Context) -> tuple[Context, ApiAttempt | None]:
    """Do as `repository.find_pull_request`.

    For a commit, the open pull requests are listed: `/commits/{sha}/pull` answers with the merged one alone
    (go-gitea/gitea#32079), and before 1.23 with one that need not have this head.
    """

    def by_number() -> Facts:
        return pull_request_facts(Payload(gitea.get(f"{gitea.repository}/pulls/{context.pr_number}")))

    def by_commit() -> Iterator[Payload]:
        return map(Payload, gitea.pages(f"{gitea.repository}/pulls", state="open"))

    return repository.find_pull_request(context, "pull-requests: read", by_number, by_commit)
