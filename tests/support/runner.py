"""GitHub's runner, as far as a container action sees it: files, environment, and how it reads what was written."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.github_double import REPOSITORY, TOKEN, GitHubDouble
from support.story import Ended
from swanlab_ci.check.inputs import from_action
from swanlab_ci.check.options import CheckOptions
from swanlab_ci.check.pipeline import check
from swanlab_ci.runtime.console import Console

ENTRYPOINT = Path(__file__).parents[2] / "entrypoint.py"
ACTION = (sys.executable, "-I", str(ENTRYPOINT))


def read_outputs(text: str) -> dict[str, str]:
    """Read an outputs file as `FileCommandManager.cs` does: `name=value` or a heredoc, the last write wins."""
    outputs: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        equals, heredoc = line.find("="), line.find("<<")
        if not line:
            continue
        assert equals >= 0 or heredoc >= 0, f"the runner fails the step on {line!r}"
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, _, value = line.partition("=")
        else:
            name, _, delimiter = line.partition("<<")
            value = "\n".join(iter(lambda: next(lines), delimiter))
        outputs[name] = value
    return outputs


def read_commands(log: str) -> list[str]:
    """Read the workflow commands in a log as `ActionCommand.cs` does, `::` first in a line, else `##[` anywhere."""
    found = []
    for line in re.split(r"\r\n|\n|\r", log):
        new = re.match(r"::\s*([A-Za-z-]+)", line.lstrip())
        old = re.search(r"##\[([^\]\s]+)", line)
        found += [match[1].lower() for match in (new or old,) if match]
    return found


@dataclass
class Runner:
    """A job's folders and environment; `run` starts the action in them as a process, `check` calls it in this one."""

    folder: Path
    github: GitHubDouble
    event_name: str = "pull_request"
    event: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.workspace.mkdir(parents=True, exist_ok=True)

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def outputs(self) -> dict[str, str]:
        return read_outputs((self.folder / "output").read_text("utf-8"))

    @property
    def summary(self) -> str:
        return (self.folder / "summary").read_text("utf-8")

    def environment(self, inputs: Mapping[str, str]) -> dict[str, str]:
        for name in ("output", "summary"):
            (self.folder / name).touch()
        (self.folder / "event.json").write_text(json.dumps(self.event))
        given = {"github-token": TOKEN, **inputs}
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self.event_name,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_ACTOR": "octocat",
            "GITHUB_SHA": "d" * 40,
            "GITHUB_RUN_ID": "12",
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            **addresses(self.github),
            "NO_PROXY": "127.0.0.1",
            "PATH": os.environ["PATH"],
            **{f"INPUT_{name.upper()}": value for name, value in given.items()},
            **self.environ,
        }

    def run(self, inputs: Mapping[str, str], start: Sequence[str] = ACTION) -> Ended:
        done = subprocess.run(  # noqa: S603 - the action itself
            start, cwd=self.workspace, env=self.environment(inputs), capture_output=True, timeout=60, check=False
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def clear(self) -> None:
        """Take away what the last step wrote, as each step gets files of its own."""
        for name in ("output", "summary"):
            (self.folder / name).unlink(missing_ok=True)

    def check(self, inputs: Mapping[str, str]) -> Ended:
        """Call the action in this process: for checks that need nothing of a process."""
        environ, out, err = self.environment(inputs), io.StringIO(), io.StringIO()
        code = check(lambda: from_action(environ), CheckOptions(environ, Console(out, err), login={}, confined=True))
        return Ended(code, out.getvalue(), err.getvalue())


def addresses(github: GitHubDouble) -> dict[str, str]:
    """Return the variables by which a step finds its repository and GitHub."""
    return {
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_API_URL": github.api_url,
        "GITHUB_GRAPHQL_URL": github.graphql_url,
        "GITHUB_SERVER_URL": github.server_url,
    }


def pull_request(head_sha: str, number: int = 7, repository: str = REPOSITORY) -> dict[str, Any]:
    """Make the payload of a `pull_request` event, with what the action reads of it."""
    base = {"ref": "main", "sha": "b" * 40, "repo": {"full_name": REPOSITORY}}
    head = {"ref": "changes", "sha": head_sha, "repo": {"full_name": repository}}
    return {"action": "synchronize", "number": number, "pull_request": {"number": number, "head": head, "base": base}}
