"""GitHub's runner once more, now with a container: the folders it mounts, and the command that it starts."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import ENGINE, SOCKET, tried
from support.runner import Runner
from support.story import Ended

OWNER = 4242 if os.geteuid() == 0 else os.geteuid()
WHERE = {
    "GITHUB_EVENT_PATH": "/github/workflow/event.json",
    "GITHUB_OUTPUT": "/github/file_commands/output",
    "GITHUB_STEP_SUMMARY": "/github/file_commands/summary",
    "GITHUB_WORKSPACE": "/github/workspace",
    "HOME": "/github/home",
    "RUNNER_TEMP": "/github/runner_temp",
}
_numbers = itertools.count()


@dataclass
class Job(Runner):
    """A job whose folders belong to `owner`; `run` starts `image` in them, as `ContainerActionHandler.cs` does."""

    image: str = ""
    name: str = ""
    owner: int = OWNER
    workdir: str = "/github/workspace"
    flags: Sequence[str] = ()  # for `docker run`
    process: subprocess.Popen[bytes] | None = None

    def environment(self, inputs: Mapping[str, str]) -> dict[str, str]:
        environ = super().environment(inputs) | WHERE | self.environ
        del environ["PATH"]  # the runner keeps its own to itself
        (self.folder / "home").mkdir(exist_ok=True)
        for path in (self.folder, *self.folder.rglob("*")):
            shutil.chown(path, self.owner)
        return environ

    def start(self, inputs: Mapping[str, str]) -> subprocess.Popen[bytes]:
        environ = self.environment(inputs)
        self.name = f"swanlab-ci-test-{os.getpid()}-{next(_numbers)}"
        command = ["docker", "run", "--name", self.name, "--rm", "--network", "host", "--workdir", self.workdir]
        command += self.flags
        command += [part for mount in self.mounts() for part in ("--volume", mount)]
        command += [part for name in environ for part in ("--env", name)]  # values travel in the environment
        self.process = subprocess.Popen(  # noqa: S603 - the action itself
            [*command, self.image], env=environ | ENGINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        return self.process

    def stop(self) -> None:
        """End what a failed test has left running."""
        if self.process and self.process.returncode is None:
            tried("kill", self.name)
            self.process.communicate(timeout=60)

    def run(self, inputs: Mapping[str, str], start: Sequence[str] = ()) -> Ended:
        assert not start, "the image knows what to start"
        process = self.start(inputs)
        out, err = process.communicate(timeout=60)
        return Ended(process.returncode, out.decode(), err.decode())

    def mounts(self) -> list[str]:
        temporary = [f"{self.folder}:/github/{name}" for name in ("file_commands", "runner_temp", "workflow")]
        return [
            f"{SOCKET}:/var/run/docker.sock",
            f"{self.workspace}:/github/workspace",
            f"{self.folder / 'home'}:/github/home",
            *temporary,
        ]
