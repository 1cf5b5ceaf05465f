"""The section of checks: one row for each field of a gate, with both sides, the difference, and what is required."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Final

from swanlab_ci.insight import Insight, Row
from swanlab_ci.judgement import ComparisonResult, GateResult, Judgement
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.model import Status
from swanlab_ci.report import wording
from swanlab_ci.report.html.gates import anchors
from swanlab_ci.report.markup import Node, code, element, joined, link, words
from swanlab_ci.report.presentation import ICONS, TROUBLE
from swanlab_ci.report.wording import cells
from swanlab_ci.report.wording.comparison import comparison_message
from swanlab_ci.security.escaping import CELL_CAP, Html, html_text

_MOST: Final = 120
_RUNS_SHOWN: Final = 4
_ARROWS: Final = {"higher": "↑", "lower": "↓"}
_HALF, _ALLOWED, _HEIGHT = 90.0, 28.0, 24  # of a bar: half its width, how wide the allowance is, its height


def checks_section(judgement: Judgement, facts: Insight, language: Language) -> Html:
    """Return the table and the authors' reasons of the gates that did not pass."""
    shown = facts.rows[:_MOST]
    has_bar = any(_bar_numbers(row.comparison) for row in shown)
    has_delta = any(cells.delta(row) for row in shown)
    heads = [_head("what", Message("html.check"), language), _head("now", Message("html.this-pr"), language)]
    if has_delta:
        heads.append(_head("delta", Message("html.delta"), language))
    if has_bar:
        heads.append(_head("bar", Message("html.bar"), language))
    heads.append(_head("must", Message("html.required"), language))
    names = anchors(judgement)
    body = [_row(row, judgement, names, language, has_delta=has_delta, has_bar=has_bar) for row in shown]
    table = element("table", element("thead", element("tr", *heads)), element("tbody", *body), class_="checks")
    left = len(facts.rows) - len(shown)
    more = (
        element("p", words(Message("report.more-checks", count=left), language), class_="quiet") if left > 0 else None
    )
    frame = element("div", table, class_="wide", tabindex="0", role="group", aria_labelledby="checks")
    return joined([frame, more, *_reasons(judgement)])


def _head(name: str, message: Message, language: Language) -> Html:
    return element("th", words(message, language), scope="col", class_=name)


def _row(
    row: Row, judgement: Judgement, names: Mapping[int, str], language: Language, *, has_delta: bool, has_bar: bool
) -> Html:
    gates = judgement.verdict.gates
    gate = gates[row.gate]
    parts = [
        element("th", *_what(row, gate, _name(gate, names), judgement, language), scope="row", class_="what"),
        element("td", *_sides(row, language), class_="now"),
    ]
    if has_delta:
        change = cells.delta(row)
        parts.append(element("td", words(change, language) if change else None, class_="delta"))
    if has_bar:
        parts.append(element("td", _bar(row, language), class_="bar"))
    required = [element("div", words(each, language)) for each in cells.bounds(row)]
    parts.append(element("td", *required, class_="must"))
    return element("tr", *parts, class_="missed" if row.status in {Status.FAIL, Status.ERROR} else None)


def _what(row: Row, gate: GateResult, name: Html, judgement: Judgement, language: Language) -> Iterator[Node]:
    """Lead with the gate where it did not pass, and with the field where it did."""
    said = words(Message("report.status", status=row.status), language)
    icon = element("span", str(ICONS[row.status]), role="img", aria_label=said)
    about = cells.about(row)
    field: list[Node] = [
        words(cells.subject(row), language) if row.label else None,
        _ARROWS.get(row.better),
        element("span", words(group, language), class_="quiet") if (group := wording.group_of(gate)) else None,
        element("span", words(about, language), class_="quiet") if about else None,
    ]
    if row.status not in TROUBLE:
        yield joined([icon, *field], Html(" "))
        yield element("div", name, class_="small")
        return
    yield joined([icon, element("strong", name)], Html(" "))
    runs: list[Node] = [link(code(run.name), run.url, judgement.pages) for run in row.missed[:_RUNS_SHOWN]]
    if len(row.missed) > _RUNS_SHOWN:
        runs.append(words(Message("list.more", count=len(row.missed) - _RUNS_SHOWN), language))
    if any(field) or runs:
        yield element("div", joined([*field, *(runs if not about else [])], Html(" ")), class_="small")
    if message := _finding(row, gate):
        yield element("div", words(message, language), class_="small")
    if row.also:
        yield element("div", words(Message("html.also", count=len(row.also)), language), class_="small quiet")


def _name(gate: GateResult, names: Mapping[int, str]) -> Html:
    shown = element("bdi", html_text(gate.name, cap=CELL_CAP))
    return element("a", shown, href=f"#{names[id(gate)]}") if id(gate) in names else shown


def _finding(row: Row, gate: GateResult) -> Message | None:
    """Return what the cells cannot say: why there is no value."""
    if row.check is None:
        return wording.gate_summary(gate)
    if row.comparison:
        result = row.comparison
        shown = result.allowed is not None and result.costs is result.status
        return wording.check_note(row.check) if shown else comparison_message(result)
    if row.new is None or row.status in {Status.ERROR, Status.PENDING}:
        return wording.check_message(row.check)
    return None


def _sides(row: Row, language: Language) -> Iterator[Node]:
    ours, theirs = cells.measured_now(row), cells.measured(row.base, row)
    if ours:
        said = words(ours, language)
        yield element("strong", said) if row.comparison or row.status in TROUBLE else said
    if theirs and row.baseline:
        yield element(
            "div", element("bdi", html_text(row.baseline, cap=40)), " ", words(theirs, language), class_="small quiet"
        )


def _reasons(judgement: Judgement) -> Iterator[Html]:
    for gate in judgement.verdict.gates:
        if gate.status in TROUBLE and gate.why.strip():
            why = " ".join(gate.why.split())
            yield element("blockquote", element("b", element("bdi", gate.name)), ": ", element("bdi", why))


def _bar_numbers(result: ComparisonResult | None) -> tuple[float, float, float] | None:
    """Return how much better, what is allowed (negative where it has to be better), and the noise; or nothing."""
    if result is None or result.worse is None or result.allowed is None:
        return None
    allowed = -result.allowed if result.required else result.allowed
    found = (-result.worse, allowed, result.noise or 0.0)
    return found if all(map(isfinite, found)) else None


def _bar(row: Row, language: Language) -> Html | None:
    """Draw the difference in units of what is allowed: grey is allowed, the thin line is the noise."""
    numbers = _bar_numbers(row.comparison)
    if numbers is None:
        return None
    better, allowed, noise = numbers
    unit = abs(allowed) or max(abs(better), noise) or 1.0
    end, limit = _at(better / unit), _at(-allowed / unit)
    side = "bad" if row.status in {Status.FAIL, Status.ERROR} else "good"
    low, high = _at((better - noise) / unit), _at((better + noise) / unit)
    grey = sorted((0.0, limit))
    change = cells.delta(row)
    label = plain(Message("report.status", status=row.status), language) if change is None else plain(change, language)
    return element(
        "svg",
        element("path", class_="allowed", d=Html(f"M{grey[0]} 3H{grey[1]}V21H{grey[0]}Z")),
        element("path", class_=side, d=Html(_arrow(end))),
        element("path", class_="limit", d=Html(f"M{limit} 2V22")),
        element("path", class_="zero", d=Html("M0 1V23")),
        element("path", class_="noise", d=Html(f"M{low} 12H{high}")) if noise else None,
        class_="bullet",
        viewBox=f"-100 0 200 {_HEIGHT}",
        role="img",
        aria_label=label,
    )


def _at(units: float) -> float:
    return round(max(-_HALF, min(_HALF, units * _ALLOWED)), 1)


def _arrow(end: float) -> str:
    """Return a bar from the middle to `end`; one that goes on beyond the drawing has a tip."""
    if abs(end) < _HALF:
        return f"M0 8H{end}V16H0Z"
    tip = end + (7 if end > 0 else -7)
    return f"M0 8H{end}L{tip} 12L{end} 16H0Z"
