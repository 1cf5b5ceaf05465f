"""A login session with SwanLab: logs in when necessary, and sends requests."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar

from swanlab_ci.client.parallel import at_once
from swanlab_ci.client.protocol import LOGIN, Ask, LoginSession, Request, read_answer, read_login
from swanlab_ci.client.transport import Budget, Transport
from swanlab_ci.errors import ApiError, InterruptionError, UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.runtime.deadline import Deadline

Q = TypeVar("Q")
A = TypeVar("A")

_RENEW_BEFORE = 60.0  # seconds before a login session ends


class Session:
    """Requests as one user. `on_secret` receives each session id before its first use; threads may share a session."""

    def __init__(self, key: str, transport: Transport, deadline: Deadline, on_secret: Callable[[str], None]) -> None:
        self._key = key
        self._transport = transport
        self._deadline = deadline
        self._on_secret = on_secret
        self._lock = threading.Lock()
        self._login: LoginSession | None = None
        self._renew_at = 0.0

    def username(self) -> str:
        """Return the user name that the key belongs to; raises as `ask` does."""
        if self._login is None:
            at_once(self._valid_login, [Budget()], deadline=self._deadline, doing=Message("client.logging-in"))
        return self._valid_login(Budget()).username

    def ask(self, request: Request) -> Any:
        """Return the answer's JSON; raises `ApiError`, `UnavailableError` or `TimeLimitError`."""
        return self.ask_all([request])[0]

    def ask_all(self, requests: Sequence[Request], on_progress: Callable[[int], None] = lambda _: None) -> list[Any]:
        """Return the answers in the order of the requests: all of them, or raise as `ask` does.

        `on_progress` receives from time to time how many answers there are.
        """
        if not requests:
            return []
        doing = Message("client.reading", about=requests[0].about)
        return self.each(requests, lambda ask, request: ask(request), doing=doing, on_progress=on_progress)

    def each(
        self,
        items: Sequence[Q],
        work: Callable[[Ask, Q], A],
        *,
        doing: Message,
        on_progress: Callable[[int], None] = lambda _: None,
        deadline: Deadline | None = None,
    ) -> list[A]:
        """Run `work(ask, item)` for all items in parallel; returns the results in order, or raises as `ask` does.

        `deadline` ends the wait before the session's own does.
        """
        budget = Budget()

        def ask(request: Request) -> Any:
            return self._ask(request, budget)

        limit = deadline or self._deadline
        return at_once(lambda item: work(ask, item), items, deadline=limit, doing=doing, on_progress=on_progress)

    def each_found(
        self, items: Sequence[Q], work: Callable[[Ask, Q], A], *, doing: Message, deadline: Deadline
    ) -> list[A | UnavailableError]:
        """Run `work` as `each` does; a failure is a value here, and so is what is not done by `deadline`."""
        found: dict[int, A | UnavailableError] = {}

        def attempt(ask: Ask, at: int) -> None:
            try:
                found[at] = work(ask, items[at])
            except UnavailableError as error:
                found[at] = error

        try:
            self.each(range(len(items)), attempt, doing=doing, deadline=deadline)
        except InterruptionError:
            raise
        except UnavailableError as error:
            return [found.get(at, error) for at in range(len(items))]
        return [found[at] for at in range(len(items))]

    def _ask(self, request: Request, budget: Budget) -> Any:
        if request.address:
            return self._exchange(request, {}, budget)
        used = self._valid_login(budget)
        try:
            return self._exchange(request, {"Cookie": f"sid={used.sid}"}, budget)
        except ApiError as refused:
            if refused.status != HTTPStatus.UNAUTHORIZED:
                raise
        renewed = self._valid_login(budget, rejected=used)
        return self._exchange(request, {"Cookie": f"sid={renewed.sid}"}, budget)

    def _valid_login(self, budget: Budget, *, rejected: LoginSession | None = None) -> LoginSession:
        with self._lock:
            if self._login is None or self._login is rejected or time.monotonic() > self._renew_at:
                granted = read_login(self._exchange(LOGIN, {"Authorization": self._key}, budget))
                self._on_secret(granted.sid)
                self._renew_at = time.monotonic() + _useful_seconds(granted)
                self._login = granted
            return self._login

    def _exchange(self, request: Request, headers: dict[str, str], budget: Budget) -> Any:
        return read_answer(request, self._transport.exchange(request, headers, budget))


def _useful_seconds(granted: LoginSession) -> float:
    """Return how long to use a login session.

    One that seems to be over at once is a sign of a wrong clock; then only a 401 ends it.
    """
    left = (granted.ends - datetime.now(UTC)).total_seconds() if granted.ends else 0.0
    return left - _RENEW_BEFORE if left > _RENEW_BEFORE else float("inf")
