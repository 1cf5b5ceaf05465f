"""What a wrong command line is told, in the language that the user reads."""

import pytest
from support.story import CommandLine
from support.words import words

from swanlab_ci.cli.parser import FORMATS, SHELLS, parser
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Key, Language, Message, Name, plain


def keys(*texts: str) -> tuple[Key, ...]:
    return tuple(map(Key, texts))


def unknown(command: str, *arguments: str, near: str = "") -> Message:
    return Message(
        "usage.unknown",
        command=Key(f"swanlab-ci {command}"),
        arguments=keys(*arguments),
        near=Key(near) if near else None,
    )


def choice(argument: str, given: str, *choices: str, near: str = "") -> Message:
    return Message(
        "usage.choice",
        argument=Key(argument),
        given=Name(given),
        choices=keys(*choices),
        near=Key(near) if near else None,
    )


COMMANDS = (
    *("check", "lint", "init", "schema", "sandbox", "test", "explain", "fields", "suggest", "backtest", "doctor"),
    *("exec", "replay", "completion", "demo"),
)
WRONG = [
    ((), Message("usage.missing", arguments=keys("COMMAND"))),
    (("backtst",), choice("COMMAND", "backtst", *COMMANDS, near="backtest")),
    (("qqq",), choice("COMMAND", "qqq", *COMMANDS)),
    (("check", "--format", "jsn"), choice("--format", "jsn", *FORMATS, near="json")),
    (("completion", "bsh"), choice("SHELL", "bsh", *SHELLS, near="bash")),
    (("check", "--reports-dir", "x"), unknown("check", "--reports-dir", near="--report-dir")),
    (("check", "--sah=3", "--qqq"), unknown("check", "--sah", "--qqq", near="--sha")),
    (("lint", "--gates", "x.yml"), unknown("lint", "--gates")),
    (("check", "gates/my.yml"), unknown("check", "gates/my.yml", near="--gates gates/my.yml")),
    (("schema", "gates/my.yml"), unknown("schema", "gates/my.yml")),
    (("check", "one", "two"), unknown("check", "one")),
    (("--verbose", "check"), unknown("check", "--verbose")),
    (
        ("--langage", "zh"),
        Message("usage.unknown", command=Key("swanlab-ci"), arguments=keys("--langage"), near=None),
    ),
    (("completion", "--langage", "zh"), unknown("completion", "--langage", near="--language")),
    (("check", "--sha"), Message("usage.no-value", argument=Key("--sha"))),
    (("check", "--strict=yes"), Message("usage.value", argument=Key("--strict"), given=Name("yes"))),
    (("sandbox", "--port", "x"), Message("usage.number", argument=Key("--port"), given=Name("x"))),
    (("test",), Message("usage.missing", arguments=keys("TESTS"))),
]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("arguments", "what"), WRONG)
def test_a_wrong_command_line_is_told_what_is_wrong(
    command_line: CommandLine, *, arguments: tuple[str, ...], what: Message, language: Language
) -> None:
    locale = {Language.EN: "en_US.UTF-8", Language.ZH: "zh_CN.UTF-8"}[language]

    ended = command_line(*arguments, environ={"LANG": locale})

    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.splitlines()[0] == f"swanlab-ci: {plain(what, language)}"


def test_where_help_is_found_is_said(command_line: CommandLine) -> None:
    assert words("usage.help", command=Key("swanlab-ci check --help")) in command_line("check", "--qqq").err
    assert words("usage.help", command=Key("swanlab-ci --help")) in command_line("qqq").err


@pytest.mark.parametrize("asked", [("--language", "zh"), ("--language=zh",), ("--language=en", "--language", "zh")])
def test_the_language_that_is_asked_for_counts_for_mistakes_too(
    command_line: CommandLine, asked: tuple[str, ...]
) -> None:
    said = plain(unknown("check", "--qqq"), Language.ZH)

    assert said in command_line("check", *asked, "--qqq", environ={"LANG": "C"}).err
    assert said in command_line("check", "--qqq", *asked, environ={"LANG": "C"}).err


def test_the_value_of_an_unknown_flag_may_be_a_key_and_is_not_told(command_line: CommandLine) -> None:
    for arguments in (("--api-key", "sk-secret"), ("--api-key=sk-secret",)):
        assert "secret" not in command_line("check", *arguments).err


def test_words_of_argparse_that_are_not_known_are_kept() -> None:
    with pytest.raises(ConfigurationError, match="a new kind of mistake"):
        parser().error("a new kind of mistake")


@pytest.mark.parametrize("command", [("completion", "bash"), ("schema",)])
def test_every_command_takes_a_language(command_line: CommandLine, command: tuple[str, ...]) -> None:
    assert command_line(*command, "--language", "zh").out == command_line(*command).out
