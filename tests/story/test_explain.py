"""`explain` tells why a gate came out as it did, live or from a bundle."""

import pytest
from support.story import CommandLine

from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Sandbox

RED = ("--sha", PULL_REQUEST_COMMIT)


def test_a_gate_is_explained_by_its_funnel_and_every_comparison(command_line: CommandLine) -> None:
    ended = command_line("explain", "training-settings-are-sane", *RED)

    assert ended.code == 0
    assert "training-settings-are-sane failed at level fail" in ended.out
    assert "40 runs" in ended.out
    assert ended.out.count("config.lr is 0.05 in pr42-s") >= 3


def test_one_run_is_followed_through_the_gate(command_line: CommandLine) -> None:
    taken = command_line("explain", "smoke-run-finished", "pr42-smoke", *RED)
    left = command_line("explain", "smoke-run-finished", "sweep-00", *RED)

    assert "smoke-run-finished selects pr42-smoke" in taken.out
    assert "state is CRASHED" in taken.out
    assert "smoke-run-finished does not select sweep-00" in left.out


def test_a_bundle_is_explained_without_any_network(command_line: CommandLine, sandbox: Sandbox) -> None:
    command_line("check", *RED, "--bundle", "case.json")
    sandbox.stop()

    ended = command_line("explain", "smoke-run-finished", "--bundle", "case.json", environ={})

    assert ended.code == 0
    assert "smoke-run-finished failed" in ended.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("smoke-run-finish",), "did you mean `smoke-run-finished`?"),
        (("smoke-run-finished", "pr42-smok"), "did you mean `pr42-smoke`?"),
        (("accuracy",), "smoke-run-finished"),
        (("smoke-run-finished", "x"), "the runs include"),
    ],
)
def test_a_gate_or_run_that_is_not_there_is_refused(
    command_line: CommandLine, sandbox: Sandbox, arguments: tuple[str, ...], says: str
) -> None:
    ended = command_line("explain", *arguments, *RED)

    assert ended.code == 2
    assert says in ended.err
    assert bool(sandbox.requests) is (len(arguments) > 1)  # which gates there are is known before anything is fetched
