"""From results to messages: what a check, a gate and the verdict say, and what to do next."""

from swanlab_ci.report.wording.advice import check_advice, gate_advice
from swanlab_ci.report.wording.checks import (
    actual,
    check_message,
    check_note,
    count_required,
    field_shown,
    required,
    says_it_all,
)
from swanlab_ci.report.wording.gates import gate_summary
from swanlab_ci.report.wording.titles import gate_title, group_of
from swanlab_ci.report.wording.verdict import headline, notes, verdict_advice, verdict_summary

__all__ = [
    "actual",
    "check_advice",
    "check_message",
    "check_note",
    "count_required",
    "field_shown",
    "gate_advice",
    "gate_summary",
    "gate_title",
    "group_of",
    "headline",
    "notes",
    "required",
    "says_it_all",
    "verdict_advice",
    "verdict_summary",
]
