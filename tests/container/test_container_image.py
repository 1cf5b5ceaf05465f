"""The image itself: what it holds, what it does not, and how another CI runs the command line from it."""

import json
from pathlib import Path

import pytest
from engine import base, docker, inspected, tried
from job import OWNER
from support.story import GATES

from swanlab_ci import __version__
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox

UNCOMPILED = """
import importlib.util, pathlib
files = [path for path in pathlib.Path("/opt/venv/lib").rglob("*.py")]
assert len(files) > 300
flags = {}
for path in files:
    cached = pathlib.Path(importlib.util.cache_from_source(str(path)))
    flags[path] = cached.read_bytes()[4] if cached.exists() else None
print([str(path) for path, flag in flags.items() if flag != 1])
"""


def python(image: str, code: str) -> str:
    command = ["run", "--rm", "--network", "none", "--entrypoint", "/opt/venv/bin/python", image, "-I", "-c", code]
    return docker(*command).strip()


def test_it_adds_no_variables_users_or_ports_to_its_base(image: str) -> None:
    ours, theirs = inspected(image), inspected(base())

    assert ours["Env"] == theirs["Env"]
    assert not ours["User"]  # the runner needs root to begin with
    assert ours.get("ExposedPorts") == theirs.get("ExposedPorts")


def test_it_starts_isolated_and_by_an_absolute_path(image: str) -> None:
    assert inspected(image)["Entrypoint"] == ["/opt/venv/bin/python", "-I", "/action/entrypoint.py"]


def test_no_layer_tells_a_secret_or_where_its_packages_came_from(image: str) -> None:
    history = docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image).lower()

    assert [word for word in ("api_key", "token", "secret", "password", "index-url") if word in history] == []


def test_pip_and_the_build_backend_are_not_in_it(image: str) -> None:
    code = "import importlib.util as u; print([n for n in ('pip', 'setuptools', 'hatchling') if u.find_spec(n)])"

    assert python(image, code) == "[]"


def test_every_file_is_compiled_and_never_compared_with_its_source(image: str) -> None:
    assert python(image, UNCOMPILED) == "[]"


def test_only_what_the_program_needs_was_copied(image: str) -> None:
    assert python(image, "import os; print(sorted(os.listdir('/action')), os.path.exists('/src'))") == (
        "['entrypoint.py'] False"
    )


def test_it_is_this_version(image: str) -> None:
    assert docker("run", "--rm", "--entrypoint", "swanlab-ci", image, "--version") == f"swanlab-ci {__version__}\n"


def test_a_ci_that_starts_a_shell_finds_the_command_line(image: str) -> None:
    script = ["--entrypoint", "", image, "sh", "-c", "swanlab-ci schema"]

    assert "$schema" in json.loads(docker("run", "--rm", "--network", "none", *script))


@pytest.mark.parametrize(("commit", "code"), [(FIXED_COMMIT, 0), (PULL_REQUEST_COMMIT, 1)])
def test_another_ci_runs_the_command_line_from_it(
    image: str, sandbox: Sandbox, tmp_path: Path, commit: str, code: int
) -> None:
    (tmp_path / "swanlab-gate.yml").write_text(GATES)
    tmp_path.chmod(0o777)
    environ = [part for name, value in sandbox.environment().items() for part in ("--env", f"{name}={value}")]
    user = ["--user", f"{OWNER}:{OWNER}", "--volume", f"{tmp_path}:/work", "--workdir", "/work", "--network", "host"]
    check = ["check", "--sha", commit, "--format", "json", "--report-dir", "report"]

    done = tried("run", "--rm", *environ, *user, "--entrypoint", "swanlab-ci", image, *check)

    assert done.code == code, done.err
    assert json.loads(done.out) == json.loads((tmp_path / "report" / "report.json").read_text("utf-8"))
    assert (tmp_path / "report" / "report.md").stat().st_uid == OWNER


def test_started_outside_github_as_it_is_it_says_what_is_missing(image: str) -> None:
    done = tried("run", "--rm", "--network", "none", image)

    assert done.code == 2
    assert "input `api-key` is empty" in done.err
