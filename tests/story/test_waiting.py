"""`wait`: a verdict that depends on running runs is waited for, as long as told and no longer than needed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.story import CommandLine

from swanlab_ci.sandbox import Sandbox
from swanlab_ci.sandbox.storage.store import StoredRun

GATES = """\
project: my-team/resnet
gates:
  - name: The long schedule ends well
    runs: {name: long-schedule}
    expect: {state: FINISHED}
"""


@pytest.fixture
def long_run(sandbox: Sandbox, workspace: Path) -> StoredRun:
    (workspace / "swanlab-gate.yml").write_text(GATES)
    (run,) = (run for run in sandbox.store.projects["my-team/resnet"].runs if run.name == "long-schedule")
    assert run.state == "RUNNING"
    return run


@pytest.fixture
def on_pause(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], None]], list[float]]:
    """Do something in each pause instead of sleeping; returns the pauses."""
    pauses: list[float] = []

    def install(work: Callable[[int], None]) -> list[float]:
        def pause(seconds: float) -> None:
            pauses.append(seconds)
            work(len(pauses))

        monkeypatch.setattr("swanlab_ci.check.polling.time.sleep", pause)
        return pauses

    return install


def ends_as(run: StoredRun, state: str) -> None:
    run.state, run.finished_at = state, "2026-01-01T00:00:00.000Z"
    run.changed()


def test_without_waiting_a_running_run_is_pending(command_line: CommandLine, long_run: StoredRun) -> None:
    assert long_run.state == "RUNNING"

    ended = command_line("check")

    assert ended.code == 4
    assert ended.out.startswith("PENDING")


def test_a_run_of_another_project_is_waited_for_and_no_run_is_refreshed_in_vain(
    command_line: CommandLine, sandbox: Sandbox, workspace: Path, on_pause: Callable[..., list[float]]
) -> None:
    scratch = next(run for run in sandbox.store.projects["ada/notes"].runs if run.name == "scratch")
    scratch.state, scratch.finished_at = "RUNNING", None
    scratch.changed()
    other = "  - name: Elsewhere\n    project: ada/notes\n    runs: {name: scratch}\n    expect: {state: FINISHED}\n"
    (workspace / "swanlab-gate.yml").write_text(GATES.replace("long-schedule", "main-s1") + other)
    pauses = on_pause(lambda number: ends_as(scratch, "FINISHED") if number == 2 else None)

    ended = command_line("check", "--wait", "30m")

    assert (ended.code, len(pauses)) == (0, 2)
    assert "waiting for scratch (" in ended.err
    paths = [request.path for request in sandbox.requests]
    assert sum(f"/runs/{scratch.cuid}" in path for path in paths) >= 2


def test_a_project_that_can_no_longer_be_read_while_waiting_is_no_pass(
    command_line: CommandLine, sandbox: Sandbox, workspace: Path, on_pause: Callable[..., list[float]]
) -> None:
    other = "  - name: Elsewhere\n    project: ada/notes\n    runs: {name: scratch}\n    expect: {state: FINISHED}\n"
    (workspace / "swanlab-gate.yml").write_text(GATES + other)
    (run,) = (run for run in sandbox.store.projects["my-team/resnet"].runs if run.name == "long-schedule")

    def lost(_number: int) -> None:
        ends_as(run, "FINISHED")
        sandbox.store.projects.pop("ada/notes", None)

    on_pause(lost)

    assert command_line("check", "--wait", "30m").code == 3


@pytest.mark.parametrize(("state", "code"), [("FINISHED", 0), ("CRASHED", 1)])
def test_it_ends_with_the_run(
    command_line: CommandLine, long_run: StoredRun, on_pause: Callable[..., list[float]], state: str, code: int
) -> None:
    pauses = on_pause(lambda number: ends_as(long_run, state) if number == 3 else None)

    ended = command_line("check", "--wait", "30m")

    assert ended.code == code
    assert pauses == [5.0, 7.5, 11.25]
    assert "waiting for long-schedule (" in ended.err


def test_only_the_undecided_run_is_asked_about_again(
    command_line: CommandLine, long_run: StoredRun, on_pause: Callable[..., list[float]], sandbox: Sandbox
) -> None:
    before: list[int] = []

    def note(number: int) -> None:
        before.append(len(sandbox.requests))
        if number == 2:
            ends_as(long_run, "FINISHED")

    on_pause(note)
    command_line("check", "--wait", "30m")

    asked = {request.path for request in sandbox.requests[before[0] : before[1]]}
    assert asked == {f"/api/project/my-team/resnet/runs/{long_run.cuid}"}


def test_a_run_started_while_waiting_is_judged_too(
    command_line: CommandLine, long_run: StoredRun, on_pause: Callable[..., list[float]], sandbox: Sandbox
) -> None:
    project = sandbox.store.projects["my-team/resnet"]

    def crash_beside(_number: int) -> None:
        ends_as(long_run, "FINISHED")
        sandbox.store.add_run(project, replace(long_run, cuid="x" * 21, state="CRASHED"))

    on_pause(crash_beside)

    assert command_line("check", "--wait", "30m").code == 1


def test_at_the_end_of_the_time_it_is_pending(command_line: CommandLine, long_run: StoredRun) -> None:
    assert long_run.state == "RUNNING"

    ended = command_line("check", "--wait", "1s")

    assert ended.code == 4
    assert ended.err.count("waiting for long-schedule (") == 1
    assert "0s of 1s" in ended.err


def test_a_nan_that_is_logged_while_waiting_ends_the_wait(
    command_line: CommandLine, long_run: StoredRun, on_pause: Callable[..., list[float]], workspace: Path
) -> None:
    curves = "curves: {broken: {of: train/loss, take: not_finite}}\n"
    (workspace / "swanlab-gate.yml").write_text(
        curves + GATES.replace("{state: FINISHED}", "{state: FINISHED, curve.broken: 0}")
    )

    def log_nan(number: int) -> None:
        if number == 2:
            long_run.series["train/loss"].append([10**6, "NaN", 1])

    pauses = on_pause(log_nan)

    ended = command_line("check", "--wait", "30m")

    assert (ended.code, len(pauses), long_run.state) == (1, 2, "RUNNING")
    assert "curve.broken (NaN and infinite values of train/loss, at step 1000000) is 1" in ended.out
