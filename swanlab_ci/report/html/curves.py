"""The section of curves: a drawing for each metric, and what the page's script reads of it."""

from collections.abc import Sequence
from typing import Any, Final

from swanlab_ci.messages import Language, Message, Name, plain
from swanlab_ci.report.html.chart import Chart, ChartSide, Line
from swanlab_ci.report.html.drawing import HEIGHT, Values, area, encoded, marks, path
from swanlab_ci.report.markup import Node, code, element, joined, words
from swanlab_ci.report.wording.cells import number
from swanlab_ci.security.escaping import CELL_CAP, Html, capped, visible

_WIDTH, _HEIGHT = 340, 172  # of a whole drawing
_LEFT, _TOP, _RIGHT, _BOTTOM = 46, 8, 10, 22
_INNER = (_WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM)
_MARGIN: Final = 0.06  # of the height, above and below the curves
_ONE_VIEW, _END, _WHOLE = "one", "end", "whole"


def curves_section(charts: Sequence[Chart], baseline: str, base_runs: int, language: Language) -> Html:
    """Return the legend, the buttons of the script, and the drawings; the baseline has `base_runs` runs in all."""
    first = charts[0]
    both = any(chart.base.runs for chart in charts)
    of = base_runs if base_runs > first.base.runs else None
    base = Message("html.baseline-runs", baseline=Name(baseline), count=first.base.runs, of=of)
    legend = joined(
        [
            _key("new", Message("html.this-pr-runs", count=first.new.runs), language),
            _key("base", base, language) if both else None,
            element("span", words(Message("html.band"), language), class_="quiet"),
            _button("whole", Message("html.whole-run"), language) if any(chart.cut for chart in charts) else None,
            _button("each", Message("html.each-run"), language),
        ]
    )
    help_text = element("span", words(Message("html.chart-keys"), language), class_="quiet js-only keys")
    return joined(
        [
            element("div", legend, class_="legend"),
            element("div", *(_figure(chart, baseline, language) for chart in charts), class_="charts"),
            element("p", help_text),
        ]
    )


def _key(side: str, message: Message, language: Language) -> Html:
    return element("span", element("i", class_=f"swatch {side}"), words(message, language), class_="key")


def _button(action: str, message: Message, language: Language) -> Html:
    return element(
        "button", words(message, language), type="button", class_="js-only", data_do=action, aria_pressed="false"
    )


def _figure(chart: Chart, baseline: str, language: Language) -> Html:
    label = chart.curve.metric.label
    ends = _ends(chart, baseline)
    shown = capped(visible(capped(label, CELL_CAP)), CELL_CAP)
    said = plain(Message("html.chart-label", metric=Name(shown), values=ends), language)
    caption = element("figcaption", element("h3", code(label)), element("p", words(ends, language)))
    plot = element("div", _drawing(chart, said), class_="plot")
    return element("figure", caption, plot, element("p", class_="readout js-only", role="status"), class_="chart")


def _ends(chart: Chart, baseline: str) -> Message:
    ours, theirs = chart.new.last, chart.base.last
    return Message(
        "html.chart-ends",
        new=number(ours) if ours is not None else None,
        baseline=Name(baseline) if theirs is not None else None,
        base=number(theirs) if theirs is not None else None,
    )


def _drawing(chart: Chart, said: str) -> Html:
    views = {_END: _view(chart, chart.cut), _WHOLE: _view(chart, 0)} if chart.cut else {_ONE_VIEW: _view(chart, 0)}
    first = next(iter(views.values()))
    inner = element(
        "svg",
        _side(chart.base, "base", chart),
        _side(chart.new, "new", chart),
        element("g", class_="each"),
        element("path", class_="cursor"),
        class_="inner",
        x=_LEFT,
        y=_TOP,
        width=_INNER[0],
        height=_INNER[1],
        viewBox=first,
        preserveAspectRatio="none",
        data_end=views.get(_END),
        data_whole=views.get(_WHOLE),
    )
    axes = [_axes(chart, view, name) for name, view in views.items()]
    return element("svg", *axes, inner, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", aria_label=said)


def _view(chart: Chart, cut: int) -> str:
    """Return the part of the inner drawing that shows all values from the place `cut` on."""
    shown = [value for side in (chart.new, chart.base) for each in (side.low, side.high) for value in each[cut:]]
    there = [chart.scale.at(value) for value in shown if value is not None] or [0, HEIGHT]
    margin = max(2, round(_MARGIN * (max(there) - min(there))))
    top, height = HEIGHT - max(there) - margin, max(there) - min(there) + 2 * margin
    return f"{cut} {top} {max(1, chart.count - 1 - cut)} {height}"


def _side(side: ChartSide, name: str, chart: Chart) -> Html:
    if not side.runs:
        return Html("")
    band = area(list(side.low), list(side.high), chart.scale) if side.runs > 1 else ""
    line = path(list(side.mean), chart.scale)
    return joined(
        [
            element("path", class_=f"band {name}", d=Html(band)) if band else None,
            element("path", class_=f"line {name}", d=Html(line)),
        ]
    )


def _axes(chart: Chart, view: str, name: str) -> Html:
    left, top, width, height = map(int, view.split())
    scale = chart.scale

    def value_at(y: float) -> float:
        return scale.low + (HEIGHT - y) / HEIGHT * (scale.high - scale.low)

    parts: list[Node] = []
    for mark in marks(value_at(top + height), value_at(top), 4):
        y = round(_TOP + _INNER[1] * (HEIGHT * (1 - (mark - scale.low) / (scale.high - scale.low)) - top) / height, 1)
        parts += [
            element("path", class_="grid", d=Html(f"M{_LEFT} {y}H{_WIDTH - _RIGHT}")),
            element("text", number(mark).text, x=_LEFT - 6, y=round(y + 3.5, 1), class_="y"),
        ]
    for mark in marks(chart.step(left), chart.step(left + width), 5):
        if mark != int(mark):
            continue
        place = (mark - chart.first) / (chart.last - chart.first) * (chart.count - 1)
        x = round(_LEFT + _INNER[0] * (place - left) / width, 1)
        parts.append(element("text", number(mark).text, x=x, y=_HEIGHT - 6, class_="x"))
    return element("g", *parts, class_=f"axes {name}")


def chart_data(chart: Chart) -> dict[str, Any]:
    """Return what the script needs: the steps, the scale, both means, and the curve of each run."""
    return {
        "steps": [chart.first, chart.last, chart.count],
        "new": _rounded(chart.new),
        "base": _rounded(chart.base),
        "lines": [_line(chart, line, "new") for line in chart.new_lines]
        + [_line(chart, line, "base") for line in chart.base_lines],
    }


def _rounded(side: ChartSide) -> list[float | None]:
    return [None if value is None else float(f"{value:.5g}") for value in side.mean] if side.runs else []


def _line(chart: Chart, line: Line, side: str) -> list[str]:
    return [side, encoded(line[1], chart.scale)]


def sparkline(values: Values, chart: Chart, side: str) -> Html:
    """Return a small drawing of one run's curve, on the scale of all runs."""
    every = max(1, len(values) // 24)
    few = [*values[::every], *(values[-1:] if (len(values) - 1) % every else [])]
    line = Html(path(few, chart.scale))
    box = f"0 -200 {max(1, len(few) - 1)} {HEIGHT + 400}"
    drawing = element("path", class_=f"line {side}", d=line)
    return element("svg", drawing, class_="spark", viewBox=box, preserveAspectRatio="none", aria_hidden="true")
