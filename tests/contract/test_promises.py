"""What is promised in one place is kept in the others: action.yml, `Inputs`, the outputs, the README, the wheel."""

import re
import subprocess
import sys
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from swanlab_ci import __version__
from swanlab_ci.check.inputs import COMMENT_MODES, NAMES, Inputs, from_action
from swanlab_ci.cli.parser import parser
from swanlab_ci.judgement import Judgement, Verdict
from swanlab_ci.model import Status
from swanlab_ci.publish.files import Files
from swanlab_ci.publish.outputs import final_outputs
from swanlab_ci.security.escaping import Safe

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
README = (ROOT / "README.md").read_text("utf-8")
KEY = "k" * 21


def test_the_action_has_exactly_the_inputs_that_the_program_reads() -> None:
    assert tuple(ACTION["inputs"]) == NAMES


def test_the_actions_defaults_are_the_programs() -> None:
    environ = {f"INPUT_{name.upper()}": str(spec.get("default", "")) for name, spec in ACTION["inputs"].items()}
    special = {"host": "https://api.swanlab.cn", "report_dir": "swanlab-ci-report"}  # the command line has its own

    read = from_action(environ | {"INPUT_API-KEY": KEY, "INPUT_GITHUB-TOKEN": ""})

    assert read == Inputs(api_key=KEY, **special)  # type: ignore[arg-type]
    assert ACTION["inputs"]["github-token"]["default"] == "${{ github.token }}"


def test_the_action_names_every_comment_mode() -> None:
    assert [word for word in COMMENT_MODES if f"`{word}`" not in ACTION["inputs"]["comment"]["description"]] == []


def test_the_action_has_exactly_the_outputs_that_the_program_writes() -> None:
    judgement = Judgement(verdict=Verdict(Status.PASS), judged_at=datetime.now(UTC))

    written = final_outputs(judgement, Safe("fine"), Files(), "", str)

    assert list(ACTION["outputs"]) == list(written)


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_every_description_is_a_sentence(kind: str) -> None:
    wrong = [name for name, spec in ACTION[kind].items() if not re.fullmatch(r"\S.{10,}\.", spec["description"])]

    assert wrong == []


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_the_readme_names_every_input_and_output(kind: str) -> None:
    assert [name for name in ACTION[kind] if f"`{name}`" not in README] == []


def test_the_readme_names_every_command() -> None:
    commands = re.search(r"\{?COMMAND", parser().format_usage())
    assert commands
    names = re.findall(r"^    (\w+)\s", parser().format_help(), re.MULTILINE)

    assert len(names) >= 6
    assert [name for name in names if f"swanlab-ci {name}" not in README] == []


def test_the_readmes_workflow_is_short_and_uses_inputs_that_exist() -> None:
    text = next(block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "runs-on" in block)
    job = next(iter(yaml.safe_load(text)["jobs"].values()))
    step = next(step for step in job["steps"] if "swanlab-ci" in step["uses"])

    assert len(text.splitlines()) <= 16
    assert set(step["with"]) <= set(NAMES)
    assert "api-key" in step["with"]
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}


def test_no_folder_of_tests_is_left_out() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]["testpaths"]
    folders = {f"tests/{test.relative_to(ROOT / 'tests').parts[0]}" for test in (ROOT / "tests").rglob("test_*.py")}

    assert folders - set(listed) <= {
        *("tests/sdk", "tests/forges", "tests/looks", "tests/package", "tests/container", "tests/e2e")
    }
    assert all((ROOT / folder).is_dir() for folder in listed)


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the sdist, as an index's users get it, and unpack it."""
    folder = tmp_path_factory.mktemp("built")
    _hatchling(ROOT, "sdist", folder)
    (sdist,) = folder.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", sdist.name], cwd=folder, check=True)  # noqa: S603, S607
    _hatchling(folder / sdist.name.removesuffix(".tar.gz"), "wheel", folder)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as file:
        file.extractall(folder / "site")
    return folder / "site"


def _hatchling(source: Path, target: str, folder: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)  # noqa: S603 - our own build


def test_the_wheel_holds_the_package_and_the_templates_and_nothing_else(wheel: Path) -> None:
    packed = {path.relative_to(wheel / "swanlab_ci") for path in (wheel / "swanlab_ci").rglob("*") if path.is_file()}
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "swanlab_ci", "templates"],  # noqa: S607
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    expected = {Path(name).relative_to("swanlab_ci") for name in tracked if name.startswith("swanlab_ci/")}

    assert packed == expected | {Path(name) for name in tracked if name.startswith("templates/")}
    assert not [path for path in wheel.iterdir() if path.name != "swanlab_ci" and path.suffix != ".dist-info"]


def test_type_checkers_of_users_see_the_types(wheel: Path) -> None:
    assert (wheel / "swanlab_ci" / "py.typed").is_file()  # PEP 561


def test_an_installed_package_finds_its_own_templates_wherever_it_is_started(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from swanlab_ci.templating.engine import templates_dir\n"
        "print(templates_dir())\n"
    )
    command = [sys.executable, "-I", "-c", code, str(wheel)]

    found = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)  # noqa: S603

    assert Path(found.stdout.strip()) == wheel / "swanlab_ci" / "templates"


def test_importing_the_package_loads_nothing_of_others() -> None:
    code = "import sys, swanlab_ci; print({'requests', 'jinja2', 'yaml'} & set(sys.modules))"

    found = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)  # noqa: S603

    assert found.stdout.strip() == "set()"


def test_the_public_names_are_there() -> None:
    import swanlab_ci  # noqa: PLC0415 - what is imported is the subject

    assert {name: getattr(swanlab_ci, name).__name__ for name in swanlab_ci.__all__ if name != "__version__"} == {
        name: name for name in ("ApiResponse", "Experiment", "OpenApi", "Project", "record")
    }
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = swanlab_ci.Nothing
