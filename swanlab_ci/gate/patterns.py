"""Text patterns that cannot be made to run for ever: globs, and a safe subset of regular expressions."""

import fnmatch
import re

LONGEST_PATTERN = 256
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_REPEAT = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_MOST_REPEATS = 3


def glob(pattern: str) -> re.Pattern[str]:
    """Compile a glob for the whole text: `*` any text, `?` one character, all else as written; linear in the text."""
    return re.compile(r"\A" + fnmatch.translate(pattern.replace("[", "[[]")))


def safe(pattern: str) -> re.Pattern[str]:
    """Compile a regular expression, to be searched.

    Raises `ValueError`, saying why, for look-around, back-references, a repeat or an alternative inside an unbounded
    repeat, more than 3 unbounded repeats, more than 256 characters, and whatever `re` refuses.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"a pattern of {len(pattern)} characters; at most {LONGEST_PATTERN} are allowed")
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"not a regular expression: {error}") from None
    _check_repeats(pattern)
    return compiled


def _check_repeats(pattern: str) -> None:
    """Walk the pattern once; `choices` says for each open group whether it can match in more ways than one."""
    choices, unbounded, at = [False], 0, 0
    last = False  # whether the last piece could match in more ways than one
    while at < len(pattern):
        sign = pattern[at]
        repeat = _REPEAT.match(pattern, at)
        if repeat:
            endless = _is_endless(repeat)
            if endless and last:
                raise ValueError("a repeat or an alternative inside an unbounded repeat; use `like`, or write it flat")
            unbounded += endless
            choices[-1] = last = True
            at = repeat.end()
            continue
        last = False
        if sign == "(":
            at = _group_start(pattern, at)
            choices.append(False)
            continue
        if sign == ")":
            last = choices.pop()
            choices[-1] |= last
        choices[-1] |= sign == "|"
        at += _piece_length(pattern, at)
    if unbounded > _MOST_REPEATS:
        raise ValueError(f"{unbounded} unbounded repeats; at most {_MOST_REPEATS} are allowed, or use `like`")


def _is_endless(repeat: re.Match[str]) -> bool:
    low, comma, high = repeat.groups()
    return repeat.group() in {"*", "+"} or (bool(comma) and not high) or int(high or low or 0) > LONGEST_PATTERN


def _group_start(pattern: str, at: int) -> int:
    group = _GROUP.match(pattern, at)
    if not group:
        raise ValueError(f"`{pattern[at : at + 3]}`: look-around, back-references and flags are refused")
    return group.end()


def _piece_length(pattern: str, at: int) -> int:
    if pattern[at] == "\\":
        if pattern[at + 1].isdigit() and pattern[at + 1] != "0":
            raise ValueError(f"`{pattern[at : at + 2]}`: back-references are refused")
        return 2
    found = _CLASS.match(pattern, at) if pattern[at] == "[" else None
    return found.end() - at if found else 1
