"""The completion scripts, and what bash offers by one."""

import re
import subprocess

import pytest
from support.story import CommandLine

from swanlab_ci.cli.parser import SHELLS, parser

COMPLETE = """
COMP_WORDS=({words}); COMP_CWORD={last}; COMP_LINE="{words}"
"$(complete -p swanlab-ci | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def offered(script: str, *words: str) -> set[str]:
    """Ask bash what may follow; the last word is the one that is being typed."""
    asked = COMPLETE.format(words=" ".join(words), last=len(words) - 1)
    done = subprocess.run(["bash", "-c", f"{script}\n{asked}"], check=True, capture_output=True, text=True)  # noqa: S603, S607 - our own script
    return {line.strip() for line in done.stdout.splitlines()}


def test_bash_completes_commands_and_flags(command_line: CommandLine) -> None:
    script = command_line("completion", "bash").out

    assert offered(script, "swanlab-ci", "ch") == {"check"}
    assert {"--sha", "--strict"} <= offered(script, "swanlab-ci", "check", "--s")


@pytest.mark.parametrize("shell", SHELLS)
def test_each_script_names_every_command(command_line: CommandLine, shell: str) -> None:
    commands = re.findall(r"^    (\w+)\s", parser().format_help(), re.MULTILINE)

    done = command_line("completion", shell)

    assert done.code == 0
    assert "completion" in commands
    assert [command for command in commands if command not in done.out] == []
