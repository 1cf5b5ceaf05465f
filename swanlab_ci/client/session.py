"""The conversation with SwanLab: signs in when it has to, and asks."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar

from swanlab_ci.client.parallel import at_once
from swanlab_ci.client.protocol import LOGIN, Pass, Request, read_answer, read_pass
from swanlab_ci.client.transport import Budget, Transport
from swanlab_ci.errors import ApiError
from swanlab_ci.runtime.deadline import Deadline

Q = TypeVar("Q")
A = TypeVar("A")

_RENEW_BEFORE = 60.0  # seconds before a pass ends


class Session:
    """Asks as one user. `on_secret` gets each session id before its first use; threads may share a session."""

    def __init__(self, key: str, transport: Transport, deadline: Deadline, on_secret: Callable[[str], None]) -> None:
        self._key = key
        self._transport = transport
        self._deadline = deadline
        self._on_secret = on_secret
        self._lock = threading.Lock()
        self._pass: Pass | None = None
        self._renew_at = 0.0

    def username(self) -> str:
        """Return the user name that the key belongs to; raises as `ask` does."""
        if self._pass is None:
            at_once(self._valid_pass, [Budget()], deadline=self._deadline, doing="logging in to SwanLab")
        return self._valid_pass(Budget()).username

    def ask(self, request: Request) -> Any:
        """Return the answer's JSON; raises `ApiError`, `UnavailableError` or `TimeLimitError`."""
        return self.ask_all([request])[0]

    def ask_all(self, requests: Sequence[Request], told: Callable[[int], None] = lambda _: None) -> list[Any]:
        """Return the answers in the order of the requests: all of them, or raise as `ask` does.

        `told` hears now and then how many there are.
        """
        doing = f"reading {requests[0].about}" if requests else ""
        return self.each(requests, lambda ask, request: ask(request), doing=doing, told=told)

    def each(
        self,
        items: Sequence[Q],
        work: Callable[[Callable[[Request], Any], Q], A],
        *,
        doing: str,
        told: Callable[[int], None] = lambda _: None,
    ) -> list[A]:
        """Do `work(ask, item)` for all items at once; returns the results in order, or raises as `ask_all` does."""
        budget = Budget()

        def ask(request: Request) -> Any:
            return self._ask(request, budget)

        return at_once(lambda item: work(ask, item), items, deadline=self._deadline, doing=doing, told=told)

    def _ask(self, request: Request, budget: Budget) -> Any:
        if request.address:
            return self._exchange(request, {}, budget)
        used = self._valid_pass(budget)
        try:
            return self._exchange(request, {"Cookie": f"sid={used.sid}"}, budget)
        except ApiError as refused:
            if refused.status != HTTPStatus.UNAUTHORIZED:
                raise
        renewed = self._valid_pass(budget, rejected=used)
        return self._exchange(request, {"Cookie": f"sid={renewed.sid}"}, budget)

    def _valid_pass(self, budget: Budget, *, rejected: Pass | None = None) -> Pass:
        with self._lock:
            if self._pass is None or self._pass is rejected or time.monotonic() > self._renew_at:
                granted = read_pass(self._exchange(LOGIN, {"Authorization": self._key}, budget))
                self._on_secret(granted.sid)
                self._renew_at = time.monotonic() + _useful_seconds(granted)
                self._pass = granted
            return self._pass

    def _exchange(self, request: Request, headers: dict[str, str], budget: Budget) -> Any:
        return read_answer(request, self._transport.exchange(request, headers, budget))


def _useful_seconds(granted: Pass) -> float:
    """Return how long to use a pass; one that seems over at once tells of a wrong clock, and only a 401 ends it."""
    left = (granted.ends - datetime.now(UTC)).total_seconds() if granted.ends else 0.0
    return left - _RENEW_BEFORE if left > _RENEW_BEFORE else float("inf")
