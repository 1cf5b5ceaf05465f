"""The page on history, in each language: its commands run, and its sample is what the program prints.

`pytest --renew-golden` renews the sample.
"""

import re
import shlex
from pathlib import Path

import pytest
from support.golden import Golden
from support.story import CommandLine

from swanlab_ci.messages import Language

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {Language.EN: DOCS / "history.md", Language.ZH: DOCS / "zh" / "history.md"}
TEXTS = {language: path.read_text("utf-8") for language, path in PAGES.items()}
SAMPLE = re.compile(
    r"(<!-- (backtest|suggest|ratchet): from `swanlab-ci ([^`]*)` -->\n```\w+\n)(.*?)(```\n<!-- /\2 -->)", re.DOTALL
)
WRITING = re.compile(r"^\$ swanlab-ci (.* --write)$", re.MULTILINE)

each_page = pytest.mark.parametrize("language", Language)


def put_gate_file(folder: Path, language: Language) -> str:
    gates, *_ = re.findall(r"```yaml\n(.*?)```", TEXTS[language], re.DOTALL)
    (folder / "swanlab-gate.yml").write_text(gates, "utf-8")
    return str(gates)


@each_page
def test_the_samples_are_what_the_program_prints(
    command_line: CommandLine, workspace: Path, language: Language, golden: Golden
) -> None:
    put_gate_file(workspace, language)

    def printed(match: re.Match[str]) -> str:
        for line in WRITING.findall(match.string, 0, match.start()):
            command_line(*shlex.split(line))
        shown = command_line(*shlex.split(match[3]), "--language", language).out
        undated = re.sub(r"\d{4}-\d\d-\d\d", "YYYY-MM-DD", shown)  # the sample project is always of the last days
        return match[1] + undated + match[5]

    renewed, count = SAMPLE.subn(printed, TEXTS[language])

    assert count == 3
    golden.page(PAGES[language], renewed)


@each_page
def test_the_commands_run(command_line: CommandLine, workspace: Path, language: Language) -> None:
    gates = put_gate_file(workspace, language)
    (workspace / "stricter.yml").write_text(gates.replace("allow_worse: 1%", "require_better: 1%"))

    lines = re.findall(r"^\$ swanlab-ci (.*)$", TEXTS[language], re.MULTILINE)
    ended = {line: command_line(*shlex.split(line)) for line in lines}

    assert {line: each.code for line, each in ended.items()} == dict.fromkeys(lines, 0)
    assert len(lines) >= 5


@pytest.mark.parametrize("part", [r"```\w+\n.*?```", r"^#+ (?=\w)", r"`--[\w-]+", r"^\|---[^\n]*$"])
def test_both_languages_have_the_same_sections_code_and_flags(part: str) -> None:
    english, chinese = (
        re.findall(part, SAMPLE.sub("", TEXTS[language]), re.MULTILINE | re.DOTALL) for language in Language
    )

    assert english
    assert sorted(chinese) == sorted(english)
