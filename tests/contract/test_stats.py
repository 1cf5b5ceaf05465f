"""What `make stats` counts, it finds; what must be none, is none."""

import ast

import pytest
from stats import ALLOWED, NOT_FOR_USERS, PACKAGE, all_sentences, ambiguous, literals, sentences

FOUND = [
    ("raise ValueError('too large')", "too large"),
    ("raise ValueError(f'{x} is wrong')", "{} is wrong"),
    ("x = f'{a} of {b} runs are there'", "{} of {} runs are there"),
    ("console.say('all good')", "all good"),
    ("Problem('bad thing', file=x)", "bad thing"),
    ("error = ApiError(what, advice='Try again.')", "Try again."),
    ("X = {'a': 'the list of runs'}", "the list of runs"),
]
ACCEPTED = [
    "def f():\n    '''Return the list of runs.'''",
    "x = 1\n'''What the name above is.'''",
    "Message('gate.too-large', limit=3)",
    "Key('permissions: contents: read')",
    "raise TypeError('bind it first, please')",
    "re.compile(r'[a-z]+ (?:x|y) [0-9]')",
    "say('{} {}')",
    "X = ('application/json', 'user-agent', 'a b')",
]


@pytest.mark.parametrize(("code", "text"), FOUND)
def test_a_sentence_is_found_once(code: str, text: str) -> None:
    assert [each.text for each in sentences("x.py", ast.parse(code))] == [text]


@pytest.mark.parametrize("code", ACCEPTED)
def test_other_literals_are_no_sentences(code: str) -> None:
    assert [*sentences("x.py", ast.parse(code))] == []


def test_a_public_class_name_means_one_thing() -> None:
    assert ambiguous() == {}


def test_every_sentence_for_users_is_in_the_catalogues() -> None:
    assert [str(each) for each in all_sentences()] == []


def test_every_exception_is_needed() -> None:
    found = {each.text for each in literals()}

    assert ALLOWED.keys() - found == set()
    assert [place for place in NOT_FOR_USERS if not (PACKAGE / place).exists()] == []
