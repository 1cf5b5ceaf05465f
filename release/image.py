"""Build the image with the Docker engine at hand.

    python -m release.image [--target action|shell] [--tag NAME]

Where no registry can be reached, a base image of the same name that was made on this machine stands in for the pinned
one. Nothing that is published is built here: the release workflow always builds from the pinned base.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BASE = re.compile(r"(?<=^FROM )(?P<name>\S+)@sha256:[0-9a-f]{64}(?= AS build$)", re.MULTILINE)


def main() -> None:
    """Build, and print the image's name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=("action", "shell"), default="action")
    parser.add_argument("--tag", default="swanlab-ci")
    asked = parser.parse_args()
    build(asked.tag, asked.target)
    sys.stdout.write(f"{asked.tag}\n")


def build(tag: str, target: str = "action", context: Path = ROOT) -> None:
    """Build one target of the Dockerfile under a name.

    `--network=host` is for engines without a bridge, and changes nothing elsewhere. Raises CalledProcessError, with
    the engine's words in `stderr`.
    """
    command = ["docker", "build", "--network=host", "--target", target, "--tag", tag, "--file", "-", str(context)]
    subprocess.run(command, input=dockerfile(), text=True, check=True, capture_output=True)  # noqa: S603 - our own build


def dockerfile() -> str:
    """Return the Dockerfile, without the base's digest where a base made on this machine stands in."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    return with_base(text, base_name(text)) if stands_in(base_name(text)) else text


def base_name(text: str) -> str:
    """Return the name and tag of the pinned base in a Dockerfile."""
    found = BASE.search(text)
    if not found:
        raise SystemExit("Dockerfile: the first stage must be `FROM NAME@sha256:DIGEST AS build`.")
    return found["name"]


def with_base(text: str, reference: str) -> str:
    """Return a Dockerfile with another base."""
    return BASE.sub(lambda _: reference, text)


def stands_in(name: str) -> bool:
    """Say whether the engine has a base of this name that did not come from the registry of that name."""
    command = ["docker", "image", "inspect", "--format", "{{json .RepoDigests}}", name]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own engine
    came_by = json.loads(done.stdout) if done.returncode == 0 else [name]
    return not any(reference.startswith(name.partition(":")[0]) for reference in came_by)


if __name__ == "__main__":
    main()
