"""What the real SDKs wrote is read as it was logged."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.saying import says

from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.model import Git, Run

RECORDED = Path(__file__).parent / "recorded"
Only = Callable[[Path], Run]
COMMIT = "da0816d02b028f6cf8867d85b49620a819715181"
SDKS = {"old": "0.7.20", "new": "0.10.3"}


@pytest.mark.parametrize("sdk", SDKS)
def test_a_finished_run_is_read_whole(only: Only, sdk: str) -> None:
    run = only(RECORDED / f"{sdk}-ok")

    assert (run.state, run.name, run.description, run.labels) == (
        "FINISHED",
        "written-ok",
        "by a test",
        ("smoke", "written"),
    )
    assert run.config == {"lr": 1e-3, "model": {"name": "resnet", "depth": 50}, "seeds": [1, 2]}
    assert run.git == Git(COMMIT, "main", "https://example.org/team/project")
    assert run.requirements
    assert run.requirements["swanlab"] == SDKS[sdk]
    assert run.metadata
    assert run.metadata["swanlab"]["version"] == SDKS[sdk]
    assert run.conda == ""
    assert run.metrics
    assert run.metrics["val/acc"] == {"last": 0.8, "step": 3, "min": 0.6, "max": 0.8, "min.step": 1, "max.step": 3}
    assert run.metrics["val/loss"] == {"last": 1 / 3, "step": 3, "min": 1 / 3, "max": 1.0, "min.step": 3, "max.step": 1}
    assert run.metrics["odd"] == {
        "last": "NaN",
        "step": 1,
        **dict.fromkeys(("min", "max", "min.step", "max.step"), "NaN"),
    }
    assert run.created_at
    assert run.finished_at
    assert datetime(2026, 1, 1, tzinfo=UTC) < run.created_at < run.finished_at
    assert (run.finished_at - run.created_at).total_seconds() < 60


def test_what_each_sdk_does_not_store_is_missing(only: Only) -> None:
    old, new = only(RECORDED / "old-ok"), only(RECORDED / "new-ok")

    assert (old.group, old.job) == (None, None)
    assert (new.group, new.job) == ("writers", "train")
    assert (old.user_name, new.user_username, old.url, new.url) == (None, None, "", "")
    assert len(old.id) == 21
    assert len(new.id) == 8


@pytest.mark.parametrize(("name", "state"), [("old-crash", "CRASHED"), ("new-abort", "ABORTED")])
def test_a_run_that_ended_badly_says_how(only: Only, name: str, state: str) -> None:
    run = only(RECORDED / name)

    assert run.state == state
    assert run.finished_at


def test_a_run_that_was_killed_counts_as_running(only: Only) -> None:
    run = only(RECORDED / "old-kill")

    assert (run.state, run.name, run.finished_at) == ("RUNNING", "written-kill", None)
    assert (run.config or {})["lr"] == 1e-3


def test_a_run_of_which_nothing_was_written_stops_the_check(refused: Callable[[Path], UnavailableError]) -> None:
    assert says("source.unreadable", reason=Message("source.not-started"))(refused(RECORDED / "new-kill"))


def test_runs_of_both_sdks_lie_in_one_folder(
    gather: Callable[..., tuple[Run, ...]], tmp_path: Path, said: list[Message]
) -> None:
    for name in ("old-ok", "new-ok", "old-crash"):
        shutil.copytree(RECORDED / name, tmp_path, dirs_exist_ok=True)

    assert sorted(run.name for run in gather(tmp_path)) == ["written-crash", "written-ok", "written-ok"]
    assert said == []
