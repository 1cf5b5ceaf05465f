"""The page on the command line, in each language: its commands run, its list of fields is what the program prints.

`pytest --renew-golden` renews the list.
"""

import re
import shlex
from pathlib import Path

import pytest
from support.golden import Golden
from support.story import CommandLine

from swanlab_ci.messages import Language

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {Language.EN: DOCS / "command-line.md", Language.ZH: DOCS / "zh" / "command-line.md"}
TEXTS = {language: path.read_text("utf-8") for language, path in PAGES.items()}
FIELDS = re.compile(r"(?<=<!-- fields: from `swanlab-ci fields` -->\n```yaml\n).*?(?=```\n<!-- /fields -->)", re.DOTALL)
SHOWN = re.compile(r"(config|requirements\.torch|git|state|labels|duration|metrics\.val/acc(\.max)?:)")

each_page = pytest.mark.parametrize("language", Language)


def commands(language: Language) -> list[str]:
    found = re.findall(r"```console\n(.*?)```", TEXTS[language], re.DOTALL)
    lines = (line for block in found for line in block.splitlines())
    given = (line.removeprefix("$ swanlab-ci ") for line in lines if line.startswith("$ swanlab-ci "))
    return [command.partition(" >")[0] for command in given]


@each_page
def test_the_commands_are_understood(command_line: CommandLine, workspace: Path, language: Language) -> None:
    (workspace / "changed.txt").write_text("README.md\n")
    codes = [command_line(*shlex.split(command)).code for command in commands(language)]

    assert codes
    assert set(codes) <= {0, 1, 2, 3}  # a flag that does not exist raises


@each_page
def test_the_fields_are_what_the_program_prints(command_line: CommandLine, language: Language, golden: Golden) -> None:
    (command,) = (command for command in commands(language) if command.startswith("fields "))
    run = command_line(*shlex.split(command)).out.split("\n\n")[0].splitlines()
    shown = "".join(re.sub(r" +# ", "  # ", line) + "\n" for line in run if SHOWN.match(line))

    renewed, count = FIELDS.subn(lambda _: shown, TEXTS[language])

    assert count == 1
    golden.page(PAGES[language], renewed)


@pytest.mark.parametrize("part", [r"```\w+\n.*?```", r"^#+ (?=\w)", r"`--[\w-]+", r"^\d\. `"])
def test_both_languages_have_the_same_sections_commands_and_flags(part: str) -> None:
    english, chinese = (re.findall(part, TEXTS[language], re.MULTILINE | re.DOTALL) for language in Language)

    assert english
    assert sorted(chinese) == sorted(english)
