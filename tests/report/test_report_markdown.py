"""The comment and the summary begin with the verdict and what to do; what needs nothing is folded."""

from dataclasses import replace
from datetime import date

import pytest
from jinja2.exceptions import SecurityError, UndefinedError
from support.example import red
from support.judgements import PROJECT, check, empty_gate, gate, judgement, note, run, stopped
from support.rendered import html
from support.words import words

from swanlab_ci import __version__
from swanlab_ci.judgement import Check, Verdict, WaiverResult
from swanlab_ci.messages import Language, Linked, Message, Name, Prose, Strong
from swanlab_ci.model import Level, Outcome, Status
from swanlab_ci.report import render, writers
from swanlab_ci.report.wording.funnel import funnel_of
from swanlab_ci.templating.engine import engine, templates_dir


def comment_of(*gates: object, **more: object) -> str:
    return render(judgement(*gates, **more), redact=str).comment  # type: ignore[arg-type]


def test_the_first_line_is_the_verdict() -> None:
    rendering = render(judgement(gate(), gate(Status.PASS)), redact=str)

    assert rendering.comment.splitlines()[0] == f"## ❌ SwanLab: {rendering.headline}"
    assert rendering.summary.splitlines()[0] == rendering.comment.splitlines()[0]


def test_the_first_miss_comes_right_after_the_verdict() -> None:
    where = Linked("run-1", f"{PROJECT}/runs/r1/chart")
    lead = Message(
        "lead.value", field=Name("config.lr"), value=Strong("0.5"), run=where, bound=Message("expect.max", bound=0.01)
    )

    assert comment_of(gate()).splitlines()[2] == writers.paragraph(lead, Language.EN)


def test_what_to_do_comes_after_the_table() -> None:
    advice = Message("advice.fix-run", run=Name("run-1"), place=Name("swanlab-gate.yml:14"))
    found = comment_of(gate())

    line = f"<b>{words('report.next')}</b> {writers.paragraph(advice, Language.EN)}"
    assert found.index("| ❌") < found.index(line)


def test_what_to_do_is_said_once_for_equal_advice() -> None:
    other = gate(name="other", checks=(check(line=99),))
    found = comment_of(gate(), gate(name="again"), other)

    assert [line[:3] for line in found.splitlines() if line.startswith("1. ")] == ["1. ", "1. "]


def test_gates_that_need_attention_come_worst_first() -> None:
    found = comment_of(
        gate(Status.WARN, name="warns", level=Level.WARN),
        gate(Status.FAIL, name="fails"),
        gate(Status.ERROR, name="breaks", checks=(check(Outcome.ERROR),)),
    )

    assert found.index("❗ <b>breaks") < found.index("❌ <b>fails") < found.index("⚠️ <b>warns")


def test_a_failed_check_has_its_run_with_a_link_and_all_values() -> None:
    named = "❌ <b>Training settings are sane</b>"
    row = f"| {named}<br><sub>`config.lr` ↓ [`run-1`]({PROJECT}/runs/r1/chart)</sub> | <b>0.5</b> | ≤ 0.01 |"

    assert row in comment_of(gate())


def test_a_value_that_is_missing_has_its_message_and_the_nearest_key() -> None:
    found = gate(checks=(check(Outcome.MISSING, actual=None, nearest="config.learning"),))

    (row,) = [line for line in comment_of(found).splitlines() if line.startswith("| ❌")]

    assert row.count("`config.learning`") == 1


def test_checks_that_hold_are_not_listed_in_a_gate_that_fails() -> None:
    fine = check(Outcome.OK, run=run(7))

    assert "run-7" not in comment_of(gate(checks=(fine, check())))


def test_a_check_that_cannot_be_judged_has_its_message() -> None:
    found = comment_of(gate(Status.ERROR, checks=(check(run=run(1)), check(Outcome.ERROR, run=run(2)))))

    (row,) = [line for line in found.splitlines() if line.startswith("| ❗")]
    assert "`run-2`" in row
    assert "run-1" not in row


@pytest.mark.parametrize(
    "url",
    [
        "https://swanlab.example.evil/x",
        "https://user@swanlab.example/x",
        "http://swanlab.example/x",
        "javascript:alert(1)",
        f"{PROJECT}/x) [PASS](javascript:1",
        "",
    ],
)
def test_a_link_that_is_not_ours_is_not_made(url: str) -> None:
    found = comment_of(gate(checks=(check(run=run(url=url)),)))

    assert "<sub>`config.lr` ↓ `run-1`</sub>" in found


def test_no_runs_show_how_they_were_lost() -> None:
    found = comment_of(empty_gate())

    funnel = funnel_of(57, empty_gate().funnel)
    assert (
        writers.paragraph(Message("report.funnel", gate=Name("Smoke run finished"), funnel=funnel), Language.EN)
        in found
    )


def test_a_gate_with_runs_does_not_show_its_selection() -> None:
    assert "git.commit" not in comment_of(gate(funnel=empty_gate().funnel))


def test_the_authors_reason_is_a_quotation_paragraph_by_paragraph() -> None:
    assert "> <b>Smoke run finished</b>: Nothing is merged untried.\n>\n> `Ask @ml-team.`" in comment_of(empty_gate())


def test_what_needs_nothing_is_folded_with_its_result() -> None:
    found = comment_of(gate(), gate(Status.PASS, name="fine"), gate(Status.SKIPPED, name="off"))

    title = f"{words('report.gates-passed', count=1)}, {words('report.gates-skipped', count=1)}"
    start = f"<details><summary><b>{title}</b></summary>"
    folded = found[found.index(start) : found.index("</details>")]
    assert "| ✅ | fine |" in folded
    assert "| ⏭️ | off |" in folded


def test_a_gate_of_a_group_names_the_group() -> None:
    assert "❌ <b>Training settings are sane (`config.set` = `imagenet`)</b>" in comment_of(
        gate(group_field="config.set", group="imagenet")
    )


def test_notes_are_listed() -> None:
    assert "- `The base branch has no gate file.`\n" in comment_of(
        gate(), notes=(note("The base branch has no gate file."),)
    )


def test_the_footer_says_what_was_judged_and_by_what() -> None:
    last = comment_of(gate()).splitlines()[-1]

    assert f"[`team/resnet`]({PROJECT})" in last
    assert "`0123456`" in last
    assert f"`{__version__}`" in last


def test_without_gates_the_report_says_what_happened_and_what_to_do() -> None:
    lines = render(stopped("SwanLab could not be reached."), redact=str).comment.splitlines()

    assert lines[:5] == [
        f"## ❗ SwanLab: {words('verdict.no-verdict')}",
        "",
        "`SwanLab could not be reached.`",
        "",
        f"<b>{words('report.next')}</b> `Look again.`",
    ]


def test_every_gate_skipped_says_why_that_is_no_pass() -> None:
    nothing = Verdict(Status.ERROR, (gate(Status.SKIPPED),), nothing_checked=True)

    assert words("verdict.nothing-checked") in render(judgement(verdict=nothing), redact=str).comment


def test_tables_are_tables() -> None:
    page = html(comment_of(gate(), empty_gate(), gate(Status.PASS)))

    assert page.count("<table>") == 2
    assert "| " not in page


def test_a_template_that_forgets_about_escaping_is_safe() -> None:
    page = engine().from_string("{{ name }} {{ check.field }}").render(name="@team <b>", check={"field": "#1"})

    assert page == "`@team <b>` `#1`"


def test_a_template_that_misspells_a_name_is_an_error() -> None:
    with pytest.raises(Exception, match="misspelt"):
        engine().from_string("{{ misspelt }}").render()


@pytest.mark.parametrize(
    "template", ["{{ ''.__class__.__mro__ }}", "{{ cycler.__init__.__globals__ }}", "{{ report.update({}) }}"]
)
def test_a_template_cannot_reach_out_of_its_box_or_change_what_it_tells(template: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        engine().from_string(template).render(report={})


def test_templates_are_found_without_looking_at_the_current_folder(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))

    assert (templates_dir() / "comment.md.j2").is_file()


def test_a_check_has_nothing_that_a_template_could_call() -> None:
    assert not [name for name in dir(Check) if callable(getattr(Check, name)) and not name.startswith("_")]


def test_equal_misses_of_many_gates_are_one_row() -> None:
    found = comment_of(*[gate(name=f"gate {number}") for number in range(20)])

    assert words("report.same-gates", count=19) in found
    assert found.count("| ❌") == 1


def test_columns_without_content_are_not_there() -> None:
    assert "Δ" not in comment_of(gate())


def test_a_waived_gate_is_in_the_table_with_its_reason() -> None:
    waiver = WaiverResult(date(2026, 12, 31), "Agreed by the team", expired=False, status=Status.FAIL)
    found = comment_of(gate(Status.WAIVED, waiver=waiver), status=Status.PASS)

    note = Message("note.waived", until=waiver.until, reason=Prose(waiver.reason))
    assert f"<sub>{writers.markdown(note, Language.EN)}</sub> |" in found


def test_the_summary_lists_every_check_that_the_rows_hold_together() -> None:
    checks = tuple(check(run=run(number)) for number in range(9))
    rendering = render(judgement(gate(checks=checks)), redact=str)

    title = words("report.every-check", count=9)
    assert title in rendering.summary
    assert title not in rendering.comment
    assert rendering.summary.count("(required: ≤ `0.01`)") == 9


def test_curves_of_fewer_baseline_runs_than_there_are_say_so() -> None:
    found = red().insight
    more = replace(found.base_runs[0], run=replace(found.base_runs[0].run, id="sixth"))
    six = replace(found, base_runs=(*found.base_runs, more))
    shown = {len(each.base_runs): render(red().judgement(), each, redact=str) for each in (found, six)}

    assert "mean of 5 runs (of 6; at most the newest 5 are drawn)" in shown[6].comment
    assert "at most the newest" not in shown[5].comment
    assert "(5 of 6)" in shown[6].html()
