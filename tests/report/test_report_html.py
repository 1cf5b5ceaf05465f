"""`report.html`: one file that loads nothing, runs nothing but its own script, and shows every fact."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from support import every_kind
from support.example import Example, example, green, red
from support.golden import Golden
from support.kinds import TEXTS, hostile
from support.web_page import WebPage

from swanlab_ci import __version__, insight
from swanlab_ci.insight import Details, Insight
from swanlab_ci.messages import Language
from swanlab_ci.model import Point
from swanlab_ci.platforms.base import Links
from swanlab_ci.report.html import page
from swanlab_ci.report.secrets import without_secrets

SAMPLES: dict[str, Callable[[], Example]] = {"red": red, "green": green, "no-baseline": lambda: example(baseline=False)}


OURS = {
    *("html", "head", "meta", "title", "style", "script", "body", "header", "nav", "main", "section", "footer"),
    *("h1", "h2", "h3", "p", "div", "span", "a", "b", "i", "strong", "bdi", "code", "del", "ins", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "ul", "li", "details", "summary", "button", "input"),
    *("figure", "figcaption", "svg", "g", "path", "text"),
}


def written(found: Example, language: Language = Language.EN, **more: Any) -> str:
    return page(found.judgement(**more), found.insight, language)


@cache
def page_of(name: str) -> str:
    if name in SAMPLES:
        return written(SAMPLES[name]())
    if name == "hostile":
        return page(*hostile(), Language.EN)
    judgement = every_kind.EVERY[name]()
    return page(judgement, insight.of_verdict(judgement.verdict), Language.ZH)


each_page = pytest.mark.parametrize("name", [*SAMPLES, *every_kind.EVERY, "hostile"])


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", list(SAMPLES))
def test_the_words_are_those_of_the_golden_files(golden: Golden, name: str, language: Language) -> None:
    text = WebPage(written(SAMPLES[name](), language)).text

    golden(f"report/page/{name}.{language}.txt", text.replace(__version__, "VERSION"))


@each_page
def test_a_page_allows_its_own_style_and_script_only_and_loads_nothing(name: str) -> None:
    read = WebPage(page_of(name))
    (policy,) = (each["content"] for _, each in read.elements if each.get("http-equiv") == "Content-Security-Policy")
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (*read.raw["style"], read.raw["script"][-1])
    ]

    style, script = hashes
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not {"src", "style", "srcset", "action"} & {key for _, each in read.elements for key in each}
    assert not [key for _, each in read.elements for key in each if key.startswith("on")]
    assert not {"link", "base", "iframe", "object", "embed", "img", "form"} & {*read.tags}


@each_page
def test_a_page_has_no_element_but_ours_however_its_texts_are(name: str) -> None:
    read = WebPage(page_of(name))

    assert read.tags.count("script") == 2
    assert read.tags.count("style") == read.tags.count("h1") == read.tags.count("title") == 1
    assert {*read.tags} <= OURS


@each_page
def test_every_link_leads_to_the_project_or_into_the_page(name: str) -> None:
    read = WebPage(page_of(name))
    ids = read.all("id")

    assert len(ids) == len(set(ids))
    for link in read.all("href"):
        assert re.fullmatch(r"https://swanlab\.(cn|example)/@[\w/.-]+", link) or link.removeprefix("#") in ids
    assert {*" ".join(read.all("aria-labelledby")).split()} <= {*ids}


@each_page
def test_the_data_of_the_script_is_json_that_cannot_end_its_element(name: str) -> None:
    data, _ = WebPage(page_of(name)).raw["script"]

    assert not set(data) & set("<>&")
    assert json.loads(data).keys() == {"charts", "words"}


def test_every_hostile_text_is_shown() -> None:
    text = WebPage(page_of("hostile")).text
    names = [each for each in TEXTS.values() if each.isprintable() and len(each) < 80 and each.isascii()]

    assert len(names) > 20
    assert [each for each in names if " ".join(each.split()) not in text] == []


def test_invisible_text_is_shown_by_its_numbers() -> None:
    found = red()
    name = "a\u202egnp.exe\u200b\x1b[31m"
    gates = tuple(replace(gate, name=name) for gate in found.verdict.gates)

    shown = written(found, verdict=replace(found.verdict, gates=gates))

    assert r"a\u{202e}gnp.exe\u{200b}\u{1b}[31m" in shown
    assert not set(name) & set(shown) & {"\u202e", "\u200b", "\x1b"}


def test_a_name_of_10000_characters_is_cut() -> None:
    found = red()
    gates = tuple(replace(gate, name="n" * 10_000) for gate in found.verdict.gates)

    assert "n" * 501 not in written(found, verdict=replace(found.verdict, gates=gates))


def test_a_judgement_without_runs_has_the_header_alone() -> None:
    stopped = every_kind.EVERY["stopped"]()

    read = WebPage(page(stopped, Insight(), Language.EN))

    assert "section" not in read.tags
    assert read.tags.count("header") == 1


def test_5000_runs_are_cut_and_counted() -> None:
    found = red()
    (first, *_), facts = found.insight.new_runs, found.insight
    many = tuple(replace(first, run=replace(first.run, id=f"r{number}")) for number in range(5000))

    shown = page(found.judgement(), replace(facts, new_runs=many), Language.EN)

    assert WebPage(shown).tags.count("tr") < 600
    assert "4500 more runs are in" in WebPage(shown).text
    assert len(shown) < 1_000_000


def with_points(*curves: list[tuple[int, float]]) -> Insight:
    found = red()
    mine = [each for each in found.runs if each.name.startswith("pr42-s")]
    points = {
        each.id: {"val/acc": tuple(Point(*point) for point in curve)} for each, curve in zip(mine, curves, strict=False)
    }
    return found._replace(details=Details(curves=points)).insight


@pytest.mark.parametrize(
    "curves",
    [
        [[]],
        [[(5, 0.5)]],
        [[(0, 1.0), (1, 1.0)]],
        [[(0, 1e300), (7, -1e300)], [(3, 0.0), (4, 1e-300)]],
        [[(0, float("nan")), (1, float("inf"))]],
        [[(9, 0.1), (3, 0.2), (9, 0.3)]],
        [[(-(10**18), 0.1), (10**18, 0.2)]],
        [[(0, 5e-324), (1, 0.0)]],
    ],
    ids=["no-points", "one-point", "flat", "huge", "not-finite", "back", "far", "tiny"],
)
def test_odd_curves_are_drawn_or_left_out(curves: list[list[tuple[int, float]]]) -> None:
    read = WebPage(page(red().judgement(), with_points(*curves), Language.EN))

    for box in read.all("viewbox"):
        _, _, width, height = map(float, box.split())
        assert width > 0
        assert height > 0
    for line in read.all("d"):
        assert not re.search("nan|inf", line)


def test_secrets_that_the_redactor_knows_are_gone_before_anything_is_cut() -> None:
    found = red()
    judgement = replace(found.judgement(), project="my-team/key-of-a-robot")

    without = without_secrets(judgement, lambda text: text.replace("key-of-a-robot", "***"))
    shown = page(without, found.insight, Language.EN)

    assert "key-of-a-robot" not in shown
    assert "sk-new-secret" not in shown
    assert "sk-old-secret" not in shown


def test_commit_gate_file_job_and_gates_lead_to_the_forge() -> None:
    there = "https://github.com/my-team/resnet"
    links = Links(files=f"{there}/blob/abc", commit=f"{there}/commit/abc", job=f"{there}/actions/runs/7")
    found = red()

    read = WebPage(page(found.judgement(), found.insight, Language.EN, links))

    shown = [link.removeprefix(there) for link in read.all("href") if link.startswith(there)]
    assert shown[:3] == ["/commit/abc", "/blob/abc/swanlab-gate.yml", "/actions/runs/7"]
    assert len(shown) == 3 + len(found.verdict.gates)
    assert "/blob/abc/swanlab-gate.yml#L8" in shown


@pytest.mark.parametrize("address", ["javascript:alert(1)", 'https://x/" onclick="', "https://x/#a b", "//x/y", "x"])
def test_an_odd_address_of_the_forge_is_no_link(address: str) -> None:
    found = red()

    read = WebPage(page(found.judgement(), found.insight, Language.EN, Links(commit=address, job=address)))

    assert not [link for link in read.all("href") if link.startswith(address)]
