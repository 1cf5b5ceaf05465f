"""The judgement as GitHub Markdown: the comment and the job summary."""

from swanlab_ci.report.markdown.page import COMMENT_CHARACTERS, SUMMARY_BYTES, comment, full_report

__all__ = ["COMMENT_CHARACTERS", "SUMMARY_BYTES", "comment", "full_report"]
