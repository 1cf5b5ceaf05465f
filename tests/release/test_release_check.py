"""What stops a release, before anything is built or pushed."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from checkout import VERSION, Checkout

from release.check import ROOT, problems
from release.owner import PLACEHOLDER

CHANGES: dict[str, tuple[Callable[[Checkout], None], str]] = {
    "another version in the package": (
        lambda made: made.replace("swanlab_ci/__init__.py", VERSION, "1.2.2"),
        f'swanlab_ci/__init__.py: __version__ is 1.2.2; write `__version__ = "{VERSION}"`',
    ),
    "no version in the package": (
        lambda made: made.write("swanlab_ci/__init__.py", ""),
        f'swanlab_ci/__init__.py: __version__ is missing; write `__version__ = "{VERSION}"`',
    ),
    "another version to cite": (
        lambda made: made.replace("CITATION.cff", VERSION, "1.2.2"),
        f"CITATION.cff: version is 1.2.2; write `version: {VERSION}`",
    ),
    "no date in the changelog": (
        lambda made: made.replace("CHANGELOG.md", "2026-11-24", "unreleased"),
        f"CHANGELOG.md: write the heading `## [{VERSION}] - YYYY-MM-DD` with the day of the release",
    ),
    "an action that uses an image": (
        lambda made: made.replace("action.yml", "image: Dockerfile", "image: docker://ghcr.io/o/r:v1"),
        "action.yml: `image` is docker://ghcr.io/o/r:v1; on the main branch it is Dockerfile",
    ),
    "another major version in an example": (
        lambda made: made.replace("examples/github/forks.yml", "swanlab-ci@v1", "swanlab-ci@v2"),
        "examples/github/forks.yml: uses swanlab-ci@v2; write @v1",
    ),
    "another version in the README": (
        lambda made: made.replace("README.md", "rev: v", "rev: v0.0.1 # v"),
        f"README.md: names version 0.0.1; write {VERSION}",
    ),
    "another version of the image": (
        lambda made: made.write("docs/new.md", "ghcr.io/octo/swanlab-ci:1.2.2-shell"),
        f"docs/new.md: names version 1.2.2; write {VERSION}",
    ),
    "the owner's placeholder": (
        lambda made: made.write("docs/new.md", f"see\n{PLACEHOLDER}/swanlab-ci\n"),
        "docs/new.md:2: the owner is still a placeholder; run `python -m release.owner OWNER`",
    ),
}


def test_a_checkout_that_is_ready_has_no_problem(checkout: Checkout) -> None:
    assert list(problems(VERSION, checkout.root)) == []


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_does_not_agree_is_named_with_what_to_write(checkout: Checkout, name: str) -> None:
    change, problem = CHANGES[name]
    change(checkout)
    checkout.push()

    assert list(problems(VERSION, checkout.root)) == [problem]


@pytest.mark.parametrize("version", ["v1.2.3", "1.2", "1.2.3rc1", "01.2.3", "", "1.2.3\n"])
def test_a_version_has_three_numbers(checkout: Checkout, version: str) -> None:
    (problem,) = problems(version, checkout.root)

    assert problem == f"{version}: write the version as MAJOR.MINOR.PATCH, such as 1.2.3"


def test_a_change_that_is_not_committed_stops_it(checkout: Checkout) -> None:
    checkout.write("new.txt", "")

    assert list(problems(VERSION, checkout.root)) == [
        "new.txt: not committed, and 0 more files; commit or remove them",
    ]


def test_another_branch_stops_it(checkout: Checkout) -> None:
    checkout.git("switch", "--quiet", "--create", "fix")

    assert list(problems(VERSION, checkout.root)) == [
        "fix: releases are made from the branch main; switch to it",
    ]


def test_the_branch_that_github_names_counts(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REF_NAME", "fix")

    assert [problem.partition(":")[0] for problem in problems(VERSION, checkout.root)] == ["fix"]


def test_a_commit_that_is_not_pushed_stops_it(checkout: Checkout) -> None:
    checkout.git("commit", "--quiet", "--allow-empty", "--message", "work")

    assert list(problems(VERSION, checkout.root)) == [
        "HEAD: this commit is not the newest of origin's main; pull or push first",
    ]


def test_a_version_that_exists_stops_it(checkout: Checkout) -> None:
    checkout.git("tag", f"v{VERSION}")
    checkout.git("push", "--quiet", "origin", f"v{VERSION}")

    assert list(problems(VERSION, checkout.root)) == [
        f"v{VERSION}: this version is released, and a release is never replaced; choose the next version",
    ]


def test_an_origin_that_does_not_answer_stops_it(checkout: Checkout) -> None:
    checkout.git("remote", "set-url", "origin", "/not/there")

    (problem,) = problems(VERSION, checkout.root)

    assert problem.startswith("origin: git ls-remote origin: ")


def test_the_command_prints_every_problem_and_ends_with_1() -> None:
    command = [sys.executable, "-m", "release.check", "77.0.0"]

    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - our own

    assert done.returncode == 1
    assert "__version__ is " in done.stdout
    assert "cannot be released" in done.stderr
