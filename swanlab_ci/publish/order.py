"""Publish a judgement on every surface, in order; what fails becomes a warning, and changes no verdict."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from swanlab_ci.check.inputs import Inputs
from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Language, Message, Name, Param
from swanlab_ci.platforms.base import Annotation, ApiAttempt, Capability, Forge, Publication, Published
from swanlab_ci.platforms.context import Context
from swanlab_ci.publish import files
from swanlab_ci.publish.outputs import final_outputs
from swanlab_ci.report import Report
from swanlab_ci.report.annotations import of_judgement
from swanlab_ci.report.history import history, remembered
from swanlab_ci.report.permissions import permissions_table, warning
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import Safe
from swanlab_ci.security.files import reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResult:
    """Lines and warnings that the caller has to print, and where the comment is."""

    comment_url: str = ""
    annotation_lines: tuple[Safe, ...] = ()
    warnings: tuple[Message, ...] = ()


def publish(
    judgement: Judgement,
    report: Report,
    context: Context,
    inputs: Inputs,
    *,
    forge: Forge,
    language: Language,
    deadline: Deadline,
    redact: Callable[[str], str],
    attempts: Sequence[ApiAttempt] = (),
) -> PublishResult:
    """Publish by files, job summary, comment, status and outputs, in this order.

    `redact` sees every text last. `attempts` are the requests made before. The outputs come last: until then they say
    that nothing has passed.
    """
    report = report.redacted(redact)
    warnings = _Warnings(forge.limits)
    written, published = files.Files(), Published()
    with warnings.about(lambda why: Message("publish.no-report", folder=Name(inputs.report_dir), reason=why)):
        texts = _texts(report, redact) if inputs.report_dir else {}
        written = files.write(texts, inputs.report_dir, workspace=context.workspace)
    with warnings.about(lambda why: Message("publish.no-summary", reason=why)):
        if Capability.JOB_SUMMARY in forge.capabilities:  # else it need not be written
            forge.append_summary(report.summary)
    if Capability.COMMENTS in forge.capabilities and context.repository:
        publication = _publication(judgement, report, inputs, Safe(redact(report.headline)), language)
        published = forge.publish(publication, context, deadline)
        attempts = (*attempts, *published.attempts)
        with warnings.about(lambda why: Message("publish.no-permissions-table", reason=why)):
            _append_permissions(forge, attempts, context, language, redact)
        said = (published.notice, *(warning(attempt, forge.remedy(attempt, context)) for attempt in attempts))
        warnings += filter(None, said)
    with warnings.about(lambda why: Message("publish.no-outputs", reason=why)):
        forge.write_outputs(final_outputs(judgement, report.headline, written, published.comment_url, redact))
    return PublishResult(
        comment_url=published.comment_url,
        annotation_lines=forge.annotation_lines(_annotations(judgement, language, redact), language),
        warnings=tuple(warnings),
    )


def _annotations(judgement: Judgement, language: Language, redact: Callable[[str], str]) -> list[Annotation]:
    return [
        replace(each, text=redact(each.text), title=redact(each.title)) for each in of_judgement(judgement, language)
    ]


def _texts(report: Report, redact: Callable[[str], str]) -> dict[str, str]:
    return {
        "report.html": redact(report.html()),
        "report.md": report.summary,
        "junit.xml": report.junit,
        "report.json": redact(json.dumps(report.json, indent=1, allow_nan=False)),
    }


def _append_permissions(
    forge: Forge,
    attempts: Sequence[ApiAttempt],
    context: Context,
    language: Language,
    redact: Callable[[str], str],
) -> None:
    if context.is_fork:
        return  # no `permissions:` gives the token of a fork more rights
    table = permissions_table(attempts, forge.needed_permissions(attempts), language)
    if table:
        forge.append_summary(Safe(redact(table)))


def _publication(
    judgement: Judgement, report: Report, inputs: Inputs, headline: Safe, language: Language
) -> Publication:
    return Publication(
        verdict=judgement.verdict.status.value,
        gates=_digest(judgement),
        headline=headline,
        comment=report.comment if inputs.comment != "never" else Safe(""),
        comment_mode=inputs.comment,
        comment_key=inputs.comment_key,
        status_name=inputs.status_context,
        history=partial(history, language=language),
        number=remembered(judgement),
    )


def _digest(judgement: Judgement) -> str:
    gates = sorted((gate.id, gate.group, gate.status.value) for gate in judgement.verdict.gates)
    return hashlib.sha256(repr((judgement.verdict.status.value, gates)).encode()).hexdigest()[:16]


class _Warnings(list[Message]):
    """Warnings; `about` is a context manager that adds one where a file cannot be written."""

    @contextmanager
    def about(self, failure: Callable[[Param], Message]) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.append(failure(reason(error)))
