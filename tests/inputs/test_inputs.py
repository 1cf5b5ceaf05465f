"""Inputs: defaults that are right, and every wrong one named as the user wrote it, all at once."""

import pytest

from swanlab_ci.check.inputs import NAMES, Inputs, from_action, from_flags, language_of_action
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Key, Language, Message, plain

KEY = "abcdefghijklmnopqrstu"


def refused(environ: dict[str, str]) -> list[Message]:
    with pytest.raises(ConfigurationError) as stop:
        from_action({"INPUT_API-KEY": KEY} | environ)
    assert stop.value.exit_code == 2
    return [problem.message for problem in stop.value.problems]


def named(message: Message) -> Message:
    """Return how a message names the input that it is about."""
    name = message.params["input"]
    assert isinstance(name, Message)
    return name


def test_unset_inputs_have_their_defaults() -> None:
    assert from_action({"INPUT_API-KEY": KEY}) == Inputs(api_key=KEY)


def test_an_input_set_to_nothing_has_its_default() -> None:
    assert from_action(
        {"INPUT_API-KEY": KEY, "INPUT_TIMEOUT": "", "INPUT_STRICT": " ", "INPUT_GATES": "", "INPUT_COMMENT": ""}
    ) == Inputs(api_key=KEY)


def test_every_input_is_read() -> None:
    given = {
        "INPUT_API-KEY": KEY,
        "INPUT_HOST": " https://swanlab.example.com ",
        "INPUT_WEB-HOST": "https://pages.example.com",
        "INPUT_LOCAL": "swanlog",
        "INPUT_PROJECT": "my-team/resnet",
        "INPUT_GATES": "ci/gates.yml",
        "INPUT_OWN-RULES": "true",
        "INPUT_SHA": "ABCDEF0",
        "INPUT_PR": "42",
        "INPUT_RUN-IDS": "a1, b2\nc3",
        "INPUT_STRICT": "TRUE",
        "INPUT_LEVEL-CAP": "warn",
        "INPUT_STATUS-CONTEXT": "gate / swanlab",
        "INPUT_WAIT": "30m",
        "INPUT_TIMEOUT": "90s",
        "INPUT_ALLOW-HTTP": "true",
        "INPUT_GITHUB-TOKEN": "ghs_token",
        "INPUT_COMMENT": "on-change",
        "INPUT_COMMENT-KEY": "vision",
        "INPUT_REPORT-DIR": "out",
        "INPUT_REPORT-URL": " https://octo.github.io/model/report.html?pr=42#runs ",
        "INPUT_BUNDLE": "case.json",
        "INPUT_BACKTEST": "50",
        "INPUT_LANGUAGE": "zh",
    }

    read = from_action(given)

    assert {key[6:].lower() for key in given} == set(NAMES)
    assert read == Inputs(
        api_key=KEY,
        host="https://swanlab.example.com",
        web_host="https://pages.example.com",
        local="swanlog",
        project="my-team/resnet",
        gates="ci/gates.yml",
        own_rules=True,
        sha="abcdef0",
        pr=42,
        run_ids=("a1", "b2", "c3"),
        strict=True,
        level_cap="warn",
        status_context="gate / swanlab",
        wait=1800.0,
        timeout=90.0,
        allow_http=True,
        github_token="ghs_token",
        comment="on-change",
        comment_key="vision",
        report_dir="out",
        report_url="https://octo.github.io/model/report.html?pr=42#runs",
        bundle="case.json",
        backtest=50,
        language=Language.ZH,
    )


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("project", "resnet", "input.not-a-project"),
        ("project", "a/b/c", "input.not-a-project"),
        ("project", "/b", "input.not-a-project"),
        ("project", "a/ ", "input.not-a-project"),
        ("timeout", "soon", "input.not-a-time"),
        ("timeout", "0s", "input.not-a-time"),
        ("timeout", "7h", "input.not-a-time"),
        ("timeout", "90", "input.unit-missing"),
        ("timeout", "21601", "input.not-a-time"),
        ("timeout", "0", "input.not-a-time"),
        ("wait", "0", "input.unit-missing"),
        ("wait", "1.5", "input.unit-missing"),
        ("timeout", "-5m", "input.not-a-time"),
        ("level-cap", "none", "input.not-one-of"),
        ("status-context", "a\nb", "input.not-a-status-name"),
        ("status-context", "x" * 101, "input.not-a-status-name"),
        ("wait", "a while", "input.not-a-time"),
        ("strict", "yes", "input.not-one-of"),
        ("allow-http", "1", "input.not-one-of"),
        ("comment", "sometimes", "input.not-one-of"),
        ("comment-key", "a b", "input.not-a-comment-key"),
        ("report-url", "report.html", "input.not-a-page"),
        ("backtest", "many", "input.not-a-number-of-changes"),
        ("backtest", "-1", "input.not-a-number-of-changes"),
        ("backtest", "501", "input.not-a-number-of-changes"),
        ("report-url", "javascript:alert(1)", "input.not-a-page"),
        ("report-url", "https://a/b) [x](https://evil", "input.not-a-page"),
        ("report-url", "https://a/b\nc", "input.not-a-page"),
        ("comment-key", "a-->", "input.not-a-comment-key"),
        ("sha", "main", "input.not-a-commit"),
        ("pr", "#42", "input.not-a-pull-request"),
        ("pr", "0", "input.not-a-pull-request"),
        ("language", "fr", "input.not-one-of"),
        ("api-key", "short", "input.key-too-short"),
        ("api-key", f"{KEY}\r\nX-Evil: 1", "input.secret-with-white-space"),
        ("api-key", f"{KEY}\n", "input.secret-with-white-space"),
        ("api-key", f"{KEY}文", "input.secret-not-ascii"),
        ("github-token", f"{KEY}\n", "input.secret-with-white-space"),
    ],
)
def test_a_wrong_input_is_named_with_what_was_found(name: str, value: str, problem: str) -> None:
    (message,) = refused({f"INPUT_{name.upper()}": value})

    assert message.id == problem
    assert named(message) == Message("input.of-the-action", name=Key(name))
    if name not in {"api-key", "github-token"}:
        assert str(message.params["found"]).strip() == value.strip()


def test_a_wrong_word_is_told_with_the_words_that_there_are() -> None:
    (message,) = refused({"INPUT_LEVEL-CAP": "none"})

    assert message.params["words"] == ("fail", "warn", "info")


def test_a_wrong_time_is_told_with_its_limits() -> None:
    (message,) = refused({"INPUT_WAIT": "7h"})

    assert (message.params["least"], message.params["most"]) == (0, 6 * 3600)


@pytest.mark.parametrize(
    ("found", "examples"),
    [("10", ("10s", "10m")), ("5", ("5s", "5m", "5h")), (" 1.5 ", ("1.5s", "1.5m", "1.5h")), ("600", ("600s",))],
)
def test_a_time_without_a_unit_is_refused_with_those_that_fit(found: str, examples: tuple[str, ...]) -> None:
    (message,) = refused({"INPUT_WAIT": found})

    assert message.params["examples"] == tuple(map(Key, examples))


@pytest.mark.parametrize(
    ("text", "seconds"), [("1s", 1), ("90s", 90), ("5m", 300), ("1h", 3600), ("1.5 m", 90), (" 6h ", 21600)]
)
def test_times(text: str, seconds: float) -> None:
    assert from_action({"INPUT_API-KEY": KEY, "INPUT_TIMEOUT": text}).timeout == seconds


def test_all_wrong_inputs_are_told_at_once() -> None:
    problems = refused({"INPUT_TIMEOUT": "x", "INPUT_STRICT": "x", "INPUT_PROJECT": "x"})

    assert [named(problem).params["name"] for problem in problems] == ["project", "strict", "timeout"]


@pytest.mark.parametrize(("name", "near"), [("STRIC", "strict"), ("API_KEY", "api-key"), ("ZZZ", None)])
def test_an_unknown_input_is_refused_with_the_nearest_name(name: str, near: str | None) -> None:
    (problem,) = refused({f"INPUT_{name}": "true"})

    assert named(problem).params["name"] == name.lower()
    assert problem.id == ("input.unknown-near" if near else "input.unknown")
    assert problem.params.get("near") == near


@pytest.mark.parametrize("environ", [{}, {"INPUT_API-KEY": ""}, {"INPUT_API-KEY": " "}])
def test_the_action_has_no_key_on_a_fork_and_says_so_beside_other_mistakes(environ: dict[str, str]) -> None:
    assert from_action(environ).api_key == ""

    with pytest.raises(ConfigurationError) as stop:
        from_action(environ | {"INPUT_STRICT": "maybe"})

    problem, other = stop.value.problems
    assert other.message.id == "input.not-one-of"
    assert problem.message == Message("input.no-key")
    for language in Language:
        assert "`api-key: ${{ secrets.SWANLAB_API_KEY }}`" in plain(problem.message, language)


@pytest.mark.parametrize("name", ["INPUT_Host", "INPUT_host", "INPUT_Level-Cap"])
def test_a_name_that_the_runner_does_not_write_is_refused(name: str) -> None:
    (problem,) = refused({"INPUT_HOST": "https://swanlab.example.com", name: "warn"})

    assert problem.id in {"input.unknown", "input.unknown-near"}
    assert named(problem).params["name"] == name


def test_a_secret_is_never_told() -> None:
    secret = "sk-" + 40 * "x"

    shown = repr(from_action({"INPUT_API-KEY": secret, "INPUT_GITHUB-TOKEN": secret}))
    problems = refused({"INPUT_API-KEY": secret + "\n", "INPUT_GITHUB-TOKEN": secret + " ", "INPUT_STRICT": "x"})

    assert secret not in shown
    assert not [problem for problem in problems if secret in str(problem)]


def test_flags_are_named_as_flags() -> None:
    with pytest.raises(ConfigurationError) as stop:
        from_flags({"timeout": "x"})

    assert stop.value.problems[0].message.params["input"] == Key("--timeout")


@pytest.mark.parametrize("first", [True, False])
def test_a_letter_that_only_lower_cases_to_one_of_ours_spells_no_input(*, first: bool) -> None:
    other, ours = {"INPUT_API-\N{KELVIN SIGN}EY": "x" * 21}, {"INPUT_API-KEY": KEY}

    with pytest.raises(ConfigurationError) as stop:
        from_action(other | ours if first else ours | other)

    assert len(stop.value.problems) == 1


@pytest.mark.parametrize(("said", "language"), [("zh", Language.ZH), (" en ", Language.EN), ("fr", None), ("", None)])
def test_the_language_is_known_before_any_other_input_is_read(said: str, language: Language | None) -> None:
    assert language_of_action({"INPUT_LANGUAGE": said, "INPUT_TIMEOUT": "x"}) is language


def test_without_an_input_no_language_is_chosen() -> None:
    assert language_of_action({}) is None
    assert from_action({"INPUT_API-KEY": KEY, "INPUT_LANGUAGE": ""}).language is None
