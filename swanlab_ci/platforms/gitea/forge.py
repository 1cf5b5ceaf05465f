"""Gitea and Forgejo as a forge: the files that the runner gives to a step, as on GitHub, and an API of their own."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.base import ApiAttempt, BaseFile, Capability, ChangeReader, Links, Publication, Published
from swanlab_ci.platforms.connection import Connection
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.forge import GitHubForge
from swanlab_ci.platforms.github.permissions import permission_or_later
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part

if TYPE_CHECKING:
    from swanlab_ci.platforms.gitea.api import Gitea


class GiteaForge(GitHubForge):
    """Gitea or Forgejo in the run of `context`; outputs, summary and annotations are those of GitHub's runner."""

    def __init__(self, context: Context, token: str) -> None:
        super().__init__(context, token)
        self.limits = tuple(_limits(context))
        self._gitea = Connection(self._gitea_client)

    def find_pull_request(self, context: Context, _path: str, deadline: Deadline) -> tuple[Context, ApiAttempt | None]:
        """Ask for the pull request by its number or its head."""
        from swanlab_ci.platforms.gitea.api import find_pull_request  # noqa: PLC0415 - see `GitHubForge`

        return find_pull_request(self._gitea(context, deadline), context)

    def base_file(self, context: Context, path: str, deadline: Deadline) -> BaseFile:
        """Ask for the file on the base branch."""
        from swanlab_ci.platforms.gitea.api import base_file  # noqa: PLC0415 - same

        return base_file(self._gitea(context, deadline), context, path)

    @property
    def changes(self) -> ChangeReader | None:
        """Return what asks the API about the files of a change."""
        if Capability.BASE_FILES not in self.capabilities:
            return None
        from swanlab_ci.platforms.gitea.changes import GiteaChanges  # noqa: PLC0415 - same

        return GiteaChanges(self._gitea)

    def links(self, context: Context) -> Links:
        """Return the pages on the web, where a file of a commit has an address of its own form."""
        found = super().links(context)
        commit = url_part(context.base_sha or context.head_sha)
        address = f"{context.server_url}/{context.repository}/src/commit/{commit}"
        return replace(found, files=address) if found.files else found

    def remedy(self, attempt: ApiAttempt, context: Context) -> Message | None:
        """Name the permission that is missing; older versions give every job the rights of their own settings."""
        if attempt.denied and context.is_fork and attempt.needs.endswith("write"):
            return Message("gitea.fork-is-read-only")
        return permission_or_later(attempt, is_fork=False)

    def publish(self, publication: Publication, context: Context, deadline: Deadline) -> Published:
        """Write the comment on the pull request and the status of the head commit."""
        from swanlab_ci.platforms.gitea.api import GiteaComments  # noqa: PLC0415 - same
        from swanlab_ci.platforms.publishing import CommitStatus, Publisher  # noqa: PLC0415 - same

        gitea = self._gitea_client(context, deadline)
        path = f"{gitea.repository}/statuses/{context.head_sha}"
        return Publisher(
            forge=gitea.name,
            comments=GiteaComments(gitea, context),
            needs="pull-requests: write",
            status=CommitStatus(lambda status: gitea.send("POST", path, status), "statuses: write"),
        ).publish(publication, context)

    def _gitea_client(self, context: Context, deadline: Deadline) -> "Gitea":
        from swanlab_ci.platforms.gitea.api import Gitea  # noqa: PLC0415 - same

        return Gitea(context, self.token, deadline)


def _limits(context: Context) -> Iterator[Message]:
    if not context.output_file:
        yield Message("gitea.no-output-file", variable=Key("GITHUB_OUTPUT"))
    if not context.summary_file:
        yield Message("gitea.no-summary-file", variable=Key("GITHUB_STEP_SUMMARY"))
