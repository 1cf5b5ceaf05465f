"""`swanlab-ci sandbox` as a process: what it prints can be evaluated, and what it serves is saved."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from swanlab_ci import OpenApi

COMMAND = (sys.executable, "-I", "-m", "swanlab_ci", "sandbox")


class Started:
    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        lines = [self.process.stdout.readline().strip() for _ in range(3)]
        assert all(line.startswith("export ") for line in lines)
        self.environ = dict(line.removeprefix("export ").split("=", 1) for line in lines)

    def end(self, number: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=10)
        return self.process.returncode, err


@pytest.fixture
def ending() -> Iterator[list[Started]]:
    running: list[Started] = []
    yield running
    for started in running:
        if started.process.poll() is None:
            started.process.kill()
        started.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_what_its_environment_says_until_it_is_told_to_end(
    ending: list[Started], number: signal.Signals
) -> None:
    started = Started()
    ending.append(started)

    assert len(started.environ["SWANLAB_API_KEY"]) == 21
    assert {space["username"] for space in OpenApi(environ=started.environ).list_workspaces().data} >= {"my-team"}
    code, err = started.end(number)
    assert code == 0
    assert "Traceback" not in err


def test_what_changed_is_in_the_data_folder_and_comes_back(ending: list[Started], tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = Started("--data", str(data))
    ending.append(first)
    api = OpenApi(environ=first.environ)
    doomed = api.list_experiments("resnet", "my-team").unwrap()[0]
    api.delete_experiment("resnet", doomed.cuid, "my-team").unwrap()

    code, err = first.end(signal.SIGTERM)

    assert (code, f"Saved {data}." in err) == (0, True)
    second = Started("--data", str(data))
    ending.append(second)
    assert len(OpenApi(environ=second.environ).list_experiments("resnet", "my-team").unwrap()) == 39


def test_a_port_in_use_or_a_folder_that_cannot_be_taken_is_one_clear_message(
    ending: list[Started], tmp_path: Path
) -> None:
    first = Started("--data", str(tmp_path / "data"))
    ending.append(first)
    port = first.environ["SWANLAB_WEB_HOST"].rpartition(":")[2]
    (tmp_path / "old.json").write_text("{}")

    for arguments, says in (
        (("--port", port), "in use"),
        (("--port", port, "--data", str(tmp_path / "other")), "in use"),
        (("--data", str(tmp_path / "data")), "is kept by another sandbox that runs now"),
        (("--data", str(tmp_path / "old.json")), "is a file, must be a folder"),
        (("--data", "/proc/none"), "The sandbox cannot start: /proc/none: it does not exist.\n"),
        (("--port", "99999"), "ports are 0 to 65535.\n"),
    ):
        ended = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
        assert ended.returncode == 2
        assert says in ended.stderr
        assert "Traceback" not in ended.stderr
