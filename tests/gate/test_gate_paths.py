"""Patterns of paths mean what git means by them, and what GitHub documents for its filter `paths`."""

import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swanlab_ci.gate.spec.paths import PathPattern
from swanlab_ci.gate.spec.source import Place, Source

NOWHERE = Place(Source("gates.yml", ()), 1, 1)
GIT = shutil.which("git") or "git"


def pattern(text: str) -> PathPattern:
    return PathPattern(text, NOWHERE)


@pytest.mark.parametrize(
    ("text", "path", "fits"),
    [
        # the examples of GitHub's "Workflow syntax", "Patterns to match file paths", that use nothing but stars
        ("*", "README.md", True),
        ("*", "server.rb", True),
        ("*", "docs/README.md", False),
        ("*.js", "app.js", True),
        ("*.js", "js/app.js", False),
        ("**", "all/the/files.md", True),
        ("docs/*", "docs/README.md", True),
        ("docs/*", "docs/a/README.md", False),
        ("docs/**", "docs/README.md", True),
        ("docs/**", "docs/mona/octocat.txt", True),
        ("docs/**/*.md", "docs/README.md", True),
        ("docs/**/*.md", "docs/mona/hello-world.md", True),
        ("docs/**/*.md", "docs/a/markdown/file.md", True),
        ("**/docs/**", "docs/hello.md", True),
        ("**/docs/**", "dir/docs/my-file.txt", True),
        ("**/docs/**", "space/docs/plan/space.doc", True),
        ("**/README.md", "README.md", True),
        ("**/README.md", "js/README.md", True),
        ("**/*src/**", "a/src/app.js", True),
        ("**/*src/**", "my-src/code/js/app.js", True),
        ("**/*-post.md", "my-post.md", True),
        ("**/*-post.md", "path/their-post.md", True),
        ("**/migrate-*.sql", "db/sept/migrate-v1.sql", True),
        # what an attacker would try
        ("docs/**", "docs", False),
        ("docs/**", "Docs/a", False),
        ("docs/**", "docs /a", False),
        ("docs/**", "docs./a", False),
        ("docs/**", "docs/../train.py", False),  # git has no such path, but a list of paths may
        ("docs/**", "docs/./a", False),
        ("docs/**", "docs//a", False),
        ("**", "", False),
        ("docs/**", "./docs/a", False),
        ("docs/**", "src/docs/a", False),
        ("docs/**", "docs\\a", False),
        ("docs/**", "docs\n/a", False),
        ("docs/**", "\ndocs/a", False),
        ("docs/**", "docs\u2215a", False),  # a slash of mathematics
        ("*.md", "train.py\n.md", True),  # one strange name, which ends in .md
        ("*.md", "a.md\n", False),
        ("*.md", "a.MD", False),
        ("*.md", "a.md ", False),
        ("*.md", "a.md.", False),
        ("*.md", "a.mď", False),
        ("\u00e9.md", "e\u0301.md", False),  # one letter here, a letter and an accent there
        ("*.md", ".md", True),
        ("*.md", "\udcff.md", True),  # a name that is not UTF-8
    ],
)
def test_a_pattern_means_what_its_documentation_says(text: str, path: str, *, fits: bool) -> None:
    assert pattern(text).matches(path) is fits


NAMES = st.text("ab*.", min_size=1, max_size=4).filter(lambda name: "**" not in name and name not in {".", ".."})
PATTERNS = st.lists(st.just("**") | NAMES, min_size=1, max_size=5).map("/".join)


def paths_of(seed: int) -> list[str]:
    """Make as many paths as one call of git is worth: drawn one by one by hypothesis they cost most of the test."""
    chance = random.Random(seed)  # noqa: S311 - no secret

    def name() -> str:
        made = "".join(chance.choices('ab.\n"é', k=chance.randint(1, 4)))
        return name() if made in {".", ".."} else made

    return ["/".join(name() for _ in range(chance.randint(1, 5))) for _ in range(45)]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q")
    return folder


def git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    nowhere = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(  # noqa: S603 - the git of this machine is the reference
        [GIT, *arguments], cwd=folder, input=given, capture_output=True, check=True, env={**os.environ, **nowhere}
    ).stdout


def fitting(folder: Path, text: str, paths: list[str]) -> list[str]:
    """Return those of `paths` for which git says that the pattern `/text` of a .gitattributes counts."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    (folder / ".git" / "info" / "attributes").write_text(f'"/{quoted}" exempt\n')
    names = "\0".join(paths).encode()
    fields = git(folder, "check-attr", "-z", "--stdin", "exempt", given=names).split(b"\0")
    return [path.decode() for path, state in zip(fields[::3], fields[2::3], strict=False) if state == b"set"]


@pytest.mark.slow
@settings(deadline=None, max_examples=400)
@given(text=PATTERNS, paths=st.integers(0, 2**32).map(paths_of))
def test_git_agrees_on_every_path(repository: Path, *, text: str, paths: list[str]) -> None:
    ours = [path for path in paths if pattern(text).matches(path)]

    assert ours == fitting(repository, text, paths)


def test_a_pattern_of_stars_takes_no_time() -> None:
    slow = pattern("/".join(["**", "*a*a*a*a*a*a*b"] * 8))

    assert not slow.matches("/".join(["a" * 100] * 40))


@pytest.mark.parametrize("page", ["gates.md", "zh/gates.md"])
def test_the_table_of_the_documentation_says_what_matches(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text("utf-8")
    rows = re.findall(r"^\| `([^`]*\*[^`]*)` \| ((?:`[^`]+` ?)+) \| ((?:`[^`]+` ?)+) \|$", text, re.MULTILINE)
    wrong = [
        (one, path)
        for one, fitting, others in rows
        for paths, fits in ((fitting, True), (others, False))
        for path in re.findall(r"`([^`]+)`", paths)
        if pattern(one).matches(path) is not fits
    ]

    assert len(rows) == 5
    assert wrong == []
