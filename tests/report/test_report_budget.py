"""The comment and the summary fit their places whatever comes, stay valid Markdown, and say what they leave out."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.judgements import check, gate, judged, judgement, run
from support.rendered import Page

from swanlab_ci.judgement import GateResult, Judgement
from swanlab_ci.model import Outcome, RunRef, Status
from swanlab_ci.report import COMMENT_CHARACTERS, SUMMARY_BYTES, markdown, render
from swanlab_ci.report.document import document


def many(gates: int, runs: int, **more: Any) -> Judgement:
    checks = tuple(check(run=run(number), **more) for number in range(runs))
    failing = [gate(name=f"gate number {number}", checks=checks) for number in range(gates)]
    return judged(Status.FAIL, gate(Status.PASS, name="fine"), *failing)


def size(text: str) -> int:
    return len(text.encode())


def names(markdown: str) -> set[str]:
    return set(re.findall(r"gate number \d+", markdown))


def test_a_small_report_leaves_nothing_out() -> None:
    rendering = render(many(3, 10), redact=str)

    assert "Left out" not in rendering.comment + rendering.summary
    assert "fine" in rendering.comment


def test_passed_gates_are_the_first_to_go() -> None:
    fine = [gate(Status.PASS, name=f"fine number {number}") for number in range(1_200)]

    comment = render(judged(Status.FAIL, gate(name="bad"), *fine), redact=str).comment

    assert "run-1" in comment
    assert "_Left out here for length: the gates that pass. The job summary has more._" in comment
    assert "fine number" not in comment


def test_five_thousand_runs_in_forty_gates_fit_and_name_every_gate() -> None:
    rendering = render(many(40, 5_000), redact=str)

    assert len(rendering.comment) <= COMMENT_CHARACTERS
    assert size(rendering.summary) <= SUMMARY_BYTES
    assert len(names(rendering.comment)) == len(names(rendering.summary)) == 40
    assert "Left out here for length" in rendering.comment
    shown = re.findall(r"… and (\d+) more\.", rendering.comment)
    assert shown
    assert all(0 < int(number) < 5_000 for number in shown)
    assert len(rendering.json["gates"][1]["checks"]) == 5_000


def test_the_room_in_the_summary_is_counted_in_bytes() -> None:
    wide = many(20, 60, message="误差太大" * 20)

    assert size(render(wide, redact=str, summary_bytes=100_000).summary) <= 100_000


@pytest.mark.parametrize("room", [0, 100])
def test_a_summary_without_room_is_empty_rather_than_broken(room: int) -> None:
    assert render(many(3, 3), redact=str, summary_bytes=room).summary == ""


@pytest.mark.parametrize(
    "name", ["A" * 2_000_000, "`" * 2_000_000, "|" * 2_000_000, "文" * 2_000_000, "\0" * 2_000_000]
)
def test_a_name_of_two_megabytes_is_cut(name: str) -> None:
    huge = judged(
        Status.FAIL,
        *[gate(name=name, summary=name, checks=(check(run=run(name=name), message=name),) * 60) for _ in range(9)],
    )

    rendering = render(huge, redact=str)

    assert rendering.comment.startswith("## ❌ SwanLab: All 9 gates fail\n")
    assert len(rendering.comment) <= COMMENT_CHARACTERS
    assert size(rendering.summary) <= SUMMARY_BYTES
    assert size(rendering.text) <= 1_000_000


def test_more_gates_than_can_be_named_are_counted() -> None:
    comment = render(many(3_000, 1), redact=str).comment

    assert len(comment) <= COMMENT_CHARACTERS
    assert comment.startswith("## ❌ SwanLab: 3000 of 3001 gates fail\n")
    assert len(names(comment)) == 100
    assert "all but the names of the first 100 gates" in comment


@pytest.mark.parametrize("sign", ["|", "`" * 39 + "a", "\u202e ", "@a ", "x"])
def test_however_it_is_written_there_is_a_comment(sign: str) -> None:
    text = sign * 1_000
    checks = (check(run=run(name=text), field=text, message=text),) * 9
    bad = gate(name=text, group=text, summary=text, advice=text, why=f"{text}\n" * 9, checks=checks)

    nasty = judgement(*[bad] * 150, notes=(text,) * 300, project=text, gate_file=text)

    comment = markdown.comment(document(nasty, str))
    assert comment.startswith("## ❌ SwanLab: All 150 gates fail\n")
    assert len(comment) <= COMMENT_CHARACTERS


def test_many_notes_are_counted() -> None:
    told = judged(Status.ERROR, summary="The gate file has 999 problems.")

    comment = render(replace(told, notes=("gate.yml:3:5: unknown key `mim`",) * 999), redact=str).comment

    assert comment.count("unknown key `mim`") == 200
    assert "\n- 799 more notes\n" in comment


signs = st.text(st.sampled_from("`|\\<>[]()*_#@!&~-=+:.\n\t aé文\0"), max_size=200)
runs = st.builds(RunRef, id=signs, name=signs, url=signs, state=signs)
checks = st.builds(
    check, run=st.none() | runs, field=signs, actual=signs, message=signs, outcome=st.sampled_from(Outcome)
)
gates = st.builds(
    gate,
    st.sampled_from(Status),
    name=signs,
    summary=signs,
    advice=signs,
    why=signs,
    group=signs,
    checks=st.lists(checks, max_size=3).map(lambda some: tuple(some) * 30),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(gates, max_size=6), st.integers(2_000, 120_000))
def test_markdown_is_valid_in_every_size(some: list[GateResult], room: int) -> None:
    summary = render(judged(Status.FAIL, *some), redact=str, summary_bytes=room).summary

    page = Page(summary)
    assert size(summary) <= room
    assert page.tags.count("h2") == bool(summary)
    assert page.tags.count("details") == page.tags.count("summary") <= 1
    assert "|---" not in page.prose
    assert not set(page.tags) & {"img", "h1", "pre", "script", "em", "strong", "del", "input"} - {"em"}
    assert page.tags.count("em") <= summary.count("_Left out") + summary.count("_empty_")
