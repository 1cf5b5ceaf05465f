"""GitLab as a forge: one note on the merge request, and the target branch's files, where there is a token."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.bare import BareForge
from swanlab_ci.platforms.base import (
    ApiAttempt,
    BaseFile,
    Capability,
    ChangeReader,
    Links,
    Publication,
    Published,
    later,
)
from swanlab_ci.platforms.connection import Connection
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.payload import usable_token
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part

if TYPE_CHECKING:
    from swanlab_ci.platforms.gitlab.api import GitLab

TOKEN = "GITLAB_TOKEN"  # noqa: S105 - the name of a variable
_OF_THE_API = frozenset({Capability.PULL_REQUESTS, Capability.BASE_FILES})
_COMMENTING = "api"
_ROLE = "Reporter"  # may read the repository and write notes ("Roles and permissions")


class GitLabForge(BareForge):
    """GitLab in the job of `context`; see `base.Forge` for the methods.

    A job has no outputs, no summary and no annotations; its artifacts hold the report. Commit statuses are not set:
    each adds a job to a pipeline of the commit, and can start one beside the merge request's. The job's own token may
    neither read files nor write notes, so there is a token in `environ`, or neither happens.
    """

    needs_base_rules = True

    def __init__(self, context: Context, token: str, environ: Mapping[str, str]) -> None:
        self._token = token or usable_token(environ.get(TOKEN, ""))
        self.secrets = (self._token,) if self._token else ()
        self.capabilities = frozenset({Capability.COMMENTS}) | (_OF_THE_API if self._can_ask(context) else frozenset())
        self._in_fork = context.is_fork and not self._token
        self._gitlab = Connection(self._client)
        own = Key("--own-rules")
        self.read_advice = Message("gitlab.read-advice", advice=self._token_advice(_COMMENTING), flag=own)

    def find_pull_request(self, context: Context, _path: str, deadline: Deadline) -> tuple[Context, ApiAttempt | None]:
        """Ask for the merge request by its number."""
        from swanlab_ci.platforms.gitlab.merge_request import find_merge_request  # noqa: PLC0415 - requests: 100 ms

        return find_merge_request(self._gitlab(context, deadline), context)

    def base_file(self, context: Context, path: str, deadline: Deadline) -> BaseFile:
        """Ask for the file on the target branch."""
        from swanlab_ci.platforms.gitlab.merge_request import base_file  # noqa: PLC0415 - as above

        return base_file(self._gitlab(context, deadline), context, path)

    @property
    def changes(self) -> ChangeReader | None:
        """Return what asks the API about the files of a merge request."""
        if Capability.BASE_FILES not in self.capabilities:
            return None
        from swanlab_ci.platforms.gitlab.changes import GitLabChanges  # noqa: PLC0415 - as above

        return GitLabChanges(self._gitlab)

    def remedy(self, attempt: ApiAttempt, _context: Context) -> Message | None:
        """Name the token that would work."""
        return self._token_advice(attempt.needs) if attempt.denied else later(attempt)

    def links(self, context: Context) -> Links:
        """Return the pages on the web; the files are those of the target branch, by whose rules it is judged."""
        if not (context.server_url and context.repository and context.head_sha):
            return Links(job=context.run_url)
        web = f"{context.server_url}/{context.repository}/-"
        return Links(
            files=f"{web}/blob/{url_part(context.base_sha or context.head_sha)}",
            commit=f"{web}/commit/{url_part(context.head_sha)}",
            job=context.run_url,
        )

    def publish(self, publication: Publication, context: Context, deadline: Deadline) -> Published:
        """Write the note on the merge request; say what is not done instead of doing it."""
        refused = () if not publication.status_name else (_status_not_set(),)
        publication = replace(publication, status_name="")
        if not self._can_ask(context):
            asked_for = context.pr_number and publication.comment_mode != "never"
            notice = Message("gitlab.no-token", advice=self._token_advice(_COMMENTING)) if asked_for else None
            return Published(notice=notice, attempts=refused)
        from swanlab_ci.platforms.gitlab.notes import Notes  # noqa: PLC0415 - as above
        from swanlab_ci.platforms.publishing import Publisher  # noqa: PLC0415 - same

        gitlab = self._client(context, deadline)
        publisher = Publisher(forge=gitlab.name, comments=Notes(gitlab, context), needs=_COMMENTING)
        published = publisher.publish(publication, context)
        return replace(published, attempts=(*refused, *published.attempts))

    def _client(self, context: Context, deadline: Deadline) -> "GitLab":
        from swanlab_ci.platforms.gitlab.api import GitLab  # noqa: PLC0415 - as above

        return GitLab(context, self._token, deadline)

    def _can_ask(self, context: Context) -> bool:
        return bool(self._token and context.api_url)

    def _token_advice(self, scope: str) -> Message:
        if self._in_fork:
            return Message("gitlab.fork-has-no-token", variable=Key(TOKEN))
        return token_advice(scope)


def token_advice(scope: str) -> Message:
    """Return what token has the scope."""
    return Message("gitlab.token-advice", scope=Key(scope), role=Key(_ROLE), variable=Key(TOKEN))


def _status_not_set() -> ApiAttempt:
    return ApiAttempt(Message("forge.set-status"), "", Message("gitlab.no-statuses"))
