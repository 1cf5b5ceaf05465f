"""`pipx install`, `uvx` and pre-commit, each with the wheel or the checkout and a package index."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from installing import ROOT, Environment

from swanlab_ci import __version__

GATES = "project: my-team/resnet\ngates: [{name: Finished, expect: {state: FINISHED}}]\n"
VERSION = f"swanlab-ci {__version__}\n"


def test_pipx_installs_it_and_its_command_works(environment: Environment, wheel: Path) -> None:
    installed = environment.run("pipx", "install", "--python", sys.executable, str(wheel))
    assert installed.returncode == 0, installed.stderr

    command = environment.variables()["PIPX_BIN_DIR"] + "/swanlab-ci"
    assert environment.run(command, "--version").stdout == VERSION
    demo = environment.run(command, "demo")
    assert demo.returncode == 0, demo.stderr
    assert "FAIL" in demo.stdout + demo.stderr


def test_uvx_runs_it_without_installing_it(environment: Environment, wheel: Path) -> None:
    done = environment.run("uvx", "--python", sys.executable, "--from", str(wheel), "swanlab-ci", "--version")

    assert done.stdout == VERSION, done.stderr


@pytest.mark.parametrize("tool", ["pipx", "uv"])
def test_a_python_that_the_system_manages_stays_as_it_is(environment: Environment, wheel: Path, tool: str) -> None:
    python = managed_python(environment.folder)
    refused = environment.run(str(python), "-m", "pip", "install", str(wheel))
    assert "externally-managed-environment" in refused.stderr

    install = {
        "pipx": ("pipx", "install", "--python", str(python)),
        "uv": ("uv", "tool", "install", "--python", str(python)),
    }
    installed = environment.run(*install[tool], str(wheel))
    assert installed.returncode == 0, installed.stderr

    assert environment.run(str(environment.folder / "home/.local/bin/swanlab-ci"), "--version").stdout == VERSION
    assert "swanlab" not in environment.run(str(python), "-m", "pip", "list").stdout


def managed_python(folder: Path) -> Path:
    """Make an interpreter like the one that runs the tests, but marked as distributions do (PEP 668)."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    theirs, ours = Path(sys.base_prefix), folder / "managed"
    for part in ("bin", f"lib/{name}"):
        (ours / part).mkdir(parents=True)
    for path in (theirs / "lib" / name).iterdir():
        (ours / "lib" / name / path.name).symlink_to(path)
    shutil.copy(theirs / "bin" / name, ours / "bin")  # where it lies is where it looks for its library
    (ours / "lib" / name / "EXTERNALLY-MANAGED").write_text("[externally-managed]\nError=Use a package.\n")
    return ours / "bin" / name


def test_pre_commit_finds_a_mistake_in_the_gate_file(environment: Environment) -> None:
    hooks = environment.folder / "hooks"
    copied(hooks)
    repository = environment.folder / "repository"
    repository.mkdir()
    commit(repository)
    (repository / "vision").mkdir()

    def run(text: str) -> subprocess.CompletedProcess[str]:
        (repository / "vision" / "swanlab-gate.yml").write_text(GATES)
        (repository / "swanlab-gate.yml").write_text(text)
        commit(repository)
        return environment.run("pre-commit", "try-repo", str(hooks), "swanlab-gate", "--all-files", cwd=repository)

    right, wrong = run(GATES), run(GATES.replace("state", "stat"))

    assert right.returncode == 0, right.stdout + right.stderr
    assert wrong.returncode == 1
    assert "swanlab-gate.yml:2:" in wrong.stdout


def copied(folder: Path) -> None:
    """Make a repository of this checkout's files."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - our own repository
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    commit(folder)


def commit(folder: Path) -> None:
    who = ("-c", "user.name=octocat", "-c", "user.email=octocat@example.com", "-c", "init.defaultBranch=main")
    for step in (["init", "-q"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "work"]):
        subprocess.run(["git", *who, *step], cwd=folder, check=True)  # noqa: S603, S607 - a test's own
