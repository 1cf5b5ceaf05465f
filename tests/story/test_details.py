"""What is fetched for the report alone: little, after the verdict, and whatever fails is a note."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.story import CommandLine

from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Fault, Sandbox

CHECK = ("check", "--sha", PULL_REQUEST_COMMIT, "--pr", "42", "--format", "json")
GATES = """\
project: my-team/resnet
baselines: {main: {runs: {labels: eval, config.pr: null}, newest: 5}}
gates:
  - name: Evaluated
    runs: {labels: eval, git.commit: $pr_commits}
    expect: {metrics.val/acc: {min: 0.1}}
"""
COMMIT = "e" * 40
CURVES, SUMMARIES = "*/house/metrics/scalar", "*/house/metrics/summaries"


@pytest.fixture(autouse=True)
def gates(workspace: Path) -> None:
    path = workspace / "swanlab-gate.yml"
    path.write_text(GATES.replace("config.pr: null", "git.branch: main"), "utf-8")


def insight_of(ended: Any) -> dict[str, Any]:
    found = ended.document["insight"]
    assert isinstance(found, dict)
    return found


def ids(notes: list[dict[str, Any]]) -> list[str]:
    return [note["id"] for note in notes]


def test_a_report_has_curves_changes_and_runs(command_line: CommandLine) -> None:
    found = insight_of(command_line(*CHECK))

    assert found["notes"] == []
    assert found["baseline"] == "main"
    assert {curves["metric"]["key"] for curves in found["curves"]} >= {"val/acc"}
    assert found["changes"]["parts"]
    assert found["new_runs"]


def paths(sandbox: Sandbox, before: int = 0) -> list[str]:
    return [request.path for request in [*sandbox.requests][before:]]


def test_few_requests_are_added(command_line: CommandLine, sandbox: Sandbox) -> None:
    """At most 15 for curves, 10 for profiles, and one for 50 runs."""
    command_line(*CHECK)
    asked = paths(sandbox)
    summaries = [number for number, path in enumerate(asked) if path.endswith("/summaries")]
    added = asked[summaries[-1] :]  # the last one is the report's first

    assert sum(path.endswith("/scalar") for path in added) <= 15
    assert sum("/runs/" in path for path in added) <= 10
    assert len(added) <= 15 + 10 + 1


def test_charts_none_asks_for_no_curves(command_line: CommandLine, workspace: Path, sandbox: Sandbox) -> None:
    path = workspace / "swanlab-gate.yml"
    path.write_text(path.read_text("utf-8") + "report: {charts: none}\n", "utf-8")

    found = insight_of(command_line(*CHECK))

    assert not [path for path in paths(sandbox) if path.endswith("/scalar")]
    assert found["curves"] == []
    assert found["new_runs"]


@pytest.mark.parametrize("kind", ["status", "hang", "not-json", "html", "nan", "reset", "gzip-bomb", "deep", "body"])
@pytest.mark.parametrize("path", [CURVES, SUMMARIES])
def test_whatever_fails_after_the_verdict_is_a_note(
    command_line: CommandLine, sandbox: Sandbox, kind: str, path: str
) -> None:
    before = command_line(*CHECK).document
    skip = sum(request.path.endswith(path.removeprefix("*")) for request in sandbox.requests)
    skip -= 1 if path == SUMMARIES else skip  # the last one is the report's
    sandbox.faults.add(Fault(kind=kind, path=path, skip=skip, seconds=60, text='[{"key": 1}]'))

    after = command_line(*CHECK, "--timeout", "20s")

    assert after.document["verdict"] == before["verdict"]
    assert after.document["gates"] == before["gates"]
    wanted = "report.not-drawn" if path == CURVES else "report.not-described"
    assert wanted in ids(insight_of(after)["notes"])


CURVED = """\
project: my-team/resnet
curves: {tail: {of: val/acc, last: 10, take: mean}}
report: {columns: [curve.tail]}
gates:
  - name: One
    runs: {name: {like: main-s?}}
    expect: {curve.tail: {min: 0.5}}
"""


def test_a_curve_is_a_column_and_its_metric_is_drawn_first(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "swanlab-gate.yml").write_text(CURVED)

    ended = command_line("check", "--format", "json")

    assert ended.code == 0
    shown = insight_of(ended)
    assert shown["columns"] == ["curve.tail"]
    assert all(0.9 < run["columns"]["curve.tail"] < 1 for run in shown["new_runs"])
    assert shown["new_runs"]
    assert shown["charts"][0] == "val/acc"


def test_a_gate_by_group_in_a_project_of_ten_thousand_runs_takes_six_requests_in_all(
    command_line: CommandLine, sandbox: Sandbox, workspace: Path
) -> None:
    (project,) = (each for each in sandbox.store.projects.values() if each.name == "resnet")
    ours = [run for run in project.runs if "val/acc" in run.series and run.state == "FINISHED"][:3]
    for run in ours:
        run.cluster = COMMIT
        run.changed()
    template = next(run for run in project.runs if run not in ours)
    project.runs += [replace(template, cuid=f"other{number:016}", cluster="other") for number in range(9_960)]
    (workspace / "swanlab-gate.yml").write_text(
        "project: my-team/resnet\nruns: {group: $pr_commits}\n"
        "gates: [{name: Good, expect: {state: FINISHED, metrics.val/acc: {min: 0.01}}}]\n"
    )

    ended = command_line("check", "--sha", COMMIT, "--format", "json")

    found = insight_of(ended)
    assert (ended.code, found["notes"]) == (0, [])
    assert {each["metrics"]["metrics.val/acc"] is None for each in found["new_runs"]} == {False}
    assert [len(curves["new"]) for curves in found["curves"]] == [3]
    assert len(sandbox.requests) == 6
