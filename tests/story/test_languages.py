"""What a person reads of a check is in one language: the one asked for, else the gate file's, else the locale's."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from misfortune import Act
from support.github_double import GitHubDouble
from support.golden import Golden
from support.runner import Runner, pull_request
from support.story import GATES, CommandLine
from support.words import words

from swanlab_ci.messages import Language
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox
from swanlab_ci.security.files import FileError


def wrong_inputs(act: Act, _runner: Runner, _github: GitHubDouble, language: Language) -> None:
    act(timeout="soon", strcit="true", comment="sometimes", language=language.value)


def missing_gate_file(act: Act, _runner: Runner, _github: GitHubDouble, language: Language) -> None:
    act(gates="nowhere.yml", language=language.value)


def refused_by_github(act: Act, runner: Runner, github: GitHubDouble, language: Language) -> None:
    github.may_write = False
    runner.event = pull_request(FIXED_COMMIT)
    act(language=language.value)


CASES: dict[str, Callable[[Act, Runner, GitHubDouble, Language], None]] = {
    "wrong-inputs": wrong_inputs,
    "missing-gate-file": missing_gate_file,
    "refused-by-github": refused_by_github,
}
REFUSAL = "Resource not accessible by integration"  # GitHub's own words
NAMES = {
    *("swanlab", "ci", "SwanLab", "GitHub", "PR", "UTF", "YAML", "JSON", "FINISHED"),
    *("soon", "sometimes", "strcit", "nowhere", "yml", "gate", "error", "warning", "notice", "title", "file", "line"),
}
"""Names, values and workflow commands in the texts of `CASES`."""


@pytest.fixture
def texts(act: Act, runner: Runner, github: GitHubDouble, sandbox: Sandbox) -> Callable[[str, Language], str]:
    """Run a case; return all that people read of it, without what differs from run to run."""

    def of(case: str, language: Language) -> str:
        read: list[str] = []

        def recorded(**inputs: str) -> object:
            ended = act(**inputs)
            log = [line for line in ended.err.splitlines() if not line.startswith("::add-mask::")]
            read.extend([f"exit code {ended.code}", "", "--- log", *log, "", "--- summary", runner.summary.strip()])
            return ended

        CASES[case](recorded, runner, github, language)  # type: ignore[arg-type] # it only calls it
        text = "\n".join([*read, "", "--- output `summary`", runner.outputs["summary"], ""])
        for here, shown in (
            (sandbox.url, "http://swanlab"),
            (github.url, "http://github"),
            (str(runner.folder), "/job"),
        ):
            text = text.replace(here, shown)
        return text

    return of


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("case", CASES)
def test_a_check_is_told_in_the_language_asked_for(
    texts: Callable[[str, Language], str], golden: Golden, case: str, language: Language
) -> None:
    golden(f"action-{case}.{language}.txt", texts(case, language))


@pytest.mark.parametrize("case", CASES)
def test_a_chinese_check_holds_no_english_but_names_values_and_code(golden: Golden, case: str) -> None:
    text = (golden.folder / f"action-{case}.zh.txt").read_text("utf-8")
    prose = re.sub(r"```.*?```", "", text.replace(REFUSAL, "-"), flags=re.DOTALL)
    prose = re.sub(r"\[[^\]\n]*\]\([^)\n]*\)|<code>[^<]*</code>", "", prose)  # gates, and names in titles
    prose = re.sub(r"`[^`\n]+`|https?://\S+|</?\w+>|^(---|exit)[^\n]*", "", prose, flags=re.MULTILINE)

    assert set(re.findall(r"[A-Za-z]{2,}", prose)) - NAMES == set()


def test_a_locale_does_not_count_in_the_action(act: Act, runner: Runner) -> None:
    runner.environ["LANG"] = "zh_CN.UTF-8"

    assert words("input.wrong", count=1) in act(timeout="soon").err


@pytest.mark.parametrize(
    ("arguments", "locale", "language"),
    [
        ((), "zh_CN.UTF-8", Language.ZH),
        ((), "de_DE.UTF-8", Language.EN),
        (("--language", "en"), "zh_CN.UTF-8", Language.EN),
        (("--language", "zh"), "", Language.ZH),
    ],
    ids=["locale", "other-locale", "flag-over-locale", "flag"],
)
@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("check", "--gates", "nowhere.yml"), "file.unreadable"),
        (("lint", "nowhere.yml"), "file.unreadable"),
        (("test", "nowhere.yml"), "file.unreadable"),
        (("init", "swanlab-gate.yml"), "file.unwritable"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_command_speaks_the_language_of_the_flag_or_of_the_locale(
    command_line: CommandLine,
    command: tuple[str, ...],
    says: str,
    *,
    arguments: tuple[str, ...],
    locale: str,
    language: Language,
) -> None:
    ended = command_line(*command, *arguments, environ={"LANG": locale})

    reason = FileError.EXISTS if command[0] == "init" else FileError.MISSING
    assert words(says, language, file=command[-1], reason=reason) in ended.err


def test_the_report_is_in_the_language_of_the_flag(command_line: CommandLine, sandbox: Sandbox) -> None:
    check = ("check", "--sha", PULL_REQUEST_COMMIT, "--language", "zh", "--format", "json")

    report = command_line(*check, environ=sandbox.environment()).document

    assert report["language"] == "zh"
    assert re.search("[\u3400-\u9fff]", report["headline"]["text"])


@pytest.mark.parametrize(
    ("arguments", "language"), [((), Language.ZH), (("--language", "en"), Language.EN)], ids=["file", "flag"]
)
def test_the_gate_files_language_wins_over_the_locale_and_loses_to_the_flag(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox, arguments: tuple[str, ...], language: Language
) -> None:
    (workspace / "swanlab-gate.yml").write_text(f"report: {{language: zh}}\n{GATES}")
    environ = {**sandbox.environment(), "LANG": "en_US.UTF-8"}
    command_line("check", "--sha", PULL_REQUEST_COMMIT, "--bundle", "case.json", environ=environ)

    check = command_line("check", "--sha", PULL_REQUEST_COMMIT, "--format", "json", *arguments, environ=environ)
    replay = command_line("replay", "case.json", "--format", "json", *arguments, environ=environ)
    lint = command_line("lint", *arguments, environ=environ)

    assert [ended.document["language"] for ended in (check, replay)] == [language, language]
    assert lint.err.strip() == words("lint.no-mistakes", language, file="swanlab-gate.yml", count=2)


def test_the_gate_file_that_counts_decides_on_the_language(act: Act, runner: Runner, github: GitHubDouble) -> None:
    github.files["swanlab-gate.yml", "b" * 40] = f"report: {{language: zh}}\n{GATES}".encode()
    runner.event = pull_request(FIXED_COMMIT)

    act()

    assert words("status.pass", Language.ZH) in runner.summary
    assert words("status.pass", Language.ZH) in github.comments[0].body
