"""What is told over GitHub's API: the comment and the commit status, each tried by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from swanlab_ci.errors import TimeLimitError
from swanlab_ci.judgement import Judgement
from swanlab_ci.model import Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub, GitHubRefused
from swanlab_ci.platforms.github.comment import StickyComment, Written
from swanlab_ci.platforms.github.permissions import ApiAttempt
from swanlab_ci.platforms.settings import Settings
from swanlab_ci.report import Report
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import capped

_LONGEST_DESCRIPTION = 140
_HAVE_A_PULL_REQUEST = frozenset({"pull_request", "pull_request_target", "merge_group"})
_STATES = {Status.PASS: "success", Status.WARN: "success", Status.FAIL: "failure", Status.PENDING: "pending"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """Where the comment is (empty: nowhere), what to say about it, and what was tried."""

    comment_url: str
    notice: str
    attempts: tuple[ApiAttempt, ...]


def attempted(what: str, needs: str, do: Callable[[], T], otherwise: T) -> tuple[T, ApiAttempt]:
    """Do something on GitHub; `otherwise` is the result where GitHub refuses."""
    try:
        return do(), ApiAttempt(what, needs)
    except GitHubRefused as refusal:
        return otherwise, ApiAttempt(what, needs, str(refusal), refusal.status, limited=refusal.pause is not None)


def _told(what: str, needs: str, do: Callable[[], T], otherwise: T) -> tuple[T, ApiAttempt]:
    """Do as `attempted`; the alarm that ends the time for telling ends no more than this, as the verdict stands."""
    try:
        return attempted(what, needs, do, otherwise)
    except TimeLimitError:
        return otherwise, ApiAttempt(what, needs, "GitHub did not answer in time")


def tell(
    judgement: Judgement,
    rendering: Report,
    context: Context,
    settings: Settings,
    *,
    deadline: Deadline,
    redact: Callable[[str], str],
) -> Told:
    """Write the comment and the status, as far as `settings` and the event want them."""
    github = GitHub(context.api_url, context.graphql_url, settings.github_token, deadline)
    sticky = StickyComment(github=github, context=context, key=settings.comment_key, redact=redact)
    written, attempts = Written(notice=_nowhere(context, settings)), []
    if context.pr_number and settings.comment != "never":
        written, attempt = _told(
            "write the comment",
            "pull-requests: write",
            lambda: sticky.tell(judgement, rendering, mode=settings.comment),
            written,
        )
        attempts.append(attempt)
    if settings.status_context and context.head_sha:
        status = _status(judgement, redact(rendering.headline), context, settings.status_context)
        path = f"/repos/{context.repository}/statuses/{context.head_sha}"
        _, attempt = _told("set the commit status", "statuses: write", lambda: github.send("POST", path, status), None)
        attempts.append(attempt)
    url = written.url
    if written.body:
        url, attempt = _told(
            "look at the comment again", "pull-requests: write", lambda: sticky.settle(written), written.url
        )
        attempts.append(attempt)
    return Told(url, written.notice, tuple(attempts))


def _nowhere(context: Context, settings: Settings) -> str:
    if context.pr_number or settings.comment == "never" or context.event not in _HAVE_A_PULL_REQUEST:
        return ""
    return "The comment was not written: the event names no pull request. Set `pr`."


def _status(judgement: Judgement, headline: str, context: Context, name: str) -> dict[str, str]:
    """Write a status; GitHub takes a description of up to 140 characters, and shows the target's page behind it."""
    return {
        "state": _STATES.get(judgement.verdict.status, "error"),
        "context": name,
        "description": capped(headline, _LONGEST_DESCRIPTION),
        "target_url": context.run_url,
    }
