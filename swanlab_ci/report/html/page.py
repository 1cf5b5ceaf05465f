"""The whole page: what its head allows, and its parts in order."""

from collections.abc import Iterator
from typing import Any

from swanlab_ci import __version__
from swanlab_ci.insight import Insight
from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Language, Message, Name, plain
from swanlab_ci.platforms.base import Links
from swanlab_ci.report import wording
from swanlab_ci.report.html.changes import changes_section
from swanlab_ci.report.html.chart import Chart, charts
from swanlab_ci.report.html.checks import checks_section
from swanlab_ci.report.html.curves import chart_data, curves_section
from swanlab_ci.report.html.gates import gates_section
from swanlab_ci.report.html.runs import runs_in_words, runs_section
from swanlab_ci.report.html.shell import BETWEEN, Section, document, parts
from swanlab_ci.report.markup import code, element, forge_link, joined, link, words
from swanlab_ci.report.presentation import ICONS, headline
from swanlab_ci.report.wording.lead import lead, next_steps
from swanlab_ci.security.escaping import CELL_CAP, Html, capped, html_text, visible


def page(judgement: Judgement, facts: Insight, language: Language, links: Links = Links()) -> Html:  # noqa: B008 - it is frozen
    """Write `judgement` with its `facts` as one file of HTML that loads nothing; `links` are pages of the forge."""
    drawn = charts(_in_order(facts), set(facts.compared))
    sections = list(_sections(judgement, facts, drawn, links, language))
    notes = (*wording.notes(judgement), *facts.notes)
    made = Message("html.made", version=__version__, runs=judgement.runs_fetched)
    return document(
        plain(headline(judgement), language),
        _header(judgement, facts, links, language),
        parts(sections, notes, made, language),
        _data(drawn, facts, language),
        language,
    )


def _in_order(facts: Insight) -> list[Any]:
    """Return the curves, those of the chosen charts first."""
    places = {key: place for place, key in enumerate(facts.charts)}
    return sorted(facts.curves, key=lambda curve: places.get(curve.metric.key, len(places)))


def _header(judgement: Judgement, insight: Insight, links: Links, language: Language) -> Html:
    status = judgement.verdict.status
    said = element("span", words(Message("report.status", status=status), language))
    badge = element("p", f"{ICONS[status]} ", said, class_=f"badge {status}")
    title = element("h1", words(Message("report.title", headline=headline(judgement)), language))
    facts = joined((words(fact, language) for fact in lead(judgement, insight)), BETWEEN)
    steps = [words(step, language) for step in next_steps(judgement)]
    alone = len(steps) == 1
    todo = element(
        "p", element("b", words(Message("report.next"), language)), *([Html(" "), steps[0]] if alone else ())
    )
    return element(
        "header",
        element("div", badge, title, class_="title"),
        element("p", facts, class_="lead"),
        todo if steps else None,
        None if alone or not steps else element("ul", *(element("li", step) for step in steps), class_="steps"),
        element("p", _about(judgement, links, language), class_="quiet"),
    )


def _about(judgement: Judgement, links: Links, language: Language) -> Html:
    origin = judgement.project_url
    runs = len(list(judgement.selected_runs()))
    return joined(
        [
            link(element("bdi", judgement.project), origin, origin) if judgement.project else None,
            forge_link(code(judgement.commit[:7]), links.commit) if judgement.commit else None,
            words(Message("html.runs-judged", count=runs), language) if judgement.stopped is None else None,
            forge_link(code(judgement.gate_file), links.file(judgement.gate_file)) if judgement.gate_file else None,
            forge_link(words(Message("report.job"), language), links.job) if links.job else None,
            html_text(judgement.judged_at.strftime("%Y-%m-%d %H:%M UTC")),
        ],
        BETWEEN,
    )


def _sections(
    judgement: Judgement, facts: Insight, drawn: list[Chart], links: Links, language: Language
) -> Iterator[Section]:
    baseline = facts.baseline
    if facts.rows:
        yield Section("checks", Message("html.checks"), None, checks_section(judgement, facts, language))
    if facts.changes and facts.changes.parts:
        beside = Message(
            "html.compared", new=len(facts.changes.new), base=len(facts.changes.base), baseline=Name(baseline)
        )
        yield Section("changes", Message("html.changes"), beside, changes_section(facts.changes, baseline, language))
    if drawn:
        yield Section(
            "curves", Message("html.curves"), None, curves_section(drawn, baseline, len(facts.base_runs), language)
        )
    if facts.new_runs:
        chart = drawn[0] if drawn else None
        shown = runs_section(facts, chart, judgement.pages, language)
        yield Section("runs", Message("html.runs"), runs_in_words(facts), shown)
    if judgement.verdict.gates:
        yield Section("gates", Message("html.gates"), None, gates_section(judgement, links, language))


def _data(drawn: list[Chart], facts: Insight, language: Language) -> dict[str, Any]:
    said = {
        "step": plain(Message("html.step"), language),
        "new": plain(Message("html.this-pr"), language),
        "base": capped(visible(facts.baseline), CELL_CAP),
    }
    return {"charts": [chart_data(chart) for chart in drawn], "words": said}
