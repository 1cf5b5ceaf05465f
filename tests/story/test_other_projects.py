"""Gates and baselines that read another project, or the server beside a folder, on the command line."""

import json
import shutil
from pathlib import Path

import pytest
from support.story import CommandLine, Ended

from swanlab_ci.sandbox import FIXED_COMMIT, Sandbox

RECORDED = Path(__file__).parents[1] / "sources" / "local" / "recorded"
GRACE = "graceSandboxSandbox42"
OTHER_GATE = """\
project: my-team/resnet
gates:
  - name: The model is good
    runs: {git.commit: $pr_commits, labels: eval}
    expect: {state: FINISHED}
  - name: The notes are kept
    project: ada/notes
    runs: {labels: scratch}
    expect: {state: FINISHED}
"""
OTHER_BASELINE = """\
project: ada/notes
baselines:
  main:
    project: my-team/resnet
    runs: {git.branch: main, labels: eval, state: FINISHED}
    newest: 5
gates:
  - name: As good as the team
    runs: {labels: scratch, name: scratch}
    compare: {metrics.val/acc: {to: main, better: higher, allow_worse: 10%}}
"""
LOCAL = """\
project: my-team/written
baselines:
  main:
    project: my-team/resnet
    from: server
    runs: {git.branch: main, labels: eval, state: FINISHED}
    newest: 5
gates:
  - name: As good as on the server
    compare: {metrics.val/acc: {to: main, better: higher, allow_worse: 30%}}
"""


def checked(command_line: CommandLine, workspace: Path, gates: str, *flags: str, key: str | None = None) -> Ended:
    (workspace / "swanlab-gate.yml").write_text(gates)
    return command_line("check", "--sha", FIXED_COMMIT, "--format", "json", *flags, key=key)


def of_gate(ended: Ended, number: int) -> tuple[str, str]:
    gate = ended.document["gates"][number]
    return gate["status"], gate["project"]


def test_a_gate_judges_the_runs_of_the_project_that_it_names(command_line: CommandLine, workspace: Path) -> None:
    ended = checked(command_line, workspace, OTHER_GATE)

    assert ended.code == 0, ended.out
    assert [of_gate(ended, 0), of_gate(ended, 1)] == [("pass", ""), ("pass", "ada/notes")]
    assert {run["name"] for run in ended.document["gates"][1]["runs_selected"]} <= {"scratch", "clone"}
    (other,) = ended.document["other_projects"]
    assert (other["project"], other["runs"], other["failure"]) == ("ada/notes", 2, None)
    assert other["url"].endswith("/@ada/notes")


def test_a_baseline_is_of_the_project_that_it_names(command_line: CommandLine, workspace: Path) -> None:
    ended = checked(command_line, workspace, OTHER_BASELINE)

    (check,) = ended.document["gates"][0]["checks"]
    assert (check["comparison"]["project"], len(check["comparison"]["base"]["runs"])) == ("my-team/resnet", 5)
    assert "main (my-team/resnet)" in check["message"]["text"]
    assert ended.document["project"] == "ada/notes"


def test_every_project_costs_its_own_requests_and_no_more(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox
) -> None:
    checked(command_line, workspace, OTHER_GATE, "--report-dir", "report")

    paths = [request.path.partition("?")[0] for request in sandbox.requests]
    assert paths.count("/api/login/api_key") == 1
    assert [path for path in paths if "/ada/notes" in path] == [
        "/api/project/ada/notes/runs/shows",  # SwanLab selects by the label
        "/api/project/ada/notes",  # for the report
    ]


@pytest.mark.parametrize(
    ("project", "key", "says"),
    [("ada/nothing", None, "404"), ("ada/empty", GRACE, "403"), ("nobody/none", None, "404")],
)
def test_a_project_that_cannot_be_read_is_told_at_its_place_and_never_passes(
    command_line: CommandLine, workspace: Path, project: str, key: str | None, says: str
) -> None:
    ended = checked(command_line, workspace, OTHER_GATE.replace("ada/notes", project), key=key)

    assert ended.code == 3
    assert [of_gate(ended, 0), of_gate(ended, 1)] == [("pass", ""), ("error", project)]
    (check,) = ended.document["gates"][1]["checks"]
    assert (check["kind"], check["line"]) == ("project", 7)
    assert says in str(check["reason"]["unread"])
    assert ended.document["other_projects"][0]["failure"]["id"] == "check.stopped"


@pytest.mark.parametrize("on_missing", ["error", "skip", "warn"])
def test_a_baseline_that_cannot_be_read_is_not_an_empty_one(
    command_line: CommandLine, workspace: Path, on_missing: str
) -> None:
    gates = OTHER_BASELINE.replace("my-team/resnet", "my-team/gone")
    ended = checked(command_line, workspace, gates.replace("10%", f"10%, on_missing: {on_missing}"))

    assert ended.code == 3
    assert of_gate(ended, 0) == ("error", "")
    assert [check["kind"] for check in ended.document["gates"][0]["checks"]] == ["project"]


def test_a_gate_without_runs_elsewhere_shows_where_they_went(command_line: CommandLine, workspace: Path) -> None:
    ended = checked(command_line, workspace, OTHER_GATE.replace("labels: scratch", "labels: nothing"))

    assert (ended.code, of_gate(ended, 1)) == (1, ("fail", "ada/notes"))
    assert ended.document["gates"][1]["runs_considered"] == 2


def test_the_files_own_project_is_no_other(command_line: CommandLine, workspace: Path) -> None:
    ended = checked(command_line, workspace, OTHER_GATE.replace("ada/notes", "my-team/resnet"))

    assert ended.document["other_projects"] == []
    assert of_gate(ended, 1)[1] == ""


def test_runs_of_a_folder_meet_a_baseline_on_the_server(command_line: CommandLine, workspace: Path) -> None:
    shutil.copytree(RECORDED / "old-ok", workspace / "swanlog")

    ended = checked(command_line, workspace, LOCAL, "--local", "swanlog", "--bundle", "case.json")

    assert ended.code == 0, ended.out
    (check,) = ended.document["gates"][0]["checks"]
    assert (check["comparison"]["project"], check["comparison"]["counts"]) == ("my-team/resnet", [1, 5])
    (other,) = ended.document["other_projects"]
    assert other["from_server"]
    again = command_line("replay", "case.json", "--format", "json", environ={})
    assert again.code == 0
    assert again.document["gates"] == ended.document["gates"]
    assert again.document["other_projects"] == ended.document["other_projects"]


def test_without_a_folder_everything_is_from_the_server_anyway(command_line: CommandLine, workspace: Path) -> None:
    gates = OTHER_GATE.replace("    project: ada/notes\n", "    from: server\n").replace("scratch", "eval")
    ended = checked(command_line, workspace, gates)

    assert ended.document["other_projects"] == []
    assert of_gate(ended, 1)[0] in {"pass", "fail"}


def test_the_server_beside_a_folder_needs_a_key(command_line: CommandLine, workspace: Path) -> None:
    shutil.copytree(RECORDED / "old-ok", workspace / "swanlog")
    (workspace / "swanlab-gate.yml").write_text(LOCAL)

    ended = command_line("check", "--local", "swanlog", environ={"HOME": str(workspace)})

    assert ended.code == 2
    assert "There is no SwanLab API key" in ended.err
    assert "swanlab-gate.yml:4:14" in ended.err


def test_a_failure_is_replayed_and_explained(command_line: CommandLine, workspace: Path) -> None:
    gates = OTHER_GATE.replace("ada/notes", "ada/nothing")
    first = checked(command_line, workspace, gates, "--bundle", "case.json")

    again = command_line("replay", "case.json", "--format", "json", environ={})
    why = command_line("explain", "the-notes-are-kept", "--bundle", "case.json", environ={})

    assert (again.code, again.document["gates"]) == (3, first.document["gates"])
    assert "project ada/nothing could not be read" in why.out


def test_rules_that_read_more_projects_are_not_judged_by_a_bundle(command_line: CommandLine, workspace: Path) -> None:
    checked(command_line, workspace, OTHER_GATE, "--bundle", "case.json")
    (workspace / "more.yml").write_text(OTHER_GATE.replace("ada/notes", "ada/empty"))

    ended = command_line("replay", "case.json", "--gates", "more.yml", environ={})

    assert ended.code == 2
    assert "The bundle holds no runs of ada/empty" in ended.err


def test_a_bundle_holds_where_each_run_is_from(command_line: CommandLine, workspace: Path) -> None:
    checked(command_line, workspace, OTHER_GATE, "--bundle", "case.json")

    runs = json.loads((workspace / "case.json").read_text())["runs"]
    assert {run["origin"]["project"] for run in runs} == {"", "ada/notes"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("project: notes", "swanlab-gate.yml:7:14: write `project` as `workspace/project`"),
        ("project: [ada/notes]", "swanlab-gate.yml:7:14: write `project` as `workspace/project`"),
        ("from: nonsense", "swanlab-gate.yml:7:11: `nonsense` is not one of `server`"),
        ("from: cloud", "did you mean `server`?"),
        ("from: [server]", "swanlab-gate.yml:7:11"),
        ("projct: ada/notes", "did you mean `project`?"),
        ("source: server", "did you mean `from`?"),
    ],
)
def test_lint_names_what_is_wrong_about_where_runs_are_from(
    command_line: CommandLine, workspace: Path, line: str, says: str
) -> None:
    (workspace / "swanlab-gate.yml").write_text(OTHER_GATE.replace("project: ada/notes", line))

    ended = command_line("lint", environ={})

    assert ended.code == 2
    assert says in ended.out


def test_the_report_names_the_project_beside_the_gate_and_links_its_runs(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox
) -> None:
    (workspace / "swanlab-gate.yml").write_text(OTHER_GATE.replace("state: FINISHED}", "state: CRASHED}"))

    text = command_line("check", "--sha", FIXED_COMMIT).out
    markdown = command_line("check", "--sha", FIXED_COMMIT, "--format", "markdown").out
    page = command_line("check", "--sha", FIXED_COMMIT, "--format", "html").out

    assert "The notes are kept (project ada/notes)" in text
    for written in (markdown, page):
        assert "ada/notes" in written
        assert f"{sandbox.url}/@ada/notes/runs/" in written


def test_a_doctor_asks_for_every_project(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "swanlab-gate.yml").write_text(OTHER_GATE)
    good = command_line("doctor")
    (workspace / "swanlab-gate.yml").write_text(OTHER_GATE.replace("ada/notes", "ada/nothing"))
    bad = command_line("doctor")

    assert "ada/notes has 2 runs" in good.out
    assert "404" in bad.out


@pytest.mark.parametrize("command", ["backtest", "suggest"])
def test_a_history_of_several_projects_is_refused_at_its_place(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox, command: str
) -> None:
    (workspace / "swanlab-gate.yml").write_text(OTHER_GATE)

    ended = command_line(command)

    assert ended.code == 2
    assert "swanlab-gate.yml:7:14: leave this out, or backtest" in ended.err
    assert sandbox.requests == []


def test_a_history_by_a_file_that_names_its_own_project_twice_is_judged(
    command_line: CommandLine, workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(OTHER_GATE.replace("ada/notes", "my-team/resnet"))

    assert command_line("backtest").code == 0


def test_made_up_runs_say_of_which_project_they_are(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "swanlab-gate.yml").write_text(OTHER_GATE)
    tests = """\
tests:
  - name: A crashed note stops the merge
    runs:
      - {labels: [eval]}
      - {labels: [scratch], project: ada/notes, state: CRASHED}
    expect: {the-model-is-good: pass, the-notes-are-kept: fail}
"""
    (workspace / "tests.yml").write_text(tests)
    good = command_line("test", "tests.yml", environ={})
    (workspace / "tests.yml").write_text(tests.replace("ada/notes", "ada/note"))
    bad = command_line("test", "tests.yml", environ={})

    assert good.code == 0, good.out + good.err
    assert bad.code == 2
    assert "tests.yml:5:38: no gate and no baseline reads the project `ada/note`; did you mean `ada/notes`?" in bad.err
