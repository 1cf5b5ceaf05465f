"""One clock for the whole run."""

import pytest

from swanlab_ci.errors import TimeLimitError
from swanlab_ci.messages import Message, Name, Seconds
from swanlab_ci.runtime.deadline import Deadline


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_runs_out_and_never_below_nothing() -> None:
    clock = Clock()
    deadline = Deadline(10, clock=clock)
    assert deadline.left() == 10

    clock.now += 9
    assert (deadline.left(), deadline.elapsed()) == (1, 9)
    deadline.check(Name("reading"))

    clock.now += 5
    assert deadline.left() == 0
    with pytest.raises(TimeLimitError) as stop:
        deadline.check(Name("reading the runs"))
    assert stop.value.what == Message("deadline.passed", limit=Seconds(10), doing=Name("reading the runs"))
    assert stop.value.advice == Message("deadline.advice")
    assert stop.value.exit_code == 3


def test_what_is_kept_is_there_for_telling_only() -> None:
    clock = Clock()
    deadline = Deadline(10, kept=2, clock=clock)

    clock.now += 8

    assert deadline.left() == 0
    assert deadline.without_reserve().left() == 2
    assert deadline.expired(Name("x")).what.params["limit"] == 10
