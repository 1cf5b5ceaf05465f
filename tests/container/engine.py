"""A Docker engine, found as the docker command finds it, and the image that is tested on it."""

import gzip
import json
import os
import subprocess
from typing import Any

from support.story import Ended

from release.image import build

SOCKET = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
ENGINE = {name: os.environ[name] for name in ("DOCKER_HOST", "PATH") if name in os.environ}
GIVEN = {"action": "SWANLAB_CI_IMAGE", "shell": "SWANLAB_CI_SHELL_IMAGE"}  # an image that was built elsewhere


def tried(*arguments: str) -> Ended:
    command = ["docker", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603 - our engine
    return Ended(done.returncode, done.stdout, done.stderr)


def docker(*arguments: str) -> str:
    done = tried(*arguments)
    assert done.code == 0, f"docker {' '.join(arguments)}: {done.err}"
    return done.out


def image_of(target: str) -> str:
    """Name the image to test: the one that the environment names, else one that is built from this checkout."""
    if given := os.environ.get(GIVEN[target]):
        if tried("image", "inspect", given).code:
            docker("pull", given)
        return given
    build(f"swanlab-ci:test-{target}", target)
    return f"swanlab-ci:test-{target}"


def inspected(image: str) -> dict[str, Any]:
    (found,) = json.loads(docker("image", "inspect", image))
    return dict(found["Config"])


def compressed_size(image: str) -> int:
    """Return the bytes of all layers, compressed as registries keep them."""
    written = Counter()
    with (
        subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saving,  # noqa: S603, S607 - our engine
        gzip.GzipFile(fileobj=written, mode="wb", compresslevel=6) as file,
    ):
        assert saving.stdout
        while part := saving.stdout.read(1 << 20):
            file.write(part)
    assert saving.returncode == 0
    return written.size


class Counter:
    """A file that keeps nothing but how much was written."""

    size = 0

    def write(self, part: bytes) -> int:
        self.size += len(part)
        return len(part)

    def flush(self) -> None:
        pass
