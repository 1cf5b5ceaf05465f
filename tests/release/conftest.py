"""A small repository that is ready to be released, with its origin."""

import shutil
import subprocess
from pathlib import Path

import pytest
from checkout import VERSION, Checkout

from release.owner import replaced
from swanlab_ci import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """Make the repository from the files that a release looks at."""
    monkeypatch.delenv("GITHUB_REF_NAME", raising=False)
    origin = tmp_path / "origin.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(origin)], check=True)  # noqa: S603, S607 - our own
    made = Checkout(tmp_path / "checkout")
    shutil.copytree(ROOT / "examples", made.root / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "action.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, made.root)
    made.write("swanlab_ci/__init__.py", f'__version__ = "{VERSION}"\n')
    made.write("CITATION.cff", f"version: {VERSION}\n")
    made.write("CHANGELOG.md", f"## [{VERSION}] - 2026-11-24\n")
    for path in (made.root / "README.md", *made.root.glob("examples/**/*.yml")):
        path.write_text(path.read_text("utf-8").replace(__version__, VERSION), "utf-8")
    made.git("init", "--quiet", "--initial-branch", "main")
    made.git("remote", "add", "origin", str(origin))
    replaced(made.root, "octo")
    made.push()
    return made
