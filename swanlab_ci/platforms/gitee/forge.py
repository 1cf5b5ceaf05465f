"""Gitee and GitCode as forges: one comment, and on Gitee a check run, over the API, where there is a token."""

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
    from swanlab_ci.platforms.gitee.api import Gitee

TOKEN = "SWANLAB_CI_TOKEN"  # noqa: S105 - the name of a variable
_OF_THE_API = frozenset({Capability.PULL_REQUESTS, Capability.BASE_FILES})
_RIGHTS = ("projects", "pull_requests", "notes", "user_info")


class GiteeForge(BareForge):
    """Gitee or GitCode in the job of `context`; see `base.Forge` for the methods.

    What a job of such a CI shows is its log and its artifacts. GitCode's description has no status that is known to
    work, so it gets none.
    """

    needs_base_rules = True

    def __init__(self, context: Context, token: str, environ: Mapping[str, str]) -> None:
        self._token = token or usable_token(environ.get(TOKEN, ""))
        self._can_ask = bool(self._token and context.api_url and context.repository)
        self.secrets = (self._token,) if self._token else ()
        self._gitee = Connection(self._client)
        self.capabilities = frozenset({Capability.COMMENTS}) | (_OF_THE_API if self._can_ask else frozenset())
        if context.ci == "gitee" and self._can_ask:
            self.capabilities |= {Capability.COMMIT_STATUS}
        self._token_advice = Message("gitee.token-advice", rights=tuple(map(Key, _RIGHTS)), variable=Key(TOKEN))
        self.read_advice = Message("gitee.read-advice", advice=self._token_advice, flag=Key("--own-rules"))

    def find_pull_request(self, context: Context, _path: str, deadline: Deadline) -> tuple[Context, ApiAttempt | None]:
        """Ask for the pull request by its number."""
        from swanlab_ci.platforms.gitee.api import find_pull_request  # noqa: PLC0415 - requests takes 100 ms

        return find_pull_request(self._gitee(context, deadline), context)

    def base_file(self, context: Context, path: str, deadline: Deadline) -> BaseFile:
        """Ask for the file on the base branch."""
        from swanlab_ci.platforms.gitee.api import base_file  # noqa: PLC0415 - same

        return base_file(self._gitee(context, deadline), context, path)

    @property
    def changes(self) -> ChangeReader | None:
        """Return what asks the API about the files of a change."""
        if Capability.BASE_FILES not in self.capabilities:
            return None
        from swanlab_ci.platforms.compared import ComparedChanges  # noqa: PLC0415 - same
        from swanlab_ci.platforms.gitee.api import READING  # noqa: PLC0415 - same

        return ComparedChanges(self._gitee, READING)

    def remedy(self, attempt: ApiAttempt, _context: Context) -> Message | None:
        """Name the token that would work."""
        return self._token_advice if attempt.denied else later(attempt)

    def links(self, context: Context) -> Links:
        """Return the pages on the web; the files are those of the base branch, by whose rules it is judged."""
        if not (context.server_url and context.repository and context.head_sha):
            return Links(job=context.run_url)
        web = f"{context.server_url}/{context.repository}"
        return Links(
            files=f"{web}/blob/{url_part(context.base_sha or context.head_sha)}",
            commit=f"{web}/commit/{url_part(context.head_sha)}",
            job=context.run_url,
        )

    def publish(self, publication: Publication, context: Context, deadline: Deadline) -> Published:
        """Write the comment and the check run; say what is not done instead of doing it."""
        if not self._can_ask:
            asked_for = context.pr_number and publication.comment_mode != "never"
            return Published(notice=Message("gitee.no-token", advice=self._token_advice) if asked_for else None)
        from swanlab_ci.platforms.gitee import api  # noqa: PLC0415 - same
        from swanlab_ci.platforms.publishing import CommitStatus, Publisher  # noqa: PLC0415 - same

        gitee = self._client(context, deadline)
        has_status = Capability.COMMIT_STATUS in self.capabilities
        refused = () if has_status or not publication.status_name else (_status_not_set(gitee.name),)
        publisher = Publisher(
            forge=gitee.name,
            comments=api.GiteeComments(gitee, context),
            needs=api.COMMENTING,
            status=CommitStatus(lambda status: api.set_status(gitee, context, status), api.STATUS)
            if has_status
            else None,
        )
        published = publisher.publish(publication, context)
        return replace(published, attempts=(*refused, *published.attempts))

    def _client(self, context: Context, deadline: Deadline) -> "Gitee":
        from swanlab_ci.platforms.gitee.api import Gitee  # noqa: PLC0415 - same

        return Gitee(context, self._token, deadline)


def _status_not_set(forge: Message) -> ApiAttempt:
    return ApiAttempt(Message("forge.set-status"), "", Message("gitee.no-statuses", forge=forge))
