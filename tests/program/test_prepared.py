"""What the image holds compiled is used, is the same as what Python compiles, and may be missing or damaged."""

import json
import marshal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each start is a process

MODULES = ["swanlab_ci.check.inputs", "swanlab_ci.check.pipeline"]
WRITE = "import sys; from swanlab_ci.runtime import prepared; prepared.write(sys.argv[2:], sys.argv[1])"
USE = """
import dataclasses, json, sys
from importlib import import_module

from swanlab_ci.runtime import prepared

compiled = []


def listen(event, about):
    if event == "compile" and about[0] and b"def __create_fn__" in bytes(about[0]):
        compiled.append(about[0])


sys.addaudithook(listen)
prepared.use(sys.argv[1])
for module in sys.argv[2:]:
    import_module(module)
from swanlab_ci.model import Git, Run
run = Run(id="a", name="b", state="FINISHED", git=Git("c"))
print(json.dumps([len(compiled), repr(run), run == dataclasses.replace(run), hash(run.git) == hash(Git("c"))]))
"""


def ran(code: str, *arguments: str) -> str:
    command = [sys.executable, "-I", "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own code


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("prepared") / "prepared.bin"
    ran(WRITE, str(file), *MODULES)
    return file


def test_no_dataclass_is_compiled_again_and_each_is_as_ever(written: Path, tmp_path: Path) -> None:
    some, *found = json.loads(ran(USE, str(tmp_path / "missing"), *MODULES))
    none, *same = json.loads(ran(USE, str(written), *MODULES))

    assert (some > 100, none) == (True, 0)
    assert same == found
    assert found[1:] == [True, True]


def test_every_time_the_same_is_written(written: Path, tmp_path: Path) -> None:
    ran(WRITE, str(tmp_path / "again"), *MODULES)

    assert (tmp_path / "again").read_bytes() == written.read_bytes()


def test_what_is_not_in_it_is_compiled(written: Path) -> None:
    count, *_ = json.loads(ran(USE, str(written), *MODULES, "swanlab_ci.history.suggest"))

    assert count > 0


@pytest.mark.parametrize(
    "content", [b"", b"no marshalled code", marshal.dumps([1]), marshal.dumps({"text": 1}, 2)[:-1]]
)
def test_a_damaged_one_is_not_used(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "damaged").write_bytes(content)

    count, *found = json.loads(ran(USE, str(tmp_path / "damaged"), *MODULES))

    assert count > 100
    assert found[1:] == [True, True]
