"""Each hostile text by itself in what the whole action left: it is shown, it reads back, and did not get its way."""

import json
import re

import pytest
from everywhere import SHOWN, Left
from promised import keeps, keeps_each
from support.rendered import Page, html
from support.runner import read_commands

GATES = list(SHOWN)
LOG = ["log-v2-newline", "log-v2-cr", "log-v1-midline", "log-v1-mask-verdict", "log-v1-matcher", "log-v1-uppercase"]
MASKS = r"^::add-mask::(.*)$"


def code_of(text: str) -> str:
    """Write `text` as a reader sees it in a code span: invisible signs by their numbers, at most 120 characters."""
    shown = "".join(c if c.isprintable() or ord(c) == 0xFFFD else f"\\u{{{ord(c):x}}}" for c in text[:120])
    shown = re.sub("`{40,}", lambda ticks: r"\u{60}" * len(ticks[0]), shown)
    return (shown if len(shown) <= 120 and len(text) <= 120 else shown[:119] + "…").strip(" ")


@pytest.mark.parametrize("surface", ["summary", "report.md"])
def test_each_text_stands_in_the_report_as_the_run_the_value_and_the_gate(left: Left, surface: str) -> None:
    page = Page(left.exits[surface])
    code = [span.strip(" ") for span in page.code]

    assert [name for name, text in SHOWN.items() if code.count(code_of(text)) < 4] == []


def test_each_text_reads_back_from_the_report_and_from_the_bundle(left: Left) -> None:
    gates = {gate["id"]: gate for gate in json.loads(left.exits["report.json"])["gates"]}
    runs, wrong = json.loads(left.exits["bundle"])["runs"], []
    for number, (name, text) in enumerate(SHOWN.items()):
        gate, run = gates[name], runs[-1 - number]
        told = {gate["name"], *(check["run"]["name"] for check in gate["checks"])}
        fetched = {run["name"], run["description"], run["group"], run["user_name"], *run["labels"]}
        fetched |= {run["metadata"]["git"]["branch"], run["config"]["lr"]}
        fields = {check["field"] for check in gate["checks"]}
        if told | fetched != {text} or not gate["group"]:
            wrong.append(name)
        if not fields > {"name", "description", "group", "job", "user.name"}:
            wrong.append(f"{name}: {fields}")

    assert wrong == []


@keeps_each("name", {name: name for name in [*LOG, "log-ansi"]})
def test_a_text_in_the_log_is_there_and_is_no_command(left: Left, name: str) -> None:
    shown = code_of(" ".join(SHOWN[name].splitlines())).replace("##[", "##\\[")
    lines = [line for line in left.ended.out.split("\n") if shown in line]

    assert len(lines) >= 8
    assert read_commands("\n".join(lines)) == []
    assert "\x1b" not in left.ended.out + left.ended.err
    masked = re.findall(MASKS, left.ended.err, re.MULTILINE)
    assert not {"true", "pass", "false", "fail"} & set(masked)
    assert len(masked) == 3  # key, token and session


@keeps("log-annotation-property")
def test_a_gates_name_in_an_annotation_brings_no_property(left: Left) -> None:
    found = re.findall(r"^::error title=([^,]*),file=([^,]*),line=(\d+)::", left.ended.err, re.MULTILINE)

    title = SHOWN["log-annotation-property"].replace(":", "%3A").replace(",", "%2C")
    assert [file for shown, file, _ in found if shown.startswith(f"{title} (group = ")] == ["swanlab-gate.yml"]
    assert {file for _, file, _ in found} == {"swanlab-gate.yml"}


@keeps("out-newline", "out-delimiter-fixed", "out-shell")
def test_the_outputs_file_holds_our_names_and_no_text_of_others(left: Left) -> None:
    lines = left.exits["outputs"].rstrip("\n").split("\n")

    assert all(re.fullmatch(r"[a-z-]+=[^<\"'`$;&|]*|failed-gates=\[[A-Za-z0-9\",/_.+-]+\]", line) for line in lines), (
        lines
    )
    assert [line for line in lines if line.startswith("passed=")] == ["passed=false", "passed=false"]
    named = json.loads(left.runner.outputs["failed-gates"])
    assert [name.partition("/")[0] for name in named] == GATES
    assert all(re.fullmatch(r"[a-z0-9-]+(/[A-Za-z0-9_.+-]+)?", name) for name in named)


@keeps("out-surrogate")
def test_half_a_character_is_shown_as_lost(left: Left) -> None:
    for exit_ in ("stdout", "summary", "report.md", "report.html", "report.json", "junit.xml", "bundle"):
        text = left.exits[exit_]
        assert "\ufffdbad" in text or r"\ufffdbad" in text, exit_


@keeps("md-heading-verdict", "tpl-hide-verdict", "md-html-close", "md-image-beacon")
@pytest.mark.parametrize("surface", ["comment", "summary", "report.md"])
def test_the_verdict_is_the_first_line_and_no_other_heading_or_image_is_made(left: Left, surface: str) -> None:
    text = re.sub(r"\A(<!--[^\n]*-->\n)*", "", left.exits[surface].lstrip())
    tags = Page(text).tags

    assert text.startswith(f"## ❌ SwanLab: {len(GATES)} of {len(GATES)} gates failed\n")
    assert (tags.count("h1"), tags.count("h2"), tags.count("img")) == (0, 1, 0)


@keeps("md-comment-marker")
def test_the_markers_are_ours_and_stand_first(left: Left) -> None:
    page = html(left.comment)

    assert [match.start() for match in re.finditer("<!-- swanlab-ci:", page)] == [0]
    assert left.comment.startswith("<!-- swanlab-ci:default run=12.1 ")


@keeps("md-refs", "md-url", "tpl-ssti", "tpl-env", "tpl-include")
@pytest.mark.parametrize("surface", ["comment", "summary", "report.md"])
def test_no_reference_link_or_template_comes_to_life(left: Left, surface: str) -> None:
    page = Page(left.exits[surface])

    assert not re.search(r"#\d|GH-\d|[0-9a-f]{40}|evil|subclasses|environ|passwd|root:", page.prose)
    forge = re.escape(left.runner.github.url) + r"/octo-org/octo-repo/[\w/.-]*(#L\d+|#artifacts)?"
    ours = re.escape(left.url) + r"/@my-team/hostile[\w/]*|" + forge
    assert all(re.fullmatch(ours, link) for link in page.links)


@keeps("md-pipe", "md-backslash-pipe", "md-backticks", "md-zalgo")
def test_every_row_of_every_table_has_its_columns_and_every_cell_its_end(left: Left) -> None:
    page = Page(left.exits["summary"])

    assert set(page.widths) == {3, 6}
    assert page.widths.count(6) == len(GATES) + 1  # a run for each gate
    assert max(len(span) for span in page.code) <= 500
