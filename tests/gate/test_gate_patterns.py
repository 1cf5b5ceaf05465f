"""Regular expressions of a gate file: the exact bounds between those that are safe and those that are refused."""

from typing import Any

import pytest

from swanlab_ci.gate.spec.patterns import LONGEST_PATTERN, LONGEST_SUBJECT, PatternError, safe
from swanlab_ci.messages import Message

TEN = "a{0,9}"  # ten lengths
SLOW, NEEDS, NESTED = "gate-file.regex-slow", "gate-file.regex-needs", "gate-file.regex-nested"


def refused(pattern: str) -> Message:
    with pytest.raises(PatternError) as caught:
        safe(pattern)
    assert caught.value.args == (caught.value.message,)
    return caught.value.message


@pytest.mark.parametrize(
    "pattern",
    [
        "^" + TEN * 8,  # 10⁸ ways, the most
        "^" + TEN * 8 + "b{21}",  # 10⁸ ways of 30 steps, the most
        "a{0,7504}b{98}c",  # 7,505 ways · 3,997 starts from which the text is long enough · 100 steps, just below
        TEN * 4 + "|b",  # 4,096 starts · 10⁴ · 2 branches
        "^" + TEN * 7 + "(((a|b|c|d|e|f|g|h|i|j)))",  # 10⁷ · 10 branches
        "^x{}" + TEN * 8,  # `{}` is two signs
        "^(a*)(b*)$",  # a group with a choice in it leaves the search anchored
        "(?:a{63}b){64}",  # 64 · 64 pieces, the most
        "a{4094}b*c",  # a repeat that may be empty counts once
        "a" * LONGEST_PATTERN,
        r"\0",
        "a*[0-9a-f]{40}x",
    ],
)
def test_a_pattern_within_the_bounds_is_searched(pattern: str) -> None:
    assert safe(pattern).pattern == pattern


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("^" + TEN * 8 + "b?", Message(SLOW)),
        ("^" + TEN * 8 + "b{22}", Message(SLOW)),
        ("a{0,7505}b{98}c", Message(SLOW)),
        (TEN * 4 + "|b|c", Message(SLOW)),
        ("(a?)" + TEN * 3 + "|b" * 50, Message(SLOW)),  # alternatives after a group with a choice in it
        ("^" + TEN * 7 + "(((a|b|c|d|e|f|g|h|i|j|k)))", Message(SLOW)),
        ("a*(?:a.){500}x", Message(SLOW)),  # few ways, each of a thousand steps: it took 45 seconds
        ("a*(?:[ab][ab][ab][ab]){300}x", Message(SLOW)),
        ("(?:a{64}b){64}", Message(NEEDS, limit=LONGEST_SUBJECT)),
        ("((a*)(b)){2,3}", Message(NESTED)),
        ("(a|b)+", Message(NESTED)),
        ("(a*b{2})*", Message(NESTED)),  # the choice is not in the last piece of the group
        (
            "a" * (LONGEST_PATTERN + 1),
            Message("gate-file.pattern-long", length=LONGEST_PATTERN + 1, limit=LONGEST_PATTERN),
        ),
        (r"(a)\1b", Message("gate-file.regex-reference", piece=r"\1")),
        (r"(a)0\1", Message("gate-file.regex-reference", piece=r"\1")),
    ],
)
def test_a_pattern_beyond_a_bound_is_refused(pattern: str, message: Any) -> None:
    assert refused(pattern) == message
