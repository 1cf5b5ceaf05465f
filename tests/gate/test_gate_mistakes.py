"""Every mistake in a gate file is reported at its place, with what to write instead, in both languages."""

# ruff: noqa: RUF001 - full-width punctuation is a mistake, too

from collections.abc import Iterator

import pytest
from gate_factories import VARIABLES, one_gate, problem_of, problems_of, without_none
from gate_mistakes import (
    BASE,
    GOOD,
    IN_COMPARISONS,
    IN_CURVES,
    IN_FILES,
    IN_GATES,
    IN_TESTS,
    IN_YAML,
    PATTERNS,
    WARNINGS,
    WITH_FILES,
    WITHOUT_VALUE,
)
from support.golden import Golden

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError, Problem
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.messages.en.gate_file import MESSAGES

ELSEWHERE = {  # what is no mistake at a place
    "valuekind.any",  # any value can be a bound, be ranked or be compared
    *("gate-file.problems", "gate-file.fix-and-rerun", "gate-file.no-such-gate", "gate-file.no-such-run"),
}
PATTERN_CASES = [
    (one_gate(f"expect: {{name: {{matches: '{pattern}'}}}}"), "4:30", message) for pattern, message in PATTERNS
]
CASES = [
    *((one_gate(body), place, message) for body, place, message in IN_GATES),
    *PATTERN_CASES,
    *((f"{BASE}{comparison}\n", place, message) for comparison, place, message in IN_COMPARISONS),
    *IN_FILES,
    *IN_CURVES,
    *IN_YAML,
]


GATES = gate.load(
    "gates: [{name: Finished, expect: {state: FINISHED}}, {name: Sane, expect: {config.lr: {max: 1}}}]\n"
    "baselines: {main: {runs: {git.branch: main}}}\n",
    name="gates.yml",
)


def in_extended(other: str | Exception) -> list[Problem]:
    """Return what is wrong with a file that extends `other.yml`, which has this text or cannot be read."""

    def read(_path: str) -> str:
        if isinstance(other, Exception):
            raise other
        return other

    with pytest.raises(ConfigurationError) as caught:
        gate.load("extends: other.yml\n", name="gates.yml", read=read)
    return list(caught.value.problems)


def without_value(name: str, event: str, value: object = None) -> list[Problem]:
    gate_file = gate.load(one_gate(f"runs: {{config.x: ${name}}}\n{GOOD}"), name="gates.yml")
    with pytest.raises(ConfigurationError) as caught:
        gate.bind(gate_file, {**VARIABLES, name: value}, event=event)  # type: ignore[dict-item]
    return list(caught.value.problems)


def in_tests(text: str) -> list[Problem]:
    with pytest.raises(ConfigurationError) as caught:
        gate.try_out(GATES, text, name="tests.yml")
    return list(caught.value.problems)


@pytest.mark.parametrize(("text", "place", "message"), CASES)
def test_a_mistake_is_reported_at_its_place(text: str, place: str, message: Message) -> None:
    found = [(problem.place, without_none(problem.message)) for problem in problems_of(text)]

    assert (f"gates.yml:{place}", message) in found
    assert len(found) == 1 or text.startswith(BASE)  # a comparison without `to` has no baseline either


@pytest.mark.parametrize(("other", "place", "message"), WITH_FILES)
def test_a_mistake_in_an_extended_file_is_reported_with_its_name(
    other: str | Exception, place: str, message: Message
) -> None:
    (problem,) = in_extended(other)

    assert (problem.place, without_none(problem.message)) == (place, message)


@pytest.mark.parametrize(("name", "event", "message"), WITHOUT_VALUE)
@pytest.mark.parametrize("value", [None, (), ""])
def test_a_variable_without_a_value_is_reported_at_its_place(
    name: str, event: str, message: Message, value: object
) -> None:
    (problem,) = without_value(name, event, value)

    assert (problem.place, problem.message) == ("gates.yml:4:22", message)


@pytest.mark.parametrize(("text", "place", "message"), IN_TESTS)
def test_a_mistake_in_a_file_of_tests_is_reported_at_its_place(text: str, place: str, message: Message) -> None:
    (problem,) = in_tests(text)

    assert (problem.place, without_none(problem.message)) == (f"tests.yml:{place}", message)


@pytest.mark.parametrize(("text", "line", "message"), WARNINGS)
def test_a_probable_mistake_is_a_warning(text: str, line: int, message: Message) -> None:
    (warning,) = gate.load(text, name="gates.yml").warnings

    assert (warning.line, warning.message) == (line, message)


def test_the_error_says_how_many_problems_there_are() -> None:
    with pytest.raises(ConfigurationError) as caught:
        gate.load("colour: red\nsize: 1\n" + one_gate(GOOD), name="swanlab-gate.yml")

    assert caught.value.what == Message("gate-file.problems", file="swanlab-gate.yml", count=2)
    assert caught.value.exit_code == 2


def test_a_mistake_is_reported_once_though_it_is_found_twice() -> None:
    assert problem_of("gates: [{name: One, expect: {state: {any_of: [FINISH]}}}]").place == "gates.yml:1:47"


# The words


def all_problems() -> Iterator[tuple[str, list[Problem]]]:
    """Yield each text or value with a mistake, and its problems."""
    for body, _, _ in IN_GATES:
        yield body, problems_of(one_gate(body))
    for comparison, _, _ in IN_COMPARISONS:
        yield comparison, problems_of(f"{BASE}{comparison}\n")
    for text, _, _ in (*PATTERN_CASES, *IN_FILES, *IN_CURVES, *IN_YAML):
        yield text, problems_of(text)
    for other, _, _ in WITH_FILES:
        yield str(other), in_extended(other)
    for name, event, _ in WITHOUT_VALUE:
        yield f"${name} {event}", without_value(name, event)
    for text, _, _ in WARNINGS:
        yield text, list(gate.load(text, name="gates.yml").warnings)
    for text, _, _ in IN_TESTS:
        yield text, in_tests(text)


def cut(text: str) -> str:
    return text if len(text) < 300 else f"{text[:100]} …"


@pytest.mark.parametrize("language", list(Language))
def test_the_words_of_every_mistake(language: Language, golden: Golden) -> None:
    shown = dict.fromkeys(
        f"{cut(text.strip())!r}\n"
        + "".join(f"    {problem.place}: {cut(plain(problem.message, language))}\n" for problem in problems)
        for text, problems in all_problems()
    )

    golden(f"gate-mistakes.{language}.txt", "".join(shown))


def test_every_message_of_the_room_is_shown_by_some_mistake() -> None:
    messages = [each for _, problems in all_problems() for problem in problems for each in problem.message.within()]
    shown = {each.id for each in messages} | {
        f"valuekind.{each.params['kind']}" for each in messages if "kind" in each.params
    }

    assert MESSAGES.keys() - shown == ELSEWHERE


def test_a_text_may_hold_full_width_punctuation() -> None:
    body = 'why: 注意：“甲”，以及“乙”\nruns: {labels: [data：v1], name: "“x”"}\nexpect: {"config.a：b": 1}'

    (only,) = gate.load(one_gate(body), name="gates.yml").gates

    assert only.why == "注意：“甲”，以及“乙”"
    assert [clause.written for clause in only.selection.clauses] == ["labels [data：v1]", "name “x”"]


def test_an_excerpt_shows_a_tab_as_a_space_above_the_caret() -> None:
    (problem,) = problems_of("gates:\n  a:\tb\n")

    assert problem.excerpt == "     2 |   a: b\n       |     ^"


@pytest.mark.parametrize(
    "expect", ["config.lr: 0.003", "config.debug: false", "config.name: v2", "requirements.a: 3.1.6", "labels: '1'"]
)
def test_a_value_that_a_run_can_have_is_no_warning(expect: str) -> None:
    assert gate.load(one_gate(f"expect: {{{expect}}}"), name="gates.yml").warnings == ()
