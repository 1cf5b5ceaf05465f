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

from swanlab_ci.gate.spec.logic import negated
from swanlab_ci.gate.spec.patterns import LONGEST_SUBJECT
from swanlab_ci.gate.spec.values import Literal, Number, equal, is_finite, number_in, same_commit, type_of
from swanlab_ci.model import Truth

SIMPLE = (str, int, float)


def yes(holds: bool) -> Truth:  # noqa: FBT001 - it is the whole subject
    """Truth as a plain comparison came out."""
    return Truth.HOLDS if holds else Truth.FAILS


def _one_of(name: str, value: Any, wanted: tuple[Literal, ...]) -> bool:
    if name == "git.commit":
        return any(same_commit(value, literal.raw) for literal in wanted)
    for literal in wanted:  # noqa: SIM110 - asked of every run by every gate, and `any` takes twice the time
        if equal(value, literal):
            return True
    return False


def _is(name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    return yes(_one_of(name, value, wanted)) if isinstance(value, SIMPLE) else Truth.WRONG_TYPE


def _not(name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    return negated(_is(name, value, wanted))


def _bare(name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    if not isinstance(value, SIMPLE) and type_of(value) == "list":
        return yes(any(_one_of(name, item, wanted) for item in value))
    return _is(name, value, wanted)


def _ordered(holds: Callable[[Number, Number], bool], _name: str, value: Any, bound: Number) -> Truth:
    number = number_in(value)
    if number is None:
        return Truth.WRONG_TYPE
    return yes(holds(number, bound)) if is_finite(number) else Truth.NOT_FINITE


def _contains(_name: str, value: Any, part: str) -> Truth:
    return yes(part in value) if isinstance(value, str) else Truth.WRONG_TYPE


def _matches(_name: str, value: Any, pattern: re.Pattern[str]) -> Truth:
    return yes(bool(pattern.search(value[:LONGEST_SUBJECT]))) if isinstance(value, str) else Truth.WRONG_TYPE


def _has(name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    if type_of(value) != "list":
        return Truth.WRONG_TYPE
    return yes(all(any(_one_of(name, item, (literal,)) for item in value) for literal in wanted))


def _lacks(name: str, value: Any, wanted: tuple[Literal, ...]) -> Truth:
    return yes(not any(_one_of(name, item, wanted) for item in value)) if type_of(value) == "list" else Truth.WRONG_TYPE


def _version(_name: str, value: Any, wanted: SpecifierSet) -> Truth:
    try:
        return yes(wanted.contains(Version(value), prereleases=True)) if isinstance(value, str) else Truth.WRONG_TYPE
    except ValueError:  # no version, or one with more digits than Python converts
        return Truth.WRONG_TYPE


def _type(_name: str, value: Any, wanted: tuple[str, ...]) -> Truth:
    return yes(type_of(value) in wanted)


# `exists` is not among them: it asks whether there is a value at all.
JUDGES: dict[str, Callable[[str, Any, Any], Truth]] = {
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
