"""The whole page: what its head allows, and its parts in order."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final

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
from swanlab_ci.report.markup import Node, code, element, forge_link, joined, link, words
from swanlab_ci.report.presentation import ICONS, headline
from swanlab_ci.report.wording.lead import lead, next_steps
from swanlab_ci.security.escaping import CELL_CAP, Html, capped, html_json, html_text, visible

_BETWEEN: Final = Html(' <span aria-hidden="true">•</span> ')
_LANGUAGE_TAGS: Final = {Language.EN: "en", Language.ZH: "zh-Hans"}


def page(judgement: Judgement, facts: Insight, language: Language, links: Links = Links()) -> Html:  # noqa: B008 - it is frozen
    """Write `judgement` with its `facts` as one file of HTML that loads nothing; `links` are pages of the forge.

    A policy in its head allows only this style and this script, by their hashes.
    """
    style, script = _file("page.css"), _file("page.js")
    title = plain(headline(judgement), language)
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    drawn = charts(_in_order(facts), set(facts.compared))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=Html(policy)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", style),
    )
    body = element(
        "body",
        element("a", words(Message("html.skip"), language), href="#main", class_="skip"),
        _header(judgement, facts, links, language),
        *_parts(judgement, facts, drawn, links, language),
        element("script", html_json(_data(drawn, facts, language)), type="application/json", id="data"),
        element("script", script),
    )
    return Html(f"<!doctype html>\n{element('html', head, body, lang=_LANGUAGE_TAGS[language])}")


def _in_order(facts: Insight) -> list[Any]:
    """Return the curves, those of the chosen charts first."""
    places = {key: place for place, key in enumerate(facts.charts)}
    return sorted(facts.curves, key=lambda curve: places.get(curve.metric.key, len(places)))


@cache
def _file(name: str) -> Html:
    return Html(resources.files("swanlab_ci.report.html").joinpath(name).read_text("utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _header(judgement: Judgement, insight: Insight, links: Links, language: Language) -> Html:
    status = judgement.verdict.status
    said = element("span", words(Message("report.status", status=status), language))
    badge = element("p", f"{ICONS[status]} ", said, class_=f"badge {status}")
    title = element("h1", words(Message("report.title", headline=headline(judgement)), language))
    facts = joined((words(fact, language) for fact in lead(judgement, insight)), _BETWEEN)
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
        _BETWEEN,
    )


def _parts(
    judgement: Judgement, facts: Insight, drawn: list[Chart], links: Links, language: Language
) -> Iterator[Html]:
    sections = list(_sections(judgement, facts, drawn, links, language))
    inside = [element("a", words(title, language), href=f"#{id_}") for id_, title, _, _ in sections]
    button = element("button", words(Message("html.theme"), language), type="button", class_="js-only", data_do="theme")
    yield element(
        "nav", element("div", *inside, class_="links"), button, aria_label=plain(Message("html.sections"), language)
    )
    notes = [element("p", words(note, language)) for note in (*wording.notes(judgement), *facts.notes)]
    shown = [_section(id_, title, beside, content, language) for id_, title, beside, content in sections]
    yield element("main", *shown, element("div", *notes, class_="notes") if notes else None, id="main")
    made = Message("html.made", version=__version__, runs=judgement.runs_fetched)
    yield element("footer", element("p", words(made, language)))


_Section = tuple[str, Message, Message | None, Html]


def _sections(
    judgement: Judgement, facts: Insight, drawn: list[Chart], links: Links, language: Language
) -> Iterator[_Section]:
    baseline = facts.baseline
    if facts.rows:
        yield "checks", Message("html.checks"), None, checks_section(judgement, facts, language)
    if facts.changes and facts.changes.parts:
        beside = Message(
            "html.compared", new=len(facts.changes.new), base=len(facts.changes.base), baseline=Name(baseline)
        )
        yield "changes", Message("html.changes"), beside, changes_section(facts.changes, baseline, language)
    if drawn:
        yield "curves", Message("html.curves"), None, curves_section(drawn, baseline, language)
    if facts.new_runs:
        chart = drawn[0] if drawn else None
        shown = runs_section(facts, chart, judgement.pages, language)
        yield "runs", Message("html.runs"), runs_in_words(facts), shown
    if judgement.verdict.gates:
        yield "gates", Message("html.gates"), None, gates_section(judgement, links, language)


def _section(id_: str, title: Message, beside: Message | None, content: Node, language: Language) -> Html:
    heading = element("h2", words(title, language), id=id_)
    about = element("span", words(beside, language), class_="quiet") if beside else None
    return element("section", element("div", heading, about, class_="heading"), content, aria_labelledby=id_)


def _data(drawn: list[Chart], facts: Insight, language: Language) -> dict[str, Any]:
    said = {
        "step": plain(Message("html.step"), language),
        "new": plain(Message("html.this-pr"), language),
        "base": capped(visible(facts.baseline), CELL_CAP),
    }
    return {"charts": [chart_data(chart) for chart in drawn], "words": said}
