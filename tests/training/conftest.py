"""A training as a process: `swanlab-ci exec`, started as a shell starts it, in a folder of its own."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from starting import PROGRAM, Exec, Start
from support.story import Ended


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "checkout"
    made.mkdir()
    return made


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Start `swanlab-ci exec` with these arguments, in `folder`; what a failed test leaves running is ended."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        known = {"PATH": os.environ["PATH"], "HOME": str(folder.parent)}
        process = subprocess.Popen(  # noqa: S603 - our own program
            [PROGRAM, "exec", *arguments], cwd=folder, env={**known, **(environ or {})}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def execute(start: Start) -> Exec:
    """Run `swanlab-ci exec` to its end."""

    def run(*arguments: str, environ: Mapping[str, str] | None = None) -> Ended:
        process = start(*arguments, environ=environ)
        out, err = process.communicate(timeout=60)
        return Ended(process.returncode, out, err)

    return run
