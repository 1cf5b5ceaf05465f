"""A backtest as a page, in the style of `report.html`: one file that loads nothing and works without JavaScript."""

from collections.abc import Iterator, Sequence

from swanlab_ci import __version__
from swanlab_ci.history.backtest import NO_RUN, Backtest, BacktestReport, JudgedUnit, differences
from swanlab_ci.messages import Key, Language, Message, plain
from swanlab_ci.model import Status
from swanlab_ci.report.backtest import wording
from swanlab_ci.report.backtest.drawing import Numbered, calendar, trend_figure
from swanlab_ci.report.backtest.trends import trends
from swanlab_ci.report.html.shell import Section, document, parts
from swanlab_ci.report.markup import code, element, joined, words
from swanlab_ci.report.presentation import ICONS
from swanlab_ci.security.escaping import Html

_UNITS = 300  # the newest; a page of all would be no page
_CHARTS = 12


def backtest_html(report: BacktestReport, language: Language) -> Html:
    """Write what would have been stopped: a calendar, each metric with its bound, the gates and the units."""
    judged, file = (report.against, report.against_file) if report.against else (report.found, report.gate_file)
    title = wording.stopped(report, judged, file)
    made = Message("html.made", version=__version__, runs=report.runs)
    sections = list(_sections(report, judged, language))
    return document(
        plain(title, language),
        _header(report, title, language),
        parts(sections, list(_notes(report, judged)), made, language),
        {"charts": [], "words": {}},
        language,
        "history.css",
    )


def _header(report: BacktestReport, title: Message, language: Language) -> Html:
    facts = [wording.exceeded(report), wording.merged(report)]
    if report.against:  # what git knows is about the first file
        both = wording.stopped(report, report.found, report.gate_file), wording.difference(report, report.against)
        facts = [wording.exceeded(report), both[1], both[0], wording.merged(report)]
    return element(
        "header",
        element("h1", words(title, language)),
        *(element("p", words(fact, language), class_="lead") for fact in facts if fact),
        element("p", words(wording.head(report), language), class_="quiet"),
    )


def _sections(report: BacktestReport, judged: Backtest, language: Language) -> Iterator[Section]:
    newest = list(enumerate(judged.units))[-_UNITS:]
    yield Section("calendar", Message("backtest.calendar"), None, calendar(newest, language))
    shown = [each for _, each in newest]
    if found := trends(shown)[:_CHARTS]:
        figures = [trend_figure(each, shown, language) for each in found]
        beside = Message("backtest.trends-about")
        yield Section("metrics", Message("backtest.trends"), beside, element("div", *figures, class_="charts"))
    yield Section("gates", Message("html.gates"), None, _gates(judged, language))
    if report.against:
        yield Section("changed", Message("backtest.changed"), None, _changed(report, report.against, language))
    yield Section("units", Message("backtest.units"), None, _units(newest, language))


def _gates(judged: Backtest, language: Language) -> Html:
    columns = wording.columns(judged)
    head = element(
        "tr",
        element("th", words(Message("report.column-gate"), language), scope="col"),
        *(element("th", words(_column(column), language), scope="col", class_="number") for column in columns),
        element("td"),
    )
    rows = [
        element(
            "tr",
            element("th", code(wording.name_of(one)), scope="row"),
            *(element("td", str(one.counts.get(column, 0)), class_="number") for column in columns),
            element("td", joined((words(each, language) for each in wording.remarks(one)), Html("; "))),
        )
        for one in judged.gates
    ]
    return _table(head, rows, "gates", "counts")


def _column(name: str) -> Message:
    return Message("backtest.no-run") if name == NO_RUN else Message("report.status", status=Status(name))


def _changed(report: BacktestReport, against: Backtest, language: Language) -> Html:
    changed = differences(report.found, against)[-_UNITS:]
    if not changed:
        return element("p", words(wording.difference(report, against), language))
    rows = [
        element(
            "tr",
            element("td", f"{ICONS[each.before.status]} → {ICONS[each.after.status]}"),
            *_said(each.after, language),
        )
        for each in reversed(changed)
    ]
    return _table(_head(language), rows, "changed", "units")


def _units(newest: Sequence[Numbered], language: Language) -> Html:
    rows = [
        element("tr", element("td", _verdict(each, language)), *_said(each, language), id=f"unit-{place}")
        for place, each in reversed(newest)
    ]
    return _table(_head(language), rows, "units", "units")


def _verdict(each: JudgedUnit, language: Language) -> Html:
    said = words(Message("report.status", status=each.status), language)
    return joined([element("span", ICONS[each.status], aria_hidden="true"), Html(" "), said])


def _head(language: Language) -> Html:
    columns = (
        Message("backtest.verdict"),
        Message("backtest.unit"),
        Message("backtest.ended"),
        Message("html.runs"),
        Message("backtest.why"),
    )
    return element("tr", *(element("th", words(column, language), scope="col") for column in columns))


def _said(each: JudgedUnit, language: Language) -> Iterator[Html]:
    reason = wording.reason(each)
    yield element("th", code(wording.name_of_unit(each)), scope="row")
    yield element("td", f"{each.unit.end:%Y-%m-%d %H:%M}", class_="small")
    yield element("td", len(each.unit.runs), class_="number")
    yield element("td", words(reason, language) if reason else None)


def _table(head: Html, rows: Sequence[Html], section: str, kind: str) -> Html:
    table = element("table", element("thead", head), element("tbody", *rows), class_=kind)
    return element("div", table, class_="wide", tabindex="0", role="group", aria_labelledby=section)


def _notes(report: BacktestReport, judged: Backtest) -> Iterator[Message]:
    if len(judged.units) > _UNITS:
        yield Message("backtest.page-newest", count=_UNITS, flag=Key("--format json"))
    yield from wording.notes(report)
