"""The process of one template: it reads what it needs, gives up every right, renders, and answers in JSON.

It is started with an empty environment, so it holds no secret. From the first line of the template on it can open no
file or connection, start no process, and use only so much memory and computing time; the kernel holds these limits.
"""

import json
import resource
import signal
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import jinja2.debug  # it is loaded for an error only, and no file can be read then
from jinja2 import TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateNotFound, TemplatesNotFound
from jinja2.nodes import Block, Extends, FilterBlock

from swanlab_ci.templating.blocks import BLOCKS
from swanlab_ci.templating.engine import BUILT_IN, Engine, OperandError, engine
from swanlab_ci.templating.tame import tame
from swanlab_ci.templating.values import read

SECONDS = 1.0  # of computing
MEMORY = 256 << 20  # beyond what is in use when the template starts
MOST_CHARACTERS = 1_000_000
_REPEATED = 0.1
_HARD_SECONDS = 2  # in which nothing but the kernel could end it
_DETAIL_CAP = 200


class _OutOfTimeError(Exception):
    """The template computed for too long."""


class _NoSuchBlockError(TemplateSyntaxError):
    """The built-in report does not have this block."""


class _FilterBlockError(TemplateSyntaxError):
    """The result of a `filter` block would be written as it is, after its pieces were escaped."""


class _TooLongError(Exception):
    """The template wrote too much, at every stage."""


def main() -> None:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.read())
    name, text = request["name"], request["template"]
    stages = [(each["room"], read(each["view"])) for each in request["stages"]]
    facts = json.loads(request["facts"])
    made = engine(name, text)
    _ = jinja2.debug
    for each in BUILT_IN:  # no file can be read later
        made.get_template(each)
    _give_up_everything()
    answer = _answer(made, name, text, stages, facts)
    signal.setitimer(signal.ITIMER_PROF, 0)
    sys.stdout.buffer.write(json.dumps(answer).encode())
    sys.stdout.buffer.flush()


def _give_up_everything() -> None:
    """Let the kernel hold the limits: nothing that the template could do raises them again."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + SECONDS) + _HARD_SECONDS
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CPU: seconds,
    }
    if size := _address_space():
        limits[resource.RLIMIT_AS] = size + MEMORY
    for kind, limit in limits.items():
        _, hard = resource.getrlimit(kind)
        least = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (least, least))
    with suppress(ValueError):  # at one limit for both, the kernel would not say why it ends the process
        resource.setrlimit(resource.RLIMIT_CPU, (seconds - 1, seconds))
    signal.signal(signal.SIGPROF, _out_of_time)
    signal.setitimer(signal.ITIMER_PROF, SECONDS, _REPEATED)


def _address_space() -> int:
    """Return how many bytes of address space are in use; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _out_of_time(_number: int, _frame: FrameType | None) -> None:
    raise _OutOfTimeError


def _answer(made: Engine, name: str, text: str, stages: list[tuple[int, dict[str, Any]]], facts: Any) -> dict[str, Any]:
    """Return the text of the first stage that fits, or why there is none and in which line."""
    try:
        _check_names(made, text)
        for number, (room, view) in enumerate(stages):
            written = _written(made, name, {**view, "report": facts}, room)
            if written is not None:
                return {"text": written, "stage": number}
        raise _TooLongError  # noqa: TRY301 - said below, as everything else
    except TemplateSyntaxError as error:
        return _failure(_kind(error), error.lineno if error.name in {None, name} else 0, error.message or "")
    except Exception as error:  # noqa: BLE001 - whatever a template can raise
        return _failure(_kind(error), _line(error.__traceback__, name), str(error))


_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (TemplatesNotFound, "no-such-template"),
    (TemplateNotFound, "no-such-template"),
    (_NoSuchBlockError, "no-such-block"),
    (OperandError, "operands"),
    (_FilterBlockError, "not-allowed"),
    (SecurityError, "not-allowed"),
    (_OutOfTimeError, "too-slow"),
    (_TooLongError, "too-long"),
    (MemoryError, "too-much-memory"),
    (RecursionError, "too-deep"),
)


def _kind(error: Exception) -> str:
    return next((kind for each, kind in _KINDS if isinstance(error, each)), "wrong")


def _failure(kind: str, line: int, detail: str) -> dict[str, Any]:
    return {"failure": kind, "line": line, "detail": detail[:_DETAIL_CAP].rstrip(".")}


def _check_names(made: Engine, text: str) -> None:
    """Refuse a block that the built-in report does not have, because nothing would show it; and `filter` blocks."""
    tree = made.parse(text)
    for found in tree.find_all(FilterBlock):
        raise _FilterBlockError("{% filter %}", found.lineno)
    if any(True for _ in tree.find_all(Extends)):
        for block in tree.find_all(Block):
            if block.name not in BLOCKS:
                raise _NoSuchBlockError(block.name, block.lineno)


def _written(made: Engine, name: str, view: dict[str, Any], room: int) -> str | None:
    """Return what the template writes; None where that is more than `room`."""
    template = made.get_template(name)
    written, size = [], 0
    parts = _parts(template, view)
    for part in parts:
        size += len(part)
        written.append(part)
        if size > MOST_CHARACTERS:
            parts.throw(_TooLongError())  # at the line that is writing
    text = tame("".join(written).strip("\n"))
    return text if len(text) <= room else None


def _parts(template: Any, view: dict[str, Any]) -> Generator[str, None, None]:
    """Render in pieces, so that a template that writes for ever is stopped; jinja2 itself would collect them all."""
    yield from template.root_render_func(template.new_context(view))


def _line(trace: TracebackType | None, name: str) -> int:
    """Return the line of the user's template that was running last, or 0."""
    line = 0
    while trace is not None:
        code, template = trace.tb_frame.f_code, trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None and code.co_filename == name:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


if __name__ == "__main__":
    main()
