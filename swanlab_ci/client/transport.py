"""The wire to SwanLab, and this room's only user of requests: one origin, no redirect, bounded in time and size."""

import random
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3
from requests.adapters import HTTPAdapter

from swanlab_ci import __version__
from swanlab_ci.client.auth import is_loopback
from swanlab_ci.client.parallel import THREADS
from swanlab_ci.client.protocol import Request, Response, pause_before_retry
from swanlab_ci.errors import UnavailableError
from swanlab_ci.runtime.deadline import Deadline

RESPONSE_CAP = 32 * 2**20
_CHUNK = 2**16


class Budget:
    """How many bytes the answers to one call may have together; shared by threads."""

    def __init__(self, size: int = 512 * 2**20) -> None:
        self._left = size
        self._lock = threading.Lock()

    def spend(self, size: int, about: str) -> None:
        """Take `size` bytes; raises `UnavailableError` once there is nothing left."""
        with self._lock:
            self._left -= size
            if self._left < 0:
                raise UnavailableError(f"SwanLab's answers are too large together, the last about {about}.")


class Transport:
    """Sends requests to `base`, each at most a few times, and reads the answers whole.

    Waits `timeout` seconds for a connection and for each next byte; the answer as a whole is held to the deadline by
    the one who waits for it. Threads may share it.
    """

    def __init__(self, base: str, *, deadline: Deadline, timeout: float) -> None:
        self._base = base
        self._deadline = deadline
        self._timeout = timeout
        self._session = _new_session()
        if is_loopback(base):  # a proxy would get the key to carry it here, in clear
            self._session.trust_env = False

    def exchange(self, request: Request, headers: Mapping[str, str], budget: Budget) -> Response:
        """Ask, and ask again where that may help; returns the last answer, whatever its status.

        Raises `UnavailableError` where no whole answer came, and `TimeLimitError` where none is due any more.
        """
        outcome = self._once(request, headers, budget)
        attempt = 1
        while (pause := self._pause(request, outcome, attempt)) is not None:
            time.sleep(pause)
            outcome = self._once(request, headers, budget)
            attempt += 1
        if isinstance(outcome, UnavailableError):
            raise outcome
        return outcome

    def _pause(self, request: Request, outcome: Response | UnavailableError, attempt: int) -> float | None:
        answer = outcome if isinstance(outcome, Response) else None
        chance = random.random()  # noqa: S311 - spreads retries, guards nothing
        pause = (
            pause_before_retry(attempt, answer, now=datetime.now(UTC), chance=chance) if request.repeatable else None
        )
        return pause if pause is not None and pause < self._deadline.left() else None

    def _once(self, request: Request, headers: Mapping[str, str], budget: Budget) -> Response | UnavailableError:
        """Return the answer, or why there is none yet.

        Raises `UnavailableError` where another try would end the same.
        """
        self._deadline.check(f"reading {request.about}")
        try:
            with self._session.request(
                request.method,
                request.address or self._base + request.path,
                params=request.params,
                json=request.body,
                headers=headers,
                timeout=self._timeout,
                stream=True,
            ) as response:
                body = _read(response, request.about, budget)
                return Response(response.status_code, response.reason or "", response.headers, body)
        except requests.exceptions.SSLError:
            raise UnavailableError(
                f"The TLS certificate of {self._base} is not trusted.",
                "Set REQUESTS_CA_BUNDLE to your CA's certificates, or correct `host`.",
            ) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            return UnavailableError(
                f"SwanLab at {self._base} did not answer about {request.about}: {self._trouble(error)}.",
                "Check `host`, the network and its proxy; if they are right, try again later.",
            )

    def _trouble(self, error: Exception) -> str:
        """Say in a few words what happened; the library's own text holds addresses of objects and nested causes."""
        match error:
            case requests.exceptions.ProxyError():
                return "the proxy does not let the request through"
            case requests.exceptions.ConnectTimeout():
                return f"no connection within {self._timeout:g} s"
            case requests.Timeout() | requests.ConnectionError(args=(urllib3.exceptions.ReadTimeoutError(), *_)):
                return f"nothing came for {self._timeout:g} s"
            case requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError():
                return "the answer broke off"
            case _:
                return "the connection failed"


def _read(response: requests.Response, about: str, budget: Budget) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        budget.spend(len(chunk), about)
        if len(body) > RESPONSE_CAP:
            raise UnavailableError(f"SwanLab's answer about {about} is larger than {RESPONSE_CAP // 2**20} MiB.")
    return bytes(body)


class _StayingSession(requests.Session):
    """A session that goes nowhere by itself: no redirect, no cookie kept, no password out of a netrc."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Know of no redirect, so that none is followed, nor its body read."""


def _new_session() -> requests.Session:
    session = _StayingSession()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Any `auth` keeps requests from replacing our own header by what a netrc says about the host.
    session.auth = lambda prepared: prepared
    session.headers["User-Agent"] = f"swanlab-ci/{__version__}"
    adapter = HTTPAdapter(pool_maxsize=THREADS)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
