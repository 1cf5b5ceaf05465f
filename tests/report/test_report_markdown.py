"""The comment and the summary answer in the first line, then say what to do; trouble first, everything else folded."""

import pytest
from jinja2.exceptions import SecurityError
from support.judgements import PROJECT, check, empty_gate, gate, judged, judgement, run
from support.rendered import html

from swanlab_ci import __version__
from swanlab_ci.judgement import Check
from swanlab_ci.model import Outcome, Status
from swanlab_ci.report import render
from swanlab_ci.report.markdown import environment, templates_dir


def comment_of(*gates: object, **more: object) -> str:
    return render(judgement(*gates, **more), redact=str).comment  # type: ignore[arg-type]


def test_the_first_line_is_the_verdict() -> None:
    rendering = render(judgement(gate(), gate(Status.PASS)), redact=str)

    assert rendering.comment.splitlines()[0] == "## ❌ SwanLab: 1 of 2 gates fails"
    assert rendering.summary.splitlines()[0] == rendering.comment.splitlines()[0]


def test_the_advice_comes_right_after_the_verdict() -> None:
    assert comment_of(gate()).splitlines()[2] == "See the table."


def test_gates_in_trouble_are_told_worst_first() -> None:
    told = comment_of(
        gate(Status.WARN, name="warns"), gate(Status.FAIL, name="fails"), gate(Status.ERROR, name="breaks")
    )

    assert told.index("`breaks`") < told.index("`fails`") < told.index("`warns`")


def test_a_gate_in_trouble_has_what_is_wrong_and_what_to_do() -> None:
    row = (
        "| ❌ | `Training settings are sane` | 1 of 3 runs misses 1 expectation | Lower `config.lr`, and train again. |"
    )

    assert row in comment_of(gate())


def test_a_missed_check_has_its_run_with_a_link_and_all_values() -> None:
    row = f"| [`run-1`]({PROJECT}/runs/r1/chart) `FINISHED` | `config.lr` | `0.5` | `max 0.01` | see note |"

    found = gate(checks=(check(message="what the columns say already", note="see note"),))

    assert row in comment_of(found)
    assert "what the columns say already" not in comment_of(found)


def test_a_value_that_is_missing_is_told_in_words_too() -> None:
    found = gate(checks=(check(outcome=Outcome.MISSING, message="lr is missing; did you mean `config.learning`?"),))

    assert "| lr is missing; did you mean `config.learning`? |" in comment_of(found)


def test_a_check_of_all_runs_together_says_so() -> None:
    assert "| all runs together | `config.lr` |" in comment_of(gate(checks=(check(run=None),)))


def test_checks_that_hold_are_not_told_in_a_gate_that_fails() -> None:
    fine = check(run=run(7), outcome=Outcome.OK)

    assert "run-7" not in comment_of(gate(checks=(fine, check())))


def test_what_cannot_be_judged_is_told_before_what_is_missed() -> None:
    checks = (check(run=run(1), outcome=Outcome.VIOLATED), check(run=run(2), outcome=Outcome.ERROR))

    told = comment_of(gate(checks=checks))

    assert told.index("run-2") < told.index("run-1")


def test_a_missing_value_is_a_dash() -> None:
    assert "| `config.lr` | — | `max 0.01` |" in comment_of(gate(checks=(check(actual=""),)))


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
    told = comment_of(gate(checks=(check(run=run(url=url)),)))

    assert "| `run-1` `FINISHED` |" in told


def test_no_runs_show_how_they_were_lost() -> None:
    told = comment_of(empty_gate())

    assert "| 57 | all that were fetched |\n| 3 | `git.commit: $pr_commits` |\n| 0 | `labels: smoke` |" in told


def test_selected_runs_need_no_account_of_their_selection() -> None:
    told = comment_of(gate(funnel=empty_gate().funnel))

    assert "all that were fetched" not in told


def test_the_authors_reason_is_a_quotation_line_by_line() -> None:
    assert "> Nothing is merged untried.\n>\n> Ask `@ml-team`." in comment_of(empty_gate())


def test_what_needs_nothing_is_folded_with_its_result() -> None:
    told = comment_of(gate(), gate(Status.PASS, name="fine", summary="all hold"), gate(Status.SKIPPED, name="off"))

    folded = told[told.index("<details><summary>2 more gates need nothing</summary>") : told.index("</details>")]
    assert "| ✅ | `fine` | all hold |" in folded
    assert "| ⏭️ | `off` |" in folded


def test_one_folded_gate_is_spoken_of_in_the_singular() -> None:
    assert "1 more gate needs nothing" in comment_of(gate(Status.PASS))


def test_a_gate_of_a_group_names_the_group() -> None:
    assert "| ❌ | `Training settings are sane` `imagenet` |" in comment_of(gate(group="imagenet"))


def test_notes_are_told() -> None:
    assert "- The base branch has no gate file.\n" in comment_of(gate(), notes=("The base branch has no gate file.",))


def test_the_footer_says_what_was_judged_and_by_what() -> None:
    last = comment_of(gate()).splitlines()[-1]

    assert f"[`team/resnet`]({PROJECT})" in last
    assert "commit `0123456`" in last
    assert "57 runs fetched" in last
    assert f"swanlab-ci `{__version__}`" in last


def test_one_run_is_spoken_of_in_the_singular() -> None:
    alone = comment_of(gate(), runs_fetched=1)

    assert " · 1 run fetched · " in alone


def test_without_gates_the_report_says_what_happened_and_what_to_do() -> None:
    nothing = judged(Status.ERROR, summary="SwanLab could not be reached.", advice="Run the job again.")

    lines = render(nothing, redact=str).comment.splitlines()

    assert lines[:5] == [
        "## ❗ SwanLab: Cannot tell",
        "",
        "SwanLab could not be reached.",
        "",
        "Run the job again.",
    ]


def test_every_gate_skipped_says_why_that_is_no_pass() -> None:
    skipped = judged(Status.ERROR, gate(Status.SKIPPED), summary="Every gate was skipped: nothing was checked.")

    assert "Every gate was skipped: nothing was checked." in render(skipped, redact=str).comment


def test_tables_are_tables() -> None:
    page = html(comment_of(gate(), empty_gate(), gate(Status.PASS)))

    assert page.count("<table>") == 4
    assert "| " not in page


def test_a_template_that_forgets_about_escaping_is_safe() -> None:
    page = environment().from_string("{{ name }} {{ check.field }}").render(name="@team <b>", check=check(field="#1"))

    assert page == "`@team <b>` `#1`"


def test_a_template_that_misspells_a_name_is_an_error() -> None:
    with pytest.raises(Exception, match="misspelt"):
        environment().from_string("{{ misspelt }}").render()


@pytest.mark.parametrize(
    "template", ["{{ ''.__class__.__mro__ }}", "{{ cycler.__init__.__globals__ }}", "{{ report.update({}) }}"]
)
def test_a_template_cannot_reach_out_of_its_box_or_change_what_it_tells(template: str) -> None:
    with pytest.raises(SecurityError):
        environment().from_string(template).render(report={})


def test_templates_are_found_without_looking_at_the_current_folder(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))

    assert (templates_dir() / "comment.md.j2").is_file()


def test_a_check_has_nothing_that_a_template_could_call() -> None:
    assert not [name for name in dir(Check) if callable(getattr(Check, name)) and not name.startswith("_")]
