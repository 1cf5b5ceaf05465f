"""The recipe for GitLab, run as a job by an emulator of GitLab's runner."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from clients import folder_with
from support.gitlab_double import GitLabDouble, merge_request_job
from support.story import GATES

from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox, sample_store

RECIPE = Path(__file__).parents[2] / "examples" / "gitlab" / "merge-request.yml"


@pytest.mark.parametrize(("commit", "result"), [(FIXED_COMMIT, True), (PULL_REQUEST_COMMIT, False)])
def test_the_recipe_gates_a_merge_request(tmp_path: Path, commit: str, *, result: bool) -> None:
    workspace = tmp_path / "resnet"
    workspace.mkdir()
    (workspace / ".gitlab-ci.yml").write_text(RECIPE.read_text("utf-8"))
    (workspace / "swanlab-gate.yml").write_text(GATES)
    subprocess.run(["git", "init", "-q", "."], cwd=workspace, check=True)  # noqa: S607 - our own repository
    commit_all = [
        "git",
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.com",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "x",
    ]
    subprocess.run(commit_all, cwd=workspace, check=True)  # noqa: S603 - same

    with Sandbox(sample_store()) as sandbox, GitLabDouble() as gitlab:
        gitlab.files["swanlab-gate.yml", "main"] = GATES.encode()
        job = {**merge_request_job(gitlab, str(workspace), commit), **sandbox.environment()}
        given = [flag for name, value in job.items() for flag in ("--var", f"{name}={value}")]
        command = [str(folder_with("gitlab-emulator") / "bin" / "gle"), "--ignore-docker", *given, "swanlab-gate"]
        known = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}
        done = subprocess.run(  # noqa: S603 - the emulator
            command, cwd=workspace, env=known, capture_output=True, text=True, check=False, timeout=120
        )

        assert (done.returncode == 0) is result, done.stdout + done.stderr
        assert len(gitlab.notes) == 1
        assert gitlab.violations == []
        assert (workspace / "swanlab-ci-report" / "junit.xml").is_file()
