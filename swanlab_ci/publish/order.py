"""Publish: the judgement is told wherever it can be; a telling that fails is a warning and changes no verdict."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from swanlab_ci.judgement import Judgement
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github import annotations, outputs, summary
from swanlab_ci.platforms.github.permissions import ApiAttempt, table
from swanlab_ci.platforms.settings import Settings
from swanlab_ci.publish import files
from swanlab_ci.report import Report
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of it: workflow commands and warnings that the caller has to print, and where the comment is."""

    comment_url: str = ""
    commands: tuple[Safe, ...] = ()
    warnings: tuple[str, ...] = ()


def publish(
    judgement: Judgement,
    rendering: Report,
    context: Context,
    settings: Settings,
    *,
    deadline: Deadline,
    redact: Callable[[str], str],
    attempts: Sequence[ApiAttempt] = (),
) -> Published:
    """Tell the judgement by files, summary, comment, status and outputs, in this order; none of them changes it.

    `redact` is the last to see each text. `attempts` are what was asked of GitHub before. The outputs come last: until
    then they say that nothing has passed.
    """
    warnings = _Warnings(_unset(context))
    written, url = files.Files(), ""
    with warnings.about(f"The report was not written to {settings.report_dir}"):
        written = files.write(rendering, settings.report_dir, workspace=context.workspace, redact=redact)
    with warnings.about("The job summary was not written"):
        summary.append(context, Safe(redact(rendering.summary)))
    if settings.github_token and context.api_url and context.repository:
        from swanlab_ci.platforms.github import publisher as online  # noqa: PLC0415 - 100 ms of requests, for who has something to tell there

        told = online.tell(judgement, rendering, context, settings, deadline=deadline, redact=redact)
        url, attempts = told.comment_url, (*attempts, *told.attempts)
        if not context.is_fork and (rights := table(attempts)):  # no `permissions:` opens the token of a fork
            with warnings.about("The table of permissions was not written"):
                summary.append(context, Safe(redact(rights)))
        warnings += [told.notice, *(attempt.warning(is_fork=context.is_fork) for attempt in attempts)]
    with warnings.about("The outputs were not written"):
        outputs.write(context, outputs.final(judgement, rendering.headline, written, url, redact))
    commands = annotations.for_judgement(judgement, redact) if context.ci else ()
    return Published(comment_url=url, commands=commands, warnings=tuple(filter(None, warnings)))


def _unset(context: Context) -> Iterator[str]:
    """Name what the runner offers no file for; an old GitHub Enterprise Server knows no summaries."""
    if context.ci and not context.output_file:
        yield "The outputs were not written: GITHUB_OUTPUT is not set. Update the runner."
    if context.ci and not context.summary_file:
        yield "The job summary was not written: GITHUB_STEP_SUMMARY is not set. Update the runner."


class _Warnings(list[str]):
    """Collects what went wrong with files; a context manager for each file."""

    @contextmanager
    def about(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.append(f"{what}: {error.strerror or error}.")
