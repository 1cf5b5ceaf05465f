"""The example in the client's documentation runs as it is written, and a strict type checker has nothing against it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from swanlab_ci.sandbox import Sandbox, sample_store

DOCUMENT = (Path(__file__).parents[2] / "docs" / "client.md").read_text("utf-8")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    (tmp_path / "example.py").write_text(example, encoding="utf-8")
    return tmp_path / "example.py"


def run(*command: object, **environ: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, *map(str, command)]
    return subprocess.run(line, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - ours


def test_the_example_prints_what_the_document_says(script: Path, tmp_path: Path) -> None:
    with Sandbox(sample_store()) as sandbox:
        done = run(script, HOME=str(tmp_path), **sandbox.environment())

    assert f"it prints\n`{done.stdout.strip()}`" in DOCUMENT, done.stdout + done.stderr


def test_the_example_says_in_words_that_there_is_no_server(script: Path, tmp_path: Path) -> None:
    done = run(script, HOME=str(tmp_path), SWANLAB_API_HOST="http://127.0.0.1:9", SWANLAB_API_KEY="k" * 21)

    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (1, "", False)
    assert "SwanLab" in done.stderr


def test_a_strict_type_checker_sees_the_types(script: Path, tmp_path: Path) -> None:
    script.write_text(f"{script.read_text('utf-8')}\nreveal_type(runs)\nreveal_type(points)\n", encoding="utf-8")

    done = run("-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", script)

    assert done.returncode == 0, done.stdout
    assert "Listing[swanlab_ci.client.types.Experiment]" in done.stdout
    assert 'list[dict[str, Any]]"' in done.stdout.replace("builtins.", "")
