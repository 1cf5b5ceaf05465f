"""Where a gate file says something: the text, a place in it, its values with their places, and a mistake at a place."""

import unicodedata
from dataclasses import dataclass

from swanlab_ci.errors import Problem
from swanlab_ci.messages import Message

EXCERPT_WIDTH = 160
PRESET = "preset:"
"""How the name of a file begins that is part of this package, such as `preset:healthy`."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as the user named it, and its lines; one that is no gate file (`is_quotable`) is never shown."""

    name: str
    lines: tuple[str, ...]
    is_quotable: bool = True

    def excerpt(self, line: int, column: int) -> str:
        """Return line `line` with a caret below `column` (both from 1), or nothing where there is no such line."""
        if not self.is_quotable or not 0 < line <= len(self.lines):
            return ""
        start = max(0, column - EXCERPT_WIDTH)
        before = self.lines[line - 1][start : column - 1]
        shown = self.lines[line - 1][start : start + 2 * EXCERPT_WIDTH]
        gap = "".join("  " if unicodedata.east_asian_width(sign) in {"W", "F"} else " " for sign in before)
        shown = shown.replace("\t", " ")  # one column, as in `before`; a log shows a tab by its number
        return f"{line:6} | {shown}\n       | {gap}^"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written; `line` and `column` count from 1."""

    source: Source
    line: int
    column: int

    def problem(self, message: Message) -> Problem:
        """Return `message` with this place and its excerpt."""
        excerpt = self.source.excerpt(self.line, self.column)
        return Problem(message, self.source.name, self.line, self.column, excerpt)


class GateSyntaxError(Exception):
    """One mistake at one place; the reader of the part around it collects it and continues."""

    def __init__(self, place: Place, message: Message) -> None:
        super().__init__(message)  # pragma: no mutate - for who debugs
        self.problem = place.problem(message)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number, bool or null, and `raw`: how it is spelled in the file."""

    value: str | int | float | bool | None
    raw: str
    place: Place
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A YAML sequence."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A YAML mapping, in the order of the file; keys are texts, spelled as written."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    place: Place


Node = Scalar | SequenceNode | MappingNode
