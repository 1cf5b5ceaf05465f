import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from support.saying import ANYTHING, says

from swanlab_ci.client import parallel
from swanlab_ci.client.parallel import THREADS, at_once
from swanlab_ci.errors import TimeLimitError, UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.runtime.deadline import Deadline

DOING = Message("client.reading", about=Message("client.about.runs", project="team/resnet"))


def run(ask: Callable[[int], int], count: int, seconds: float = 10.0) -> list[int]:
    return at_once(ask, range(count), deadline=Deadline(seconds), doing=DOING)


def test_answers_come_in_the_order_of_the_questions() -> None:
    def slow_first(number: int) -> int:
        time.sleep(0.02 if number == 0 else 0)
        return number * number

    assert run(slow_first, 50) == [number * number for number in range(50)]


def test_nothing_asked_is_nothing_answered() -> None:
    assert run(lambda number: number, 0) == []


def test_a_few_are_asked_at_the_same_time_and_no_more() -> None:
    meeting = threading.Barrier(THREADS, timeout=5)
    inside: list[int] = []
    most: list[int] = []

    def meet(number: int) -> int:
        inside.append(number)
        most.append(len(inside))
        meeting.wait()
        inside.remove(number)
        return number

    assert run(meet, 2 * THREADS) == list(range(2 * THREADS))
    assert max(most) <= THREADS


@pytest.mark.parametrize("error", [UnavailableError(ANYTHING), ValueError("a bug"), KeyboardInterrupt()])
def test_an_error_of_any_kind_reaches_the_one_who_waits(error: BaseException) -> None:
    def fail(number: int) -> int:
        if number == 3:
            raise error
        return number

    with pytest.raises(type(error)):
        run(fail, 10)


def test_after_an_error_nothing_more_is_asked() -> None:
    asked: list[int] = []

    def fail(number: int) -> int:
        asked.append(number)
        time.sleep(0.01)
        raise UnavailableError(ANYTHING)

    with pytest.raises(UnavailableError):
        run(fail, 1000)
    time.sleep(0.3)

    assert len(asked) < 50


def test_the_deadline_ends_the_waiting_and_says_for_what() -> None:
    stuck = threading.Event()
    started = time.monotonic()

    with pytest.raises(TimeLimitError, check=says("deadline.passed", doing=DOING)):
        run(lambda _: int(stuck.wait(5)), 3, seconds=0.1)
    stuck.set()

    assert time.monotonic() - started < 4


def test_a_stuck_thread_does_not_keep_the_process() -> None:
    script = (
        "import time\n"
        "from swanlab_ci.messages import Message\n"
        "from swanlab_ci.runtime.deadline import Deadline\n"
        "from swanlab_ci.client.parallel import at_once\n"
        "at_once(time.sleep, [60], deadline=Deadline(0.1), doing=Message('client.logging-in'))\n"
    )

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - our own words

    assert "TimeLimitError" in ended.stderr


def test_without_a_deadline_a_stuck_answer_is_given_up_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_LONGEST_SILENCE", 0.1)
    stuck = threading.Event()

    with pytest.raises(UnavailableError, check=says("client.slow-answer", seconds=0.1, doing=DOING)):
        run(lambda _: int(stuck.wait(5)), 3, seconds=float("inf"))
    stuck.set()


def test_slow_work_reports_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_REPORT_EVERY", 0.0)
    heard: list[int] = []

    at_once(lambda number: number, range(5), deadline=Deadline(5), doing=DOING, on_progress=heard.append)

    assert heard == [1, 2, 3, 4, 5]


def test_quick_work_says_nothing() -> None:
    heard: list[int] = []

    at_once(lambda number: number, range(5), deadline=Deadline(5), doing=DOING, on_progress=heard.append)

    assert heard == []
