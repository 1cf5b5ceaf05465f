"""A backtest as JSON."""

from typing import Any

from swanlab_ci import __version__
from swanlab_ci.history.backtest import Backtest, BacktestReport, JudgedUnit, MergedUnits
from swanlab_ci.messages import Language, Message, as_data, plain
from swanlab_ci.report.backtest.wording import COLUMNS, RARE, notes, summary
from swanlab_ci.report.wording import headline

SCHEMA_VERSION = 1


def backtest_json(report: BacktestReport, language: Language) -> dict[str, Any]:
    """Return the backtest as JSON types: numbers are numbers, and a text has its message's id and parameters."""
    against = report.against
    others = against.units if against else (None,) * len(report.found.units)
    return {
        "schema": SCHEMA_VERSION,
        "tool": {"name": "swanlab-ci", "version": __version__},
        "project": report.project,
        "gate_file": report.gate_file,
        "field": report.field,
        "runs": report.runs,
        "changed_after_end": report.changed,
        **_facts(report.found),
        "at_most": report.at_most,
        "exceeded": report.is_exceeded,
        "units": [
            {
                **_unit(each, language),
                **_truth(each, report.merged),
                "against": _unit(other, language) if other else None,
            }
            for each, other in zip(report.found.units, others, strict=True)
        ],
        "against": {"gate_file": report.against_file, **_facts(against)} if against else None,
        "notes": [_message(note, language) for note in notes(report)],
    }


def _facts(found: Backtest) -> dict[str, Any]:
    share = found.share
    return {
        "stopped": {
            "count": len(found.stopped),
            "of": len(found.units),
            "share": len(found.stopped) / len(found.units),
            "low": share.low if share else None,
            "high": share.high if share else None,
        },
        "gates": [
            {
                "id": one.id,
                "level": one.level.value,
                "counts": {str(status): one.counts.get(status, 0) for status in (*COLUMNS, *RARE)},
                "alone_in_stopping": one.alone,
                "remark": one.remark.value if one.remark else None,
            }
            for one in found.gates
        ],
    }


def _unit(each: JudgedUnit, language: Language) -> dict[str, Any]:
    return {
        "unit": each.unit.value,
        "judged_at": each.unit.end.isoformat(),
        "runs": len(each.unit.runs),
        "open": each.unit.is_open,
        "unplaced": each.unit.unplaced.value if each.unit.unplaced else None,
        "verdict": each.status.value,
        "stopped": each.is_stopped,
        "headline": _message(headline(each.verdict), language) if each.verdict else None,
        "gates": [
            {
                "id": result.id,
                "status": result.status.value,
                "runs": len(result.runs_selected),
                "summary": _message(summary(result), language),
            }
            for result in each.results().values()
        ],
    }


def _truth(each: JudgedUnit, known: MergedUnits | None) -> dict[str, Any]:
    """Say of a stopped unit whether it was merged and reverted; None where nobody asked or git does not know."""
    name = str(each.unit.value)
    if known is None or not each.is_stopped or name in known.unknown:
        return {"merged": None, "reverted": None}
    return {"merged": name in known.merged, "reverted": name in known.reverted}


def _message(message: Message, language: Language) -> dict[str, Any]:
    return as_data(message) | {"text": plain(message, language)}
