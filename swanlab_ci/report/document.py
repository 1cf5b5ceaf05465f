"""The judgement as plain data: what report.json holds and every other surface is written from."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from swanlab_ci import __version__
from swanlab_ci.model import Judgement
from swanlab_ci.security.escaping import capped

SCHEMA_VERSION = 1
TEXT_CAP = 10_000


def document(judgement: Judgement, redact: Callable[[str], str]) -> dict[str, Any]:
    """Write `judgement` as `schema.json` describes it; foreign text stays as it is, less the secrets.

    A text longer than 10,000 characters is cut, after `redact` saw the whole of it.
    """
    facts = _plain(judgement, redact)
    facts.pop("stopped")  # told as `exit_code`
    verdict = facts.pop("verdict")
    return {
        "schema": SCHEMA_VERSION,
        "tool": {"name": "swanlab-ci", "version": __version__},
        "verdict": verdict.pop("status"),
        "passed": judgement.verdict.passed,
        "exit_code": judgement.exit_code,
        **facts,
        **verdict,
    }


def _plain(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return capped(redact(value), TEXT_CAP)
    if isinstance(value, tuple):
        return [_plain(item, redact) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), redact) for field in fields(value)}
    return value
