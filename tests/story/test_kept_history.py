"""A history is kept in a file, judged again without a request, renewed, and refused where it is not whole."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.story import GATES, CommandLine, Ended
from support.words import words

from swanlab_ci.sandbox import Fault, Sandbox

METRIC = GATES.replace("expect: {config.lr: {min: 1e-5, max: 1e-2}}", "expect: {metrics.val/acc: {min: 0.9}}")


def profiles(sandbox: Sandbox) -> list[str]:
    return [each.path for each in sandbox.requests if re.search(r"/runs/\w+$", each.path.partition("?")[0])]


def kept(command_line: CommandLine, *more: str) -> Ended:
    ended = command_line("backtest", "--keep", "past.jsonl", "--format", "json", *more)
    assert ended.code == 0, ended.err
    return ended


def from_file(command_line: CommandLine, *more: str) -> Ended:
    return command_line("backtest", "--history", "past.jsonl", *more, environ={})


def test_a_kept_history_is_judged_again_without_a_request(
    command_line: CommandLine, sandbox: Sandbox, workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(METRIC)
    fetched = kept(command_line).document
    sandbox.requests.clear()

    again = from_file(command_line, "--format", "json").document

    assert sandbox.requests == []
    assert again == fetched
    assert again["stopped"]["count"] > 0


def test_other_rules_are_tried_on_a_kept_history(command_line: CommandLine, workspace: Path) -> None:
    kept(command_line)  # these rules read no metric
    (workspace / "swanlab-gate.yml").write_text(METRIC.replace("0.9", "0.99"))

    stricter = from_file(command_line, "--format", "json").document

    (counts,) = (gate["counts"] for gate in stricter["gates"] if gate["id"] == "training-settings-are-sane")
    assert (counts["fail"], counts["error"]) == (4, 0)


def test_only_what_changed_is_fetched_again(command_line: CommandLine, sandbox: Sandbox, workspace: Path) -> None:
    first = kept(command_line).document
    runs = sandbox.store.projects["my-team/resnet"].runs
    resumed, relabelled, deleted = [run for run in runs if run.state == "FINISHED"][:3]
    resumed.finished_at = "2026-01-01T00:00:00.000Z"
    relabelled.labels = ["other"]
    runs.remove(deleted)
    for run in (resumed, relabelled):
        run.changed()
    sandbox.requests.clear()

    renewed = kept(command_line).document

    open_runs = [run.cuid for run in runs if run.state == "RUNNING"]
    assert sorted(path.rpartition("/")[2] for path in profiles(sandbox)) == sorted([resumed.cuid, *open_runs])
    assert renewed["runs"] == first["runs"] - 1
    assert (workspace / "past.jsonl").read_text().count('"other"') == 1
    fresh = command_line("backtest", "--format", "json").document
    assert [unit["verdict"] for unit in renewed["units"]] == [unit["verdict"] for unit in fresh["units"]]


def test_what_was_fetched_before_an_outage_is_kept(command_line: CommandLine, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(kind="status", status=503, path="*summaries*"))

    cut_off = command_line("backtest", "--keep", "past.jsonl", "--timeout", "3s")
    refused = from_file(command_line)
    sandbox.faults.clear()
    sandbox.requests.clear()
    whole = kept(command_line)

    assert (cut_off.code, cut_off.out) == (3, "")
    assert words("kept.a-part", file="past.jsonl", count=40) in cut_off.err.replace("`", "")
    assert (refused.code, refused.out) == (3, "")
    assert words("kept.incomplete", file="past.jsonl") in refused.err.replace("`", "")
    open_runs = [run for run in sandbox.store.projects["my-team/resnet"].runs if run.state == "RUNNING"]
    assert len(profiles(sandbox)) == len(open_runs)
    assert whole.document["runs"] == 40
    assert from_file(command_line).code == 0


def test_ctrl_c_keeps_what_was_fetched(sandbox: Sandbox, workspace: Path) -> None:
    sandbox.faults.add(Fault(kind="latency", seconds=30, path="*summaries*"))
    command = [sys.executable, "-m", "swanlab_ci", "backtest", "--keep", "past.jsonl"]
    child = subprocess.Popen(  # noqa: S603 - our own program
        command, env=os.environ | sandbox.environment(), stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 30
    while len(profiles(sandbox)) < 40 and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=30)

    head = json.loads((workspace / "past.jsonl").read_text().splitlines()[0])
    assert child.returncode == 3
    assert words("kept.a-part", file="past.jsonl", count=40) in err.replace("`", "")
    assert (head["complete"], head["runs"], head["profile"]) == (False, 40, True)


def test_an_outage_before_the_list_leaves_the_file_as_it_was(
    command_line: CommandLine, sandbox: Sandbox, workspace: Path
) -> None:
    kept(command_line)
    before = (workspace / "past.jsonl").read_bytes()
    sandbox.faults.add(Fault(kind="status", status=503))

    assert command_line("backtest", "--keep", "past.jsonl", "--timeout", "3s").code == 3
    assert (workspace / "past.jsonl").read_bytes() == before
    assert [path.name for path in workspace.iterdir() if path.name.startswith(".past")] == []


def changed_head(**values: Any) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        first, _, rest = content.partition(b"\n")
        return json.dumps(json.loads(first) | values).encode() + b"\n" + rest

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda content: content[: len(content) // 2], "kept.cut-off"),
        (lambda content: content.replace(b"FINISHED", b"FINISHEE", 1), "kept.damaged"),
        (lambda content: content + b"{}\n", "kept.damaged"),
        (lambda content: content.replace(b"0.9", b"0.8", 1), "kept.damaged"),
        (lambda content: content[:40], "kept.no-history"),
        (lambda _content: b"", "kept.no-history"),
        (lambda _content: b"\x00\xff", "kept.no-history"),
        (lambda _content: b"[" * 100_000, "kept.no-history"),
        (lambda _content: b'{"format": 2}', "kept.no-history"),
        (changed_head(version=2), "check.bundle-other-version"),
        (changed_head(runs="many"), "kept.damaged"),
        (changed_head(fetched_at="2026-01-01T00:00:00"), "kept.damaged"),
        (changed_head(project="resnet"), "kept.damaged"),
        (changed_head(more=1), "kept.damaged"),
    ],
)
@pytest.mark.parametrize("flag", ["--history", "--keep"])
def test_a_damaged_file_is_refused_and_stays(
    command_line: CommandLine, workspace: Path, flag: str, change: Callable[[bytes], bytes], problem: str
) -> None:
    kept(command_line)
    file = workspace / "past.jsonl"
    file.write_bytes(damaged := change(file.read_bytes()))

    ended = command_line("backtest", flag, "past.jsonl")

    assert (ended.code, ended.out) == (2, "")
    assert words(problem, found=20, count=40).partition(" of ")[0].rstrip("0123456789") in ended.err
    assert file.read_bytes() == damaged


@pytest.mark.parametrize("flag", ["--history", "--keep"])
def test_the_history_of_another_project_is_refused(command_line: CommandLine, flag: str) -> None:
    kept(command_line)

    ended = command_line("backtest", flag, "past.jsonl", "--project", "ada/empty")

    assert (ended.code, ended.out) == (2, "")
    said = words("kept.other-project", file="past.jsonl", kept="my-team/resnet", asked="ada/empty")
    assert said in ended.err.replace("`", "")


def test_the_history_of_another_server_is_refused(command_line: CommandLine, sandbox: Sandbox) -> None:
    kept(command_line)
    sandbox.requests.clear()

    ended = command_line("backtest", "--keep", "past.jsonl", "--web-host", "https://other.example")

    assert (ended.code, ended.out) == (2, "")
    assert "https://other.example" in ended.err
    assert sandbox.requests == []


def test_what_was_not_kept_is_named(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "swanlab-gate.yml").write_text(GATES.replace("git.commit: $pr_commits", "config.pr: $pr_number"))
    kept(command_line)
    (workspace / "swanlab-gate.yml").write_text(
        GATES.replace("gates:", "curves: {end: {of: loss, last: 1, take: mean}}\ngates:", 1).replace(
            "{config.lr: {min: 1e-5, max: 1e-2}}", "{curve.end: {min: 0}}"
        )
    )

    ended = from_file(command_line)

    assert (ended.code, ended.out) == (2, "")
    assert "was kept without" in ended.err
    assert {"git.commit", "curve.end"} <= set(re.findall(r"\w+\.\w+", ended.err))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--keep", "a", "--history", "b"), "backtest.keep-or-history"),
        (("--keep", "a", "--local", "."), "backtest.keep-or-local"),
        (("--history", "a", "--local", "."), "backtest.keep-or-local"),
    ],
)
def test_flags_that_do_not_go_together(command_line: CommandLine, *, arguments: tuple[str, ...], message: str) -> None:
    ended = command_line("backtest", *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert words(message).replace("`", "") in ended.err.replace("`", "")


@pytest.mark.parametrize("arguments", [("--history", "missing"), ("--history", "."), ("--keep", "."), ("--keep", "")])
def test_a_file_that_cannot_be_used_is_told(command_line: CommandLine, arguments: tuple[str, ...]) -> None:
    ended = command_line("backtest", *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err


def test_a_secret_in_a_config_is_not_kept(command_line: CommandLine, sandbox: Sandbox, workspace: Path) -> None:
    key = sandbox.environment()["SWANLAB_API_KEY"]
    run = sandbox.store.projects["my-team/resnet"].runs[0]
    run.config["note"] = {"value": f"key {key}", "desc": "", "sort": 0}
    run.changed()

    kept(command_line)

    assert key not in (workspace / "past.jsonl").read_text()
    assert from_file(command_line).code == 0
