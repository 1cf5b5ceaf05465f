"""The files that a release changes or builds from: the owner's placeholder, the action's image, the pinned base."""

import re
from pathlib import Path

import pytest
from checkout import Checkout

from release.action import BY_DIGEST, use_image
from release.check import in_files
from release.image import ROOT, base_name, with_base
from release.owner import LOGIN, owner, places
from swanlab_ci import __version__

DIGEST = "sha256:" + "a" * 64


def test_the_owner_is_one_command_away_from_everywhere(checkout: Checkout) -> None:
    assert list(places(checkout.root)) == []
    assert owner(checkout.root) == "octo"
    used = {
        match
        for path in checkout.root.rglob("*.yml")
        for match in re.findall(r"([\w-]+)/swanlab-ci@v", path.read_text())
    }
    assert used == {"octo"}


@pytest.mark.parametrize(
    ("login", "valid"), [("octo", True), ("My-Org2", True), ("-a", False), ("a--b", False), ("a/b", False)]
)
def test_an_owner_is_a_login_of_github(login: str, *, valid: bool) -> None:
    assert bool(LOGIN.fullmatch(login)) is valid


def test_documents_and_examples_agree_with_the_version() -> None:
    problems = [problem for problem in in_files(__version__, ROOT) if "placeholder" not in problem]

    assert problems in (
        [],
        [f"CHANGELOG.md: write the heading `## [{__version__}] - YYYY-MM-DD` with the day of the release"],
    )


def test_the_released_action_differs_in_its_image_alone(tmp_path: Path) -> None:
    before = (ROOT / "action.yml").read_text("utf-8")
    action = tmp_path / "action.yml"
    action.write_text(before, "utf-8")

    use_image(action, f"ghcr.io/octo/swanlab-ci@{DIGEST}")

    changed = [
        pair
        for pair in zip(before.splitlines(), action.read_text("utf-8").splitlines(), strict=True)
        if len(set(pair)) > 1
    ]
    assert changed == [("  image: Dockerfile", f"  image: docker://ghcr.io/octo/swanlab-ci@{DIGEST}")]
    with pytest.raises(SystemExit, match="found 0 times"):
        use_image(action, f"ghcr.io/octo/swanlab-ci@{DIGEST}")


@pytest.mark.parametrize(
    ("reference", "valid"),
    [
        (f"ghcr.io/octo/swanlab-ci@{DIGEST}", True),
        (f"127.0.0.1:5000/octo/swanlab-ci@{DIGEST}", True),
        (f"ghcr.io/Octo/swanlab-ci@{DIGEST}", False),
        ("ghcr.io/octo/swanlab-ci:v1", False),
        (f"ghcr.io/octo/swanlab-ci@{DIGEST}a", False),
        (f"swanlab-ci@{DIGEST}", False),
    ],
)
def test_an_image_is_named_by_digest_and_in_lower_case(reference: str, *, valid: bool) -> None:
    assert bool(BY_DIGEST.fullmatch(reference)) is valid


def test_the_base_is_pinned_and_literal() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")

    assert "ARG " not in text  # Dependabot does not read a base that is an argument
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE)[1:] == ["scratch", "program", "program"]
    assert f"FROM 127.0.0.1:5000/base@{DIGEST} AS build" in with_base(text, f"127.0.0.1:5000/base@{DIGEST}")
    with pytest.raises(SystemExit, match="first stage"):
        base_name(with_base(text, base_name(text)))


def test_the_action_is_the_last_target() -> None:
    assert re.findall(r" AS (\w+)", (ROOT / "Dockerfile").read_text("utf-8"))[-1] == "action"
