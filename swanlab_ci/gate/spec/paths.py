"""Patterns of paths in a repository, with the stars that git and GitHub's `paths` have in common."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from swanlab_ci.gate.spec.source import Place

NEVER_EXEMPT = ".github"
"""The folder of workflows: no list can exempt it."""

_FOLDERS = "**"
_NO_NAMES = frozenset({"", ".", ".."})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A pattern for the whole path of a file, from the top of the repository.

    `*` stands for any characters of one name, `**` between slashes for any number of folders, and at the end for every
    file below. All else stands for itself, letter by letter: case counts, and a name may start with a dot. This is what
    gitattributes(5) says of a pattern that starts with a slash, and GitHub's filter `paths` of these signs.
    """

    text: str
    place: Place = dataclasses.field(compare=False)

    def matches(self, path: str) -> bool:
        """Tell whether the pattern matches `path`, as git spells it; no path of git has an empty name, `.` or `..`."""
        names, parts = self.text.split("/"), path.split("/")
        if _NO_NAMES & {*parts}:
            return False
        if names[-1] == _FOLDERS:
            names.append("*")  # it stands for what is in a folder, never for a file in its place
        return _fits(names, parts, lambda name: name == _FOLDERS, _name_fits)

    @property
    def shown(self) -> str:
        """How a sentence names it: a folder with all that is in it as `docs/`."""
        folder = self.text.removesuffix(_FOLDERS)
        return folder if folder.endswith("/") and "*" not in folder else self.text


def _name_fits(pattern: str, name: str) -> bool:
    return _fits(pattern, name, lambda sign: sign == "*", lambda sign, other: sign == other)


def _fits(pattern: Sequence[T], text: Sequence[T], is_star: Callable[[T], bool], fits: Callable[[T, T], bool]) -> bool:
    """Match all of `text`, a star standing for any number of its items.

    Only the last star is ever tried again, so the time is at most the product of both lengths.
    """
    at = here = 0
    star = retry = -1  # pragma: no mutate - anything below 0
    while here < len(text):
        if at < len(pattern) and is_star(pattern[at]):
            star, retry = at, here
            at += 1
        elif at < len(pattern) and fits(pattern[at], text[here]):
            at += 1
            here += 1
        elif star >= 0:
            retry += 1
            at, here = star + 1, retry
        else:
            return False
    return all(is_star(item) for item in pattern[at:])
