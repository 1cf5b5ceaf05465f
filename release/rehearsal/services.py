"""The registry and the builder that a rehearsal uses, as processes on this machine."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
SECONDS_TO_START = 60
TOOLS = """\
FROM debian:trixie-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends docker.io docker-buildx ca-certificates >/dev/null
"""


@contextmanager
def registry(folder: Path) -> Iterator[str]:
    """Serve an empty registry on a free port of 127.0.0.1 (Debian's `docker-registry`); yield its address."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    configuration = folder / "registry.yml"
    configuration.write_text(
        f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {folder}/data}}}}\n"
        f"http: {{addr: '{address}'}}\nlog: {{level: error}}\n"
    )
    host, port = address.split(":")

    def answers() -> bool:
        with socket.socket() as connection:
            return connection.connect_ex((host, int(port))) == 0

    with running(["docker-registry", "serve", str(configuration)], folder / "log", answers):
        yield address


@contextmanager
def buildkit(folder: Path) -> Iterator[Mapping[str, str]]:
    """Start a Docker engine whose BuildKit can rewrite timestamps; yield the environment in which `docker` uses it.

    It is Debian 13's, in a file system and a mount namespace of its own, which needs root.
    """
    root = folder / "root"
    if not (root / "usr/sbin/dockerd").exists():
        unpack_tools(root)
    environment = dict(os.environ) | {
        "DOCKER_HOST": f"unix://{folder}/docker.sock",
        "DOCKER_CONFIG": str(folder / "config"),
    }
    plugins = folder / "config" / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "usr/libexec/docker/cli-plugins/docker-buildx", plugins)

    def answers() -> bool:
        done = subprocess.run(["docker", "info"], env=environment, check=False, capture_output=True)  # noqa: S607
        return done.returncode == 0

    start = ["unshare", "--mount", "--propagation", "private", "bash", str(HERE / "start-dockerd"), str(root)]
    with running([*start, str(folder)], folder / "log", answers):
        yield environment


def unpack_tools(root: Path) -> None:
    """Build a file system with Debian 13's engine in it, by the engine at hand."""
    name = "swanlab-ci-rehearsal-tools"
    build = ["docker", "build", "--quiet", "--network=host", "--tag", name, "-"]
    subprocess.run(build, input=TOOLS.encode(), check=True, capture_output=True)  # noqa: S603 - our own image
    container = output("docker", "create", name, "true")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    with subprocess.Popen(["docker", "export", container], stdout=subprocess.PIPE) as exporting:  # noqa: S603, S607
        subprocess.run(["tar", "-x", "-C", str(root)], stdin=exporting.stdout, check=True)  # noqa: S603, S607
    output("docker", "rm", container)
    shutil.copy("/etc/resolv.conf", root / "etc")
    (root / "etc/docker").mkdir(exist_ok=True)
    (root / "etc/docker/daemon.json").write_text('{"features": {"containerd-snapshotter": true}}')


@contextmanager
def running(command: list[str], log: Path, answers: Callable[[], bool]) -> Iterator[None]:
    """Start a process, wait until it answers, and end it afterwards."""
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)  # noqa: S603 - our own
    try:
        end = time.monotonic() + SECONDS_TO_START
        while not answers():
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{command[0]} does not answer: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(SECONDS_TO_START)


def output(*command: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Return what a command prints; raise SystemExit with its own words if it fails."""
    done = subprocess.run(command, cwd=cwd, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - our own commands
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
