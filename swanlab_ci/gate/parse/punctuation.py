"""Punctuation that YAML takes for letters, so that what it says is far from the mistake: `：`, or `:` without a space.

Texts may hold such signs: only those count that stand where a sign of YAML would. Each pattern takes time in
proportion to the line.
"""

# ruff: noqa: RUF001, RUF002 - signs that look alike are what this is about

import re

from swanlab_ci.gate.spec.source import GateSyntaxError, Node, Place, Scalar, Source
from swanlab_ci.messages import Key, Message

_HALF = {"：": ":", "，": ",", "｛": "{", "｝": "}", "［": "[", "］": "]", "“": '"', "”": '"'}
_NAME = r"[A-Za-z_$][A-Za-z0-9_./$-]*"
_KEY = re.compile(rf"{_NAME}(：)")
_KEY_OF_LINE = re.compile(rf"^[\s-]*{_NAME}(：)")
_NO_SPACE = re.compile(rf"({_NAME}):\S")
_WRAPPED = re.compile(r"“[^“”]*”|｛.*｝|［.*］")
_QUOTED = re.compile(r"""(?:(?<=[\s\[{,:])|^)("(?:[^"\\]|\\.)*"|'[^']*')|(?:(?<=\s)|^)\#.*""")
_STRUCTURE = re.compile(
    rf"(?:^[\s-]*|(?<=[{{\[,，｛［])\s*){_NAME}(：)"  # behind a key
    r"|(?<=[:：,，\[{｛［])\s*([｛［“])"  # where a value starts
    r"|(?<=[{\[｛［])[^，｝］｛［“{\[]*?([，｝］])"  # inside of brackets
)


def refuse_full_width(node: Node, *, as_key: bool = False) -> None:
    """Raise `GateSyntaxError` for an unquoted text in full-width quotes or brackets, or that starts with `key：`.

    `as_key` says that the latter is no text: a key, or where a map is needed.
    """
    if not isinstance(node, Scalar) or node.is_quoted:
        return
    sign = _KEY.match(node.raw) if as_key else None
    if sign:
        column = node.place.column + sign.start(1)
        raise GateSyntaxError(Place(node.place.source, node.place.line, column), _instead(sign[1]))
    if _WRAPPED.fullmatch(node.raw):
        raise GateSyntaxError(node.place, _instead(node.raw[0]))


def missing_space(node: Node) -> Message | None:
    """Return the mistake that `node` is an unquoted `key:value`, or None."""
    found = _NO_SPACE.match(node.raw) if isinstance(node, Scalar) and not node.is_quoted else None
    return Message("gate-file.no-space", key=Key(f"{found[1]}:")) if found else None


def refuse_full_width_lines(source: Source, line: int) -> None:
    """Raise `GateSyntaxError` for the first full-width sign in place of YAML's own: behind a key, or in `line`.

    `line` is where YAML gave up.
    """
    for number, text in enumerate(source.lines[:line], 1):
        shown = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), text)
        if found := (_STRUCTURE if number == line else _KEY_OF_LINE).search(shown):
            at = found.start(found.lastindex or 0)
            raise GateSyntaxError(Place(source, number, at + 1), _instead(shown[at]))


def _instead(sign: str) -> Message:
    if sign == "：":
        return Message("gate-file.full-width-colon", sign=Key(sign), half=Key(": "))
    return Message("gate-file.full-width", sign=Key(sign), half=Key(_HALF[sign]))
