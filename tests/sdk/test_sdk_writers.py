"""The real SDKs log runs into a sandbox, and both SDKs and our client read them back alike."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from environments import NEW, OLD, Read, Run

from swanlab_ci import Experiment, OpenApi
from swanlab_ci.sandbox import Keeper, Sandbox, Store, sample_store

MODES = {OLD: "cloud", NEW: "online"}
VERSIONS = list(MODES)
REMOTE = "https://example.org/team/project"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    keeper = Keeper(tmp_path / "data", lambda: sample_store(datetime(2026, 9, 1, 12, tzinfo=UTC)))
    with Sandbox(keeper.store, keeper=keeper) as running:
        yield running


def written(sandbox: Sandbox) -> Experiment:
    """Return the one run of the project, with its whole profile."""
    api = OpenApi(environ=sandbox.environment())
    (listed,) = api.list_experiments("written", "my-team").data
    return api.get_experiment("written", listed.cuid, "my-team").data


def summary(sandbox: Sandbox, run: Experiment) -> dict[str, Any]:
    return OpenApi(environ=sandbox.environment()).get_summary("written", run.cuid, "my-team").data


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("end", "state"), [("ok", "FINISHED"), ("crash", "CRASHED"), ("abort", "ABORTED")])
def test_a_run_is_read_back_as_it_was_logged(
    sandbox: Sandbox, run_sdk: Run, version: str, end: str, state: str
) -> None:
    done = run_sdk(version, "write.py", MODES[version], "written", end)

    run = written(sandbox)
    assert (done.returncode == 0) is (end == "ok"), done.stdout + done.stderr
    assert (run.state, run.name, run.description) == (state, f"written-{end}", "by a test")
    assert run.createdAt <= (run.finishedAt or "")
    assert (run.cluster, run.job) == ("writers", "train")
    assert [label["name"] for label in run.labels if isinstance(label, dict)] == ["smoke", "written"]
    assert {key: item["value"] for key, item in run.profile["config"].items()} == {
        "lr": 1e-3,
        "model": {"name": "resnet", "depth": 50},
        "seeds": [1, 2],
    }
    assert f"swanlab=={version}" in run.profile["requirements"]
    assert run.profile["metadata"]["swanlab"]["version"] == version


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_logged_is_summed_up(sandbox: Sandbox, run_sdk: Run, version: str) -> None:
    run_sdk(version, "write.py", MODES[version], "written", "ok")

    sums = summary(sandbox, written(sandbox))

    assert (sums["val/acc"]["step"], sums["val/acc"]["value"]) == (3, 0.8)
    assert sums["val/acc"]["min"] == {"step": 1, "value": 0.6}
    assert sums["val/loss"]["max"] == {"step": 1, "value": 1.0}
    assert sums["odd"]["value"] == "NaN"


@pytest.mark.parametrize("version", VERSIONS)
def test_lines_media_and_files_arrive(sandbox: Sandbox, run_sdk: Run, version: str) -> None:
    run_sdk(version, "write.py", MODES[version], "written", "ok")

    (run,) = sandbox.store.projects["my-team/written"].runs
    assert "a line of the log" in [line["message"] for line in run.logs]
    assert list(run.media) == ["note"]
    (sent,) = [
        request for request in sandbox.requests if request.path.startswith("/uploads/") and b"kept" in request.body
    ]
    assert sent.path.endswith("notes.txt")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_run_goes_on_where_it_ended(sandbox: Sandbox, run_sdk: Run, version: str) -> None:
    run_sdk(version, "write.py", MODES[version], "written", "crash")
    first = written(sandbox)

    done = run_sdk(version, "write.py", MODES[version], "written", "ok", first.slug or first.cuid)

    assert done.returncode == 0, done.stdout + done.stderr
    assert written(sandbox).cuid == first.cuid
    assert written(sandbox).state == "FINISHED"
    steps = [point[0] for point in sandbox.store.projects["my-team/written"].runs[0].series["val/acc"]]
    assert steps == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("version", VERSIONS)
def test_both_sdks_read_what_either_wrote(sandbox: Sandbox, run_sdk: Run, read_sdk: Read, version: str) -> None:
    run_sdk(version, "write.py", MODES[version], "written", "ok")

    ours = written(sandbox)
    (old,) = read_sdk(OLD, "read_old.py", "my-team/written")["each"]
    (new,) = read_sdk(NEW, "read_new.py", "my-team/written")["each"]

    assert old["data"]["profile"] == new["profile"] == ours.profile
    assert old["data"]["cuid"] == new["run_id"] == ours.cuid
    assert old["data"]["finishedAt"] == new["finished_at"] == ours.finishedAt


def repository(folder: Path, *, detached: bool) -> str:
    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        command = ["git", "-C", str(folder), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - ours

    git("init")
    git("remote", "add", "origin", f"{REMOTE}.git")
    git("commit", "--allow-empty", "-m", "first")
    if detached:
        git("checkout", "--detach")
    return git("rev-parse", "HEAD")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("head", ["main", ""])
def test_git_is_recorded_as_each_sdk_does_it(
    sandbox: Sandbox, run_sdk: Run, tmp_path: Path, version: str, head: str
) -> None:
    commit = repository(tmp_path / "work", detached=not head)

    run_sdk(version, "write.py", MODES[version], "written", "ok")

    metadata = written(sandbox).profile["metadata"]
    if version == NEW:
        assert metadata["git"] == {"remote_url": REMOTE, "branch": head, "commit": commit}
    else:
        assert metadata["git_remote"] == REMOTE
        assert metadata["git_info"] == [head, commit if head else None]  # 0.7.20 loses a detached HEAD's commit


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_sdk_wrote_survives_the_server(sandbox: Sandbox, run_sdk: Run, tmp_path: Path, version: str) -> None:
    run_sdk(version, "write.py", MODES[version], "written", "ok")
    before = written(sandbox)
    sandbox.stop()

    keeper = Keeper(tmp_path / "data", Store)
    with Sandbox(keeper.store, keeper=keeper) as again:
        assert written(again) == before
