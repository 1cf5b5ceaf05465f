"""Three values: a condition holds, fails, or has no answer; and how `and`, `or` and `not` treat the third (Kleene)."""

from collections.abc import Sequence

from swanlab_ci.model import Outcome, Truth

OUTCOMES = {
    Truth.HOLDS: Outcome.OK,
    Truth.FAILS: Outcome.VIOLATED,
    Truth.MISSING: Outcome.MISSING,
    Truth.NOT_FINITE: Outcome.VIOLATED,
    Truth.WRONG_TYPE: Outcome.ERROR,
    Truth.AMBIGUOUS: Outcome.ERROR,
    Truth.NOT_FETCHED: Outcome.ERROR,
    Truth.PENDING: Outcome.PENDING,
}

_CANNOT_TELL = (
    Truth.NOT_FETCHED,
    Truth.AMBIGUOUS,
    Truth.WRONG_TYPE,
    Truth.NOT_FINITE,
    Truth.MISSING,
)
_AND = {answer: rank for rank, answer in enumerate((Truth.FAILS, *_CANNOT_TELL, Truth.PENDING, Truth.HOLDS))}
_OR = {
    answer: rank
    for rank, answer in enumerate(
        (Truth.HOLDS, Truth.NOT_FETCHED, Truth.PENDING, *_CANNOT_TELL[1:], Truth.FAILS),
    )
}


def decides_all(answers: Sequence[Truth]) -> int:
    """Return the index of the answer that decides `and`: one that fails, then one that has no answer."""
    return min(range(len(answers)), key=lambda at: _AND[answers[at]])


def decides_any(answers: Sequence[Truth]) -> int:
    """Return the index of the answer that decides `or`: one that holds, then one that may still hold."""
    return min(range(len(answers)), key=lambda at: _OR[answers[at]])


def negated(answer: Truth) -> Truth:
    """Swap HOLDS and FAILS; every other answer stays."""
    return {Truth.HOLDS: Truth.FAILS, Truth.FAILS: Truth.HOLDS}.get(answer, answer)
