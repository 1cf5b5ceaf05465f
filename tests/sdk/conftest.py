"""The real SDKs, each in an environment and a home of its own, against a sandbox."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from environments import Read, Run, python_with

from swanlab_ci.sandbox import Sandbox, sample_store

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample_store(datetime(2026, 9, 1, 12, tzinfo=UTC))) as running:
        yield running


@pytest.fixture
def run_sdk(sandbox: Sandbox, tmp_path: Path) -> Run:
    """Run a script of ours with an SDK that knows nothing but the sandbox's environment."""
    (tmp_path / "work").mkdir()
    common = {
        **sandbox.environment(),
        "HOME": str(tmp_path),
        "SWANLAB_SAVE_DIR": str(tmp_path / "swanlab"),
        "NO_PROXY": "127.0.0.1",
        "GIT_CONFIG_NOSYSTEM": "1",
    }

    def run(
        version: str, script: str, *arguments: str, cwd: Path = tmp_path / "work", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        python = python_with(version)
        command = [str(python), str(SCRIPTS / script), *arguments]
        environment = {
            **common,
            **environ,
            "PATH": f"{python.parent}:/usr/bin:/bin",
        }  # 0.7.20 asks the `pip` that it finds
        return subprocess.run(  # noqa: S603 - our own scripts
            command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.fixture
def read_sdk(run_sdk: Run, tmp_path: Path) -> Read:
    """Have an SDK read a project, and return what it wrote down."""

    def read(version: str, script: str, project: str) -> Any:
        out = tmp_path / f"{version}.json"
        done = run_sdk(version, script, str(out), *project.split("/"))
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(out.read_text())

    return read
