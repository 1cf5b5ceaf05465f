"""Report: one judgement as a comment, a job summary, a terminal text, a page, JSON and JUnit; it only renders."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from swanlab_ci.insight import Insight, of_verdict
from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Language
from swanlab_ci.platforms.base import Links
from swanlab_ci.report.document import document, schema
from swanlab_ci.report.junit import junit
from swanlab_ci.report.markdown import COMMENT_CHARACTERS, SUMMARY_BYTES, comment, full_report
from swanlab_ci.report.presentation import headline
from swanlab_ci.report.secrets import without_secrets
from swanlab_ci.report.terminal import terminal
from swanlab_ci.report.writers import paragraph
from swanlab_ci.security.escaping import Html, Safe, log_json, log_markdown

__all__ = ["COMMENT_CHARACTERS", "SUMMARY_BYTES", "Report", "render", "schema"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The judgement for every surface, in one language.

    `headline` is one line without foreign text; `comment` lacks the marker and the history, which are the
    publisher's; `summary` is what `markdown` is on the command line, without workflow commands; `json` follows
    `schema.json` beside this module. `html` writes the page when it is called, for those who want one.
    """

    headline: Safe
    comment: Safe
    summary: Safe
    text: Safe
    json: dict[str, Any]
    junit: Safe
    html: Callable[[], Html]

    def in_form(self, name: str) -> Safe | Html:
        """Return what the command line prints for `--format NAME`, one of text, markdown, html and json."""
        match name:
            case "markdown":
                return log_markdown(self.summary)
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
) -> Report:
    """Write `judgement` for every surface, with the facts of `insight` (None: those of the verdict alone).

    `links` are pages of the forge. `summary_bytes` is how much room the summary has, `colour` whether the terminal text
    may hold ANSI colours.
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
    return Report(
        headline=paragraph(headline(judgement), language),
        comment=comment(judgement, language, insight, links),
        summary=full_report(judgement, language, summary_bytes, insight, links),
        text=terminal(judgement, language, colour=colour),
        json=facts,
        junit=junit(judgement, language),
        html=lambda: _page(judgement, insight, language, links),
    )


def _page(judgement: Judgement, insight: Insight, language: Language, links: Links) -> Html:
    from swanlab_ci.report.html import page  # noqa: PLC0415 - for checks that write a page

    return page(judgement, insight, language, links)
