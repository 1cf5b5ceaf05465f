"""The example workflow of the ratchet, run by act on this machine: a branch and one pull request, or nothing at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.words import words

from swanlab_ci.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
EXAMPLE = (ROOT / "examples" / "github" / "ratchet.yml").read_text("utf-8")
GATES = """\
project: my-team/tuned
runs: {git.commit: $pr_commits}
baselines: {main: {runs: {git.branch: main, state: FINISHED}, newest: 5}}
gates:
  - name: Accuracy
    expect: {metrics.acc: {min: 0.5}}  # a guess
"""
PIPX = """#!/bin/sh
test "$1 $2 $3 $4" = "run --spec swanlab-ci==1.* swanlab-ci" || exit 64
shift 4
exec {python} -m swanlab_ci "$@"
"""
GH = """#!/bin/sh
echo "$*" >>"{log}"
case "$1 $2" in
  "pr list") grep -c '^pr create' "{log}" ;;
  "pr create"|"auth setup-git") ;;
  *) exit 64 ;;
esac
"""


def git(folder: Path, *arguments: str) -> str:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, env=os.environ | who, check=True, capture_output=True, text=True).stdout  # noqa: S603 - git, of the tests


class Repository:
    """A repository whose `origin` is a folder, and a `gh` and `pipx` that stand in for the real ones."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.hub, self.checkout, self.tools, self.log = (folder / name for name in ("hub", "checkout", "bin", "gh.log"))
        self.environ = sandbox.environment()
        for path in (self.hub, self.checkout, self.tools):
            path.mkdir()
        git(self.hub, "init", "--quiet", "--bare", "--initial-branch=main")
        git(self.checkout, "init", "--quiet", "--initial-branch=main")
        git(self.checkout, "remote", "add", "origin", str(self.hub))
        for name, text in (("pipx", PIPX.format(python=sys.executable)), ("gh", GH.format(log=self.log))):
            (self.tools / name).write_text(text)
            (self.tools / name).chmod(0o755)
        self.log.touch()

    def put(self, gates: str) -> None:
        (self.checkout / "swanlab-gate.yml").write_text(gates)
        (self.checkout / ".github" / "workflows").mkdir(parents=True, exist_ok=True)
        (self.checkout / ".github" / "workflows" / "ratchet.yml").write_text(EXAMPLE)
        git(self.checkout, "add", "--all")
        git(self.checkout, "commit", "--quiet", "--message", "Gates")
        git(self.checkout, "push", "--quiet", "--force", "origin", "main")

    def run(self) -> subprocess.CompletedProcess[str]:
        command = [str(BIN / "act"), "schedule", "--platform", "ubuntu-latest=-self-hosted"]
        command += ["--secret", f"SWANLAB_API_KEY={self.environ['SWANLAB_API_KEY']}"]
        command += [f"--env={name}={value}" for name, value in self.environ.items() if name != "SWANLAB_API_KEY"]
        environ = os.environ | {"PATH": f"{self.tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, cwd=self.checkout, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - act, of the tests


@pytest.fixture
def repository(tmp_path: Path, tuned_project: Sandbox) -> Repository:
    return Repository(tmp_path, tuned_project)


def test_a_bound_that_can_be_tighter_gets_one_pull_request(repository: Repository) -> None:
    repository.put(GATES)

    ended = [repository.run() for _ in range(2)]

    assert [each.returncode for each in ended] == [0, 0], ended[0].stdout + ended[0].stderr
    assert git(repository.hub, "show", "swanlab-ratchet:swanlab-gate.yml") == GATES.replace("min: 0.5", "min: 0.9")
    assert git(repository.hub, "show", "main:swanlab-gate.yml") == GATES
    assert git(repository.hub, "rev-list", "--count", "main..swanlab-ratchet").strip() == "1"
    calls = repository.log.read_text().splitlines()
    assert [call for call in calls if call.startswith("pr create")] == ["pr create --head swanlab-ratchet --fill"]


def test_where_nothing_can_be_tighter_nothing_is_pushed(repository: Repository) -> None:
    repository.put(GATES.replace("min: 0.5", "min: 0.95"))

    ended = repository.run()

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert words("edit.nothing", file="swanlab-gate.yml") in ended.stdout
    assert git(repository.hub, "branch", "--format=%(refname:short)").split() == ["main"]
    assert "pr " not in repository.log.read_text()
