"""What is published over a forge's API: the commit status and the comment, each tried by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from swanlab_ci.errors import TimeLimitError
from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.api import attempted
from swanlab_ci.platforms.base import ApiAttempt, Publication, Published
from swanlab_ci.platforms.comment import Comments, StickyComment, Written
from swanlab_ci.platforms.context import Context
from swanlab_ci.security.escaping import capped

_LONGEST_DESCRIPTION = 140
STATES = {"pass": "success", "warn": "success", "fail": "failure", "pending": "pending"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """How a forge is asked to set a commit status, and the right that it takes."""

    set: Callable[[dict[str, str]], object]
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """What one forge can publish; `needs` is the right that a comment takes, no `status` means that it sets none."""

    forge: Message
    comments: Comments
    needs: str
    status: CommitStatus | None = None

    def publish(self, publication: Publication, context: Context) -> Published:
        """Set the status and write the comment, as far as `publication` and the event ask for them.

        The status comes first, because it may be the required one.
        """
        sticky = StickyComment(comments=self.comments, context=context, publication=publication)
        written, attempts = Written(notice=_no_pull_request(context, publication)), []
        if self.status and publication.status_name and context.head_sha:
            status, set_status = status_of(publication, context), self.status.set
            done = self._in_time(Message("forge.set-status"), self.status.needs, lambda: set_status(status), None)
            attempts.append(done[1])
        if context.pr_number and publication.comment_mode != "never":
            written, attempt = self._in_time(Message("forge.write-comment"), self.needs, sticky.write, written)
            attempts.append(attempt)
        url = written.url
        if written.body:
            url, attempt = self._in_time(
                Message("forge.check-comment"), self.needs, lambda: sticky.settle(written), written.url
            )
            attempts.append(attempt)
        return Published(url, written.notice, tuple(attempts))

    def _in_time(self, what: Message, needs: str, do: Callable[[], T], otherwise: T) -> tuple[T, ApiAttempt]:
        """Do as `attempted`; the alarm that ends the time for publishing ends only this, because the verdict stands."""
        try:
            return attempted(what, needs, do, otherwise)
        except TimeLimitError:
            return otherwise, ApiAttempt(what, needs, Message("forge.too-slow", forge=self.forge))


def _no_pull_request(context: Context, publication: Publication) -> Message | None:
    if context.pr_number or publication.comment_mode == "never" or not context.on_pull_request:
        return None
    return Message("forge.no-pull-request", input=Key("pr"))


def status_of(publication: Publication, context: Context) -> dict[str, str]:
    """Return a status; GitHub and its relatives take a short description, and link the target's page."""
    return {
        "state": STATES.get(publication.verdict, "error"),
        "context": publication.status_name,
        "description": capped(publication.headline, _LONGEST_DESCRIPTION),
        "target_url": context.run_url,
    }
