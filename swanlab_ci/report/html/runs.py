"""The section of runs: a table that can be sorted and filtered."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from swanlab_ci.gate.spec.values import is_finite, number_in
from swanlab_ci.insight import Insight
from swanlab_ci.insight.changes import is_secret, value_text
from swanlab_ci.insight.facts import RunFacts
from swanlab_ci.insight.rows import label
from swanlab_ci.messages import Language, Message, Name, Seconds
from swanlab_ci.model import Status
from swanlab_ci.report.html.chart import Chart
from swanlab_ci.report.html.curves import sparkline
from swanlab_ci.report.html.drawing import Values
from swanlab_ci.report.markup import Node, code, element, joined, link, words
from swanlab_ci.report.presentation import ICONS
from swanlab_ci.report.wording.cells import number
from swanlab_ci.security.escaping import Html, html_text

_MOST: Final = 500
_HIDDEN: Final = "***"


def runs_section(facts: Insight, chart: Chart | None, origin: str, language: Language) -> Html:
    """Return the filter and the table: runs that missed something first, the baseline's last."""
    ours = sorted(facts.new_runs, key=lambda run: not run.missed)
    shown = _Table(facts, chart, origin, language)
    rows = [
        *(shown.row(run, "new") for run in ours[:_MOST]),
        *(shown.row(run, "base") for run in facts.base_runs[:_MOST]),
    ]
    left = max(0, len(ours) - _MOST) + max(0, len(facts.base_runs) - _MOST)
    table = element("table", element("thead", shown.head()), element("tbody", *rows), class_="runs")
    hint = shown.words(Message("html.filter"))
    field = element("input", type="search", placeholder=hint, aria_label=hint)
    return joined(
        [
            element("p", field, class_="js-only filter"),
            element("div", table, class_="wide", tabindex="0", role="group", aria_labelledby="runs"),
            element("p", words(Message("html.more-runs", count=left), language), class_="quiet") if left else None,
        ]
    )


def runs_in_words(facts: Insight) -> Message:
    """Say how many runs are in which state, and how long the longest took."""
    states = Counter(run.run.state for run in facts.new_runs)
    longest = max((run.duration for run in facts.new_runs if run.duration is not None), default=None)
    return Message(
        "html.runs-in-words",
        states=tuple(
            Message("html.state-count", count=count, state=Name(state)) for state, count in states.most_common()
        ),
        longest=None if longest is None else Seconds(longest),
    )


def _project(run: RunFacts) -> Node:
    """Name the project of a run where that is not the check's own."""
    return element("small", element("bdi", html_text(run.project, cap=80)), class_="quiet") if run.project else None


class _Table:
    def __init__(self, facts: Insight, chart: Chart | None, origin: str, language: Language) -> None:
        self._facts = facts
        self._origin = origin
        self._language = language
        self._curves = _lines(chart) if chart else {}
        self._chart = chart

    def words(self, message: Message) -> Html:
        return words(message, self._language)

    def head(self) -> Html:
        numeric = {field for field in self._facts.columns if self._is_numeric(field)}
        cells = [
            self._head(Message("html.run")),
            self._head(Message("html.state")),
            self._head(Message("html.took"), is_number=True),
        ]
        cells += [self._named(field, is_number=field in numeric) for field in self._facts.columns]
        cells += [self._named(metric.label, is_number=True) for metric in self._facts.metrics]
        if self._curves:
            cells.append(element("th", self.words(Message("html.curve")), scope="col", class_="spark"))
        return element("tr", *cells)

    def _head(self, message: Message, *, is_number: bool = False) -> Html:
        return element("th", self.words(message), scope="col", class_="number" if is_number else None, data_sort="")

    def _named(self, field: str, *, is_number: bool) -> Html:
        text = html_text(label(field).removeprefix("config."), cap=60)
        return element("th", element("bdi", text), scope="col", class_="number" if is_number else None, data_sort="")

    def _is_numeric(self, field: str) -> bool:
        values = [run.columns.get(field) for run in (*self._facts.new_runs, *self._facts.base_runs)]
        return all(value is None or _is_number(value) for value in values)

    def row(self, run: RunFacts, side: str) -> Html:
        name = link(html_text(run.run.name, cap=80), run.run.url, self._origin)
        cells = [
            element("th", element("i", class_=f"dot {side}"), element("bdi", name), _project(run), scope="row"),
            self._cell(code(run.run.state, cap=40), missed="state" in run.missed),
            self._number(run.duration, _took(run, self._language), missed="duration" in run.missed),
        ]
        cells += [
            self._value(run.columns.get(field), field, missed=field in run.missed) for field in self._facts.columns
        ]
        for metric in self._facts.metrics:
            value = run.metrics.get(metric.field)
            shown = html_text(number(value).text) if value is not None else None
            cells.append(self._number(value, shown, missed=metric.field in run.missed))
        if self._curves:
            values = self._curves.get(run.run.id)
            drawn = sparkline(values, self._chart, side) if values and self._chart else None
            cells.append(element("td", drawn, class_="spark"))
        return element("tr", *cells, class_="missed" if run.missed else side if side == "base" else None)

    def _value(self, value: Any, field: str, *, missed: bool) -> Html:
        if value is None:
            return self._cell(Html("—"), missed=missed)
        if is_secret(field, value):
            return self._cell(Html(_HIDDEN), missed=missed)
        if _is_number(value):
            return self._number(number_in(value), html_text(value_text(value)), missed=missed)
        return self._cell(element("bdi", html_text(value_text(value))), missed=missed)

    def _number(self, value: float | None, shown: Html | None, *, missed: bool) -> Html:
        finite = value if value is not None and is_finite(value) else None
        return self._cell(shown or Html("—"), missed=missed, class_="number", data_value=finite)

    def _cell(self, shown: Node, *, missed: bool, **attributes: str | float | None) -> Html:
        if not missed:
            return element("td", shown, **attributes)
        return element("td", element("strong", shown, " ", str(ICONS[Status.FAIL])), **attributes)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _took(run: RunFacts, language: Language) -> Html | None:
    return words(Message("html.seconds", seconds=Seconds(run.duration)), language) if run.duration is not None else None


def _lines(chart: Chart) -> Mapping[str, Values]:
    return {run.run.id: values for run, values in (*chart.new_lines, *chart.base_lines)}
