"""Publish: the judgement is told wherever it can be; a telling that fails is a warning and changes no verdict."""

from collections.abc import Callable
from dataclasses import dataclass, field

from swanlab_ci.context import Context
from swanlab_ci.deadline import Deadline
from swanlab_ci.model import Judgement
from swanlab_ci.publish import annotations, files, outputs, summary
from swanlab_ci.publish.outputs import begin
from swanlab_ci.publish.summary import room
from swanlab_ci.report import Rendering
from swanlab_ci.text import Safe

__all__ = ["Published", "Settings", "annotations", "begin", "publish", "room"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user wants told, and with whose token."""

    github_token: str = field(default="", repr=False)
    comment: str = "always"
    comment_key: str = "default"
    report_dir: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of it: workflow commands and warnings that the caller has to print, and where the comment is."""

    comment_url: str = ""
    commands: tuple[Safe, ...] = ()
    warnings: tuple[str, ...] = ()


def publish(
    judgement: Judgement,
    rendering: Rendering,
    context: Context,
    settings: Settings,
    *,
    deadline: Deadline,
    redact: Callable[[str], str],
) -> Published:
    """Tell the judgement by files, summary, comment and outputs, in this order; none of them changes the verdict.

    `redact` is the last to see each text. The outputs come last: until then they say that nothing has passed.
    """
    warnings: list[str] = []
    written, url = files.Files(), ""
    try:
        written = files.write(rendering, settings.report_dir, workspace=context.workspace, redact=redact)
    except OSError as error:
        warnings.append(f"The report was not written to {settings.report_dir}: {error.strerror or error}.")
    try:
        summary.append(context, Safe(redact(rendering.summary)))
    except OSError as error:
        warnings.append(f"The job summary was not written: {error.strerror or error}.")
    if settings.github_token and context.pr_number and settings.comment != "never":
        url, warning = _comment(judgement, rendering, context, settings, deadline=deadline, redact=redact)
        warnings += [warning] if warning else []
    try:
        outputs.write(context, outputs.final(judgement, rendering.headline, written, url), redact)
    except OSError as error:
        warnings.append(f"The outputs were not written: {error.strerror or error}.")
    commands = annotations.for_judgement(judgement, redact) if context.ci else ()
    return Published(comment_url=url, commands=commands, warnings=tuple(warnings))


def _comment(
    judgement: Judgement,
    rendering: Rendering,
    context: Context,
    settings: Settings,
    *,
    deadline: Deadline,
    redact: Callable[[str], str],
) -> tuple[str, str]:
    """Return the comment's address and a warning, either of them empty."""
    from swanlab_ci.publish.comment import Newer, Sticky  # noqa: PLC0415 - 100 ms of requests, for who comments only
    from swanlab_ci.publish.github_api import GitHub, GitHubRefused  # noqa: PLC0415 - same

    github = GitHub(context.api_url, context.graphql_url, settings.github_token, deadline)
    sticky = Sticky(github=github, context=context, key=settings.comment_key, redact=redact)
    try:
        return sticky.tell(judgement, rendering, mode=settings.comment), ""
    except Newer:
        return "", "The comment on the pull request tells of a newer run and was left as it is."
    except GitHubRefused as refusal:
        return "", f"The comment was not written. {refusal}. {_remedy(refusal.status, is_fork=context.is_fork)}".strip()


def _remedy(status: int, *, is_fork: bool) -> str:
    if status not in {401, 403, 404}:
        return ""
    if is_fork:
        return "On a pull request from a fork the token may only read; the report is in the job summary."
    return "Give the job `permissions: pull-requests: write`."
