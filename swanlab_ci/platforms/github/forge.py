"""GitHub as a forge: its API where there is a token, and the files that the runner gives to a step."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from swanlab_ci.messages import Key, Language, Message
from swanlab_ci.platforms.base import (
    Annotation,
    ApiAttempt,
    BaseFile,
    Capability,
    ChangeReader,
    Links,
    Publication,
    Published,
)
from swanlab_ci.platforms.connection import Connection
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github import annotations, outputs, summary
from swanlab_ci.platforms.github.permissions import needed_permissions, permission_or_later
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import Safe, url_part

if TYPE_CHECKING:
    from swanlab_ci.platforms.github.api import GitHub

_OF_THE_API = {
    *(Capability.PULL_REQUESTS, Capability.BASE_FILES),
    *(Capability.COMMENTS, Capability.COMMIT_STATUS),
}


class GitHubForge:
    """GitHub in the run of `context`; see `base.Forge` for the methods. Without `token` its API is not asked.

    The modules that need `requests` are imported by the methods that use the API: that takes 100 ms.
    """

    def __init__(self, context: Context, token: str) -> None:
        self.token = token
        self._base_files: dict[tuple[str, str], str] = {}
        self._github = Connection(self._client)
        self._output_file = context.output_file
        self._summary_file = context.summary_file
        self.capabilities = frozenset(_capabilities(context, token))
        self.limits = tuple(_limits(context))
        self.secrets: tuple[str, ...] = ()
        self.read_advice = Message(
            "github.read-advice", permissions=Key("permissions: contents: read, pull-requests: read")
        )
        self.needs_base_rules = False

    def find_pull_request(self, context: Context, path: str, deadline: Deadline) -> tuple[Context, ApiAttempt | None]:
        """Ask for the pull request by its number, the branch of the fork, or the commit."""
        from swanlab_ci.platforms.github.pull_request import find_pull_request  # noqa: PLC0415 - see the class

        return find_pull_request(self._github(context, deadline), context, path, self._base_files, deadline)

    def base_file(self, context: Context, path: str, deadline: Deadline) -> BaseFile:
        """Return the file that came with the pull request, or ask for it."""
        from swanlab_ci.platforms.github.pull_request import base_file  # noqa: PLC0415 - see the class

        return base_file(self._github(context, deadline), context, path, self._base_files)

    @property
    def changes(self) -> ChangeReader | None:
        """Return what asks the API about the files of a change."""
        if Capability.BASE_FILES not in self.capabilities:
            return None
        from swanlab_ci.platforms.compared import ComparedChanges  # noqa: PLC0415 - see the class

        return ComparedChanges(self._github, "contents: read")

    def needed_permissions(self, attempts: Sequence[ApiAttempt]) -> tuple[str, ...]:
        """Return the lines of `permissions:` in the workflow."""
        return needed_permissions(attempts)

    def remedy(self, attempt: ApiAttempt, context: Context) -> Message | None:
        """Name the line of `permissions:` that is missing, unless the token of a fork gets no more rights by it."""
        return permission_or_later(attempt, is_fork=context.is_fork)

    def summary_room(self) -> int:
        """Return what the runner's limit leaves."""
        return summary.room(self._summary_file)

    def links(self, context: Context) -> Links:
        """Return the pages on the web; the files are those of the base, by whose rules it is judged."""
        if not (context.server_url and context.repository and context.head_sha):
            return Links(job=context.run_url)
        # the comment is written before a later step can upload the report
        artifacts = f"{context.run_url}#artifacts" if context.run_url else ""
        web = f"{context.server_url}/{context.repository}"
        return Links(
            files=f"{web}/blob/{url_part(context.base_sha or context.head_sha)}",
            commit=f"{web}/commit/{url_part(context.head_sha)}",
            job=context.run_url,
            report=artifacts,
        )

    def append_summary(self, text: Safe) -> None:
        """Append to the file `GITHUB_STEP_SUMMARY`."""
        summary.append(self._summary_file, text)

    def write_outputs(self, values: Mapping[str, str]) -> None:
        """Append to the file `GITHUB_OUTPUT`."""
        outputs.write(self._output_file, values)

    def annotation_lines(self, found: Sequence[Annotation], language: Language) -> tuple[Safe, ...]:
        """Write workflow commands."""
        return annotations.commands(found, language)

    def publish(self, publication: Publication, context: Context, deadline: Deadline) -> Published:
        """Write the comment on the pull request and the status of the head commit."""
        from swanlab_ci.platforms.github.publisher import publish  # noqa: PLC0415 - see the class

        return publish(publication, context, self._client(context, deadline))

    def _client(self, context: Context, deadline: Deadline) -> "GitHub":
        from swanlab_ci.platforms.github.api import GitHub  # noqa: PLC0415 - see the class

        return GitHub(context.api_url, context.graphql_url, self.token, deadline)


def _capabilities(context: Context, token: str) -> Iterator[Capability]:
    yield Capability.ANNOTATIONS
    yield Capability.LOG_MASKS
    if context.output_file:
        yield Capability.OUTPUTS
    if context.summary_file:
        yield Capability.JOB_SUMMARY
    if token and context.api_url:
        yield from _OF_THE_API


def _limits(context: Context) -> Iterator[Message]:
    """Name what the runner has no file for; an old GitHub Enterprise Server knows no summaries."""
    if not context.output_file:
        yield Message("github.no-output-file", variable=Key("GITHUB_OUTPUT"))
    if not context.summary_file:
        yield Message("github.no-summary-file", variable=Key("GITHUB_STEP_SUMMARY"))
