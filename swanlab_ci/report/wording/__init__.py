"""From results to messages: what a check, a gate and the verdict say, and what to do next."""

from swanlab_ci.report.wording.results import (
    actual,
    check_advice,
    check_message,
    check_note,
    count_required,
    field_shown,
    gate_advice,
    gate_summary,
    headline,
    notes,
    required,
    says_it_all,
    verdict_advice,
    verdict_summary,
)
from swanlab_ci.report.wording.titles import gate_title, group_of

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
