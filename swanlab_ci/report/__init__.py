"""Report: one judgement told as a comment, a job summary, a terminal text and a JSON document; it only renders."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from swanlab_ci.model import Judgement
from swanlab_ci.report.document import document
from swanlab_ci.report.junit import junit
from swanlab_ci.report.markdown import COMMENT_CHARACTERS, SUMMARY_BYTES, comment, summary
from swanlab_ci.report.presentation import headline
from swanlab_ci.report.terminal import terminal
from swanlab_ci.security.escaping import Safe, log_json

__all__ = ["COMMENT_CHARACTERS", "SUMMARY_BYTES", "Rendering", "render"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The words for every surface.

    `headline` is one line without foreign text; `comment` lacks the marker and the history, which are the
    publisher's; `summary` is what `markdown` is on the command line; `json` follows `schema.json` beside this module.
    """

    headline: Safe
    comment: Safe
    summary: Safe
    text: Safe
    json: dict[str, Any]
    junit: Safe

    def in_form(self, name: str) -> Safe:
        """Return what the command line prints for `--format NAME`, one of text, markdown and json."""
        return {"text": self.text, "markdown": self.summary, "json": log_json(self.json)}[name]


def render(
    judgement: Judgement, *, redact: Callable[[str], str], summary_bytes: int = SUMMARY_BYTES, colour: bool = False
) -> Rendering:
    """Tell `judgement` on every surface; `redact` sees each text before anything is cut from it.

    `summary_bytes` is how much room the summary has, `colour` whether the terminal text may hold ANSI colours.
    """
    facts = document(judgement, redact)
    return Rendering(
        headline=headline(facts),
        comment=comment(facts),
        summary=summary(facts, summary_bytes),
        text=terminal(facts, colour=colour),
        json=facts,
        junit=junit(facts),
    )
