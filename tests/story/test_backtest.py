"""`backtest` gives every verdict again that `check` gave, and counts what a gate file would have stopped."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.rendered import Page
from support.repository import Repository
from support.story import GATES, CommandLine, Ended
from support.words import words

from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Fault, Sandbox
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun

RULES = """\
project: my-team/replayed
runs: {git.commit: $pr_commits}
baselines: {main: {runs: {git.branch: main, labels: eval, state: FINISHED}, newest: 5}}
curves: {end: {of: acc, last: 1, take: mean}}
gates:
  - name: Everything finished
    expect: {state: FINISHED}
  - name: Holds up
    runs: {labels: eval}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%, on_missing: warn}}
  - name: Ends well
    level: warn
    expect: {curve.end: {min: 0.82}}
  - name: Main is alive
    level: warn
    scope: project
    runs: {git.branch: main, age: {max: 1h}}
    expect: {metrics.acc: {min: 0.5}}
"""
ACCURACIES = (0.90, 0.91, 0.80, 0.92, 0.91, 0.85, 0.93, 0.40, 0.92, 0.94, 0.90, 0.935)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def commits(sandbox: Sandbox) -> Iterator[str]:
    """Train twelve commits one after the other, every third on main, the fifth crashes; yield each when it is over."""
    place = {"cuid": "r" * 21, "name": "replayed", "workspace": "my-team", "created_at": now()}
    project = StoredProject(runs=[], **place)  # type: ignore[arg-type]  # all are texts
    sandbox.store.add_project(project)
    for number, accuracy in enumerate(ACCURACIES):
        commit, branch = f"{number + 1:x}" * 40, "topic" if number % 3 else "main"
        for seed in range(2):
            started = now()
            run = StoredRun(
                cuid=f"replayed{number:06}{seed:07}",
                name=f"c{number}-s{seed}",
                username="ada",
                created_at=started,
                finished_at=now(),
                state="CRASHED" if (number, seed) == (4, 1) else "FINISHED",
                labels=["eval"],
                metadata={"git": {"branch": branch, "commit": commit, "remote_url": ""}, "_version": 2},
                series={"acc": [[0, accuracy + seed / 1000, 1]]},
            )
            sandbox.store.add_run(project, run)
        yield commit[:40]
        time.sleep(0.002)  # the next commit is later, by the clock of milliseconds


def gates_of(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(gate["id"], gate["status"], gate["summary"]["text"]) for gate in document["gates"]]


def test_every_verdict_of_twelve_commits_is_given_again_word_for_word(
    command_line: CommandLine, sandbox: Sandbox, workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(RULES)
    checked = {}
    for commit in commits(sandbox):
        document = command_line("check", "--sha", commit, "--format", "json").document
        checked[commit] = (document["verdict"], document["headline"]["text"], gates_of(document))

    units = command_line("backtest", "--format", "json").document["units"]

    assert {unit["unit"]: (unit["verdict"], unit["headline"]["text"], gates_of(unit)) for unit in units} == checked
    assert {verdict for verdict, *_ in checked.values()} == {"pass", "fail", "warn"}


def backtested(command_line: CommandLine, workspace: Path, *arguments: str, gates: str = GATES) -> Ended:
    (workspace / "swanlab-gate.yml").write_text(gates)
    return command_line("backtest", *arguments)


def test_the_counts_of_each_gate_and_what_it_stops_are_printed(command_line: CommandLine, workspace: Path) -> None:
    ended = backtested(command_line, workspace)

    assert ended.code == 0
    assert re.match(r"10 commits, 40 runs, my-team/resnet, \d{4}-\d\d-\d\d to ", ended.out)
    assert re.search(r"^gate +pass  warn  fail  pending  error  no-run$", ended.out, re.MULTILINE)
    assert re.search(r"^smoke-run-finished +3 +0 +1 +0 +0 +6\b", ended.out, re.MULTILINE)
    assert re.search(rf"^  {PULL_REQUEST_COMMIT[:7]}  [\d-]+  fail +smoke-run-finished: ", ended.out, re.MULTILINE)
    assert FIXED_COMMIT[:7] not in ended.out


def test_json_holds_each_unit_and_each_gate(command_line: CommandLine, workspace: Path) -> None:
    document = backtested(command_line, workspace, "--format", "json").document

    assert (document["field"], document["runs"], document["stopped"]["of"]) == ("git.commit", 40, 10)
    assert [gate["id"] for gate in document["gates"]] == ["smoke-run-finished", "training-settings-are-sane"]
    by_unit = {unit["unit"]: unit for unit in document["units"]}
    assert by_unit[FIXED_COMMIT]["verdict"] == "pass"
    assert by_unit[PULL_REQUEST_COMMIT]["stopped"] is True
    assert document["stopped"]["count"] == sum(unit["stopped"] for unit in document["units"])
    assert document["against"] is None


def test_another_gate_file_is_compared(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "loose.yml").write_text(
        "project: my-team/resnet\nruns: {git.commit: $pr_commits}\n"
        "gates: [{name: Named, expect: {name: {exists: true}}}]\n"
    )

    ended = backtested(command_line, workspace, "--against", "loose.yml")
    document = backtested(command_line, workspace, "--against", "loose.yml", "--format", "json").document

    fewer = document["stopped"]["count"]
    assert document["against"]["stopped"]["count"] == 0
    assert words("backtest.difference", file="loose.yml", more=0, fewer=fewer) in ended.out.replace("`", "")
    assert re.search(rf"^  {PULL_REQUEST_COMMIT[:7]}  [\d-]+  fail → pass$", ended.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--at-most", "100%"), 0),
        (("--at-most", "10%"), 1),
        (("--at-most", "0%"), 1),
        (("--at-most", "0%", "--against", "loose.yml"), 0),
        (("--last", "1", "--at-most", "0%"), 0),
    ],
)
def test_too_many_stops_are_a_failure(
    command_line: CommandLine, workspace: Path, *, arguments: tuple[str, ...], code: int
) -> None:
    (workspace / "loose.yml").write_text(
        "project: my-team/resnet\nruns: {git.commit: $pr_commits}\n"
        "gates: [{name: Named, expect: {name: {exists: true}}}]\n"
    )

    ended = backtested(command_line, workspace, *arguments)

    assert ended.code == code
    assert ("This is more than" in ended.out) is (code == 1)


def test_few_units_have_no_percentage(command_line: CommandLine, workspace: Path) -> None:
    ended = backtested(command_line, workspace, "--last", "9")

    assert "9 commits" in ended.out
    assert "%" not in ended.out
    assert words("report.note", note=words("backtest.note-older", count=1)) in ended.out


def test_since_leaves_out_what_is_older(command_line: CommandLine, workspace: Path) -> None:
    every, recent = (
        backtested(command_line, workspace, "--since", since, "--format", "json").document["units"]
        for since in ("365d", "24h")
    )

    assert len(every) == 10
    assert {PULL_REQUEST_COMMIT, FIXED_COMMIT} <= {unit["unit"] for unit in recent}
    assert len(recent) < len(every)


def test_any_field_can_make_the_units(command_line: CommandLine, workspace: Path) -> None:
    gates = GATES.replace("runs: {git.commit: $pr_commits}\n", "")

    document = backtested(command_line, workspace, "--by", "config.dataset", "--format", "json", gates=gates).document

    assert {unit["unit"] for unit in document["units"]} >= {"cifar10", "svhn"}


def test_a_pull_requests_number_makes_units(command_line: CommandLine, workspace: Path) -> None:
    gates = GATES.replace("git.commit: $pr_commits", "config.pr: $pr_number")

    (unit,) = backtested(command_line, workspace, "--format", "json", gates=gates).document["units"]

    assert unit["unit"] == 42


@pytest.mark.parametrize(
    ("gates", "arguments", "code", "message"),
    [
        (GATES.replace("$pr_commits", "abcdef0"), (), 2, "backtest.no-field"),
        (GATES.replace("labels: smoke", "config.pr: $pr_number"), (), 2, "backtest.two-fields"),
        (GATES.replace("labels: smoke", "git.branch: $base_branch"), (), 2, "gate-file.variable-flag"),
        (GATES, ("--by", "state"), 2, "input.wrong"),
        (GATES, ("--by", "nothing.at.all"), 2, "input.wrong"),
        (GATES, ("--by", "config.nothing"), 2, "gate-file.variable-flag"),
        (GATES, ("--last", "0"), 2, "input.wrong"),
        (GATES, ("--since", "90"), 2, "input.wrong"),
        (GATES, ("--since", "90d", "--last", "5"), 2, "input.wrong"),
        (GATES, ("--at-most", "0.1"), 2, "input.wrong"),
        (GATES, ("--at-most", "101%"), 2, "input.wrong"),
        (GATES, ("--against", "nowhere.yml"), 2, "file.unreadable"),
        (GATES, ("--project", "ada/empty"), 3, "backtest.no-unit"),
        (GATES, ("--project", "my-team/nothing"), 3, ""),
    ],
)
def test_without_units_it_says_why(
    command_line: CommandLine, workspace: Path, *, gates: str, arguments: tuple[str, ...], code: int, message: str
) -> None:
    ended = backtested(command_line, workspace, *arguments, gates=gates)

    assert (ended.code, ended.out) == (code, "")
    assert ended.err
    if message.startswith("backtest."):
        said = words(message, file="swanlab-gate.yml", field="git.commit", fields="", variables="")
        assert said.split(".")[0][:30] in ended.err.replace("`", "")


def test_a_variable_is_given_by_set(command_line: CommandLine, workspace: Path) -> None:
    gates = GATES.replace("labels: smoke", "git.branch: $base_branch")

    assert backtested(command_line, workspace, "--set", "base_branch=main", gates=gates).code == 0


def test_curves_are_judged_of_every_run(command_line: CommandLine, workspace: Path) -> None:
    gates = GATES.replace("gates:", "curves: {tail: {of: val/acc, last: 5, take: mean}}\ngates:", 1).replace(
        "expect: {config.lr: {min: 1e-5, max: 1e-2}}", "expect: {curve.tail: {min: 0.92}}"
    )

    document = backtested(command_line, workspace, "--format", "json", gates=gates).document

    (counts,) = (gate["counts"] for gate in document["gates"] if gate["id"] == "training-settings-are-sane")
    assert (counts["pass"], counts["fail"], counts["error"]) == (2, 2, 0)


@pytest.mark.parametrize("fault", [Fault(kind="html"), Fault(kind="status", status=503)], ids=["html", "503"])
def test_an_incomplete_history_is_no_result(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox, fault: Fault
) -> None:
    sandbox.faults.add(fault)

    assert backtested(command_line, workspace, "--timeout", "5s").code == 3


def test_every_run_is_fetched_once(command_line: CommandLine, workspace: Path, sandbox: Sandbox) -> None:
    gates = GATES.replace("expect: {state: FINISHED}", "expect: {metrics.val/acc: {min: 0.5}}")

    assert backtested(command_line, workspace, gates=gates).code == 0
    profiles = [each.path for each in sandbox.requests if re.search(r"/runs/\w+$", each.path.partition("?")[0])]
    assert len(profiles) == len(set(profiles)) == 40


def test_a_folder_of_offline_runs_has_a_history(command_line: CommandLine, workspace: Path) -> None:
    recorded = Path(__file__).parents[1] / "sources" / "local" / "recorded" / "old-ok"
    gates = "runs: {git.commit: $pr_commits}\ngates: [{name: Done, expect: {state: FINISHED}}]\n"

    ended = backtested(command_line, workspace, "--local", str(recorded), "--format", "json", gates=gates)

    assert ended.code == 0, ended.err
    assert [unit["verdict"] for unit in ended.document["units"]] == ["pass"]


def test_markdown_is_the_same_in_tables(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "loose.yml").write_text(
        "project: my-team/resnet\nruns: {git.commit: $pr_commits}\n"
        "gates: [{name: Named, expect: {name: {exists: true}}}]\n"
    )

    shown = backtested(command_line, workspace, "--against", "loose.yml", "--format", "markdown").out
    page = Page(shown)

    assert "| `smoke-run-finished` | 3 | 0 | 1 | 0 | 0 | 6 |  |" in shown
    assert f"| ❌ | `{PULL_REQUEST_COMMIT[:7]}` | " in shown
    assert f"| ❌ → ✅ | `{PULL_REQUEST_COMMIT[:7]}` | " in shown
    assert set(page.widths) == {8, 4}
    assert {"h2", "h3", "ul"} <= set(page.tags)


def test_git_tells_which_stopped_commits_were_merged_and_reverted(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox
) -> None:
    repository = Repository(workspace)
    merged, reverted = repository.commit({"a": "1"}), repository.commit({"a": "2"})
    repository.git("revert", "--no-edit", reverted)
    repository.git("checkout", "-q", "-b", "topic")
    topic = repository.commit({"a": "3"})
    repository.git("checkout", "-q", "main")
    commits = (merged, reverted, topic, "e" * 40)
    project = sandbox.store.projects["my-team/resnet"]
    for run, commit in zip(project.runs, commits, strict=False):
        run.metadata, run.state = {"git": {"branch": "x", "commit": commit}, "_version": 2}, "CRASHED"
        run.changed()
    gates = "project: my-team/resnet\nruns: {git.commit: $pr_commits}\ngates: [{name: A, expect: {state: FINISHED}}]\n"

    asked = ("--merged", "main", "--last", "99")
    text = backtested(command_line, workspace, *asked, gates=gates)
    units = backtested(command_line, workspace, *asked, "--format", "json", gates=gates).document["units"]

    found = {unit["unit"]: (unit["merged"], unit["reverted"]) for unit in units if unit["unit"] in commits}
    assert found == {merged: (True, False), reverted: (True, True), topic: (False, False), "e" * 40: (None, None)}
    assert re.search(
        r"^  in main: 2 of these, of which 1 was reverted later; this checkout does", text.out, re.MULTILINE
    )


@pytest.mark.parametrize(
    ("gates", "ref", "has_git"),
    [
        (GATES, "main", False),
        (GATES, "-x", True),
        (GATES, "mian", True),
        (GATES.replace("git.commit: $pr_commits", "config.pr: $pr_number"), "main", True),
    ],
)
def test_without_a_branch_or_commits_merged_is_refused_before_anything_is_fetched(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox, *, gates: str, ref: str, has_git: bool
) -> None:
    if has_git:
        Repository(workspace).commit({"a": "1"})

    ended = backtested(command_line, workspace, f"--merged={ref}", gates=gates)

    assert (ended.code, ended.out, sandbox.requests) == (2, "", [])
    assert "--merged" in ended.err


def test_git_is_asked_of_commits_that_trainings_put_into_the_group(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox
) -> None:
    repository = Repository(workspace)
    merged = repository.commit({"a": "1"})
    runs = sandbox.store.projects["my-team/resnet"].runs
    for run, group in zip(runs, (merged, "e" * 40, "sweep of july"), strict=False):
        run.cluster, run.state = group, "CRASHED"
        run.changed()
    gates = "project: my-team/resnet\nruns: {group: $pr_commits}\ngates: [{name: A, expect: {state: FINISHED}}]\n"

    document = backtested(command_line, workspace, "--merged", "main", "--format", "json", gates=gates).document

    found = {unit["unit"]: unit["merged"] for unit in document["units"]}
    assert (found[merged], found["e" * 40], "sweep of july" in found) == (True, None, False)
    assert "backtest.note-no-commit" in [note["id"] for note in document["notes"]]
    assert not any(path.path.endswith("profile") for path in sandbox.requests)


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html"])
def test_hostile_names_stay_in_their_line(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox, form: str
) -> None:
    hostile = json.loads((Path(__file__).parents[1] / "hostile" / "hostile.json").read_text("utf-8"))
    runs = sandbox.store.projects["my-team/resnet"].runs
    for run, text in zip(runs, hostile.values(), strict=False):
        run.name = text
        run.config["group"] = {"value": text, "desc": "", "sort": 0}
        run.changed()
    gates = GATES.replace("runs: {git.commit: $pr_commits}\n", "").replace("FINISHED", "OFFLINE")

    ended = backtested(command_line, workspace, "--by", "config.group", "--format", form, gates=gates)

    assert ended.code == 0
    assert not re.search(r"^\s*::|##\[|\x1b", ended.out, re.MULTILINE)
    if form == "markdown":
        page = Page(ended.out)
        assert set(page.tags) <= {"h2", "p", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
        assert page.links == []
        assert set(page.widths) <= {8, 4}
        assert page.prose.count("@") == 0


@pytest.mark.parametrize("command", ["backtest", "suggest"])
def test_runs_that_were_changed_after_their_end_are_counted(
    command_line: CommandLine, tuned_project: Sandbox, workspace: Path, command: str
) -> None:
    (workspace / "swanlab-gate.yml").write_text(
        "project: my-team/tuned\nruns: {git.commit: $pr_commits}\n"
        "gates: [{name: Floor, expect: {metrics.acc: {min: 0.9}}}]\n"
    )
    edited, ended, *_ = tuned_project.store.projects["my-team/tuned"].runs
    ended.updated_at = str(ended.finished_at)
    before = command_line(command)
    edited.labels = ["eval"]
    edited.changed()

    after, document = command_line(command), command_line(command, "--format", "json").document

    said = words("backtest.note-changed", count=1, runs=72)
    assert (said in before.out, said in after.out) == (False, True)
    assert document["changed_after_end"] == 1
