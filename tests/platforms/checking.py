"""How the tests of forges start a check, and what they look for in its log."""

from collections.abc import Callable

from support.story import GATES, Ended
from support.words import words

from swanlab_ci.messages import Message

Check = Callable[..., Ended]
LAX = GATES.replace("FINISHED", "[FINISHED, CRASHED]").replace("1e-2", "1")


def warnings(ended: Ended) -> list[str]:
    """Return the warnings of a log."""
    return [line for line in ended.err.splitlines() if line.startswith("warning: ")]


def failed(what: Message, refusal: Message, remedy: Message | None = None) -> str:
    return "warning: " + words("forge.failed", what=what, refusal=refusal, remedy=remedy)
