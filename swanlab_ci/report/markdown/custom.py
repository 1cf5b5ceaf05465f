"""A comment by the user's own template, written in a process that can do nothing, or why there is none."""

import json
from collections.abc import Callable
from typing import Any

from swanlab_ci.errors import Problem
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.report.markdown.page import COMMENT_CHARACTERS, STAGES, framed, left_out_of_comment, parts, view
from swanlab_ci.report.markdown.table import PageContext
from swanlab_ci.report.markdown.template_file import TemplateFile
from swanlab_ci.runtime.confined import ConfinedError, answer_of
from swanlab_ci.security.escaping import Safe
from swanlab_ci.templating.blocks import BLOCKS
from swanlab_ci.templating.values import written

_MOST_BYTES = 4_000_000
_FOR_CLOSING = 500  # characters
_REASONS: dict[str, Callable[[Name | None], Message]] = {
    "wrong": lambda detail: Message("template.wrong", detail=detail),
    "no-such-template": lambda detail: Message("template.no-such-template", name=detail),
    "no-such-block": lambda name: Message("template.no-such-block", name=name, names=tuple(map(Key, BLOCKS))),
    "operands": lambda operator: Message("template.operands", operator=operator),
    "not-allowed": lambda detail: Message("template.not-allowed", detail=detail),
    "too-slow": lambda _: Message("template.too-slow"),
    "too-long": lambda _: Message("template.too-long"),
    "too-much-memory": lambda _: Message("template.too-much-memory"),
    "too-deep": lambda _: Message("template.too-deep"),
}


class TemplateError(Exception):
    """The template cannot be used; `problem` says why, and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def custom_comment(template: TemplateFile, page: PageContext, facts: dict[str, Any], seconds: float) -> Safe:
    """Write the comment by a template; heading, notes and footer stay ours. Raises `TemplateError`.

    `facts` are what report.json holds.
    """
    shared = view(page)
    frames = [framed("", page, stage, left_out_of_comment, notes_first=True) for stage in STAGES]
    rooms = [COMMENT_CHARACTERS - len(frame) - _FOR_CLOSING for frame in frames]
    request = {
        "name": template.name,
        "template": template.text,
        "facts": json.dumps(facts, allow_nan=False),
        "stages": [
            {"room": room, "view": written(shared | parts(page, stage))}
            for stage, room in zip(STAGES, rooms, strict=True)
        ],
    }
    answer = _asked(template, json.dumps(request).encode(), seconds)
    body = answer["text"].replace("<!--", "&lt;!--")  # tamed there; what marks our comments cannot come from there
    text = framed(body, page, STAGES[answer["stage"]], left_out_of_comment, notes_first=True)
    if len(text) > COMMENT_CHARACTERS:
        raise _failed(template, Message("template.too-long"))
    return text


def _asked(template: TemplateFile, request: bytes, seconds: float) -> dict[str, Any]:
    try:
        found = json.loads(answer_of("swanlab_ci.templating.process", request, seconds=seconds, most=_MOST_BYTES))
        if found.get("failure") in _REASONS:
            detail = Name(str(found["detail"])) if found["detail"] else None
            raise _failed(template, _REASONS[found["failure"]](detail), int(found["line"]))
        _ = found["text"].replace, STAGES[found["stage"]]
    except ConfinedError as error:
        raise _failed(template, error.why) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise _failed(template, Message("template.no-answer")) from None
    return dict(found)


def _failed(template: TemplateFile, reason: Message, line: int = 0) -> TemplateError:
    return TemplateError(Problem(reason, template.name, line))
