"""Drawings of a backtest: a calendar of its verdicts, and a metric with the bound that it was held to."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from swanlab_ci.history.backtest import JudgedUnit
from swanlab_ci.messages import Language, Message, Name, plain
from swanlab_ci.report.backtest import wording
from swanlab_ci.report.backtest.trends import Dot, Trend
from swanlab_ci.report.html.drawing import HEIGHT, Scale, marks
from swanlab_ci.report.markup import Node, code, element, words
from swanlab_ci.report.presentation import ICONS
from swanlab_ci.report.wording.cells import number
from swanlab_ci.security.escaping import CELL_CAP, Html, capped, visible

_DAYS_OF_WEEK = 7
_ON_A_DAY = 12  # marks; a day with more says how many
_WIDTH, _HEIGHT = 340, 172
_LEFT, _TOP, _RIGHT, _BOTTOM = 46, 10, 10, 22

Numbered = tuple[int, JudgedUnit]


def calendar(units: Sequence[Numbered], language: Language) -> Html:
    """Return a table for each month that has units: on each day a mark for each of them, a link to its row."""
    weekdays = plain(Message("backtest.weekdays"), language).split()
    months = groupby(units, key=lambda each: each[1].unit.end.date().replace(day=1))
    return element("div", *(_month(month, list(found), weekdays, language) for month, found in months), class_="months")


def _month(first: date, units: Sequence[Numbered], weekdays: Sequence[str], language: Language) -> Html:
    by_day = {day: list(found) for day, found in groupby(units, key=lambda each: each[1].unit.end.date())}
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days: list[date | None] = [None] * first.weekday()
    days += [first + timedelta(days=number) for number in range(last.day)]
    weeks = (days[start : start + _DAYS_OF_WEEK] for start in range(0, len(days), _DAYS_OF_WEEK))
    rows = [element("tr", *(_day(day, by_day.get(day, []) if day else [], language) for day in week)) for week in weeks]
    head = element("tr", *(element("th", day, scope="col") for day in weekdays))
    return element(
        "table",
        element("caption", f"{first:%Y-%m}"),
        element("thead", head),
        element("tbody", *rows),
        class_="month",
    )


def _day(day: date | None, units: Sequence[Numbered], language: Language) -> Html:
    if day is None:
        return element("td")
    shown = [_mark(*each, language) for each in units[:_ON_A_DAY]]
    more = element("span", f"+{len(units) - _ON_A_DAY}", class_="quiet") if len(units) > _ON_A_DAY else None
    return element("td", element("span", day.day, class_="day"), *shown, more)


def _mark(place: int, each: JudgedUnit, language: Language) -> Html:
    name, status = capped(visible(wording.name_of_unit(each)), CELL_CAP), each.status
    said = plain(Message("backtest.mark", unit=Name(name), status=Message("report.status", status=status)), language)
    return element("a", ICONS[status], href=f"#unit-{place}", aria_label=said, title=said)


def trend_figure(trend: Trend, units: Sequence[JudgedUnit], language: Language) -> Html:
    """Return the drawing of a metric: a dot for each run, the bound as a line, one place for each unit."""
    name = f"{trend.function}({trend.name})" if trend.function else trend.name
    shown = capped(visible(capped(name, CELL_CAP)), CELL_CAP)
    missed = sum(dot.missed for dot in trend.dots)
    about = Message("backtest.trend", count=len(trend.dots), missed=missed)
    said = plain(Message("backtest.trend-label", metric=Name(shown), about=about), language)
    drawing = element(
        "svg",
        element("g", *_axes(trend, units), class_="axes"),
        *(_bound(trend, len(units), dot) for dot in trend.dots),
        *(each for dot in trend.dots for each in _dots(trend, len(units), dot)),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=said,
    )
    gate = element("p", element("bdi", capped(visible(trend.gate), CELL_CAP)), class_="quiet")
    caption = element("figcaption", element("h3", code(name)), gate, element("p", words(about, language)))
    return element("figure", caption, element("div", drawing, class_="plot"), class_="trend")


def _scale(trend: Trend) -> Scale:
    return Scale.of(trend.numbers())


def _x(place: float, count: int) -> float:
    return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * (place + 0.5) / count, 1)


def _y(value: float, scale: Scale) -> float:
    return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - scale.at(value) / HEIGHT), 1)


def _axes(trend: Trend, units: Sequence[JudgedUnit]) -> Iterator[Node]:
    scale = _scale(trend)
    for mark in marks(scale.low, scale.high, 4):
        y = _y(mark, scale)
        yield element("path", class_="grid", d=Html(f"M{_LEFT} {y}H{_WIDTH - _RIGHT}"))
        yield element("text", number(mark).text, x=_LEFT - 6, y=round(y + 3.5, 1), class_="y")
    first, last = (f"{each.unit.end:%Y-%m-%d}" for each in (units[0], units[-1]))
    yield element("text", first, x=_LEFT, y=_HEIGHT - 6, class_="first")
    if last != first:
        yield element("text", last, x=_WIDTH - _RIGHT, y=_HEIGHT - 6, class_="y")


def _bound(trend: Trend, count: int, dot: Dot) -> Html:
    scale = _scale(trend)
    left, right = _x(dot.unit - 0.5, count), _x(dot.unit + 0.5, count)
    lines = [f"M{left} {_y(bound, scale)}H{right}" for bound in (dot.low, dot.high) if bound is not None]
    return element("path", class_="bound", d=Html("".join(lines)))


def _dots(trend: Trend, count: int, dot: Dot) -> Iterator[Html]:
    scale = _scale(trend)
    for value in dot.values:
        beyond = (dot.low is not None and value < dot.low) or (dot.high is not None and value > dot.high)
        kind = "bad" if dot.missed and beyond else "good"
        yield element("circle", cx=_x(dot.unit, count), cy=_y(value, scale), r=2.5, class_=kind)
