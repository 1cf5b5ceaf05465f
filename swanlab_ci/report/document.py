"""The judgement as JSON: what report.json holds, as `schema.json` describes it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib import resources
from math import isfinite
from typing import Any

from swanlab_ci import __version__
from swanlab_ci.errors import Problem
from swanlab_ci.insight import Insight, Row
from swanlab_ci.judgement import Check, Expectation, GateResult, Judgement, OtherProject
from swanlab_ci.messages import Language, Message, as_data, plain
from swanlab_ci.model import Outcome, RunRef
from swanlab_ci.report import wording
from swanlab_ci.report.presentation import advice, headline, summary
from swanlab_ci.report.wording.expectation import expectation
from swanlab_ci.security.escaping import capped

SCHEMA_VERSION = 2
TEXT_CAP = 10_000
_MOST_ITEMS = 100


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of report.json."""
    found: dict[str, Any] = json.loads((resources.files("swanlab_ci.report") / "schema.json").read_text("utf-8"))
    return found


def document(
    judgement: Judgement, insight: Insight, language: Language, redact: Callable[[str], str]
) -> dict[str, Any]:
    """Return `judgement` as JSON types; numbers are numbers, and a text has its message's id and parameters.

    Foreign text stays as it is, without the secrets; what is longer than 10,000 characters is cut after `redact` saw
    the whole of it.
    """
    verdict, proposal = judgement.verdict, judgement.proposal
    write = _Writer(language, redact)
    return {
        "schema": SCHEMA_VERSION,
        "tool": {"name": "swanlab-ci", "version": __version__},
        "language": language.value,
        "verdict": verdict.status.value,
        "passed": verdict.passed,
        "exit_code": judgement.exit_code,
        "strict": verdict.strict,
        "shadow": write.plain(verdict.shadow),
        "headline": write.message(headline(judgement)),
        "summary": write.message(summary(judgement)),
        "advice": write.message(advice(judgement)),
        "judged_at": judgement.judged_at.isoformat(),
        "project": write.plain(judgement.project),
        "project_url": write.plain(judgement.project_url),
        "gate_file": write.plain(judgement.gate_file),
        "commit": write.plain(judgement.commit),
        "runs_fetched": judgement.runs_fetched,
        "notes": [write.message(note) for note in wording.notes(judgement)],
        "proposed_verdict": write.plain(proposal.status) if proposal else None,
        "exempt": write.plain(verdict.exempt),
        "carried_over": write.plain(judgement.carried),
        "other_projects": [_other(each, write) for each in judgement.others],
        "problems": [_problem(each, write) for each in (judgement.stopped.problems if judgement.stopped else ())],
        "gates": [_gate(gate, write) for gate in verdict.gates],
        "insight": _insight(insight, verdict.gates, write),
    }


def _problem(problem: Problem, write: "_Writer") -> dict[str, Any]:
    return {
        "message": write.message(problem.message),
        "file": write.plain(problem.file),
        "line": problem.line,
        "column": problem.column,
        "excerpt": write.plain(problem.excerpt),
    }


def _other(other: OtherProject, write: "_Writer") -> dict[str, Any]:
    return {
        "project": write.plain(other.project),
        "from_server": other.origin.server,
        "url": write.plain(other.url),
        "runs": other.runs,
        "failure": write.message(other.failure),
    }


def _insight(insight: Insight, gates: Sequence[GateResult], write: "_Writer") -> dict[str, Any]:
    facts = write.fields(insight, leave_out={"rows", "changes", "notes"})
    facts["rows"] = [_row(row, gates, write) for row in insight.rows]
    facts["changes"] = write.fields(insight.changes) if insight.changes else None
    facts["notes"] = [write.message(note) for note in insight.notes]
    return facts


def _row(row: Row, gates: Sequence[GateResult], write: "_Writer") -> dict[str, Any]:
    facts = write.fields(row, leave_out={"check", "comparison", "bounds", "gate", "also"})
    result = row.comparison
    for name in ("delta", "relative", "noise", "allowed"):
        facts[name] = write.plain(getattr(result, name)) if result else None
    gate = gates[row.gate]
    return facts | {
        "gate": write.plain(gate.id),
        "group": write.plain(gate.group),
        "bounds": [write.message(expectation(bound)) for bound in row.bounds],
        "also": [write.plain(gates[number].id) for number in row.also],
    }


def _gate(gate: GateResult, write: "_Writer") -> dict[str, Any]:
    facts = write.fields(gate, leave_out={"deciding", "emptied", "checks"})
    facts["summary"] = write.message(wording.gate_summary(gate))
    facts["advice"] = write.message(wording.gate_advice(gate))
    facts["checks"] = [_check(check, write) for check in gate.checks]
    return facts


def _check(check: Check, write: "_Writer") -> dict[str, Any]:
    facts = write.fields(check)
    shown = check.outcome is not Outcome.OK or check.comparison is not None
    facts["message"] = write.message(wording.check_message(check) if shown else None)
    facts["note"] = write.message(wording.check_note(check))
    return facts


class _Writer:
    """Turns values into JSON types; every text passes `redact` and the cap."""

    def __init__(self, language: Language, redact: Callable[[str], str]) -> None:
        self.language = language
        self.redact = redact
        self._written: dict[int, dict[str, Any]] = {}  # by the id of a value that the judgement holds

    def message(self, message: Message | None) -> dict[str, Any] | None:
        """Return `{"id", "params", "text"}`, or None."""
        if message is None:
            return None
        found = as_data(message) | {"text": plain(message, self.language)}
        return {key: self.plain(value) for key, value in found.items()}

    def fields(self, value: Any, leave_out: Iterable[str] = ()) -> dict[str, Any]:
        """Return the fields of a dataclass."""
        skipped = frozenset(leave_out)
        return {
            name: self.value(getattr(value, name)) if name in {"actual", "value"} else self.plain(getattr(value, name))
            for name in _names(type(value))  # type: ignore[arg-type]  # a class is hashable
            if name not in skipped
        }

    def value(self, value: Any) -> Any:
        """Return what a field of a run holds; of a map only the number of its keys, of a list the first 100 items."""
        if isinstance(value, Mapping):
            return {"keys": len(value)}
        if isinstance(value, (list, tuple)):
            return [
                {"items": len(item)} if isinstance(item, (list, tuple)) else self.value(item)
                for item in value[:_MOST_ITEMS]
            ]
        return self.plain(value)

    def _once(self, value: Any) -> dict[str, Any]:
        """Return the fields of what is in many checks, written once."""
        if id(value) not in self._written:
            self._written[id(value)] = self.fields(value)
        return self._written[id(value)]

    def plain(self, value: Any) -> Any:
        """Return any value as JSON types; a number that is not finite becomes a text, as JSON has none."""
        kind = type(value)
        if kind is str:
            return capped(self.redact(value), TEXT_CAP)
        if value is None or kind is bool or kind is int:
            return value
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, str):
            return capped(self.redact(value), TEXT_CAP)
        if isinstance(value, float):
            return value if isfinite(value) else str(value)
        if isinstance(value, Mapping):
            return {key: self.plain(below) for key, below in value.items()}
        if isinstance(value, date):
            return value.isoformat()
        if kind is Message:
            return self.message(value)
        if is_dataclass(value):
            return self._once(value) if kind is Expectation or kind is RunRef else self.fields(value)
        return [self.plain(item) for item in value]


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
