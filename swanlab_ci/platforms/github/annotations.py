"""Annotations as workflow commands, which the runner shows beside a line of a file."""

from collections.abc import Sequence

from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.platforms.base import Annotation
from swanlab_ci.security.escaping import Safe, annotation

MOST = 10
"""How many annotations of one level the runner keeps for a step (`_maxCountPerIssueType` in `ExecutionContext.cs`)."""


def commands(annotations: Sequence[Annotation], language: Language) -> tuple[Safe, ...]:
    """Write a workflow command for each annotation, level by level; the last of a level may say how many are left out.

    The levels come in the order in which `annotations` first name them.
    """
    written: list[Safe] = []
    for level in dict.fromkeys(each.level for each in annotations):
        of_level = [each for each in annotations if each.level == level]
        written += map(_command, of_level if len(of_level) <= MOST else of_level[: MOST - 1])
        if len(of_level) > MOST:
            more = Message("annotations.more", count=len(of_level) - MOST + 1)
            written.append(annotation(level, plain(more, language)))
    return tuple(written)


def _command(found: Annotation) -> Safe:
    return annotation(found.level, found.text, title=found.title, file=found.file, line=found.line, column=found.column)
