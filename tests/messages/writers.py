"""Every writer of messages, and what must hold of all that it writes, whatever a parameter is.

A new writer is one more entry of `WRITERS`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from swanlab_ci.messages import Language, Message, plain


@dataclass(frozen=True)
class Writer:
    """How a message becomes text, and what is wrong with a text that was made of messages, one a line."""

    write: Callable[[Message, Language], str]
    violations: Callable[[str], Iterator[str]]


def accepted(_: str) -> Iterator[str]:
    """Accept every text: plain text has no signs of its own."""
    return iter(())


WRITERS = {"plain": Writer(plain, accepted)}
