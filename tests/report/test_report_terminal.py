"""The terminal text can be read without colour, and no line of it is a command."""

from support.judgements import PROJECT, check, empty_gate, gate, judgement, run, stopped
from support.words import words

from swanlab_ci.model import Status
from swanlab_ci.report import render


def lines_of(*gates: object, **more: object) -> list[str]:
    return render(judgement(*gates, **more), redact=str).text.splitlines()  # type: ignore[arg-type]


def test_the_first_line_begins_with_the_verdict_and_names_the_gate() -> None:
    first = lines_of(gate())[0]

    assert first.startswith("FAIL    ")
    assert first.endswith("Training settings are sane")


def test_a_gate_that_fails_has_its_runs_and_what_to_do() -> None:
    head, check_line, link, advice = lines_of(gate())[3:7]

    assert head.startswith("FAIL    Training settings are sane: config.lr is 0.5")
    assert check_line.startswith("        run-1 (FINISHED): config.lr is 0.5")
    assert link == f"          {PROJECT}/runs/r1/chart"
    assert advice.startswith(f"        {words('report.do', advice='')}")


def test_a_gate_without_runs_shows_how_they_were_lost() -> None:
    lines = lines_of(empty_gate())

    assert f"        {words('report.left-after', runs=3, condition='git.commit: $pr_commits')}" in lines
    assert f"        {words('report.why', why='Nothing is merged untried. Ask @ml-team.')}" in lines


def test_many_checks_are_counted_instead_of_listed() -> None:
    lines = lines_of(gate(checks=tuple(check(run=run(number)) for number in range(30))))

    assert f"        {words('report.more-checks', count=10)}" in lines
    assert sum("(FINISHED)" in line for line in lines) == 20


def test_a_gate_that_passes_takes_one_line() -> None:
    lines = lines_of(gate(Status.PASS))

    assert [line[:8] for line in lines[-2:]] == ["PASS    ", "team/res"]


def test_an_outage_is_shown_with_its_advice() -> None:
    text = render(stopped("SwanLab could not be reached."), redact=str).text

    assert text.startswith("ERROR   SwanLab could not be reached.\n        Look again.\n")


def test_colour_is_only_there_on_request_and_only_on_our_words() -> None:
    coloured = render(judgement(gate(name="\x1b[2J")), redact=str, colour=True).text

    assert coloured.startswith("\x1b[31mFAIL    \x1b[0m1 of 1")
    assert "\x1b[2J" not in coloured
    assert "\x1b" not in render(judgement(gate()), redact=str).text


def test_the_line_of_a_check_names_its_run_once() -> None:
    line = lines_of(gate())[4]

    assert line.count("run-1") == 1
