"""The words of every result in both languages: tests/golden/results.LANGUAGE.txt, to be read whole."""

from collections.abc import Iterator

import pytest
from result_cases import Case, all_cases
from support.golden import Golden

from swanlab_ci.judgement import Check, GateResult
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.messages.en.verdict import MESSAGES
from swanlab_ci.report.wording import (
    actual,
    check_message,
    check_note,
    gate_advice,
    gate_summary,
    headline,
    required,
    verdict_advice,
    verdict_summary,
)

CASES = all_cases()


def of_check(check: Check) -> Iterator[tuple[str, Message | None]]:
    yield "check", check_message(check)
    yield "actual", actual(check)
    yield "required", required(check)
    yield "note", check_note(check)


def of_gate(gate: GateResult) -> Iterator[tuple[str, Message | None]]:
    yield "gate", gate_summary(gate)
    yield "advice", gate_advice(gate)
    for check in gate.checks:
        yield from of_check(check)


def of_case(case: Case) -> Iterator[tuple[str, Message | None]]:
    verdict = case.verdict()
    yield "headline", headline(verdict)
    yield "verdict", verdict_summary(verdict)
    yield "next", verdict_advice(verdict)
    for gate in verdict.gates:
        yield from of_gate(gate)


@pytest.mark.parametrize("language", list(Language))
def test_every_result_in_words(golden: Golden, language: Language) -> None:
    blocks = []
    for case in CASES:
        lines = [f"{place}: {plain(message, language)}" for place, message in of_case(case) if message]
        blocks.append("\n".join([f"## {case.name}", *lines]))

    golden(f"results.{language}.txt", "\n\n".join(blocks) + "\n")


NAMES = ["verdict", "gate", "gates", "check", "needs", "note", "value", "expect", "comparison", "change", "over"]
NAMES += ["count", "advice", "list", "funnel", "curve"]
ELSEWHERE = {
    *("verdict.no-verdict", "verdict.wrong-configuration"),  # a report without a verdict says these
    "check.without-reason",  # for a check that is made by hand
    *("verdict.no-training-needed", "verdict.only-exempt", "list.and"),  # no gate is judged then
    *("note.read-project", "note.read-from-server", "note.unread-project"),  # of the judgement, not of a gate
}


def test_the_cases_bring_about_every_sentence_about_results() -> None:
    wanted = {each for each in MESSAGES if each.split(".")[0] in NAMES} - ELSEWHERE
    said = {part.id for case in CASES for _, message in of_case(case) if message for part in message.within()}

    assert sorted(wanted - said) == []
