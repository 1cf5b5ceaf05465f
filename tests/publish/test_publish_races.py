"""Two runs that start or edit a comment at once end with one comment, in whatever order GitHub hears them."""

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest
from support.described_double import Request
from support.github_double import BOT, Comment, GitHubDouble
from support.judgements import gate, judged

from swanlab_ci.model import Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.publish.order import PublishResult

Publish = Callable[..., PublishResult]
FAIL = judged(Status.FAIL, gate())
OLDER, NEWER = "ghs_older", "ghs_newer"
WAIT = 5.0


class Turns:
    """Lets requests through in a given order of tokens; who is not called any more passes at once."""

    def __init__(self, order: tuple[str, ...]) -> None:
        self._order = list(order)
        self._done: set[str] = set()
        self._changed = threading.Condition()

    def wait(self, request: Request) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._left() or self._left()[0] == request.token, WAIT)

    def step(self, request: Request) -> None:
        with self._changed:
            if request.token in self._order:
                self._order.remove(request.token)
            self._changed.notify_all()

    def leave(self, token: str) -> None:
        with self._changed:
            self._done.add(token)
            self._changed.notify_all()

    def _left(self) -> list[str]:
        return [token for token in self._order if token not in self._done]


def orders(requests: int) -> list[tuple[str, ...]]:
    """All ways in which so many requests of each of two runs can be mixed."""
    return [
        tuple(OLDER if place in places else NEWER for place in range(2 * requests))
        for places in combinations(range(2 * requests), requests)
    ]


def initials(order: tuple[str, ...]) -> str:
    return "".join(token[4] for token in order)


def run_both(github: GitHubDouble, context: Context, publish_it: Publish, order: tuple[str, ...]) -> None:
    turns = Turns(order)
    github.logins = {OLDER: BOT, NEWER: BOT}
    github.before, github.after = turns.wait, turns.step

    def one(token: str, run: int) -> None:
        publish_it(FAIL, replace(context, run_id=run, summary_file="", output_file=""), github_token=token)
        turns.leave(token)

    threads = [threading.Thread(target=one, args=pair) for pair in ((OLDER, 11), (NEWER, 12))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
        assert not thread.is_alive()


@pytest.mark.parametrize("order", orders(3), ids=initials)  # look, create, look again
def test_two_first_runs_end_with_one_comment_of_the_newer(
    github: GitHubDouble, context: Context, publish_it: Publish, order: tuple[str, ...]
) -> None:
    run_both(github, context, publish_it, order)

    [comment] = github.comments
    assert "run=12.1" in comment.body


@pytest.mark.parametrize("order", orders(4), ids=initials)  # look, ask who we are, edit, look again
def test_two_runs_that_edit_end_with_the_newer_unless_the_older_sleeps_before_its_edit(
    github: GitHubDouble, context: Context, publish_it: Publish, order: tuple[str, ...]
) -> None:
    github.comments = [Comment(5, f"<!-- swanlab-ci:default run=9.1 sha= -->\n<!-- state={'0' * 16} told= -->\n")]

    run_both(github, context, publish_it, order)

    [comment] = github.comments
    older, newer = ([place for place, token in enumerate(order) if token == whose] for whose in (OLDER, NEWER))
    sleeps = older[0] < newer[2] and older[2] > newer[3]
    assert ("run=11.1" if sleeps else "run=12.1") in comment.body
