"""`test` tries rules out on made-up runs, as the help shows."""

import re
from pathlib import Path

import pytest
from support.story import CommandLine
from support.words import words

from swanlab_ci.messages import Key

TESTS = """\
tests:
  - name: a crash stops the merge
    runs: [{labels: [smoke], state: CRASHED}]
    expect: {smoke-run-finished: fail}
    verdict: fail
  - name: a wild learning rate stops the merge
    runs: [{labels: [smoke]}, {labels: [eval], config: {lr: 5}}]
    expect: {smoke-run-finished: pass, training-settings-are-sane: fail}
"""


def test_rules_that_do_as_their_tests_say(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "tests.yml").write_text(TESTS)

    ended = command_line("test", "tests.yml", environ={})

    assert (ended.code, ended.out) == (0, "")
    assert ended.err == words("test.passed", file="tests.yml", tests=2) + "\n"


def test_an_expectation_that_is_not_met_is_told(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "tests.yml").write_text(TESTS.replace("smoke-run-finished: pass", "smoke-run-finished: fail"))

    ended = command_line("test", "tests.yml", environ={})

    assert ended.code == 1
    assert "a wild learning rate stops the merge" in ended.out
    assert "smoke-run-finished" in ended.out


def test_a_gate_that_no_test_makes_miss_is_named(command_line: CommandLine, workspace: Path) -> None:
    only = TESTS[: TESTS.index("  - name: a wild")]
    (workspace / "tests.yml").write_text(only.replace("[smoke]", "[smoke, eval], config: {lr: 0.001}"))

    ended = command_line("test", "tests.yml", environ={})

    assert ended.code == 0
    assert words("test.never-fails", gate=Key("training-settings-are-sane")) in ended.out


def test_the_example_of_the_help_is_a_file_of_tests(
    command_line: CommandLine, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command_line("test", "--help")
    example = re.search(r"^  tests:\n(?:    .*\n)+", capsys.readouterr().out, re.MULTILINE)
    assert example
    (workspace / "tests.yml").write_text(example[0].replace("\n  ", "\n")[2:])

    assert command_line("test", "tests.yml", environ={}).code == 0


def test_a_file_that_is_none_is_refused(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "tests.yml").write_text(TESTS.replace("expect:", "expects:"))

    ended = command_line("test", "tests.yml", environ={})

    assert ended.code == 2
    assert "tests.yml:4:" in ended.err


COMPARED = """\
runs: {git.commit: $pr_commits}
baselines: {main: {runs: {git.branch: main}}}
gates: [{name: Holds up, compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%}}}]
"""
LOST = """\
tests:
  - name: lost accuracy stops the merge
    runs: [{metrics: {acc: 0.8}}]
    baselines: {main: [{git: {branch: BRANCH}, metrics: {acc: 0.9}}]}
    expect: {holds-up: STATUS}
"""


@pytest.mark.parametrize(("branch", "status", "code"), [("main", "fail", 0), ("main", "pass", 1), ("mian", "error", 1)])
def test_the_runs_of_a_baseline_are_made_up(
    command_line: CommandLine, workspace: Path, *, branch: str, status: str, code: int
) -> None:
    (workspace / "gates.yml").write_text(COMPARED)
    (workspace / "tests.yml").write_text(LOST.replace("BRANCH", branch).replace("STATUS", status))

    ended = command_line("test", "tests.yml", "--gates", "gates.yml", environ={})

    assert ended.code == code
    not_selected = words(
        "test.not-in-baseline",
        test="lost accuracy stops the merge",
        run="baseline-main-1",
        baseline=Key("main"),
        condition="git.branch main",
    )
    assert (f"tests.yml:4: {not_selected}" in ended.out) is (branch == "mian")


def test_an_unknown_part_of_a_metric_is_refused(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "tests.yml").write_text(TESTS.replace("config: {lr: 5}", "metrics: {acc: {maximum: 5}}"))

    ended = command_line("test", "tests.yml", environ={})

    assert ended.code == 2
    assert "tests.yml:7:" in ended.out + ended.err
