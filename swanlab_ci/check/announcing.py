"""What comes after the judgement: its report in every form, printed and published, and the bundle."""

from dataclasses import replace

from swanlab_ci.check.options import CheckContext
from swanlab_ci.check.record import CheckRecord
from swanlab_ci.errors import Problem
from swanlab_ci.insight import Insight
from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Key, Message, Name, Url
from swanlab_ci.platforms.base import Capability, Links
from swanlab_ci.publish.files import write_inside
from swanlab_ci.publish.order import PublishResult, publish
from swanlab_ci.report import SUMMARY_BYTES, render, template_note
from swanlab_ci.report.annotations import of_template
from swanlab_ci.report.markdown.template_file import MOST_SECONDS, TemplateFile
from swanlab_ci.runtime.console import Console
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.files import reason

_SHARE_OF_TEMPLATE = 0.5  # of the time for publishing
_SHARE_AFTER_FORGE = 0.1  # of the time for publishing: a forge that hangs must not cost the outputs


def _links(current: CheckContext) -> Links:
    links = current.forge.links(current.context)
    return replace(links, report=current.inputs.report_url or links.report)


def publish_judgement(
    judgement: Judgement,
    current: CheckContext,
    insight: Insight | None = None,
    *,
    template: TemplateFile | None = None,
) -> None:
    """Write the report in every form, print it, and publish it where the check takes place."""
    console, language, room = current.options.console, current.options.console.language, current.forge.summary_room()
    report = render(
        judgement,
        insight,
        redact=console.redact,
        language=language,
        links=_links(current),
        summary_bytes=SUMMARY_BYTES if room is None else room,
        colour=console.colour,
        template=template if _shows_comment(current) else None,
        template_seconds=min(MOST_SECONDS, _SHARE_OF_TEMPLATE * current.deadline.without_reserve().left()),
    )
    if problem := report.template_problem:
        _warn_of_template(problem, current)
    if current.options.form != "text" or not judgement.stopped:  # else stderr has said everything
        console.document(report.in_form(current.options.form))
    rest = current.deadline.without_reserve().left()
    result = publish(
        judgement,
        report,
        current.context,
        current.inputs,
        forge=current.forge,
        language=language,
        deadline=Deadline(rest, kept=_SHARE_AFTER_FORGE * rest),
        redact=console.redact,
        attempts=current.attempts,
    )
    _tell(result, console)


def _tell(result: PublishResult, console: Console) -> None:
    for line in result.annotation_lines:
        console.command(line)
    for warning in result.warnings:
        console.warn(warning)
    if result.comment_url:
        console.say(Message("console.comment", url=Url(result.comment_url)))


def _shows_comment(current: CheckContext) -> bool:
    """Tell whether the comment is shown: by the forge, or by `--format comment`."""
    posted = Capability.COMMENTS in current.forge.capabilities and current.inputs.comment != "never"
    return posted or current.options.form == "comment"


def _warn_of_template(problem: Problem, current: CheckContext) -> None:
    console = current.options.console
    console.warn(template_note(problem))
    for line in current.forge.annotation_lines(of_template(problem, console.language), console.language):
        console.command(line)


def must_spare_other_files(current: CheckContext) -> None:
    """Refuse a `bundle` that names a file of another kind; raises `ConfigurationError`."""
    if not current.inputs.bundle:
        return
    from swanlab_ci.check.bundle import must_be_replaceable  # noqa: PLC0415 - for checks that write one

    gates = Key("--gates" if current.options.login else "gates")
    must_be_replaceable(current.inputs.bundle, current.context.workspace, gates=gates)


def write_bundle(record: CheckRecord, current: CheckContext) -> None:
    """Write the file that `bundle` names; one that cannot be written is a warning."""
    name, console = current.inputs.bundle, current.options.console
    if not name:
        return
    from swanlab_ci.check.bundle import written  # noqa: PLC0415 - for checks that write one

    try:
        write_inside(name, console.redact(written(record)), workspace=current.context.workspace)
    except OSError as error:
        console.warn(Message("check.bundle-not-written", file=Name(name), reason=reason(error)))
    except (ValueError, RecursionError) as error:  # a value that is nested too deeply
        console.warn(Message("check.bundle-not-written", file=Name(name), reason=Name(type(error).__name__)))
