"""Words for a change that needs no training, and for earlier commits whose runs count."""

from collections.abc import Sequence

from swanlab_ci.judgement import CarriedCommit, ExemptChange
from swanlab_ci.messages import Message, Name

_SHOWN = 5


def exempt_summary(exempt: ExemptChange) -> Message:
    """Say which files changed, as the gate file names them."""
    return Message("verdict.only-exempt", patterns=_and(exempt.patterns))


def exempt_note(exempt: ExemptChange) -> Message:
    """Say how many files changed, and that SwanLab was not asked."""
    return Message("training.nothing-fetched", count=exempt.files)


def carried_note(carried: CarriedCommit) -> Message:
    """Say that the runs of an earlier commit count, and what changed since."""
    commit = Name(carried.commit[:7])
    if not carried.files:
        return Message("training.carried-same", commit=commit)
    return Message("training.carried", commit=commit, files=_and(carried.files))


def _and(texts: Sequence[str]) -> Message | Name:
    """Return the first few texts as one list, with an "and" before the last."""
    shown: list[Message | Name] = [Name(text) for text in texts[:_SHOWN]]
    if len(texts) > _SHOWN:
        shown.append(Message("list.more", count=len(texts) - _SHOWN))
    return Message("list.and", first=tuple(shown[:-1]), last=shown[-1]) if len(shown) > 1 else shown[0]
