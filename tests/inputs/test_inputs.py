"""Inputs: defaults that are right, and every wrong one named as the user wrote it, all at once."""

import pytest

from swanlab_ci.check.inputs import NAMES, Inputs, from_action, from_flags
from swanlab_ci.errors import ConfigurationError

KEY = "abcdefghijklmnopqrstu"


def refused(environ: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigurationError) as stop:
        from_action({"INPUT_API-KEY": KEY} | environ)
    assert stop.value.exit_code == 2
    return [str(problem.message) for problem in stop.value.problems]


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
        "INPUT_BUNDLE": "case.json",
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
        bundle="case.json",
    )


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PROJECT", "resnet", "input `project` is 'resnet'; write `workspace/project`"),
        ("PROJECT", "a/b/c", "input `project` is 'a/b/c'"),
        ("PROJECT", "/b", "input `project` is '/b'"),
        ("PROJECT", "a/ ", "input `project` is 'a/'"),
        ("TIMEOUT", "soon", "input `timeout` is 'soon'; write a time between 1s and 6h"),
        ("TIMEOUT", "0s", "input `timeout` is '0s'"),
        ("TIMEOUT", "7h", "input `timeout` is '7h'"),
        ("TIMEOUT", "-5m", "input `timeout` is '-5m'"),
        ("LEVEL-CAP", "none", "input `level-cap` is 'none'; write one of fail, warn, info."),
        ("STATUS-CONTEXT", "a\nb", "input `status-context` is"),
        ("WAIT", "a while", "input `wait` is 'a while'; write a time between 0s and 6h"),
        ("STRICT", "yes", "input `strict` is 'yes'; write true or false."),
        ("ALLOW-HTTP", "1", "input `allow-http` is '1'"),
        ("COMMENT", "sometimes", "input `comment` is 'sometimes'; write one of always, on-change, on-problem, never."),
        ("COMMENT-KEY", "a b", "input `comment-key` is 'a b'"),
        ("COMMENT-KEY", "a-->", "input `comment-key` is 'a-->'"),
        ("SHA", "main", "input `sha` is 'main'; write a commit's hash"),
        ("PR", "#42", "input `pr` is '#42'; write the number of a pull request, such as 42."),
        ("PR", "0", "input `pr` is '0'"),
        ("API-KEY", "short", "input `api-key` has only 5 characters"),
        ("API-KEY", f"{KEY}\r\nX-Evil: 1", "input `api-key` holds a control character"),
        ("API-KEY", f"{KEY}\n", "input `api-key` holds a control character"),
        ("API-KEY", f"{KEY}文", "input `api-key` holds a character that no key has"),
        ("GITHUB-TOKEN", f"{KEY}\n", "input `github-token` holds a control character"),
    ],
)
def test_a_wrong_input_is_named_with_what_was_found_and_what_to_write(name: str, value: str, says: str) -> None:
    problems = refused({f"INPUT_{name}": value})

    assert len(problems) == 1
    assert problems[0].startswith(says)


@pytest.mark.parametrize(
    ("text", "seconds"), [("1", 1), ("90s", 90), ("5m", 300), ("1h", 3600), ("1.5 m", 90), (" 6h ", 21600)]
)
def test_times(text: str, seconds: float) -> None:
    assert from_action({"INPUT_API-KEY": KEY, "INPUT_TIMEOUT": text}).timeout == seconds


def test_all_wrong_inputs_are_told_at_once() -> None:
    problems = refused({"INPUT_TIMEOUT": "x", "INPUT_STRICT": "x", "INPUT_PROJECT": "x"})

    assert [problem.split("`")[1] for problem in problems] == ["project", "strict", "timeout"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("STRIC", "did you mean `strict`?"),
        ("API_KEY", "did you mean `api-key`?"),
        ("ZZZ", "the inputs are api-key, host"),
    ],
)
def test_an_unknown_input_is_refused_with_the_nearest_name(name: str, says: str) -> None:
    (problem,) = refused({f"INPUT_{name}": "true"})

    assert problem.startswith(f"input `{name.lower()}` is unknown; {says}")


@pytest.mark.parametrize("environ", [{}, {"INPUT_API-KEY": ""}, {"INPUT_API-KEY": " "}])
def test_the_action_needs_a_key_and_says_why_a_fork_has_none(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as stop:
        from_action(environ)

    (problem,) = stop.value.problems
    assert str(problem.message).startswith("input `api-key` is empty; write `api-key: ${{ secrets.SWANLAB_API_KEY }}`")
    assert "from a fork gets no secrets" in str(problem.message)


@pytest.mark.parametrize("name", ["INPUT_Host", "INPUT_host", "INPUT_Level-Cap"])
def test_a_name_that_the_runner_does_not_write_is_refused(name: str) -> None:
    (problem,) = refused({"INPUT_HOST": "https://swanlab.example.com", name: "warn"})

    assert problem.startswith(f"input `{name}` is unknown")


def test_a_secret_is_never_told() -> None:
    secret = "sk-" + 40 * "x"

    shown = repr(from_action({"INPUT_API-KEY": secret, "INPUT_GITHUB-TOKEN": secret}))
    problems = refused({"INPUT_API-KEY": secret + "\n", "INPUT_GITHUB-TOKEN": secret + " ", "INPUT_STRICT": "x"})

    assert secret not in shown
    assert not [problem for problem in problems if secret in problem]


def test_flags_are_named_as_flags() -> None:
    with pytest.raises(ConfigurationError) as stop:
        from_flags({"timeout": "x"})

    assert str(stop.value.problems[0].message).startswith("`--timeout` is 'x'")


@pytest.mark.parametrize("first", [True, False])
def test_a_letter_that_only_lower_cases_to_one_of_ours_spells_no_input(*, first: bool) -> None:
    other, ours = {"INPUT_API-\N{KELVIN SIGN}EY": "x" * 21}, {"INPUT_API-KEY": KEY}

    with pytest.raises(ConfigurationError) as stop:
        from_action(other | ours if first else ours | other)

    assert len(stop.value.problems) == 1
