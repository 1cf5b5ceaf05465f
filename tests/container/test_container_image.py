"""The image itself: what is in it, what is not, and how another CI runs the command line from it."""

import itertools
import json
import os
import subprocess
from pathlib import Path

import pytest
from engine import compressed_size, docker, inspected, tried
from job import OWNER
from support.story import GATES

from swanlab_ci import OpenApi, __version__
from swanlab_ci.cli.parser import parser
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox

MB = 10**6
FILES = """
import json, os
listed = {}
for folder, _, names in os.walk("/"):
    if not folder.startswith(("/proc", "/sys", "/dev")):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                listed[path] = file.read(8)[4:].hex()
print(json.dumps(listed))
"""
IMPORTS = """
import importlib, pkgutil, swanlab_ci
for module in pkgutil.walk_packages(swanlab_ci.__path__, "swanlab_ci."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
        print(module.name)
"""
COMPILED = """
import sys
found = []

def listen(event, about):
    text = bytes(about[0] or b"") if event == "compile" else b""
    if b"def __create_fn__" in text or b" def __init__(self" in text:
        found.append(text[:200])

sys.addaudithook(listen)
from swanlab_ci.runtime import prepared
prepared.use()
import swanlab_ci.check.pipeline, swanlab_ci.report.html
from swanlab_ci.templating import engine
real = engine.Engine.compile
engine.Engine.compile = lambda self, *what: found.append(what[1]) or real(self, *what)
for name in engine.BUILT_IN:
    engine.engine().get_template(name)
print(found)
"""
RECORDS = """
import importlib.metadata as metadata, json, pathlib
debian = {path.name: pathlib.Path("/usr/share/doc", path.name, "copyright").stat().st_size
          for path in pathlib.Path("/var/lib/dpkg/status.d").iterdir()}
python = {found.name: [str(file) for file in found.files if "LICEN" in file.name.upper() and file.locate().exists()]
          for found in metadata.distributions()}
print(json.dumps([debian, python]))
"""


def python(image: str, code: str) -> str:
    command = ["run", "--rm", "--network", "none", "--entrypoint", "/opt/venv/bin/python", image, "-I", "-c", code]
    return docker(*command).strip()


@pytest.fixture(scope="session")
def files(image: str) -> dict[str, str]:
    """List all files of the image, each with the bytes 4 to 7 of its content."""
    return dict(json.loads(python(image, FILES)))


def test_it_sets_no_variables_user_or_ports(image: str) -> None:
    config = inspected(image)

    assert {variable.partition("=")[0] for variable in config["Env"] or ()} <= {"PATH"}
    assert not config["User"]  # the runner needs root to begin with
    assert not config.get("ExposedPorts")


def test_it_starts_isolated_and_by_an_absolute_path(image: str) -> None:
    assert inspected(image)["Entrypoint"] == ["/opt/venv/bin/python", "-I", "/action/entrypoint.py"]


@pytest.mark.parametrize("target", ["image", "shell_image"])
def test_no_layer_names_a_secret_or_where_its_packages_came_from(target: str, request: pytest.FixtureRequest) -> None:
    image = request.getfixturevalue(target)
    history = docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image).lower()

    assert [word for word in ("api_key", "token", "secret", "password", "index-url") if word in history] == []


@pytest.mark.parametrize(("target", "limit"), [("image", 15.5 * MB), ("shell_image", 18 * MB)])
def test_it_is_small(target: str, limit: float, request: pytest.FixtureRequest) -> None:
    assert compressed_size(request.getfixturevalue(target)) <= limit


def test_the_only_programs_in_it_are_the_interpreter_and_ours(files: dict[str, str]) -> None:
    programs = {path for path in files if "/bin/" in path or "/sbin/" in path}

    assert {Path(path).name for path in programs} <= {"python", "python3.13", "swanlab-ci"}


def test_pip_and_the_build_are_not_in_it(files: dict[str, str]) -> None:
    unwanted = ("/src/", "/wheel/", "/site-packages/pip/", "/site-packages/hatchling/", "/ensurepip/", "/apt/")

    assert [path for path in files if any(part in path for part in unwanted)] == []
    assert [path for path in files if path.startswith("/action/")] == ["/action/entrypoint.py"]


def test_every_module_is_compiled_and_never_compared_with_its_source(files: dict[str, str]) -> None:
    compiled = {path: head for path, head in files.items() if path.endswith(".pyc")}
    sources = {path for path in files if path.endswith(".py")} - {"/action/entrypoint.py"}

    assert len(compiled) > 800
    assert [path for path, head in compiled.items() if head != "01000000"] == []  # unchecked-hash
    assert [path for path in sources if "/site-packages/swanlab_ci/" not in path] == []
    assert {Path(path).stem for path in sources} <= {Path(path).name.partition(".")[0] for path in compiled}


def test_a_start_finds_dataclasses_and_templates_compiled(image: str) -> None:
    assert python(image, COMPILED) == "[]"


def test_every_module_of_the_program_can_be_imported(image: str) -> None:
    package = Path(__file__).parents[2] / "swanlab_ci"

    assert len(python(image, IMPORTS).split()) == len(list(package.rglob("*.py"))) - 2  # __main__, and the package


def test_each_part_has_its_record_and_its_licence(image: str) -> None:
    debian, packages = json.loads(python(image, RECORDS))

    assert {"base-files", "libc6", "libssl3t64", "zlib1g"} <= debian.keys()
    assert all(size > 0 for size in debian.values())
    assert {"swanlab-ci", "requests", "Jinja2", "PyYAML", "packaging"} <= packages.keys()
    assert [name for name in packages if "pydantic" in name] == []
    assert [name for name, licences in packages.items() if not licences] == []


def test_it_is_this_version(image: str) -> None:
    assert docker("run", "--rm", "--entrypoint", "swanlab-ci", image, "--version") == f"swanlab-ci {__version__}\n"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Make a folder with a gate file and a test of it, for the commands to work in."""
    (tmp_path / "swanlab-gate.yml").write_text(GATES)
    (tmp_path / "gate-test.yml").write_text(RULE_TEST)
    tmp_path.chmod(0o777)
    return tmp_path


RULE_TEST = """\
tests:
  - name: A smoke run that crashed fails
    runs: [{labels: [smoke], state: CRASHED}]
    expect: {smoke-run-finished: fail}
"""
COMMANDS = {  # each command of the program, as it is called for real, and its exit code
    "check": (["check", "--sha", PULL_REQUEST_COMMIT, "--bundle", "case.json"], 1),
    "lint": (["lint"], 0),
    "init": (["init", "--project", "my-team/resnet", "first-gate.yml"], 0),
    "schema": (["schema"], 0),
    "test": (["test", "gate-test.yml"], 0),
    "explain": (["explain", "smoke-run-finished", "--sha", PULL_REQUEST_COMMIT], 0),
    "replay": (["replay", "case.json"], 1),
    "completion": (["completion", "bash"], 0),
    "fields": (["fields", "pr42-smoke", "--project", "my-team/resnet"], 0),
    "backtest": (["backtest"], 0),
    "suggest": (["suggest", "--metric", "val/acc", "--better", "higher"], 0),
    "exec": (["exec", "--", "/opt/venv/bin/python", "-c", "raise SystemExit(5)"], 5),
    "doctor": (["doctor"], 1),
    "demo": (["demo"], 0),
}


def command_line(image: str, work: Path, sandbox: Sandbox, *arguments: str) -> list[str]:
    environ = [part for name, value in sandbox.environment().items() for part in ("--env", f"{name}={value}")]
    user = ["--user", f"{OWNER}:{OWNER}", "--volume", f"{work}:/work", "--workdir", "/work", "--network", "host"]
    return ["run", "--rm", *environ, *user, "--entrypoint", "swanlab-ci", image, *arguments]


def test_every_command_works_in_it(image: str, sandbox: Sandbox, work: Path) -> None:
    codes = {}
    for name, (arguments, _) in COMMANDS.items():
        done = tried(*command_line(image, work, sandbox, *arguments))
        assert "Traceback" not in done.err, done.err
        codes[name] = done.code

    assert codes == {name: code for name, (_, code) in COMMANDS.items()}
    (commands,) = (action.choices for action in parser()._subparsers._group_actions)  # type: ignore[union-attr]  # noqa: SLF001 - argparse has no other way
    assert set(commands or ()) == {*COMMANDS, "sandbox"}


def test_the_embedded_swanlab_serves_from_it(image: str) -> None:
    name = f"swanlab-ci-test-sandbox-{os.getpid()}"
    command = ["docker", "run", "--rm", "--name", name, "--network", "host", "--entrypoint", "swanlab-ci", image]
    with subprocess.Popen([*command, "sandbox"], stdout=subprocess.PIPE, text=True) as serving:  # noqa: S603 - our image
        try:
            assert serving.stdout
            lines = (line.removeprefix("export ").strip().partition("=") for line in serving.stdout)
            printed = {variable: value for variable, _, value in itertools.islice(lines, 3)}
            api = OpenApi(api_key=printed["SWANLAB_API_KEY"], host=printed["SWANLAB_API_HOST"])
            runs = api.list_experiments(project="resnet", username="my-team").unwrap()
        finally:
            docker("kill", name)

    assert len(runs) == 40


@pytest.mark.parametrize(("commit", "code"), [(FIXED_COMMIT, 0), (PULL_REQUEST_COMMIT, 1)])
def test_another_ci_runs_the_command_line_from_it(
    image: str, sandbox: Sandbox, work: Path, commit: str, code: int
) -> None:
    check = ["check", "--sha", commit, "--format", "json", "--report-dir", "report"]

    done = tried(*command_line(image, work, sandbox, *check))

    assert done.code == code, done.err
    assert json.loads(done.out) == json.loads((work / "report" / "report.json").read_text("utf-8"))
    assert (work / "report" / "report.md").stat().st_uid == OWNER


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_a_ci_that_starts_a_shell_finds_the_command_line_and_its_tools(shell_image: str, shell: str) -> None:
    script = r"""set -eo pipefail; printf '%s\n' $'a\tb' | grep a | sed 's/\t/-/'; mkdir -p "$(mktemp -d)/x"
        swanlab-ci schema | sed -n 2p"""

    out = docker("run", "--rm", "--network", "none", shell_image, shell, "-c", script)

    first, second = out.splitlines()
    assert first == "a-b"
    assert '"$schema"' in second


def test_started_outside_github_as_it_is_it_says_what_is_missing(image: str) -> None:
    done = tried("run", "--rm", "--network", "none", image)

    assert done.code == 2
    assert "swanlab-gate.yml" in done.err
