"""What is published over GitHub's API: the comment and the commit status, each tried by itself."""

from collections.abc import Callable
from typing import TypeVar

from swanlab_ci.errors import TimeLimitError
from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.base import ApiAttempt, Publication, Published
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub, attempted
from swanlab_ci.platforms.github.comment import StickyComment, Written
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import capped

_LONGEST_DESCRIPTION = 140
_WITH_PULL_REQUEST = frozenset(
    {"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment", "merge_group"}
)
_STATES = {"pass": "success", "warn": "success", "fail": "failure", "pending": "pending"}
_COMMENTING = "pull-requests: write"

T = TypeVar("T")


def publish(publication: Publication, context: Context, *, token: str, deadline: Deadline) -> Published:
    """Set the status and write the comment, as far as `publication` and the event ask for them.

    The status comes first, because it may be the required one.
    """
    github = GitHub(context.api_url, context.graphql_url, token, deadline)
    sticky = StickyComment(github=github, context=context, publication=publication)
    written, attempts = Written(notice=_no_pull_request(context, publication)), []
    if publication.status_name and context.head_sha:
        status = _status(publication, context)
        path = f"/repos/{context.repository}/statuses/{context.head_sha}"
        _, attempt = _in_time(
            Message("github.set-status"), "statuses: write", lambda: github.send("POST", path, status), None
        )
        attempts.append(attempt)
    if context.pr_number and publication.comment_mode != "never":
        written, attempt = _in_time(Message("github.write-comment"), _COMMENTING, sticky.write, written)
        attempts.append(attempt)
    url = written.url
    if written.body:
        url, attempt = _in_time(
            Message("github.check-comment"), _COMMENTING, lambda: sticky.settle(written), written.url
        )
        attempts.append(attempt)
    return Published(url, written.notice, tuple(attempts))


def _in_time(what: Message, needs: str, do: Callable[[], T], otherwise: T) -> tuple[T, ApiAttempt]:
    """Do as `attempted`; the alarm that ends the time for publishing ends only this, because the verdict stands."""
    try:
        return attempted(what, needs, do, otherwise)
    except TimeLimitError:
        return otherwise, ApiAttempt(what, needs, Message("github.too-slow"))


def _no_pull_request(context: Context, publication: Publication) -> Message | None:
    if context.pr_number or publication.comment_mode == "never" or context.event not in _WITH_PULL_REQUEST:
        return None
    return Message("github.no-pull-request", input=Key("pr"))


def _status(publication: Publication, context: Context) -> dict[str, str]:
    """Return a status; GitHub takes a description of up to 140 characters, and links the target's page."""
    return {
        "state": _STATES.get(publication.verdict, "error"),
        "context": publication.status_name,
        "description": capped(publication.headline, _LONGEST_DESCRIPTION),
        "target_url": context.run_url,
    }
