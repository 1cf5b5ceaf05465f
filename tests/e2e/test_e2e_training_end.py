"""The round trip: pending, the training ends however it ends, `repository_dispatch`, and the status is green or red."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from acting import Repository
from support.github_double import TOKEN, GitHubDouble, Pull
from support.runner import addresses, pull_request

from swanlab_ci.sandbox import FIXED_COMMIT, Sandbox
from swanlab_ci.sandbox.storage.store import StoredRun

PROGRAM = str(Path(sys.executable).with_name("swanlab-ci"))
TRAINING = """
import json, os, signal, sys, urllib.request
host, run, end = sys.argv[1:]
def ask(method, path, headers, body=None):
    request = urllib.request.Request(host + path, body, headers, method=method)
    return urllib.request.urlopen(request)
def state(word):
    sid = json.load(ask("POST", "/api/login/api_key", {"authorization": os.environ["SWANLAB_API_KEY"]}, b""))["sid"]
    headers = {"cookie": f"sid={sid}", "content-type": "application/json"}
    ask("PUT", f"/api/project/my-team/resnet/runs/{run}/state", headers, json.dumps({"state": word}).encode())
if end == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
state(end)
sys.exit(0 if end == "FINISHED" else 3)
"""


@pytest.fixture
def smoke(sandbox: Sandbox) -> StoredRun:
    """Return the smoke run of the pull request, which is still running."""
    runs = sandbox.store.projects["my-team/resnet"].runs
    (run,) = [each for each in runs if "smoke" in each.labels and each.cluster == FIXED_COMMIT]
    run.state, run.finished_at = "RUNNING", None
    return run


def train(sandbox: Sandbox, github: GitHubDouble, folder: Path, run: StoredRun, end: str) -> int:
    """Run a training by `swanlab-ci exec --notify`, as on a cluster; return its exit code."""
    command = [PROGRAM, "exec", "--notify", "--sha", FIXED_COMMIT, "--pr", "7", "--"]
    known = {"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", "GITHUB_TOKEN": TOKEN}
    environ = known | addresses(github) | {"SWANLAB_API_KEY": sandbox.api_key}
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, sys.executable, "-I", "-c", TRAINING, sandbox.url, run.cuid, end],
        cwd=folder, env=environ, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode


def missed(sandbox: Sandbox, run: StoredRun) -> None:
    """Wait until a check has seen the run, and let SwanLab miss its heartbeats then."""
    until = time.monotonic() + 120
    while not any("runs" in request.path for request in sandbox.requests) and time.monotonic() < until:
        time.sleep(0.1)
    run.state, run.finished_at = "CRASHED", "2026-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("end", "code", "status"), [("FINISHED", 0, "success"), ("CRASHED", 3, "failure"), ("killed", 137, "failure")]
)
def test_a_pending_pull_request_is_judged_when_its_training_ends(
    repository: Repository,
    github: GitHubDouble,
    sandbox: Sandbox,
    smoke: StoredRun,
    tmp_path: Path,
    *,
    end: str,
    code: int,
    status: str,
) -> None:
    github.pulls = [Pull(7, FIXED_COMMIT)]
    workflow = repository.example("callback.yml")
    repository.run(workflow, "pull_request", pull_request(FIXED_COMMIT))
    assert [each["state"] for each in github.statuses] == ["pending"]

    assert train(sandbox, github, tmp_path, smoke, end) == code
    (sent,) = github.dispatches
    assert sent["client_payload"] == {"sha": FIXED_COMMIT, "pr": 7, "exit_code": code}
    sandbox.requests.clear()
    if end == "killed":
        threading.Thread(target=missed, args=(sandbox, smoke), daemon=True).start()
    event: dict[str, Any] = {"action": sent["event_type"], "client_payload": sent["client_payload"]}
    gate = repository.run(workflow, "repository_dispatch", event)["gate"]

    assert gate.result == status, gate.log
    assert [each["state"] for each in github.statuses] == ["pending", status]
