"""A module of this package in a process of its own, which gets no environment and no file, and a time to answer in."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from swanlab_ci.messages.message import Message, Name

_PIECE = 4_096  # a pipe that is ready takes as much as this without blocking: PIPE_BUF
_START = "import runpy, sys; sys.path += {places!r}; runpy.run_module({module!r}, None, '__main__')"


class ConfinedError(Exception):
    """The process gave no answer; `why` says the reason."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


class TooSlowError(ConfinedError):
    """The process was ended because it took too long."""


def answer_of(module: str, request: bytes, *, seconds: float, most: int) -> bytes:
    """Start `module`, hand it `request` on stdin, and return what it prints: at most `most` bytes, within `seconds`.

    Raises `ConfinedError`. The process is gone when this returns, whatever happened.
    """
    end = time.monotonic() + seconds
    with _started(module) as process:
        answer = _exchanged(process, request, end, most)
        try:
            code = process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise TooSlowError(Message("template.too-slow")) from None
    if code == -signal.SIGXCPU:
        raise TooSlowError(Message("template.too-slow"))
    if code:
        raise ConfinedError(Message("template.died", code=code))
    return answer


def _places() -> list[str]:
    """Return where this package and what it needs are: `-I` leaves out what `pip install --user` installed."""
    installed = (each for each in sys.path if each.endswith(("site-packages", "dist-packages")))
    return [str(Path(__file__).parents[2]), *installed]


@contextmanager
def _started(module: str) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(  # noqa: S603 - this interpreter and a module of ours, without a shell
            [sys.executable, "-I", "-c", _START.format(places=_places(), module=module)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={},
            cwd="/",
        )
    except (OSError, ValueError, MemoryError) as error:
        raise ConfinedError(Message("template.no-process", reason=Name(type(error).__name__))) from error
    try:
        yield process
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe and not pipe.closed:
                _closed(pipe)
        process.wait()


def _exchanged(process: subprocess.Popen[bytes], request: bytes, end: float, most: int) -> bytes:
    """Write and read at once, so that neither side waits for the other."""
    answer, sent = bytearray(), 0
    source, target = process.stdout, process.stdin
    if source is None or target is None:
        raise ConfinedError(Message("template.no-process", reason=Name("pipe")))
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        selector.register(target, selectors.EVENT_WRITE)
        while selector.get_map():
            ready = selector.select(max(0.0, end - time.monotonic()))
            if not ready:
                raise TooSlowError(Message("template.too-slow"))
            for key, _ in ready:
                if key.fileobj is source:
                    piece = os.read(source.fileno(), 1 << 16)
                    answer += piece
                    if len(answer) > most:
                        raise ConfinedError(Message("template.too-long"))
                    if piece:
                        continue
                elif (sent := sent + _sent(target, request[sent : sent + _PIECE])) < len(request):
                    continue
                selector.unregister(key.fileobj)
                _closed(source if key.fileobj is source else target)
    return bytes(answer)


def _sent(target: IO[bytes], piece: bytes) -> int:
    """Write to a process that may be gone already; then everything counts as sent."""
    try:
        return os.write(target.fileno(), piece)
    except BrokenPipeError:
        return 1 << 62


def _closed(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        pipe.close()
