"""`swanlab_ci.record()` in a run of either real SDK: the commit is the one that runs, also after a resume."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from environments import NEW, OLD, Run
from support.repository import Repository
from support.runner import pull_request

from swanlab_ci import OpenApi
from swanlab_ci.sandbox import Sandbox, sample_store

ROOT = Path(__file__).parents[2]
MODES = {OLD: "cloud", NEW: "online"}
each_sdk = pytest.mark.parametrize("version", MODES)
HEAD = "a" * 40


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample_store()) as running:
        yield running


def recorded(sandbox: Sandbox) -> dict[str, Any]:
    """Return the config of the one run, as SwanLab has it."""
    api = OpenApi(environ=sandbox.environment())
    (listed,) = api.list_experiments("recorded", "my-team").unwrap()
    config = api.get_experiment("recorded", listed.cuid, "my-team").unwrap().profile["config"]
    return {key: item["value"] for key, item in config.items()}


def slug(sandbox: Sandbox) -> str:
    (run,) = OpenApi(environ=sandbox.environment()).list_experiments("recorded", "my-team").unwrap()
    return run.slug or run.cuid


@each_sdk
def test_a_run_records_its_commit_and_a_resume_the_new_one(
    sandbox: Sandbox, run_sdk: Run, tmp_path: Path, version: str
) -> None:
    repository = Repository(tmp_path / "work")
    first = repository.commit({"train.py": "1"})
    done = run_sdk(version, "record_code.py", MODES[version], SWANLAB_CI=str(ROOT))
    assert done.returncode == 0, done.stdout + done.stderr
    assert recorded(sandbox) == {"lr": 1e-3, "commit": first, "git_dirty": False, "pr": ""}

    second = repository.commit({"train.py": "2"})
    repository.write("train.py", "3")
    done = run_sdk(version, "record_code.py", MODES[version], slug(sandbox), SWANLAB_CI=str(ROOT))

    assert done.returncode == 0, done.stdout + done.stderr
    assert recorded(sandbox) == {"lr": 1e-3, "commit": second, "git_dirty": True, "pr": ""}


@each_sdk
def test_a_run_of_a_pull_requests_job_records_its_head_and_number(
    sandbox: Sandbox, run_sdk: Run, tmp_path: Path, version: str
) -> None:
    merge = Repository(tmp_path / "work").commit({"train.py": "1"})
    (tmp_path / "event.json").write_text(json.dumps(pull_request(HEAD)))
    job = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": merge}
    job["GITHUB_EVENT_PATH"] = f"{tmp_path}/event.json"

    run_sdk(version, "record_code.py", MODES[version], SWANLAB_CI=str(ROOT), **job)

    assert recorded(sandbox) == {"lr": 1e-3, "commit": HEAD, "git_dirty": False, "pr": 7}


@each_sdk
def test_without_git_nothing_is_known_and_the_training_goes_on(sandbox: Sandbox, run_sdk: Run, version: str) -> None:
    done = run_sdk(version, "record_code.py", MODES[version], SWANLAB_CI=str(ROOT))

    assert done.returncode == 0, done.stdout + done.stderr
    assert recorded(sandbox) == {"lr": 1e-3, "commit": "", "git_dirty": "", "pr": ""}
