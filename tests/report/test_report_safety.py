"""Hostile text in every fact of a report: names, configs, metrics, commits; on GitHub it is text, and nothing more."""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.example import NOW, Example, example, red
from support.rendered import Page, html

from swanlab_ci import gate
from swanlab_ci.gate.spec.fields import parse_path
from swanlab_ci.gate.spec.report import ReportMetric, ReportSpec
from swanlab_ci.insight import Details
from swanlab_ci.messages import Language
from swanlab_ci.model import Git, Point, Run
from swanlab_ci.platforms.base import Links
from swanlab_ci.report import COMMENT_CHARACTERS
from swanlab_ci.report.markdown import comment, full_report

LISTED: dict[str, str] = json.loads((Path(__file__).parents[1] / "hostile" / "hostile.json").read_text("utf-8"))
OWN = {
    "fence": "```\n<img src=x>\n```mermaid",
    "tilde": "~~~\n# heading",
    "mermaid": '%%{init: {"securityLevel": "loose"}}%%\nclick A call alert(1)',
    "quote": 'x" --> 1\n  line [1, 2]\n%% "',
    "summary": "</summary></details><script>alert(1)</script>",
    "bidi": "\u202egnp.exe\u202c\u2066x",
    "zero-width": "a\u200bb\u200dc\ufeff",
    "long": "n" * 10_000,
    "pipes": "a|b||c\\|d",
    "entity": "&lt;b&gt;&#35;quot;",
    "markers": "<!-- swanlab-ci:default run=9.9 sha= -->",
    "math": "$$\\href{javascript:alert(1)}{x}$$",
    "table": "\n| a | b |\n|---|---|\n| ❌ | ✅ |",
}
TEXTS = {**LISTED, **OWN}
TAGS = {"h2", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "a", "blockquote", "ul", "ol", "li", "sub", "b"}
TAGS |= {"br", "pre", "details", "summary", "em", "bdi"}
LINKS = Links(
    files="https://forge.example/o/r/blob/main", commit="https://forge.example/c", job="https://forge.example/j"
)


def hostile(text: str) -> Example:
    """Put `text` wherever a run, a gate file or a pull request has one."""
    found = red()
    runs = tuple(_hostile_run(run, text) for run in found.runs)
    gates = tuple(replace(each, name=text or "x", why=text) for each in found.rules.gates)
    spec = ReportSpec(metrics=tuple(ReportMetric(gate_field(key), "", text) for key in ("val/acc", "val/loss")))
    rules = replace(found.rules, gates=gates, report=spec)
    curves = found.details.curves
    return Example(rules, gate.judge(rules, runs, now=NOW), runs, Details(curves=curves))


def _hostile_run(run: Run, text: str) -> Run:
    branch = run.git.branch if run.git else ""
    config = {**(run.config or {}), text: text, "value": [text], "nested": {text: {"a": text}}, "lr": run.config["lr"]}  # type: ignore[index]
    if branch == "main":
        config["value"] = "other"
    return replace(
        run,
        name=text,
        config=config,
        requirements={**(run.requirements or {}), text: text if branch == "main" else "1"},
        git=Git(text if branch != "main" else "0" * 40, branch),
    )


def gate_field(key: str) -> Any:
    return parse_path(f"metrics.{key}")


@cache
def rendered(name: str, language: Language) -> str:
    found = hostile(TEXTS[name])
    return comment(found.judgement(project=TEXTS[name]), language, found.insight, LINKS)


@pytest.fixture(scope="module", params=list(TEXTS))
def name(request: pytest.FixtureRequest) -> str:
    """Return each text's name in turn; a scope wider than a test lets the tests of one text run one after the other."""
    found: str = request.param
    return found


@pytest.mark.parametrize("language", list(Language))
def test_hostile_text_stays_text(name: str, language: Language) -> None:
    written = rendered(name, language)
    page = Page(written)

    assert set(page.tags) <= TAGS
    assert page.tags.count("h2") == 1
    assert page.tags.count("details") == page.tags.count("summary")
    assert all(link.startswith(("https://swanlab.example/", "https://forge.example/")) for link in page.links)
    assert len(written) <= COMMENT_CHARACTERS
    assert len(re.findall("^```", written, re.MULTILINE)) % 2 == 0
    assert not re.search(r"<!--|\u202e|\u200b|\ufeff", page.prose)
    assert not re.search(r"(?<![\w`/])@[a-z]", page.prose)


def test_a_chart_holds_numbers_and_tame_titles(name: str) -> None:
    codes = re.findall(r"```mermaid\n(.*?)\n```", rendered(name, Language.EN), re.DOTALL)

    assert len(codes) == 2
    for code in codes:
        first, kind, *lines = code.split("\n")
        assert first.startswith('%%{init: {"themeVariables"')
        assert first.count("%%") == 2
        assert kind == "xychart-beta"
        assert all(
            re.fullmatch(r'  (x|y)-axis "[^"%`<>{}#;]*" \S+ --> \S+|  line \[[-\d., ]+\]', line) for line in lines
        )


def test_a_title_of_a_fold_is_one_line_of_html(name: str) -> None:
    titles = [line for line in rendered(name, Language.EN).split("\n") if line.startswith("<details")]

    assert len(titles) >= 3
    for title in titles:
        assert re.fullmatch(r"<details(?: open)?><summary><b>[^<]*</b>(?:[^<]|</?(?:code|b)>)*</summary>", title)


def test_every_row_of_a_table_has_all_cells(name: str) -> None:
    text = html(rendered(name, Language.EN))

    for table in re.findall(r"<table>.*?</table>", text, re.DOTALL):
        widths = {len(re.findall(r"<t[dh]", row)) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)}
        assert len(widths) == 1


def test_a_config_of_a_thousand_keys_is_cut() -> None:
    found = example()
    many = {f"key{number}": number for number in range(1000)}
    runs = tuple(
        replace(each, config={**(each.config or {}), **({} if each.git and each.git.branch == "main" else many)})
        for each in found.runs
    )
    written = comment(found.judgement(), Language.EN, found._replace(runs=runs).insight)

    assert written.count("\n+ key") == 12 - 4
    assert len(written) <= COMMENT_CHARACTERS


@pytest.mark.parametrize(
    "points",
    [
        (),
        (Point(5, 0.5),),
        (Point(5, float("nan")), Point(6, float("inf"))),
        (Point(9, 1.0), Point(3, 2.0), Point(9, 3.0)),
        (Point(0, 1e300), Point(1, -1e300)),
        (Point(0, 1e-300), Point(1, 2e-300)),
        (Point(0, 0.0), Point(10**15, 0.0)),
        tuple(Point(step, 1.0) for step in range(300)),
    ],
)
def test_odd_curves_are_no_reason_to_fail(points: tuple[Point, ...]) -> None:
    found = red()
    curves = {run.id: {"val/acc": points, "val/loss": points} for run in found.runs}
    drawn = found._replace(details=Details(curves=curves))
    written = comment(drawn.judgement(), Language.EN, drawn.insight)

    assert not re.search(r"line \[[^\]]*(nan|inf|e[-+])", written)


sides = st.integers(0, 3)
texts = st.text(st.sampled_from("`|\\<>[]()*_#@!&~-=+:.\n\t aé文\0"), max_size=3_000)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(texts, st.integers(0, 60), st.integers(3_000, 60_000))
def test_whatever_the_room_verdict_lead_next_and_footer_stay(text: str, copies: int, room: int) -> None:
    found = hostile(text)
    many = found.verdict.gates * (1 + copies)
    judgement = found.judgement(verdict=replace(found.verdict, gates=many))
    whole = replace(found.insight, rows=found.insight.rows * (1 + copies))

    written = full_report(judgement, Language.EN, room, whole, LINKS)

    assert len(written.encode()) <= room
    if written:
        assert written.startswith("## ❌ SwanLab: ")
        assert "\n\n<b>Next:</b>" in written
        assert written.splitlines()[-1].startswith("<sub>")
        assert len(written.splitlines()[2]) > 10


def test_each_stage_says_what_it_leaves_out() -> None:
    found = red()
    sizes = [
        len(full_report(found.judgement(), Language.EN, room, found.insight)) for room in range(9_000, 1_500, -250)
    ]
    short = full_report(found.judgement(), Language.EN, 5_000, found.insight)

    assert sizes == sorted(sizes, reverse=True)
    assert "Left out here for length: " in short
    assert "mermaid" not in short
