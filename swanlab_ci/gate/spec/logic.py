"""Three values: a condition holds, fails, or cannot be told; and how `and`, `or` and `not` treat the third (Kleene)."""

from collections.abc import Sequence
from enum import StrEnum, auto

from swanlab_ci.model import Outcome


class Truth(StrEnum):
    """What asking a condition about a run comes to; all but HOLDS and FAILS are ways of not being able to tell."""

    HOLDS = auto()
    FAILS = auto()
    MISSING = auto()
    NOT_FINITE = auto()
    WRONG_TYPE = auto()
    AMBIGUOUS = auto()
    NOT_FETCHED = auto()
    PENDING = auto()


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
    """Return the place of the answer that `and` comes to: one that fails settles it, then what cannot be told."""
    return min(range(len(answers)), key=lambda at: _AND[answers[at]])


def decides_any(answers: Sequence[Truth]) -> int:
    """Return the place of the answer that `or` comes to: one that holds settles it, then one that may still hold."""
    return min(range(len(answers)), key=lambda at: _OR[answers[at]])


def negated(answer: Truth) -> Truth:
    """Swap HOLDS and FAILS; what cannot be told stays so."""
    return {Truth.HOLDS: Truth.FAILS, Truth.FAILS: Truth.HOLDS}.get(answer, answer)
