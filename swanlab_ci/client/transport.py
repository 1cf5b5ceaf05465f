"""HTTP requests to SwanLab: one origin, no redirect, bounded in time and size."""

import random
import ssl
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import requests
import urllib3
from requests.adapters import HTTPAdapter

from swanlab_ci.client.auth import is_loopback
from swanlab_ci.client.parallel import THREADS
from swanlab_ci.client.protocol import Request, Response, pause_before_retry
from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message, Name, Seconds
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.http import IsolatedSession, tls_cause

RESPONSE_CAP = 32 * 2**20
FILE_CAP = 64 * 2**20  # a million points take 40 MiB
_CHUNK = 2**16
_EXPIRED, _WRONG_NAMES = 10, {62, 64}  # OpenSSL's `X509_V_ERR_…`, as `SSLCertVerificationError.verify_code`
_STRICT = range(79, 94)  # what VERIFY_X509_STRICT adds, which Python 3.13 and newer set


class Budget:
    """The number of bytes that all answers to one call may have together; threads may share it."""

    def __init__(self, size: int = 512 * 2**20) -> None:
        self._left = size
        self._lock = threading.Lock()

    def spend(self, size: int, about: Message) -> None:
        """Take `size` bytes; raises `UnavailableError` if there is not enough left."""
        with self._lock:
            self._left -= size
            if self._left < 0:
                raise UnavailableError(Message("client.answers-too-large", about=about))


class Transport:
    """Sends requests to `base`, each at most a few times, and reads the answers completely.

    Waits `timeout` seconds for a connection and for each next byte; the caller applies the deadline to the answer as a
    whole. Threads may share a transport.
    """

    def __init__(self, base: str, *, deadline: Deadline, timeout: float) -> None:
        self._base = base
        self._deadline = deadline
        self._timeout = timeout
        self._session = _new_session()
        if is_loopback(base):  # a proxy would receive the key unencrypted
            self._session.trust_env = False

    def exchange(self, request: Request, headers: Mapping[str, str], budget: Budget) -> Response:
        """Send a request, again where that may help; returns the last answer, with any status.

        Raises `UnavailableError` if no complete answer arrives, and `TimeLimitError` after the deadline.
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
        chance = random.random()  # noqa: S311 - spreads retries, protects nothing
        pause = (
            pause_before_retry(attempt, answer, now=datetime.now(UTC), chance=chance) if request.repeatable else None
        )
        return pause if pause is not None and pause < self._deadline.left() else None

    def _once(self, request: Request, headers: Mapping[str, str], budget: Budget) -> Response | UnavailableError:
        """Return the answer, or the reason why there is none.

        Raises `UnavailableError` if another attempt would fail in the same way.
        """
        self._deadline.check(Message("client.reading", about=request.about))
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
                body = _read(response, request, budget)
                return Response(response.status_code, response.reason or "", response.headers, body)
        except requests.exceptions.SSLError as error:
            raise self._insecure(error) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            reason = self._reason(error)
            return UnavailableError(
                Message("client.no-answer", base=Name(self._base), about=request.about, reason=reason),
                Message("client.no-answer.advice"),
            )
        except OSError as error:  # requests raises it before it connects
            if not self._bundle():
                raise
            what = Message("client.bad-bundle", bundle=Name(self._bundle()))
            raise UnavailableError(what, Message("client.bad-bundle.advice")) from error

    def _reason(self, error: Exception) -> Message:
        """Say in a few words what happened; the library's own text contains object addresses and nested causes."""
        match error:
            case requests.exceptions.ProxyError():
                return Message("client.proxy-refused")
            case requests.exceptions.ConnectTimeout():
                return Message("client.no-connection", seconds=Seconds(self._timeout))
            case requests.Timeout() | requests.ConnectionError(args=(urllib3.exceptions.ReadTimeoutError(), *_)):
                return Message("client.silence", seconds=Seconds(self._timeout))
            case requests.ConnectionError(args=(urllib3.exceptions.MaxRetryError() as tried, *_)) if isinstance(
                tried.reason, urllib3.exceptions.NameResolutionError
            ):
                return Message("client.unknown-host-name")
            case requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError():
                return Message("client.broken-off")
            case _:
                return Message("client.connection-failed")

    def _insecure(self, error: requests.exceptions.SSLError) -> UnavailableError:
        cause = tls_cause(error)
        if not isinstance(cause, ssl.SSLCertVerificationError):
            reason = Name(cause.reason) if cause else None
            what = Message("client.tls-failed", base=Name(self._base), reason=reason)
            return UnavailableError(what, Message("client.tls-failed.advice"))
        reason = Name(cause.verify_message.rstrip("."))
        what = Message("client.certificate", base=Name(self._base), reason=reason)
        return UnavailableError(what, self._advice_on_certificate(cause.verify_code))

    def _bundle(self) -> str:
        """Return the file of certificates that the environment names, or the empty text."""
        bundle = self._session.merge_environment_settings(self._base, {}, None, None, None)["verify"]
        return bundle if isinstance(bundle, str) else ""

    def _advice_on_certificate(self, verify_code: int) -> Message:
        if verify_code == _EXPIRED:
            return Message("client.certificate.renew")
        if verify_code in _WRONG_NAMES:
            return Message("client.certificate.name")
        if verify_code in _STRICT:
            return Message("client.certificate.strict")
        if not self._session.trust_env:
            return Message("client.certificate.loopback")
        if bundle := self._bundle():
            return Message("client.certificate.extend-bundle", bundle=Name(bundle))
        return Message("client.certificate.set-bundle")


def _read(response: requests.Response, request: Request, budget: Budget) -> bytes:
    body, limit = bytearray(), FILE_CAP if request.address else RESPONSE_CAP
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        budget.spend(len(chunk), request.about)
        if len(body) > limit:
            raise UnavailableError(Message("client.answer-too-large", about=request.about, limit=limit // 2**20))
    return bytes(body)


def _new_session() -> IsolatedSession:
    session = IsolatedSession()
    adapter = HTTPAdapter(pool_maxsize=THREADS)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
