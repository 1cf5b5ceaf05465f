"""Report: one judgement as a comment, a job summary, a terminal text, a page, JSON and JUnit; it only renders."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from swanlab_ci.errors import Problem
from swanlab_ci.insight import Insight, of_verdict
from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Key, Language, Message
from swanlab_ci.platforms.base import Links
from swanlab_ci.report.document import document, schema
from swanlab_ci.report.markdown import COMMENT_CHARACTERS, SUMMARY_BYTES, comment, full_report
from swanlab_ci.report.markdown.table import PageContext
from swanlab_ci.report.markdown.template_file import MOST_SECONDS, TemplateFile
from swanlab_ci.report.presentation import headline
from swanlab_ci.report.secrets import without_secrets
from swanlab_ci.report.terminal import terminal
from swanlab_ci.report.writers import paragraph
from swanlab_ci.security.escaping import Html, Safe, log_json, log_markdown

__all__ = ["COMMENT_CHARACTERS", "SUMMARY_BYTES", "Report", "TemplateFile", "render", "schema", "template_note"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """The judgement for every surface, in one language.

    `headline` is one line without foreign text; `json` follows `schema.json` beside this module. The others are written
    when they are first asked for: on a terminal nobody reads a comment. `html` writes the page whenever it is
    called. `template_problem` is why the user's own template was not used.
    """

    headline: Safe
    text: Safe
    json: dict[str, Any]
    write_comment: Callable[[], Safe]
    write_summary: Callable[[], Safe]
    write_junit: Callable[[], Safe]
    html: Callable[[], Html]
    template_problem: Problem | None = None

    @cached_property
    def comment(self) -> Safe:
        """The comment without the marker and the history, which are the publisher's."""
        return self.write_comment()

    @cached_property
    def summary(self) -> Safe:
        """What `markdown` is on the command line, without workflow commands."""
        return self.write_summary()

    @cached_property
    def junit(self) -> Safe:
        """The gates as tests in XML."""
        return self.write_junit()

    def redacted(self, redact: Callable[[str], str]) -> "Report":
        """Return the same report, in which `redact` sees comment, summary and JUnit last."""
        return replace(
            self,
            write_comment=lambda: Safe(redact(self.comment)),
            write_summary=lambda: Safe(redact(self.summary)),
            write_junit=lambda: Safe(redact(self.junit)),
        )

    def in_form(self, name: str) -> Safe | Html:
        """Return what the command line prints for `--format NAME`, one of text, markdown, comment, html and json."""
        match name:
            case "markdown":
                return log_markdown(self.summary)
            case "comment":
                return log_markdown(self.comment)
            case "json":
                return log_json(self.json)
            case "html":
                return self.html()
            case _:
                return self.text


def render(
    judgement: Judgement,
    insight: Insight | None = None,
    *,
    redact: Callable[[str], str],
    language: Language = Language.EN,
    links: Links = Links(),  # noqa: B008 - it is frozen
    summary_bytes: int = SUMMARY_BYTES,
    colour: bool = False,
    template: TemplateFile | None = None,
    template_seconds: float = MOST_SECONDS,
) -> Report:
    """Write `judgement` for every surface, with the facts of `insight` (None: those of the verdict alone).

    `links` are pages of the forge. `summary_bytes` is how much room the summary has, `colour` whether the terminal text
    may hold ANSI colours. `template` writes the comment, if it can be used, in at most `template_seconds`.
    """
    insight = insight or of_verdict(judgement.verdict)
    quoted = False

    def noting(text: str) -> str:
        nonlocal quoted
        without = redact(text)
        quoted |= without != text
        return without

    facts = document(judgement, insight, language, noting)  # first: it sees every text whole
    if quoted:
        judgement, insight = without_secrets(judgement, redact), without_secrets(insight, redact)
    page = PageContext(judgement, insight, links, language)
    by_template, problem = _by_template(template, page, facts, template_seconds) if template else (None, None)
    if problem:
        judgement = replace(judgement, notes=(*judgement.notes, template_note(problem)))
        facts = document(judgement, insight, language, noting)
    return Report(
        headline=paragraph(headline(judgement), language),
        text=terminal(judgement, language, colour=colour),
        json=facts,
        write_comment=lambda: by_template or comment(judgement, language, insight, links),
        write_summary=lambda: full_report(judgement, language, summary_bytes, insight, links),
        write_junit=lambda: _junit(judgement, language),
        html=lambda: _page(judgement, insight, language, links),
        template_problem=problem,
    )


def _by_template(
    template: TemplateFile, page: PageContext, facts: dict[str, Any], seconds: float
) -> tuple[Safe | None, Problem | None]:
    from swanlab_ci.report.markdown.custom import TemplateError, custom_comment  # noqa: PLC0415 - few have a template

    try:
        return custom_comment(template, page, facts, seconds), None
    except TemplateError as error:
        return None, error.problem


def template_note(problem: Problem) -> Message:
    """Say that the built-in report is shown, and why."""
    return Message("template.not-used", place=Key(problem.place), reason=problem.message)


def _junit(judgement: Judgement, language: Language) -> Safe:
    from swanlab_ci.report.junit import junit  # noqa: PLC0415 - for checks that write a folder

    return junit(judgement, language)


def _page(judgement: Judgement, insight: Insight, language: Language, links: Links) -> Html:
    from swanlab_ci.report.html import page  # noqa: PLC0415 - for checks that write a page

    return page(judgement, insight, language, links)
