"""Three values: a condition holds, fails, or cannot be told; and how `and`, `or` and `not` treat the third (Kleene)."""

from collections.abc import Sequence
from enum import StrEnum, auto

from swanlab_ci.model import Outcome


class Answer(StrEnum):
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
    Answer.HOLDS: Outcome.OK,
    Answer.FAILS: Outcome.VIOLATED,
    Answer.MISSING: Outcome.MISSING,
    Answer.NOT_FINITE: Outcome.VIOLATED,
    Answer.WRONG_TYPE: Outcome.ERROR,
    Answer.AMBIGUOUS: Outcome.ERROR,
    Answer.NOT_FETCHED: Outcome.ERROR,
    Answer.PENDING: Outcome.PENDING,
}

_CANNOT_TELL = (
    Answer.NOT_FETCHED,
    Answer.AMBIGUOUS,
    Answer.WRONG_TYPE,
    Answer.NOT_FINITE,
    Answer.MISSING,
)
_AND = {answer: rank for rank, answer in enumerate((Answer.FAILS, *_CANNOT_TELL, Answer.PENDING, Answer.HOLDS))}
_OR = {
    answer: rank
    for rank, answer in enumerate(
        (Answer.HOLDS, Answer.NOT_FETCHED, Answer.PENDING, *_CANNOT_TELL[1:], Answer.FAILS),
    )
}


def decides_all(answers: Sequence[Answer]) -> int:
    """Return the place of the answer that `and` comes to: one that fails settles it, then what cannot be told."""
    return min(range(len(answers)), key=lambda at: _AND[answers[at]])


def decides_any(answers: Sequence[Answer]) -> int:
    """Return the place of the answer that `or` comes to: one that holds settles it, then one that may still hold."""
    return min(range(len(answers)), key=lambda at: _OR[answers[at]])


def negated(answer: Answer) -> Answer:
    """Swap HOLDS and FAILS; what cannot be told stays so."""
    return {Answer.HOLDS: Answer.FAILS, Answer.FAILS: Answer.HOLDS}.get(answer, answer)
