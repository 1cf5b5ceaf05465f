"""The example of curves does what its README says, with either SDK: commands, exit codes, and the lines it quotes.

Three seeds on two branches pass; a seed that diverges, a NaN in the middle, a missing seed and a crash do not; a rerun
of the crashed seed does.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from environments import NEW, NUMPY, OLD, python_with

EXAMPLE = Path(__file__).parents[2] / "examples" / "curves"
README = (EXAMPLE / "README.md").read_text("utf-8")
CODES = (0, 1, 1, 1, 1, 0)


class Part(NamedTuple):
    """Commands of the README, and the beginnings of lines that the last of them prints."""

    commands: str
    printed: tuple[str, ...]


PARTS = tuple(
    Part(re.sub(r"^\$ ", "", commands, flags=re.MULTILINE), tuple(printed.splitlines()))
    for commands, printed in re.findall(r"```console\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
)


def trained(folder: Path, version: str) -> list[tuple[int, str]]:
    """Run all parts in one shell, with an SDK and swanlab-ci on the path; return the exit code and output of each."""
    shutil.copytree(EXAMPLE, folder / "checkout")
    (folder / "bin").mkdir()
    (folder / "bin" / "swanlab-ci").symlink_to(Path(sys.executable).with_name("swanlab-ci"))
    script = "".join(
        f"{{ {part.commands.rstrip()}\n}} >../{number}.out 2>&1; echo $? >../{number}.code\n"
        for number, part in enumerate(PARTS)
    )
    environ = {
        "HOME": str(folder),
        "PATH": os.pathsep.join([str(folder / "bin"), str(python_with(NUMPY[version]).parent), "/usr/bin", "/bin"]),
        "NO_PROXY": "127.0.0.1",
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "ada@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    subprocess.run(  # noqa: S603 - our own example
        ["/bin/bash", "-c", script], cwd=folder / "checkout", env=environ, timeout=600, check=True
    )
    return [
        (int((folder / f"{number}.code").read_text()), (folder / f"{number}.out").read_text("utf-8"))
        for number in range(len(PARTS))
    ]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_each_part_ends_as_the_readme_says_and_prints_what_it_quotes(tmp_path: Path, version: str) -> None:
    ended = trained(tmp_path, version)

    assert len(PARTS) == len(CODES)
    for part, code, (found, output) in zip(PARTS, CODES, ended, strict=True):
        assert found == code, output
        assert [line for line in part.printed if line not in output] == [], output


def test_each_part_that_is_red_quotes_the_run_and_its_value() -> None:
    for part, code in zip(PARTS, CODES, strict=True):
        assert any("seed-" in line for line in part.printed) or code == 0
