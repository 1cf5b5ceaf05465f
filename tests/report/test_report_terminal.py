"""The terminal text can be read without colour, and no line of it is a command."""

from support.judgements import check, empty_gate, gate, judged, judgement, run

from swanlab_ci.model import Status
from swanlab_ci.report import render


def lines_of(*gates: object, **more: object) -> list[str]:
    return render(judgement(*gates, **more), redact=str).text.splitlines()  # type: ignore[arg-type]


def test_the_first_line_is_the_verdict_in_a_word_and_a_sentence() -> None:
    assert lines_of(gate())[0] == "FAIL    1 of 2 gates fails: Training settings are sane"


def test_a_failing_gate_has_its_runs_and_what_to_do() -> None:
    assert lines_of(gate())[3:7] == [
        "FAIL    Training settings are sane: 1 of 3 runs misses 1 expectation",
        "        run-1 (FINISHED): lr is 0.5, allowed is at most 0.01",
        "          https://swanlab.example/@team/resnet/runs/r1/chart",
        "        do: Lower `config.lr`, and train again.",
    ]


def test_a_gate_without_runs_shows_how_they_were_lost() -> None:
    text = "\n".join(lines_of(empty_gate()))

    assert "            57 runs\n             3 left after git.commit: $pr_commits\n" in text
    assert "why: Nothing is merged untried. Ask @ml-team." in text


def test_many_checks_are_counted_instead_of_listed() -> None:
    lines = lines_of(gate(checks=tuple(check(run=run(number)) for number in range(30))))

    assert "        … and 10 more" in lines
    assert sum("run-" in line for line in lines) == 20


def test_a_gate_that_passes_takes_one_line() -> None:
    assert lines_of(gate(Status.PASS))[3:5] == [
        "PASS    Training settings are sane: 1 of 3 runs misses 1 expectation",
        "team/resnet · commit 0123456 · 57 runs",
    ]


def test_an_outage_is_told_with_its_advice() -> None:
    nothing = judged(Status.ERROR, summary="SwanLab could not be reached.", advice="Run the job again.")

    assert render(nothing, redact=str).text.startswith(
        "ERROR   SwanLab could not be reached.\n        Run the job again.\n"
    )


def test_colour_is_only_there_on_request_and_only_on_our_words() -> None:
    coloured = render(judgement(gate(name="\x1b[2J")), redact=str, colour=True).text

    assert coloured.startswith("\x1b[31mFAIL    \x1b[0m1 of 2")
    assert "\x1b[2J" not in coloured
    assert "\x1b" not in render(judgement(gate()), redact=str).text
