"""Suggestions as text for a terminal, and as JSON; each bound is written as a gate file takes it."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from swanlab_ci import __version__
from swanlab_ci.gate.spec.values import number_text
from swanlab_ci.history.bounds import FEWEST_RUNS, FEWEST_UNITS, Basis
from swanlab_ci.history.suggest import Allowed, Bounded, Suggestion, SuggestReport
from swanlab_ci.messages import Language, Message, Name, plain
from swanlab_ci.report.writers import line
from swanlab_ci.security.escaping import Safe, log_line

SCHEMA_VERSION = 1
_DIGITS = 4
_SMALLEST_POWER = -307


def suggestions_text(report: SuggestReport, language: Language) -> Safe:
    """Write for each metric what its past supports, one line for each value."""
    head = Message(
        "suggest.head",
        units=report.units,
        runs=report.runs,
        project=Name(report.project),
        alarms=_percent(report.alarms),
    )
    lines: list[str] = [line(head, language)]
    for each in report.suggestions:
        lines += ["", line(_metric(each), language), *_lines(each, language)]
    for about in report.without_history:
        lines += ["", line(Message("suggest.without-history", field=Name(about.field.text)), language)]
    return Safe("\n".join(lines))


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
        "alarms": report.alarms,
        "metrics": [_json(each) for each in report.suggestions],
        "without_history": [about.field.text for about in report.without_history],
    }


def _json(each: Suggestion) -> dict[str, Any]:
    about, spread = each.about, each.spread
    floor = {**asdict(each.floor), "operator": _operator(about), "written": _bound(each)} if each.floor else None
    return {
        "field": about.field.text,
        "better": "higher" if about.higher_is_better else "lower",
        "gate": about.gate or None,
        "units": each.units,
        "runs": each.runs,
        "mean": each.mean,
        "runs_a_unit": each.runs_a_unit,
        "existing": asdict(each.existing) | {"place": _place(about)} if each.existing else None,
        "floor": floor,
        "held_out": asdict(each.held_out) if each.held_out else None,
        "spread": asdict(spread) if spread else None,
        "allowance": _allowed_json(each.allowance, each.mean),
        "suggested_allowance": _allowed_json(each.suggested, each.mean),
        "seen": [asdict(one) for one in each.seen],
    }


def _allowed_json(allowed: Allowed | None, mean: float) -> dict[str, Any] | None:
    return asdict(allowed) | {"written": _amount(allowed.amount, mean)} if allowed else None


def _metric(each: Suggestion) -> Message:
    spread = each.spread
    return Message(
        "suggest.metric",
        field=Name(each.about.field.text),
        direction=Message("suggest.higher") if each.about.higher_is_better else Message("suggest.lower"),
        runs=each.runs,
        units=each.units,
        spread=Name(_amount(spread.deviation, each.mean)) if spread else None,
        low=Name(_amount(spread.interval.low, each.mean)) if spread else None,
        high=Name(_amount(spread.interval.high, each.mean)) if spread else None,
    )


def _lines(each: Suggestion, language: Language) -> Iterator[str]:
    if each.existing:
        said = Message(
            "suggest.existing",
            place=Name(_place(each.about)),
            missed=each.existing.missed,
            runs=each.existing.runs,
            share=_percent(each.existing.missed / each.existing.runs),
            low=_percent(each.existing.share.low),
            high=_percent(each.existing.share.high),
        )
        yield _line(f"{each.about.operator}: {number_text(each.existing.bound)}", said, language)
    if each.floor:
        yield _line(f"{_operator(each.about)}: {_bound(each)}", _floor(each), language)
    else:
        yield _line("", Message("suggest.no-floor", runs=each.runs, least=FEWEST_RUNS), language)
    yield from _allowances(each, language)
    if each.held_out:
        said = Message("suggest.held-out", units=each.held_out.units, stopped=each.held_out.stopped)
        yield _line("", said, language)


def _floor(each: Suggestion) -> Message:
    if each.floor and each.floor.basis is Basis.NORMAL:
        return Message("suggest.normal", alarms=_percent(each.floor.alarms), new=each.runs_a_unit)
    alarms = _percent(each.floor.alarms) if each.floor else 0
    return Message("suggest.worst-run", runs=each.runs, alarms=alarms, new=each.runs_a_unit)


def _allowances(each: Suggestion, language: Language) -> Iterator[str]:
    if each.about.comparison is None and each.about.gate:
        return
    if not each.about.is_simulated:
        yield _line("", Message("suggest.other-rule"), language)
        return
    if each.suggested is None and each.allowance is None:
        yield _line("", Message("suggest.no-spread", least=FEWEST_UNITS), language)
        return
    if each.allowance:
        one = each.allowance
        said = Message(
            "suggest.allowance",
            fail=_percent(one.unchanged.fail),
            warn=_percent(one.unchanged.warn),
            new=one.new,
            base=one.base,
        )
        yield _line(f"allow_worse: {_amount(one.amount, each.mean)}", said, language)
    if each.suggested:
        one = each.suggested
        said = Message(
            "suggest.allowance-suggested",
            fail=_percent(one.unchanged.fail),
            warn=_percent(one.unchanged.warn),
            new=one.new,
            base=one.base,
        )
        yield _line(f"allow_worse: {_amount(one.amount, each.mean)}", said, language)
    drops = tuple(
        Message("suggest.drop", drop=Name(_amount(one.drop, each.mean)), runs=one.runs)
        for one in each.seen
        if one.drop is not None
    )
    if drops:
        yield _line("", Message("suggest.seen", drops=drops), language)


def _line(written: str, said: Message, language: Language) -> str:
    return log_line(f"  {written:22} {plain(said, language)}" if written else f"  {plain(said, language)}")


def _operator(about: Bounded) -> str:
    return "min" if about.higher_is_better else "max"


def _bound(each: Suggestion) -> str:
    """Write the suggested bound with few digits, rounded so that it stops nothing that the exact one lets pass."""
    bound = each.floor.bound if each.floor else 0.0
    if not bound:
        return "0"
    unit = _unit(bound, _DIGITS)
    steps = math.floor(bound / unit) if each.about.higher_is_better else math.ceil(bound / unit)
    return f"{steps * unit:.{_DIGITS}g}"


def _amount(amount: float, mean: float) -> str:
    """Write an amount as a percentage of the mean, or as it is where the mean is 0; rounded up to two digits."""
    shown = 100 * amount / abs(mean) if mean else amount
    if not math.isfinite(shown):  # of almost nothing, no share can be written
        return _amount(amount, 0.0)
    if shown <= 0:
        return "0%" if mean else "0"
    unit = _unit(shown, 2)
    written = f"{math.ceil(round(shown / unit, 6)) * unit:.2g}"
    return f"{float(written):g}%" if mean else written


def _unit(number: float, digits: int) -> float:
    """Return the unit of the last of so many digits; a power of ten below the smallest normal float would be 0."""
    return float(10.0 ** max(math.floor(math.log10(abs(number))) - digits + 1, _SMALLEST_POWER))


def _place(about: Bounded) -> str:
    return f"{about.place.source.name}:{about.place.line}" if about.place else ""


def _percent(share: float) -> int:
    return round(100 * share)
