"""Everything that is printed goes through here, and comes out safe."""

import io

import pytest

from swanlab_ci.client.protocol import LOGIN, Response, refusal
from swanlab_ci.errors import ConfigurationError, Problem, UnavailableError
from swanlab_ci.gate.spec.values import spelled
from swanlab_ci.messages import Language, Message
from swanlab_ci.runtime.console import Console, wants_colour
from swanlab_ci.runtime.language import language_of
from swanlab_ci.security.escaping import Safe, annotation
from swanlab_ci.security.redaction import Redactor


@pytest.fixture
def console() -> Console:
    return Console(io.StringIO(), io.StringIO(), redact=Redactor(["sandboxSandboxSandbox"]))


def text(words: str) -> Message:
    return Message("text", text=words)


def said(console: Console) -> str:
    assert isinstance(console.err, io.StringIO)
    return console.err.getvalue()


def printed(console: Console) -> str:
    assert isinstance(console.out, io.StringIO)
    return console.out.getvalue()


def test_a_line_is_one_line_without_commands_and_secrets(console: Console) -> None:
    console.say(text("::error::x\nsandboxSandboxSandbox ##[add-mask]true"))

    assert said(console) == "\\::error::x\\u{a}*** ##\\[add-mask]true\n"
    assert printed(console) == ""


def test_a_command_stays_one_and_loses_its_secrets(console: Console) -> None:
    console.command(annotation("error", "the key is sandboxSandboxSandbox"))

    assert said(console) == "::error::the key is ***\n"


@pytest.mark.parametrize("before", range(55, 80))
def test_a_value_that_was_cut_through_a_secret_shows_nothing_of_it(console: Console, before: int) -> None:
    console.say(text(spelled("x" * before + "sandboxSandboxSandbox more")))

    assert "sandboxS" not in said(console)


@pytest.mark.parametrize("before", range(280, 300))
def test_a_servers_error_that_was_cut_through_a_secret_shows_nothing_of_it(console: Console, before: int) -> None:
    words = "x" * before + "sandboxSandboxSandbox"
    answer = Response(500, words, {"traceid": words}, b'{"message": "%s"}' % words.encode())

    console.stop(refusal(LOGIN, answer))

    assert "sandboxS" not in said(console)


def test_a_secret_is_told_to_the_runner_once_and_then_hidden(console: Console) -> None:
    console.hide("another secret", tell_runner=True)
    console.hide("a third secret", tell_runner=False)
    console.hide("", tell_runner=True)
    console.say(text("another secret, a third secret"))

    assert said(console) == "::add-mask::another secret\n***, ***\n"


def test_a_document_goes_out_as_it_is_without_secrets(console: Console) -> None:
    console.document(Safe('{\n  "name": "sandboxSandboxSandbox"\n}'))

    assert printed(console) == '{\n  "name": "***"\n}\n'


def test_a_stop_tells_what_happened_and_below_it_what_to_do(console: Console) -> None:
    console.stop(UnavailableError(text("SwanLab is down."), text("Try again.")))

    assert said(console) == "swanlab-ci: SwanLab is down.\n  Try again.\n"


def test_a_wrong_file_is_told_problem_by_problem(console: Console) -> None:
    excerpt = "     8 | ::error::\n       | ^"
    problems = [Problem(text("unknown key"), "gate.yml", 8, 1, excerpt), Problem(text("no gates"))]

    console.stop(ConfigurationError(text("gate.yml has 2 problems."), text("Correct it."), problems))

    assert said(console).splitlines() == [
        "swanlab-ci: gate.yml has 2 problems.",
        "gate.yml:8:1: unknown key",
        "     8 | ::error::",
        "       | ^",
        "no gates",
        "  Correct it.",
    ]


def test_progress_is_silent_at_first_and_then_a_line_a_second(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [console.quiet_since + 0.9]
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    console.progress(text("too early"))
    now[0] += 0.2
    console.progress(text("first"))
    console.progress(text("at once"))
    now[0] += 1.0
    console.progress(text("second"))

    assert said(console) == "first\nsecond\n"


def test_a_chosen_language_is_kept(console: Console) -> None:
    console.choose_language(Language.EN)
    console.suggest_language(Language.ZH)
    console.choose_language(None)

    assert console.language is Language.EN


def test_a_suggested_language_is_used_where_none_is_chosen(console: Console) -> None:
    console.suggest_language(Language.ZH)
    console.suggest_language(None)

    assert console.language is Language.ZH


def test_a_warning_is_in_the_language_of_the_run(console: Console) -> None:
    console.choose_language(Language.ZH)

    console.warn(text("x"))

    assert said(console) == "警告：x\n"  # noqa: RUF001 - a Chinese mark


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "C"}, None),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, Language.ZH),
        ({}, None),
    ],
    ids=["lang", "all", "messages", "empty", "unset"],
)
def test_the_environment_suggests_a_language(environ: dict[str, str], language: Language | None) -> None:
    assert language_of(environ) is language


@pytest.mark.parametrize(
    ("environ", "on_terminal", "elsewhere"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": "0"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "3"}, True, True),
        ({"FORCE_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
    ],
)
def test_no_color_wins_over_force_color_and_that_over_the_terminal(
    *, environ: dict[str, str], on_terminal: bool, elsewhere: bool
) -> None:
    assert wants_colour(environ, is_terminal=True) is on_terminal
    assert wants_colour(environ, is_terminal=False) is elsewhere
