"""Suggestions as JSON: exact numbers, and each value as a gate file takes it."""

from dataclasses import asdict
from typing import Any

from swanlab_ci import __version__
from swanlab_ci.history.suggest import LARGER_BASELINE, Allowed, Seen, Setting, Suggestion, SuggestReport
from swanlab_ci.report.suggestions.written import amount_of, bound_of, operator_of, place_of

SCHEMA_VERSION = 1


def suggestions_json(report: SuggestReport) -> dict[str, Any]:
    """Return the suggestions as JSON types: exact numbers, and each value as a gate file takes it (`written`)."""
    return {
        "schema": SCHEMA_VERSION,
        "tool": {"name": "swanlab-ci", "version": __version__},
        "project": report.project,
        "gate_file": report.gate_file,
        "field": report.field,
        "units": report.units,
        "runs": report.runs,
        "changed_after_end": report.changed,
        "first": report.first.isoformat(),
        "last": report.last.isoformat(),
        "baseline": report.baseline or None,
        "alarms": report.alarms,
        "metrics": [_json(each) for each in report.suggestions],
        "settings": [_setting_json(each) for each in report.settings],
        "together": asdict(report.together) if report.together else None,
        "without_history": [about.field.text for about in report.without_history],
    }


def _json(each: Suggestion) -> dict[str, Any]:
    about, spread, power, mean = each.about, each.spread, each.power, each.sample.mean
    floor = {**asdict(each.floor), "operator": operator_of(about), "written": bound_of(each)} if each.floor else None
    return {
        "field": about.field.text,
        "better": "higher" if about.higher_is_better else "lower",
        "gate": about.gate or None,
        "units": len(each.sample.units),
        "runs": len(each.sample.values),
        "mean": mean,
        "runs_a_unit": each.sample.runs_a_unit,
        "existing": asdict(each.existing) | {"place": place_of(about)} if each.existing else None,
        "floor": floor,
        "held_out": asdict(each.held_out) if each.held_out else None,
        "spread": asdict(spread) if spread else None,
        "allowance": _allowed_json(power.allowance, mean),
        "suggested_allowance": _allowed_json(power.suggested, mean),
        "seen": [asdict(one) for one in power.seen],
        "seen_with_larger_baseline": _larger_json(power.larger_baseline),
        "sampling": asdict(each.sampling) if each.sampling else None,
    }


def _allowed_json(allowed: Allowed | None, mean: float) -> dict[str, Any] | None:
    return asdict(allowed) | {"written": amount_of(allowed.amount, mean)} if allowed else None


def _larger_json(seen: Seen | None) -> dict[str, Any] | None:
    return asdict(seen) | {"base": LARGER_BASELINE} if seen else None


def _setting_json(each: Setting) -> dict[str, Any]:
    about = each.about
    return {
        "field": about.field.text,
        "gate": about.gate,
        "level": "warn",
        "units": each.units,
        "runs": each.runs,
        "min": each.lowest,
        "max": each.highest,
    }
