"""The recipe for GitLab, run as a job by an emulator of GitLab's runner."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from clients import folder_with
from support.gitlab_double import (
    ACCEPTED,
    IID,
    PROJECT_ID,
    READS,
    TOKEN,
    TRIGGER,
    GitLabDouble,
    merge_request_job,
)
from support.repository import Repository
from support.story import GATES

from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox, sample_store

RECIPE = Path(__file__).parents[2] / "examples" / "gitlab" / "merge-request.yml"
ENDED = RECIPE.with_name("training-ended.yml")


def checkout(folder: Path, recipe: Path) -> Path:
    """Make a repository with a recipe and a gate file."""
    repository = Repository(folder / "resnet")
    repository.commit({".gitlab-ci.yml": recipe.read_text("utf-8"), "swanlab-gate.yml": GATES})
    return repository.folder


def emulated(workspace: Path, name: str, job: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one job of the checkout with these variables."""
    given = [flag for variable, value in job.items() for flag in ("--var", f"{variable}={value}")]
    command = [str(folder_with("gitlab-emulator") / "bin" / "gle"), "--ignore-docker", *given, name]
    known = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(workspace.parent)}
    return subprocess.run(  # noqa: S603 - the emulator
        command, cwd=workspace, env=known, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(("commit", "result"), [(FIXED_COMMIT, True), (PULL_REQUEST_COMMIT, False)])
def test_the_recipe_gates_a_merge_request(tmp_path: Path, commit: str, *, result: bool) -> None:
    workspace = checkout(tmp_path, RECIPE)
    with Sandbox(sample_store()) as sandbox, GitLabDouble() as gitlab:
        gitlab.files["swanlab-gate.yml", "main"] = GATES.encode()
        job = {**merge_request_job(gitlab, str(workspace), commit), **sandbox.environment()}
        done = emulated(workspace, "swanlab-gate", job)

        assert (done.returncode == 0) is result, done.stdout + done.stderr
        assert len(gitlab.notes) == 1
        assert gitlab.violations == []
        assert (workspace / "swanlab-ci-report" / "junit.xml").is_file()


@pytest.mark.parametrize(("token", "code"), [(TOKEN, 0), ("reader", 1)])
def test_the_end_of_a_training_starts_the_merge_requests_pipeline_again(tmp_path: Path, token: str, code: int) -> None:
    """From `exec --notify` to the job that its trigger starts: what GitLab would do in between is done here."""
    workspace = checkout(tmp_path, ENDED)
    with GitLabDouble(kinds={TOKEN: ACCEPTED, "reader": READS}) as gitlab:
        where = {"CI_PROJECT_ID": PROJECT_ID, "CI_API_V4_URL": gitlab.api_url, "NO_PROXY": "127.0.0.1"}
        training = [
            str(Path(sys.executable).parent / "swanlab-ci"),
            "exec",
            "--notify",
            "--pr",
            str(IID),
            "--",
            "false",
        ]
        known = {**os.environ, **where, "GITLAB_TRIGGER_TOKEN": TRIGGER}
        assert subprocess.run(training, cwd=workspace, env=known, check=False, timeout=60).returncode == 1  # noqa: S603
        (sent,) = gitlab.triggers[TRIGGER]

        done = emulated(workspace, "training-ended", {**where, "GITLAB_TOKEN": token, **sent["variables"]})

        assert (done.returncode != 0) == bool(code), done.stdout + done.stderr
        assert len(gitlab.pipelines) == 1 - code
        assert gitlab.violations == []
