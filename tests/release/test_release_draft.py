"""The release commit and its draft, as the script makes them through GitHub's API."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from checkout import VERSION, Checkout

from release.image import ROOT
from release.notes import text

IMAGE = "ghcr.io/octo/swanlab-ci@sha256:" + "a" * 64
SHELL_IMAGE = "ghcr.io/octo/swanlab-ci@sha256:" + "b" * 64


@pytest.fixture
def drafting(checkout: Checkout, tmp_path: Path) -> dict[str, str]:
    """Put the scripts into the checkout and what was built beside it; return the environment of the job."""
    shutil.copytree(
        ROOT / "release", checkout.root / "release", ignore=shutil.ignore_patterns("__pycache__", "rehearsal")
    )
    checkout.push()
    for name in (
        "dist/swanlab_ci.whl",
        *(f"image-{arch}/{target}.spdx.json" for arch in ("amd64", "arm64") for target in ("action", "shell")),
    ):
        (tmp_path / "built" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "built" / name).touch()
    commands = tmp_path / "bin"
    commands.mkdir()
    shutil.copy(Path(__file__).with_name("gh_double"), commands / "gh")
    return {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "GITHUB_REPOSITORY": "octo/swanlab-ci",
        "GH_DOUBLE_REPOSITORY": str(tmp_path / "origin.git"),
        "GH_DOUBLE_RELEASE": str(tmp_path / "release.json"),
    }


def draft(checkout: Checkout, environment: dict[str, str], image: str = IMAGE) -> subprocess.CompletedProcess[str]:
    command = ["release/draft", VERSION, image, SHELL_IMAGE, "../built"]
    return subprocess.run(command, cwd=checkout.root, env=environment, check=False, capture_output=True, text=True)  # noqa: S603


def in_origin(environment: dict[str, str], *arguments: str) -> str:
    command = ["git", "-C", environment["GH_DOUBLE_REPOSITORY"], *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - a test's own


def test_the_tagged_commit_changes_the_actions_image_alone(checkout: Checkout, drafting: dict[str, str]) -> None:
    done = draft(checkout, drafting)

    assert done.returncode == 0, done.stderr
    assert in_origin(drafting, "rev-parse", f"v{VERSION}^") == in_origin(drafting, "rev-parse", "main")
    changes = in_origin(drafting, "diff", "--unified=0", "main", f"v{VERSION}").splitlines()
    assert [line for line in changes if line.startswith(("+", "-"))] == [
        "--- a/action.yml", "+++ b/action.yml", "-  image: Dockerfile", f"+  image: docker://{IMAGE}",
    ]  # fmt: skip


def test_the_draft_has_every_file_and_is_not_published(checkout: Checkout, drafting: dict[str, str]) -> None:
    draft(checkout, drafting)

    given = json.loads(Path(drafting["GH_DOUBLE_RELEASE"]).read_text())
    assert given[:3] == [f"v{VERSION}", "--draft", "--verify-tag"]
    assert sorted(Path(name).name for name in given if name.endswith((".whl", ".json"))) == [
        *("action-amd64.spdx.json", "action-arm64.spdx.json"),
        *("shell-amd64.spdx.json", "shell-arm64.spdx.json", "swanlab_ci.whl"),
    ]  # fmt: skip


@pytest.mark.parametrize("image", ["ghcr.io/octo/swanlab-ci:v1", "ghcr.io/Octo/swanlab-ci@sha256:" + "a" * 64])
def test_an_image_that_is_not_named_by_digest_stops_it(
    checkout: Checkout, drafting: dict[str, str], image: str
) -> None:
    done = draft(checkout, drafting, image)

    assert done.returncode == 1
    assert "must be named by digest" in done.stderr
    assert in_origin(drafting, "tag") == ""


def test_a_tag_that_exists_is_never_moved(checkout: Checkout, drafting: dict[str, str]) -> None:
    checkout.git("push", "--quiet", "origin", f"HEAD:refs/tags/v{VERSION}")

    assert draft(checkout, drafting).returncode != 0
    assert in_origin(drafting, "rev-parse", f"v{VERSION}") == in_origin(drafting, "rev-parse", "main")
    assert not Path(drafting["GH_DOUBLE_RELEASE"]).exists()


def test_the_text_has_this_versions_changes_and_how_to_verify_the_image() -> None:
    changelog = (
        "# Changes\n\n## [1.2.4] - x\n\nnewer\n\n## [1.2.3] - y\n\n### Added\n\n- this\n\n## [1.2.2] - z\n\nolder\n"
    )

    written = text(changelog, VERSION, IMAGE, SHELL_IMAGE)

    assert written.startswith("### Added\n\n- this\n\n### The image")
    assert f"gh attestation verify oci://{IMAGE} --repo" in written
    assert SHELL_IMAGE in written
    assert "newer" not in written
    assert "older" not in written
    with pytest.raises(SystemExit, match=r"no section `## \[1\.2\.5\]`"):
        text(changelog, "1.2.5", IMAGE, SHELL_IMAGE)
