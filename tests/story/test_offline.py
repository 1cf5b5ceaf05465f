"""Gates on offline runs, with no SwanLab anywhere."""

import shutil
from pathlib import Path

import pytest
from support.runner import Runner
from support.story import CommandLine
from support.words import words

from swanlab_ci.messages import Key

RECORDED = Path(__file__).parents[1] / "sources" / "local" / "recorded"
COMMIT = "da0816d02b028f6cf8867d85b49620a819715181"
GATES = """\
runs: {git.commit: $pr_commits}
gates:
  - name: Every run finished
    expect: {state: FINISHED, "count()": {min: 2}}
  - name: Good enough
    expect: {metrics.val/acc: {min: 0.75}, config.lr: {max: 0.01}, requirements.swanlab: {exists: true}}
"""


def swanlog(folder: Path, *names: str) -> Path:
    for name in names:
        shutil.copytree(RECORDED / name, folder / "swanlog", dirs_exist_ok=True)
    (folder / "swanlab-gate.yml").write_text(GATES)
    return folder / "swanlog"


def test_finished_runs_of_both_sdks_pass_without_key_or_project(command_line: CommandLine, workspace: Path) -> None:
    swanlog(workspace, "old-ok", "new-ok")

    ended = command_line("check", "--local", "swanlog", "--sha", COMMIT, "--format", "json", environ={})

    assert ended.code == 0, ended.err
    assert (ended.document["project"], ended.document["runs_fetched"]) == ("my-team/written", 2)


@pytest.mark.parametrize(
    ("names", "code", "why"),
    [
        (("old-ok", "old-crash"), 1, "state is CRASHED in written-crash"),
        (("new-ok", "new-abort"), 1, "state is ABORTED in written-abort"),
        (("old-ok", "old-kill"), 4, "state is RUNNING so far in written-kill"),
        (("old-ok", "new-kill"), 3, "The run was killed or is still running"),
        (("old-ok",), 1, "count()"),
    ],
)
def test_a_run_that_did_not_finish_does_not_pass(
    command_line: CommandLine, workspace: Path, names: tuple[str, ...], code: int, why: str
) -> None:
    swanlog(workspace, *names)

    ended = command_line("check", "--local", "swanlog", "--sha", COMMIT, environ={})

    assert ended.code == code
    assert why in ended.out + ended.err


def test_runs_of_another_commit_are_not_judged(command_line: CommandLine, workspace: Path) -> None:
    swanlog(workspace, "old-ok", "new-ok")

    ended = command_line("check", "--local", "swanlog", "--sha", "e" * 40, environ={})

    assert ended.code == 1
    assert "git.commit" in ended.out


@pytest.mark.parametrize("field", ["group", "job", "git.commit"])
def test_a_gate_by_what_the_sdk_does_not_write_is_told(command_line: CommandLine, workspace: Path, field: str) -> None:
    swanlog(workspace, "old-ok")
    (workspace / "swanlab-gate.yml").write_text(GATES.replace("git.commit", field))

    ended = command_line("check", "--local", "swanlog", "--sha", "e" * 40, environ={})

    assert ended.code == 1
    said = words("source.not-in-folder", fields=(Key(field),), folder="swanlog")
    assert (said in ended.out) == (field != "git.commit")


def test_a_bundle_of_offline_runs_is_judged_again(command_line: CommandLine, workspace: Path) -> None:
    swanlog(workspace, "old-ok", "new-ok")
    command_line("check", "--local", "swanlog", "--sha", COMMIT, "--bundle", "bundle.json", environ={})
    shutil.rmtree(workspace / "swanlog")

    assert command_line("replay", "bundle.json", environ={}).code == 0


def test_waiting_reads_the_folder_again(
    command_line: CommandLine, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = swanlog(workspace, "old-ok", "old-kill")

    def trained(_seconds: float) -> None:
        shutil.rmtree(next(path for path in folder.iterdir() if _killed(path)))
        swanlog(workspace, "new-ok")

    monkeypatch.setattr("swanlab_ci.check.polling.time.sleep", trained)

    ended = command_line("check", "--local", "swanlog", "--sha", COMMIT, "--wait", "10s", environ={})

    assert ended.code == 0
    assert "waiting for written-kill" in ended.err


def _killed(path: Path) -> bool:
    return b"written-kill" in next(path.glob("*.swanlab")).read_bytes()


def test_the_action_judges_offline_runs_without_a_key(runner: Runner) -> None:
    swanlog(runner.workspace, "old-ok", "new-ok")
    runner.environ["GITHUB_EVENT_NAME"] = "push"
    runner.environ["GITHUB_SHA"] = COMMIT

    ended = runner.run({"local": "swanlog", "github-token": ""})

    assert ended.code == 0, ended.err
    assert runner.outputs["runs-checked"] == "2"


def test_the_action_reads_no_folder_outside_the_workspace(runner: Runner) -> None:
    swanlog(runner.folder, "old-ok")
    swanlog(runner.workspace)
    (runner.workspace / "link").symlink_to(runner.folder / "swanlog")
    runner.environ["GITHUB_EVENT_NAME"] = "push"

    for local in ("../swanlog", "link", str(runner.folder / "swanlog")):
        ended = runner.run({"local": local, "github-token": ""})

        assert ended.code == 2
        assert f"{local} is outside the workspace" in ended.err
