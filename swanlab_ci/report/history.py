"""The verdicts before this one, at the end of a comment."""

from collections.abc import Sequence

from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.model import Status
from swanlab_ci.report.presentation import ICONS
from swanlab_ci.security.escaping import Safe


def history(previous: Sequence[tuple[str, str]], language: Language) -> Safe:
    """Write the `previous` verdicts, newest first, each with its short commit; both are in a closed form."""
    if not previous:
        return Safe("")
    verdicts = " · ".join(f"{ICONS[Status(verdict)]} `{commit}`" for verdict, commit in previous)
    return Safe(f"<sub>{plain(Message('report.before'), language)} {verdicts}</sub>")
