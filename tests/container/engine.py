"""A Docker engine, found as the docker command finds it, and our image on it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from support.story import Ended

ROOT = Path(__file__).parents[2]
BASE = "python:3.13-slim-trixie"
IMAGE = "swanlab-ci:test"
SOCKET = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
ENGINE = {name: os.environ[name] for name in ("DOCKER_HOST", "PATH") if name in os.environ}


def tried(*arguments: str) -> Ended:
    command = ["docker", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603 - our engine
    return Ended(done.returncode, done.stdout, done.stderr)


def docker(*arguments: str) -> str:
    done = tried(*arguments)
    assert done.code == 0, f"docker {' '.join(arguments)}: {done.err}"
    return done.out


def build() -> str:
    """Build our image; `--network=host` is for engines without a bridge, and changes nothing elsewhere."""
    docker("build", "--network=host", "--tag", IMAGE, str(ROOT))
    return IMAGE


def base() -> str:
    """Give the base image a name of ours: a builder need not keep the name that it was pulled by."""
    command = ["docker", "build", "--tag", f"{IMAGE}-base", "-"]
    subprocess.run(command, input=f"FROM {BASE}".encode(), check=True, capture_output=True)  # noqa: S603 - our engine
    return f"{IMAGE}-base"


def inspected(image: str) -> dict[str, Any]:
    (found,) = json.loads(docker("image", "inspect", image))
    return dict(found["Config"])
