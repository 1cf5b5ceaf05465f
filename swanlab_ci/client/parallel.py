"""Several questions in parallel, for a caller who may stop waiting at any moment."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message, Seconds
from swanlab_ci.runtime.deadline import Deadline

Q = TypeVar("Q")
A = TypeVar("A")

THREADS = 8
_REPORT_EVERY = 1.0  # seconds
_LONGEST_SILENCE = 300.0  # seconds until one more answer must be complete; a server that drips takes longer


def at_once(
    ask: Callable[[Q], A],
    questions: Sequence[Q],
    *,
    deadline: Deadline,
    doing: Message,
    on_progress: Callable[[int], None] = lambda _: None,
) -> list[A]:
    """Return the answers in the order of the questions, or raise the first error and start no further question.

    `on_progress` receives once a second how many answers there are. The threads are daemons and the caller only waits
    on a queue: a deadline, Ctrl-C or SIGTERM ends the wait at once, even if a socket hangs.
    """
    outcomes: list[_Outcome[Q, A]] = [_Outcome(question) for question in questions]
    todo: SimpleQueue[_Outcome[Q, A]] = SimpleQueue()
    done: SimpleQueue[_Outcome[Q, A]] = SimpleQueue()
    for outcome in outcomes:
        todo.put(outcome)
    for _ in range(min(THREADS, len(outcomes))):
        threading.Thread(target=_work, args=(ask, todo, done), daemon=True).start()
    try:
        due = time.monotonic() + _REPORT_EVERY
        for answers in range(1, len(outcomes) + 1):
            _wait(done, deadline, doing)
            if time.monotonic() >= due:
                on_progress(answers)
                due += _REPORT_EVERY
    finally:
        _empty(todo)
    return [outcome.answer for outcome in outcomes]


class _Outcome(Generic[Q, A]):
    """The result of one question: an answer, or an error to raise in the waiting thread."""

    answer: A

    def __init__(self, question: Q) -> None:
        self.question = question
        self.error: BaseException | None = None

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        self.error = error
        return True


def _work(ask: Callable[[Q], A], todo: SimpleQueue[_Outcome[Q, A]], done: SimpleQueue[_Outcome[Q, A]]) -> None:
    with contextlib.suppress(Empty):
        while True:
            outcome = todo.get_nowait()
            with outcome:
                outcome.answer = ask(outcome.question)
            done.put(outcome)


def _wait(done: SimpleQueue[_Outcome[Q, A]], deadline: Deadline, doing: Message) -> None:
    try:
        outcome = done.get(timeout=min(deadline.left(), _LONGEST_SILENCE))
    except Empty:
        deadline.check(doing)
        seconds = Seconds(_LONGEST_SILENCE)
        raise UnavailableError(Message("client.slow-answer", seconds=seconds, doing=doing)) from None
    if outcome.error is not None:
        raise outcome.error


def _empty(todo: SimpleQueue[_Outcome[Q, A]]) -> None:
    with contextlib.suppress(Empty):
        while True:
            todo.get_nowait()
