"""The operators: what each makes of a value that is there, given what the gate file wrote right of it.

`name` is the subject's, for a commit is compared in its own way.
"""

import operator
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from swanlab_ci.gate.spec.logic import Answer, negated
from swanlab_ci.gate.spec.patterns import LONGEST_SUBJECT
from swanlab_ci.gate.spec.values import Literal, Number, equal, is_finite, number_in, same_commit, type_of

SIMPLE = (str, int, float)


def yes(holds: bool) -> Answer:  # noqa: FBT001 - it is the whole subject
    """Answer as a plain comparison came out."""
    return Answer.HOLDS if holds else Answer.FAILS


def _one_of(name: str, value: Any, wanted: tuple[Literal, ...]) -> bool:
    if name == "git.commit":
        return any(same_commit(value, literal.raw) for literal in wanted)
    for literal in wanted:  # noqa: SIM110 - asked of every run by every gate, and `any` takes twice the time
        if equal(value, literal):
            return True
    return False


def _is(name: str, value: Any, wanted: tuple[Literal, ...]) -> Answer:
    return yes(_one_of(name, value, wanted)) if isinstance(value, SIMPLE) else Answer.WRONG_TYPE


def _not(name: str, value: Any, wanted: tuple[Literal, ...]) -> Answer:
    return negated(_is(name, value, wanted))


def _bare(name: str, value: Any, wanted: tuple[Literal, ...]) -> Answer:
    if not isinstance(value, SIMPLE) and type_of(value) == "list":
        return yes(any(_one_of(name, item, wanted) for item in value))
    return _is(name, value, wanted)


def _ordered(holds: Callable[[Number, Number], bool], _name: str, value: Any, bound: Number) -> Answer:
    number = number_in(value)
    if number is None:
        return Answer.WRONG_TYPE
    return yes(holds(number, bound)) if is_finite(number) else Answer.NOT_FINITE


def _contains(_name: str, value: Any, part: str) -> Answer:
    return yes(part in value) if isinstance(value, str) else Answer.WRONG_TYPE


def _matches(_name: str, value: Any, pattern: re.Pattern[str]) -> Answer:
    return yes(bool(pattern.search(value[:LONGEST_SUBJECT]))) if isinstance(value, str) else Answer.WRONG_TYPE


def _has(name: str, value: Any, wanted: tuple[Literal, ...]) -> Answer:
    if type_of(value) != "list":
        return Answer.WRONG_TYPE
    return yes(all(any(_one_of(name, item, (literal,)) for item in value) for literal in wanted))


def _lacks(name: str, value: Any, wanted: tuple[Literal, ...]) -> Answer:
    return (
        yes(not any(_one_of(name, item, wanted) for item in value)) if type_of(value) == "list" else Answer.WRONG_TYPE
    )


def _version(_name: str, value: Any, wanted: SpecifierSet) -> Answer:
    try:
        return yes(wanted.contains(Version(value), prereleases=True)) if isinstance(value, str) else Answer.WRONG_TYPE
    except ValueError:  # no version, or one with more digits than Python converts
        return Answer.WRONG_TYPE


def _type(_name: str, value: Any, wanted: tuple[str, ...]) -> Answer:
    return yes(type_of(value) in wanted)


# `exists` is not among them: it asks whether there is a value at all.
JUDGES: dict[str, Callable[[str, Any, Any], Answer]] = {
    "bare": _bare,
    "is": _is,
    "in": _is,
    "not": _not,
    "not_in": _not,
    "min": partial(_ordered, operator.ge),
    "max": partial(_ordered, operator.le),
    "above": partial(_ordered, operator.gt),
    "below": partial(_ordered, operator.lt),
    "contains": _contains,
    "like": _matches,
    "matches": _matches,
    "has": _has,
    "lacks": _lacks,
    "version": _version,
    "type": _type,
}
