"""The comment and the summary fit their places whatever comes, stay valid Markdown, and say what they leave out."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.judgements import check, gate, judgement, note, run
from support.rendered import Page
from support.words import words

from swanlab_ci.judgement import Check, GateResult, Judgement, Reason
from swanlab_ci.messages import Language, Message
from swanlab_ci.model import Outcome, RunRef, Status, Truth
from swanlab_ci.report import COMMENT_CHARACTERS, SUMMARY_BYTES, render
from swanlab_ci.report.markdown import comment as write_comment
from swanlab_ci.report.markdown import full_report

pytestmark = pytest.mark.slow

LEFT_OUT = words("report.left-out-comment", what="").partition(":")[0]


def many(gates: int, runs: int, **more: Any) -> Judgement:
    once = [check(run=run(number), **more) for number in range(runs)]

    def checks(gate: int) -> tuple[Check, ...]:
        field = f"config.key{gate}"
        reason = replace(once[0].reason or Reason(truth=Truth.FAILS, subject=field), subject=field)
        return tuple(replace(each, field=field, reason=reason) for each in once)

    failing = [
        gate(id=f"gate-{number}", name=f"gate number {number}", checks=checks(number)) for number in range(gates)
    ]
    return judgement(gate(Status.PASS, id="fine", name="fine"), *failing)


def size(text: str) -> int:
    return len(text.encode())


def names(markdown: str) -> set[str]:
    return set(re.findall(r"gate number \d+", markdown))


def test_a_small_report_leaves_nothing_out() -> None:
    rendering = render(many(3, 10), redact=str)

    assert LEFT_OUT not in rendering.comment + rendering.summary
    assert "fine" in rendering.comment


def test_passed_gates_are_the_first_to_go() -> None:
    fine = [gate(Status.PASS, id=f"fine-{number}", name=f"fine number {number}") for number in range(1_500)]

    comment = write_comment(judgement(gate(id="bad", name="bad"), *fine), Language.EN)

    assert "run-1" in comment
    what = (Message("left-out.charts"), Message("left-out.passing"))
    assert f"_{words('report.left-out-comment', what=what)}_" in comment
    assert "fine number" not in comment
    assert words("report.gates-passed", count=1_500) in comment


def test_forty_gates_of_many_runs_fit() -> None:
    found = many(40, 500)
    comment, summary = write_comment(found, Language.EN), full_report(found, Language.EN)

    assert len(comment) <= COMMENT_CHARACTERS
    assert size(summary) <= SUMMARY_BYTES
    assert len(names(comment)) == 25
    assert words("report.more-checks", count=15) in comment
    assert len(names(summary)) == 40
    assert words("list.more", count=497) in comment


def test_five_thousand_runs_fit() -> None:
    found = many(2, 5_000)
    comment, summary = write_comment(found, Language.EN), full_report(found, Language.EN)

    assert len(comment) <= COMMENT_CHARACTERS
    assert size(summary) <= SUMMARY_BYTES
    assert words("list.more", count=4_997) in comment


def test_the_document_holds_every_check() -> None:
    assert len(render(many(1, 5_000), redact=str).json["gates"][1]["checks"]) == 5_000


def test_the_room_in_the_summary_is_counted_in_bytes() -> None:
    wide = many(20, 60, actual="误差太大" * 20)

    assert size(render(wide, redact=str, summary_bytes=100_000).summary) <= 100_000


@pytest.mark.parametrize("room", [0, 100])
def test_a_summary_without_room_is_empty_rather_than_broken(room: int) -> None:
    assert render(many(3, 3), redact=str, summary_bytes=room).summary == ""


@pytest.mark.parametrize(
    "name", ["A" * 2_000_000, "`" * 2_000_000, "|" * 2_000_000, "文" * 2_000_000, "\0" * 2_000_000]
)
def test_a_name_of_two_megabytes_is_cut(name: str) -> None:
    huge = judgement(
        *[
            gate(id=f"gate-{number}", name=name, checks=(check(run=run(name=name), actual=name),) * 20)
            for number in range(3)
        ],
    )

    rendering = render(huge, redact=str)

    assert rendering.comment.startswith("## ❌ SwanLab: 3 of 3 gates failed\n")
    assert len(rendering.comment) <= COMMENT_CHARACTERS
    assert size(rendering.summary) <= SUMMARY_BYTES
    assert size(rendering.text) <= 1_000_000


def test_more_gates_than_can_be_named_are_counted() -> None:
    comment = write_comment(many(3_000, 1), Language.EN)

    assert len(comment) <= COMMENT_CHARACTERS
    assert comment.startswith("## ❌ SwanLab: 3000 of 3001 gates failed\n")
    assert len(names(comment)) == 25
    assert words("report.more-checks", count=2_975) in comment


@pytest.mark.parametrize("sign", ["|", "`" * 39 + "a", "\u202e ", "@a ", "x"])
def test_however_it_is_written_there_is_a_comment(sign: str) -> None:
    text = (sign * 1_000)[:1_000]  # cut wherever it is shown
    checks = (check(run=run(name=text), field=text, actual=text),) * 9
    bad = gate(name=text, group_field="config.set", group=text, why=f"{text}\n" * 9, checks=checks)

    nasty = judgement(
        *(replace(bad, id=f"gate-{number}") for number in range(60)),
        notes=(note(text),) * 120,
        project=text,
        gate_file=text,
    )

    comment = write_comment(nasty, Language.EN)
    assert comment.startswith("## ❌ SwanLab: 60 of 60 gates failed\n")
    assert len(comment) <= COMMENT_CHARACTERS


def test_many_notes_are_counted() -> None:
    comment = write_comment(judgement(gate(Status.PASS), notes=(note("look at @this"),) * 999), Language.EN)

    assert comment.count("- `look at @this`") == 100
    assert f"\n- {words('report.more-notes', count=899)}\n" in comment


signs = st.text(st.sampled_from("`|\\<>[]()*_#@!&~-=+:.\n\t aé文\0"), max_size=200)
runs = st.builds(RunRef, id=signs, name=signs, url=signs, state=signs)
checks = st.builds(check, st.sampled_from(Outcome), run=st.none() | runs, field=signs, actual=signs, nearest=signs)
gates = st.builds(
    gate,
    st.sampled_from(Status),
    name=signs,
    why=signs,
    group=signs,
    checks=st.lists(checks, max_size=3).map(lambda some: tuple(some) * 30),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(gates, min_size=1, max_size=6), st.integers(2_000, 120_000))
def test_markdown_is_valid_in_every_size(some: list[GateResult], room: int) -> None:
    summary = render(judgement(*some), redact=str, summary_bytes=room).summary

    page = Page(summary)
    assert size(summary) <= room
    assert page.tags.count("h2") == bool(summary)
    assert page.tags.count("details") == page.tags.count("summary") <= 2
    assert page.tags.count("table") <= 3
    assert "|:--" not in page.prose
    assert not set(page.tags) & {"img", "h1", "pre", "script", "em", "strong", "del", "input"} - {"em"}
    assert page.tags.count("em") <= summary.count(f"_{LEFT_OUT}") + summary.count("_empty_")
