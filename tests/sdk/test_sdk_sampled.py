"""The points of a curve that our client reads are those that the real SDKs read from the same server."""

import json
from pathlib import Path
from typing import Any

import pytest
from environments import FRAMES, NEW, Run

from swanlab_ci.client.reader import ProjectPath, connect
from swanlab_ci.sandbox import Sandbox

PATH = ProjectPath("my-team", "resnet")
KEYS = ["val/acc", "train/loss"]


def ours(sandbox: Sandbox, points: int) -> tuple[str, Any]:
    """Return the id of the newest evaluation, and its curves."""
    reader = connect(sandbox.environment())
    run = next(run for run in reader.experiments(PATH) if run.name == "pr42-s2")
    (curves,) = reader.sampled(PATH, [run], KEYS, points).values()
    return run.cuid, curves


@pytest.mark.parametrize("points", [5, 200])
def test_the_new_sdk_reads_the_same_sampled_points(sandbox: Sandbox, run_sdk: Run, tmp_path: Path, points: int) -> None:
    run, curves = ours(sandbox, points)

    done = run_sdk(NEW, "sampled_new.py", str(tmp_path / "out"), f"my-team/resnet/{run}", str(points), *KEYS)

    assert done.returncode == 0, done.stdout + done.stderr
    theirs = {each["key"]: each["metrics"] for each in json.loads((tmp_path / "out").read_text("utf-8"))["list"]}
    named = {"step": "index", "value": "data", "timestamp": "timestamp"}
    assert theirs == {
        key: [{named[name]: value for name, value in point.items()} for point in curve] for key, curve in curves.items()
    }
    assert len(theirs["val/acc"]) == min(points, len(ours(sandbox, 1500)[1]["val/acc"])) > 0


def test_the_old_sdk_which_reads_files_has_the_same_points(sandbox: Sandbox, run_sdk: Run, tmp_path: Path) -> None:
    run, curves = ours(sandbox, 1500)

    done = run_sdk(FRAMES, "points_old.py", str(tmp_path / "out"), run, *KEYS)

    assert done.returncode == 0, done.stdout + done.stderr
    theirs = json.loads((tmp_path / "out").read_text("utf-8"))
    assert theirs == {key: [list(point.values()) for point in curve] for key, curve in curves.items()}
