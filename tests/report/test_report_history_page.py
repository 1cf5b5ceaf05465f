"""A backtest as a page: a calendar of verdicts, each metric with its bound, and nothing that is not ours."""

import json
import re

import pytest
from support.histories import RULES, made_up, many
from support.web_page import WebPage

from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.model import Status
from swanlab_ci.report.backtest import backtest_html, backtest_json, backtest_markdown, backtest_text, wording
from swanlab_ci.report.backtest.trends import trends

each_language = pytest.mark.parametrize("language", Language)


@each_language
def test_each_unit_has_a_mark_in_the_calendar_that_leads_to_its_row(language: Language) -> None:
    text = backtest_html(made_up(), language)

    marks = re.findall(r'href="#unit-(\d+)" aria-label="(\w{7})', text)
    rows = re.findall(r'id="unit-(\d+)".*?<code>(\w{7})</code>', text)

    assert sorted(marks) == sorted(rows)
    assert len(marks) == 40
    assert text.count("<caption>2026-") == 3


def test_a_metric_has_a_dot_for_each_run_and_the_bound_of_that_time() -> None:
    accuracy, latency, floor = sorted(trends(made_up().found.units), key=lambda trend: trend.gate)

    assert {(dot.low, dot.high) for dot in floor.dots} == {(None, 21.0)}
    assert [trend.function for trend in (accuracy, latency, floor)] == ["", "", "mean"]
    assert {dot.low for dot in latency.dots} == {0.9}
    limits = [dot.low for dot in accuracy.dots if dot.low is not None]
    assert limits == sorted(limits)
    assert limits[0] < limits[-1] < 0.93
    assert [len(dot.values) for dot in latency.dots] == [3] * 40
    assert [dot.unit for dot in latency.dots if dot.missed] == [4, 13, 22, 31]


def test_what_another_file_changes_has_a_section_of_its_own() -> None:
    text = backtest_html(made_up(against=RULES.replace("below: 21", "below: 30")), Language.EN)

    assert 'id="changed"' in text
    assert "stricter.yml</code> would have stopped" in text


def test_a_large_history_is_cut_and_says_so() -> None:
    text = backtest_html(many(), Language.EN)

    assert text.count(' id="unit-') == 300
    assert plain(Message("backtest.page-newest", count=300, flag="--format json"), Language.EN)[:30] in text
    assert '<span class="quiet">+18</span>' in text
    assert len(text) < 400_000


@each_language
def test_the_table_of_gates_is_in_the_language_of_the_page(language: Language) -> None:
    head = re.search(r'class="counts"><thead>(.*?)</thead>', backtest_html(made_up(), language))
    assert head

    statuses = (Message("report.status", status=each) for each in (*wording.COLUMNS[:-1], Status.SKIPPED))
    expected = [Message("report.column-gate"), *statuses, Message("backtest.no-run")]
    assert re.findall(r"<th[^>]*>([^<]+)", head[1]) == [plain(each, language) for each in expected]


def test_no_form_shows_the_value_of_a_field_that_sounds_like_a_secret() -> None:
    rules = RULES + "  - {name: Leak, expect: {config.api_key: guess, metrics.val/acc: {min: 0}}}\n"
    report = made_up(12, against=rules, secret="sk-0123456789abcdef")
    forms = {
        "html": backtest_html(report, Language.EN),
        "json": json.dumps(backtest_json(report, Language.EN)),
        "text": backtest_text(report, Language.EN),
        "markdown": backtest_markdown(report, Language.EN),
    }

    assert [form for form, text in forms.items() if "sk-0123456789abcdef" in text] == []
    assert [form for form, text in forms.items() if "***" not in text] == []


@each_language
def test_the_page_needs_no_network_and_no_style_of_an_element(language: Language) -> None:
    text = backtest_html(made_up(12, hostile="<img src=x onerror=alert(1)>'\"&"), language)
    page = WebPage(text)

    assert not {"img", "iframe", "link"} & set(page.tags)
    assert "default-src 'none'" in text
    assert not re.search(r"<[^>]* (?:style|on\w+)=", text)
    assert not re.search(r'(?:href|src)="(?!#)', text)
