"""Text patterns with a bounded running time: globs, and a safe subset of regular expressions."""

import fnmatch
import re
from collections.abc import Iterator

from swanlab_ci.messages import Message, Name

LONGEST_PATTERN = 256
LONGEST_SUBJECT = 4_096
_MOST_WAYS = 10**8
"""About a second of backtracking, for the worst text, if each way is short."""
_MOST_STEPS = 3 * 10**9
"""About ten seconds of backtracking, for the worst text and ways that are as long as a match."""

_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_REPEAT = re.compile(r"([*+?]|\{(\d*)(,?)(\d*)\})[?+]?")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


class PatternError(Exception):
    """A regular expression that is not one, or that could take too long; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def glob(pattern: str) -> re.Pattern[str]:
    """Compile a glob for the whole text: `*` any text, `?` one character, all else as written; linear in the text."""
    return re.compile(r"\A" + fnmatch.translate(pattern.replace("[", "[[]")))


def safe(pattern: str) -> re.Pattern[str]:
    """Compile a regular expression, to be searched in at most 4,096 characters.

    Raises `PatternError` for look-around, back-references, flags, a repeat or alternative in a repeat, so many repeats
    that a text could be matched in more than 10⁸ ways, in fewer but long ones, or must be longer than what is searched,
    more than 256 characters, and what `re` refuses.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(Message("gate-file.pattern-long", length=len(pattern), limit=LONGEST_PATTERN))
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError(Message("gate-file.regex-form", reason=Name(str(error)))) from None
    needed = _needed(pattern)
    if needed > LONGEST_SUBJECT:
        raise PatternError(Message("gate-file.regex-needs", limit=LONGEST_SUBJECT))
    ways, starts = _ways(pattern)
    if ways * starts > _MOST_WAYS or ways * min(starts, LONGEST_SUBJECT + 1 - needed) * needed > _MOST_STEPS:
        raise PatternError(Message("gate-file.regex-slow"))
    return compiled


def _ways(pattern: str) -> tuple[int, int]:
    """Return in how many ways the pattern could match a text of the longest kind from one place, and the places.

    Both together bound the backtracking: each repeat can end at as many places as it has lengths, each group take as
    many branches as it has, and an unanchored search start at every character; the engine starts at none from which
    the text is too short. `inner` holds for each open group whether it has such a choice.
    """
    ways, branches, inner = 1, [1], [False]  # pragma: no mutate - nothing asks it of the whole pattern
    last = False  # pragma: no mutate - a repeat cannot be the first piece; `last` is of the group just before
    for piece in _pieces(pattern):
        if isinstance(piece, re.Match):
            lengths = _lengths(piece)
            if last and piece.group(1) != "?":
                raise PatternError(Message("gate-file.regex-nested"))
            ways *= lengths
            inner[-1] |= lengths > 1
        elif piece.startswith("("):
            branches.append(1)
            inner.append(False)
        elif piece == ")":
            taken = branches.pop()
            ways *= taken
            last = inner.pop() or taken > 1
            inner[-1] |= last
        else:
            branches[-1] += piece == "|"
            last = False  # pragma: no mutate - None is as false
    anchored = pattern.startswith(("^", r"\A")) and branches == [1]
    return ways * branches[0], 1 if anchored else LONGEST_SUBJECT


def _needed(pattern: str) -> int:
    """Return how many pieces of the pattern a match goes through at least, repeats counted: the bound of its memory."""
    needed = [0]  # for each open group
    last = 0  # pragma: no mutate - for the piece before; a repeat cannot be the first piece
    for piece in _pieces(pattern):
        if isinstance(piece, re.Match):
            least = int(piece.group(2) or 0)  # pragma: no mutate - 1 adds as little
            last *= max(least - 1, 0)
        elif piece.startswith("("):
            needed.append(0)
            last = 0
        else:
            last = max(needed.pop(), 1) if piece == ")" else 1
        needed[-1] += last
    return needed[0]


def _pieces(pattern: str) -> Iterator[str | re.Match[str]]:
    """Yield the repeats as matches of `_REPEAT`, and all between them as groups' ends, classes and single signs."""
    at = 0
    while at < len(pattern):
        repeat = _REPEAT.match(pattern, at)
        end = repeat.end() if repeat else at + _piece_length(pattern, at)
        yield repeat or pattern[at:end]
        at = end


def _lengths(repeat: re.Match[str]) -> int:
    """Return how many lengths a repeat can have."""
    sign, low, comma, high = repeat.groups()
    if sign in {"*", "+"} or (comma and not high):
        return LONGEST_SUBJECT
    return 2 if sign == "?" else 1 + int(high or low or 0) - int(low or 0)


def _piece_length(pattern: str, at: int) -> int:
    sign = pattern[at]
    if sign == "(":
        group = _GROUP.match(pattern, at)
        if not group:
            raise PatternError(Message("gate-file.regex-group", piece=pattern[at : at + 3]))
        return group.end() - at
    if sign == "\\":
        if pattern[at + 1].isdigit() and pattern[at + 1] != "0":
            raise PatternError(Message("gate-file.regex-reference", piece=pattern[at : at + 2]))
        return 2
    found = _CLASS.match(pattern, at)
    return found.end() - at if found else 1
