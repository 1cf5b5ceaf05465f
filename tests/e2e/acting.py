"""A repository that uses the action, and `act` that runs its workflows in containers as GitHub would."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.github_double import TOKEN, GitHubDouble
from support.runner import addresses

from release.owner import owner

ROOT = Path(__file__).parents[2]
ACT = Path(sys.executable).with_name("act")
PLACEHOLDER = f"{owner()}/swanlab-ci@v1"
IMAGES = (
    f"act-{owner().lower()}-swanlab-ci-v1-dockeraction",
    "act-dockeraction",
)  # act's names for it and for `uses: ./`
PYTHON, BARE = "python:3.13-slim-trixie", "debian:trixie-slim"
KEY_LINE = "api-key: ${{ secrets.SWANLAB_API_KEY }}"


@dataclass
class Job:
    """What became of a job: its `result`, and by step id the steps' results and outputs; `log` is all it printed."""

    result: str = ""
    steps: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    summary: str = ""


@dataclass
class Repository:
    """A checkout with a workflow and a gate file; `act` runs the workflow with the action in `action`."""

    folder: Path
    action: Path
    github: GitHubDouble
    host: str
    key: str
    run_id: int = 12
    environ: Mapping[str, str] = field(default_factory=dict)

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def example(self, name: str) -> str:
        """Read one of our examples, pointed at the embedded SwanLab."""
        text = (ROOT / "examples" / "github" / name).read_text("utf-8")
        assert KEY_LINE in text
        return text.replace(KEY_LINE, f"{KEY_LINE}\n          host: {self.host}")

    def run(
        self,
        workflow: str,
        event_name: str,
        event: Mapping[str, Any],
        *,
        job: str = "",
        image: str = BARE,
        secrets: Mapping[str, str] | None = None,
    ) -> dict[str, Job]:
        """Commit the workflow, run it (or one `job` of it) for the event, and return what became of its jobs, by id.

        Each run is one later than the last. `secrets` is by default the embedded SwanLab's key.
        """
        self.write(".github/workflows/gate.yml", workflow)
        self._commit()
        event_file = self.folder.with_suffix(".json")
        event_file.write_text(json.dumps(event))
        command = [str(ACT), event_name, *(["--job", job] if job else []), "--eventpath", str(event_file)]
        command += ["--platform", f"ubuntu-latest={image}", "--local-repository", f"{PLACEHOLDER}={self.action}"]
        command += _flags("env", addresses(self.github) | {"GITHUB_RUN_ID": str(self.run_id), **self.environ})
        secrets = {"SWANLAB_API_KEY": self.key} if secrets is None else secrets
        command += _flags("secret", {"GITHUB_TOKEN": TOKEN, **secrets})
        home = _home(self.folder.parent)
        done = subprocess.run(  # noqa: S603 - our own workflow
            [*command, *_AS_HERE], cwd=self.folder, env=home, capture_output=True, text=True, check=False, timeout=300
        )
        self.run_id += 1
        return _jobs(done.stdout + done.stderr)

    def _commit(self) -> None:
        who = ["-c", "user.name=octocat", "-c", "user.email=octocat@example.com", "-c", "init.defaultBranch=main"]
        for step in (["init", "-q"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "work"]):
            subprocess.run(["git", *who, *step], cwd=self.folder, check=True)  # noqa: S603, S607 - our own repository


_AS_HERE = [
    "--json",
    "--pull=false",
    "--rebuild=false",
    "--network=host",
    "--container-daemon-socket=-",
    "--no-cache-server",
    "--rm",
    "--concurrent-jobs=2",
]


def copy_action(folder: Path, source: Path = ROOT) -> None:
    """Copy what the image is built from, so that neither `.venv` nor a change meanwhile gets in."""
    kept = [line[1:] for line in (source / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    for name in (*kept, ".dockerignore", "Dockerfile", "action.yml"):
        path = source / name
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, folder / name)


def _flags(flag: str, values: Mapping[str, str]) -> list[str]:
    return [f"--{flag}={name}={value}" for name, value in values.items()]


def _home(folder: Path) -> dict[str, str]:
    """Give act a home of its own, and nothing of this machine but the way to the Docker engine."""
    known = {name: os.environ[name] for name in ("DOCKER_HOST", "PATH") if name in os.environ}
    return known | {"HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "home" / ".cache")}


def _jobs(log: str) -> dict[str, Job]:
    jobs: dict[str, Job] = {}
    for line in log.splitlines():
        said = json.loads(line) if line.startswith("{") else {}
        if "jobID" in said:
            _note(jobs.setdefault(said["jobID"], Job()), said)
    assert jobs, log
    return jobs


def _note(job: Job, said: Mapping[str, Any]) -> None:
    step = "".join(said.get("stepID", ()))
    job.result = said.get("jobResult", job.result)
    job.log += said["msg"] if said.get("raw_output") or said.get("command") in {"error", "warning"} else ""
    if "stepResult" in said and said.get("stage") == "Main":
        job.steps[step] = said["stepResult"]
    if said.get("command") == "set-output":
        job.outputs.setdefault(step, {})[said["name"]] = said["arg"]
    if said.get("command") == "summary":
        job.summary += said["content"]
