"""The hermetic example does what its README says, with either SDK: every command, and every step of its workflows."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from environments import NEW, OLD, python_with

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "hermetic"
Shell = Callable[..., subprocess.CompletedProcess[str]]
COMMANDS = [
    re.sub(r"^\$ ", "", block, flags=re.MULTILINE)
    for block in re.findall(r"```console\n(.*?)```", (EXAMPLE / "README.md").read_text("utf-8"), re.DOTALL)
]


@pytest.fixture(params=[OLD, NEW])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Shell:
    """Run a script as GitHub's runner does, in a copy of the example, with an SDK and swanlab-ci on the path."""
    folder = tmp_path / "checkout"
    shutil.copytree(EXAMPLE, folder)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "swanlab-ci").symlink_to(Path(sys.executable).with_name("swanlab-ci"))
    path = os.pathsep.join([str(tmp_path / "bin"), str(python_with(request.param).parent), "/usr/bin", "/bin"])
    common = {"HOME": str(tmp_path), "PATH": path, "NO_PROXY": "127.0.0.1"}

    def run(script: str, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own example
            command or ("/bin/bash", "-e", "-o", "pipefail", "-c", script),
            cwd=folder, env=common | environ, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return run


@pytest.mark.parametrize(
    ("commands", "code"), list(zip(COMMANDS, (0, 0, 1), strict=True)), ids=["sandbox", "offline", "red"]
)
def test_the_readmes_commands_end_as_it_says(shell: Shell, commands: str, code: int) -> None:
    done = shell(commands)

    assert done.returncode == code, done.stdout + done.stderr
    assert ("3 gates pass" if code == 0 else "Settings are sane: config.lr is 50") in done.stdout
    assert "my-team/blobs · 3 runs" in done.stdout


def steps(name: str) -> list[dict[str, Any]]:
    (job,) = yaml.safe_load((EXAMPLE / name).read_text("utf-8"))["jobs"].values()
    return [step for step in job["steps"] if "name" in step or ("with" in step and "local" in step["with"])]


def test_the_workflow_with_a_sandbox_runs_the_readmes_commands() -> None:
    (step,) = steps("sandbox.yml")

    assert step["run"] == COMMANDS[0]


def test_the_workflow_without_a_server_is_green(shell: Shell, tmp_path: Path) -> None:
    train, gate = steps("offline.yml")

    trained = shell(train["run"], **train["env"])
    inputs = {f"INPUT_{name.upper()}": value for name, value in gate["with"].items()}
    action = sys.executable, "-I", str(ROOT / "entrypoint.py")
    judged = shell("", *action, GITHUB_WORKSPACE=str(tmp_path / "checkout"), **inputs)

    assert trained.returncode == 0, trained.stdout + trained.stderr
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "3 gates pass" in judged.stdout
