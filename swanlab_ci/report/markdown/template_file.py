"""A user's own template for the comment, as text."""

from dataclasses import dataclass

MOST_SECONDS = 10.0
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template for the comment: its path, and its text."""

    name: str
    text: str
