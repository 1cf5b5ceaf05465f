"""Build the image as it is published: from one commit, without a cache, the same bytes each time.

    python -m release.archive FOLDER

Writes `action.tar` and `shell.tar` (OCI archives) into FOLDER and prints their digests. It needs buildx with a builder
that can write OCI archives, such as one of the driver docker-container. The digests of a release can be had again from
its commit, with the BuildKit that `.github/workflows/release.yml` names.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from release.image import ROOT
from release.owner import owner
from swanlab_ci import __version__

TARGETS = ("action", "shell")


def main() -> None:
    """Build from this checkout."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the module and the folder
        raise SystemExit("usage: python -m release.archive FOLDER")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for target, digest in build(ROOT, folder, ROOT / "Dockerfile", os.environ, sys.stderr).items():
        sys.stdout.write(f"{target} {digest}\n")


def build(
    source: Path, folder: Path, dockerfile: Path, environment: Mapping[str, str], log: TextIO, *options: str
) -> dict[str, str]:
    """Write an archive of each target into `folder`; return their digests by target.

    `options` are further ones for buildx. Raises CalledProcessError if the build fails; BuildKit's words are in `log`.
    """
    dates = {"SOURCE_DATE_EPOCH": git(source, "log", "-1", "--format=%ct")}
    digests: dict[str, str] = {}
    for target in TARGETS:
        metadata = folder / f"{target}.json"
        command = [
            *("docker", "buildx", "build", "--progress=plain", "--provenance=false", "--sbom=false", *options),
            *("--file", str(dockerfile), "--target", target, "--metadata-file", str(metadata)),
            *("--output", f"type=oci,dest={folder / target}.tar,rewrite-timestamp=true"),
            *(part for label in labels(source).items() for part in ("--label", "=".join(label))),
            *([] if digests else ["--no-cache"]),  # the later targets are made of the first one's layers
            str(source),
        ]
        subprocess.run(command, env={**environment, **dates}, check=True, stdout=log, stderr=log)  # noqa: S603 - our own
        digests[target] = json.loads(metadata.read_text("utf-8"))["containerimage.digest"]
    return digests


def labels(source: Path) -> dict[str, str]:
    """Return what the image says of itself, as the OCI's image specification names it."""
    own = {
        "licenses": "MIT",
        "revision": git(source, "rev-parse", "HEAD"),
        "source": f"https://github.com/{owner(source)}/swanlab-ci",
        "version": __version__,
    }
    return {f"org.opencontainers.image.{name}": value for name, value in own.items()}


def git(source: Path, *arguments: str) -> str:
    """Return what git prints about the source."""
    command = ["git", "-C", str(source), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - our own


if __name__ == "__main__":
    main()
