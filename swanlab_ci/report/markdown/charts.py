"""Curves as mermaid charts, which are right on a light and on a dark page: nothing but greys and two colours.

A theme of mermaid's own would draw a white box on a dark page, so the background is transparent. mermaid spaces the
values of each line equally over the whole axis, so every line covers the same steps.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from swanlab_ci.insight.curves import bands, common_span, grid
from swanlab_ci.insight.facts import MetricCurves, RunCurve
from swanlab_ci.insight.plan import CURVES_BASE
from swanlab_ci.messages import Message, Name, plain
from swanlab_ci.report.markdown.table import PageContext, title_of
from swanlab_ci.report.writers import paragraph
from swanlab_ci.security.escaping import Safe, chart_text

_POINTS = 40
_SHOWN = 8  # how many times the difference at the end the range may be
_MOST_CUT, _CUTS = 0.6, 13
_NEW, _BASE, _RANGE = "#2f81f7", "#db6d28", "#db6d2855"
_GREY = "#848d97"
_MARGIN = 0.04
_LARGEST = 1e15
_DIGITS = 6

_TEXTS = (
    *("titleColor", "xAxisLabelColor", "xAxisTitleColor", "xAxisTickColor", "xAxisLineColor"),
    *("yAxisLabelColor", "yAxisTitleColor", "yAxisTickColor", "yAxisLineColor"),
)
_FONT = '{"labelFontSize": 13, "titleFontSize": 13}'
_SIZE = f'"xyChart": {{"width": 620, "height": 240, "xAxis": {_FONT}, "yAxis": {_FONT}}}'


@dataclass(frozen=True, slots=True)
class ChartsFold:
    """The fold: its title (HTML), the legend, and the code of each chart."""

    title: Safe
    legend: Safe
    codes: tuple[Safe, ...]


def charts_fold(page: PageContext, most: int) -> ChartsFold | None:
    """Return the fold with at most `most` charts; None where nothing can be drawn."""
    by_key = {curves.metric.key: curves for curves in page.insight.curves}
    drawn: list[tuple[MetricCurves, Safe]] = []
    for key in page.insight.charts:
        if key in by_key and len(drawn) < most and (code := chart(by_key[key], page)):
            drawn.append((by_key[key], code))
    if not drawn:
        return None
    names = tuple(Name(curves.metric.label) for curves, _ in drawn)
    return ChartsFold(
        title=title_of(Message("charts.title", metrics=names), page.language),
        legend=paragraph(_legend(drawn[0][0], page), page.language),
        codes=tuple(code for _, code in drawn),
    )


def _legend(curves: MetricCurves, page: PageContext) -> Message:
    new, base = _sides(curves, page)
    if not base:
        return Message("charts.legend-alone", new=len(new))
    every = len(page.insight.base_runs)
    of = every if every > len(base) else None
    to = Name(page.insight.baseline)
    return Message("charts.legend", new=len(new), base=len(base), of=of, most=CURVES_BASE, to=to)


def _sides(curves: MetricCurves, page: PageContext) -> tuple[list[RunCurve], list[RunCurve]]:
    """Return the runs to draw: of the judged ones those that are compared, if any of them has points."""
    compared = frozenset(page.insight.compared)
    new = [curve for curve in curves.new if len(curve.points) > 1]
    return (
        [curve for curve in new if curve.run.id in compared] or new,
        [curve for curve in curves.base if len(curve.points) > 1],
    )


def chart(curves: MetricCurves, page: PageContext) -> Safe | None:
    """Return the code of a chart of the means, and of the baseline's lowest and highest; None without two points."""
    new, base = _sides(curves, page)
    reach = common_span(new, base)
    if reach is None:
        base, reach = [], common_span(new)
    if reach is None or not new:
        return None
    start, lines = _lines(new, base, *reach)
    values = [value for line in lines for value in line]
    low, high = min(values), max(values)
    if not max(abs(low), abs(high)) < _LARGEST:
        return None
    margin = (high - low) * _MARGIN or abs(high) * _MARGIN or 1
    step = plain(Message("charts.step"), page.language)
    bottom, top = (_decimal(value, high - low) for value in (low - margin, high + margin))
    written = [
        f'%%{{init: {{"themeVariables": {{{_theme(len(lines))}}}, {_SIZE}}}}}%%',
        "xychart-beta",
        f'  x-axis "{step}" {_decimal(start, reach[1] - start)} --> {_decimal(reach[1], reach[1] - start)}',
        f'  y-axis "{chart_text(curves.metric.label)}" {bottom} --> {top}',
        *(f"  line [{', '.join(_decimal(value, high - low) for value in line)}]" for line in lines),
    ]
    return Safe("\n".join(written))


def _theme(lines: int) -> str:
    colours = ", ".join((_RANGE, _RANGE, _BASE, _NEW)[-lines:]) if lines > 1 else _NEW
    texts = ", ".join(f'"{name}": "{_GREY}"' for name in _TEXTS)
    return f'"xyChart": {{"backgroundColor": "transparent", {texts}, "plotColorPalette": "{colours}"}}'


def _lines(new: Sequence[RunCurve], base: Sequence[RunCurve], first: int, last: int) -> tuple[float, list[list[float]]]:
    """Return the first step that is drawn, and the lines.

    The start is cut, at most 60 % of it, until the difference at the end is visible.
    """
    start, lines = float(first), _from(new, base, grid(first, last, _POINTS))
    for cut in range(1, _CUTS):
        values = [value for line in lines for value in line]
        if not base or max(values) - min(values) <= _SHOWN * abs(lines[-1][-1] - lines[-2][-1]):
            break
        start = first + (last - first) * _MOST_CUT * cut / (_CUTS - 1)
        lines = _from(new, base, grid(start, last, _POINTS))
    return start, lines


def _from(new: Sequence[RunCurve], base: Sequence[RunCurve], steps: Sequence[float]) -> list[list[float]]:
    """Return the baseline's lowest, highest and mean where it has several runs, and the mean of the judged runs."""
    ours, theirs = bands(new, steps) or [], bands(base, steps) or []
    edges = [[band.lowest for band in theirs], [band.highest for band in theirs]] if len(base) > 1 else []
    mean = [[band.mean for band in theirs]] if base else []
    return [*edges, *mean, [band.mean for band in ours]]


def _decimal(value: float, span: float) -> str:
    """Write a number in plain decimals, with digits enough for the span that is drawn."""
    places = min(12, max(0, _DIGITS - 1 - math.floor(math.log10(span)))) if span > 0 else _DIGITS
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
