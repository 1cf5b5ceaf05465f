"""A start loads only what a check uses: imports are most of the time of a small check."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from support.story import GATES

from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Sandbox

ENTRYPOINT = Path(__file__).parents[2] / "entrypoint.py"
HTTP = {"certifi", "charset_normalizer", "idna", "requests", "urllib3"}
READING = {"yaml"}
TEMPLATES = {"jinja2", "markupsafe"}


def loaded_by(command: list[str], environ: Mapping[str, str], code: int) -> set[str]:
    """Return all modules that a process of ours imports."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-X", "importtime", *command],
        env={"HOME": "/nonexistent", **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stderr.splitlines()
    assert done.returncode == code, [line for line in lines if not line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}


def packages(modules: set[str]) -> set[str]:
    """Return the installed packages of others among modules."""
    return {module.partition(".")[0] for module in modules} & set(_others())


def _others() -> Iterator[str]:
    return (
        name
        for name in packages_distributions()
        if name.isidentifier() and name not in {"swanlab_ci", "_distutils_hack"}
    )


def test_a_check_loads_the_packages_that_it_uses_and_no_more(sandbox: Sandbox, workspace: Path) -> None:
    command = ["-m", "swanlab_ci", "check", "--sha", PULL_REQUEST_COMMIT, "--bundle", "case.json"]

    found = loaded_by(command, sandbox.environment(), 1)
    again = loaded_by(["-m", "swanlab_ci", "replay", "case.json"], {}, 1)

    assert (workspace / "case.json").is_file()
    assert "swanlab_ci.check.bundle" in found & again
    assert packages(found) == HTTP | READING
    assert packages(again) <= HTTP | READING


@pytest.mark.parametrize(("folder", "more"), [("report", TEMPLATES), ("", set())])
def test_the_action_loads_the_engine_of_templates_for_a_report_that_is_written(
    sandbox: Sandbox, workspace: Path, folder: str, more: set[str]
) -> None:
    (workspace / "swanlab-gate.yml").write_text(GATES.replace("$pr_commits", PULL_REQUEST_COMMIT))
    environ = {
        "GITHUB_EVENT_NAME": "workflow_dispatch",
        "GITHUB_REPOSITORY": "octo/model",
        "GITHUB_SHA": PULL_REQUEST_COMMIT,
        "GITHUB_WORKSPACE": str(workspace),
        "INPUT_API-KEY": sandbox.api_key,
        "INPUT_COMMENT": "never",
        "INPUT_HOST": sandbox.environment()["SWANLAB_API_HOST"],
        "INPUT_REPORT-DIR": folder,
    }

    found = loaded_by([str(ENTRYPOINT)], environ, 1)

    assert packages(found) == HTTP | READING | more
