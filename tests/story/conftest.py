"""Whole checks against an embedded SwanLab: in process for their logic, as processes for what only a process shows."""

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from misfortune import Act
from support.github_double import GitHubDouble
from support.runner import Runner, pull_request, read_commands
from support.sample import sample
from support.story import GATES, CommandLine, Ended

from swanlab_ci.cli import run
from swanlab_ci.errors import SwanlabCiError
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Sandbox
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample()) as serving:
        yield serving


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "swanlab-gate.yml").write_text(GATES)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def command_line(sandbox: Sandbox, workspace: Path) -> CommandLine:
    """Run the command line in process, in the workspace, with the sandbox's environment unless told otherwise."""
    assert workspace.is_dir()

    def started(*arguments: str, key: str | None = None, environ: Mapping[str, str] | None = None) -> Ended:
        console = Console(io.StringIO(), io.StringIO())
        try:
            environ = sandbox.environment() if environ is None else environ
            code = run(list(arguments), {**environ, **({} if key is None else {"SWANLAB_API_KEY": key})}, console)
        except SwanlabCiError as stop:
            console.stop(stop)
            code = stop.exit_code
        assert isinstance(console.out, io.StringIO)
        assert isinstance(console.err, io.StringIO)
        return Ended(code, console.out.getvalue(), console.err.getvalue())

    return started


@pytest.fixture
def runner(tmp_path: Path, github: GitHubDouble) -> Runner:
    started = Runner(tmp_path / "job", github, event=pull_request(PULL_REQUEST_COMMIT))
    (started.workspace / "swanlab-gate.yml").write_text(GATES)
    return started


@pytest.fixture
def act(runner: Runner, sandbox: Sandbox) -> Act:
    """Run the action as a process, as the runner does; whatever happens, its log holds no command but ours."""
    return acting(runner.run, sandbox)


@pytest.fixture
def call(runner: Runner, sandbox: Sandbox) -> Act:
    """Call the action in this process, which is quicker, where only its answers matter."""
    return acting(runner.check, sandbox)


def acting(start: Callable[[Mapping[str, str]], Ended], sandbox: Sandbox) -> Act:
    def acted(**inputs: str) -> Ended:
        given = {"api-key": sandbox.api_key, "host": sandbox.url, "timeout": "8s", "status-context": "swanlab-ci"}
        ended = start(given | {name.replace("_", "-"): value for name, value in inputs.items()})
        assert {*read_commands(ended.out + ended.err)} <= {"add-mask", "error", "warning", "notice"}
        assert "Traceback" not in ended.err
        return ended

    return acted


def at(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.fixture
def tuned_project(sandbox: Sandbox) -> Sandbox:
    """Serve a project of 24 commits with three runs each; accuracies are 0.900 to 0.918."""
    place = {"cuid": "t" * 21, "name": "tuned", "workspace": "my-team", "created_at": at(999)}
    project = StoredProject(runs=[], **place)  # type: ignore[arg-type]  # all are texts
    sandbox.store.add_project(project)
    for commit in range(24):
        for seed in range(3):
            run = StoredRun(
                cuid=f"tuned{commit:08}{seed:08}",
                name=f"c{commit}-s{seed}",
                username="ada",
                created_at=at(200 - 2 * commit),
                finished_at=at(199 - 2 * commit),
                state="FINISHED",
                metadata={
                    "git": {"branch": "main", "commit": f"{commit + 16:x}" * 20, "remote_url": ""},
                    "_version": 2,
                },
                series={"acc": [[0, 0.9 + (7 * commit + 11 * seed) % 21 / 1000, 1]]},
            )
            sandbox.store.add_run(project, run)
    return sandbox
