"""A forge's REST API, as far as a report needs it: one origin, no redirects, bounded in time and size."""

import json
import random
import ssl
import time
from collections.abc import Callable, Iterator
from copy import copy
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeVar

import requests
import urllib3

from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import capped
from swanlab_ci.security.http import IsolatedSession, tls_cause

_LARGEST_ANSWER = 8 * 1024 * 1024
_CHUNK = 64 * 1024
_PATIENCE = 10.0
_RETRIES = 3
_MOST_PAGES = 100
PAGE_SIZE = 100
_SECONDARY_WAIT = 60.0
_BUNDLE = "REQUESTS_CA_BUNDLE"


class ForgeError(Exception):
    """A forge did not do what was asked: its HTTP `status` (0 if there was no answer), and why, as a message.

    `pause` is after how many seconds it is worth asking again, `None` if it is not.
    """

    def __init__(self, status: int, why: Message, pause: float | None = None) -> None:
        super().__init__(status, why)
        self.status = status
        self.why = why
        self.pause = pause

    def __str__(self) -> str:
        return str(self.why)


T = TypeVar("T")


def attempted(what: Message, needs: str, do: Callable[[], T], otherwise: T) -> tuple[T, ApiAttempt]:
    """Call `do`; where the forge refuses, return `otherwise`. `what` and `needs` are those of the `ApiAttempt`."""
    try:
        return do(), ApiAttempt(what, needs)
    except ForgeError as error:
        return otherwise, ApiAttempt(what, needs, error.why, error.status, limited=error.pause is not None)


class _Token(requests.auth.AuthBase):
    """Sends the token; with it, requests does not look into a .netrc, which another step may have written."""

    def __init__(self, header: str, value: str) -> None:
        self._header = header
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self._header] = self._value
        return request


class ForgeApi:
    """A client of the API at `api_url` of the forge `name`; every method raises `ForgeError`, none outlives `deadline`.

    `authorization` is the header that carries the token, with its value. `ca_file` verifies the certificate of the
    forge; empty: as requests does by itself.
    """

    page_size_parameter = "per_page"
    full_pages_go_on = False
    """Whether a full page means that there may be more, on a forge that may not say so in a header."""
    ca_variable = _BUNDLE
    """Which variable names a file with the certificate of the forge's authority."""

    def __init__(
        self, name: Message, api_url: str, authorization: tuple[str, str], deadline: Deadline, *, ca_file: str = ""
    ) -> None:
        self.name = name
        self._api_url = api_url
        self._deadline = deadline
        self._session = IsolatedSession()
        self._session.auth = _Token(*authorization)
        self._ca_file = ca_file if Path(ca_file).is_file() else None

    def until(self, deadline: Deadline) -> Self:
        """Return this client with another deadline; both use the same connections."""
        same = copy(self)
        same._deadline = deadline  # noqa: SLF001 - its own
        return same

    def get(self, path: str, **query: str | int) -> Any:
        """Fetch the JSON at `path`."""
        return self._answer("GET", self._api_url + path, params=query)[0]

    def pages(self, path: str, **query: str | int) -> Iterator[Any]:
        """Fetch a list item by item, through all its pages."""
        for page in range(1, _MOST_PAGES + 1):
            asked = {**query, self.page_size_parameter: PAGE_SIZE, "page": page}
            items, response = self._answer("GET", self._api_url + path, params=asked)
            yield from items if isinstance(items, list) else ()
            full = self.full_pages_go_on and isinstance(items, list) and len(items) >= PAGE_SIZE
            if not (full or _goes_on(response, page)):
                return

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Create, change or delete what is at `path`; returns the forge's JSON, `None` if it sent none."""
        return self._answer(method, self._api_url + path, json=body)[0]

    def _answer(self, method: str, url: str, **how: Any) -> tuple[Any, requests.Response]:
        for tried in count():
            try:
                return self._once(method, url, **how)
            except ForgeError as refusal:
                if refusal.pause is None or tried == _RETRIES:
                    raise
                pause = max(refusal.pause, 2.0**tried) * random.uniform(1, 1.25)  # noqa: S311 - jitter
                if pause >= self._deadline.left():
                    raise
            time.sleep(pause)
        raise AssertionError

    def _once(self, method: str, url: str, **how: Any) -> tuple[Any, requests.Response]:
        patience = min(_PATIENCE, self._deadline.left())
        if not patience:
            raise ForgeError(0, Message("forge.no-time-left", forge=self.name))
        try:
            response = self._session.request(method, url, timeout=patience, stream=True, verify=self._ca_file, **how)
            body = self._read(response)
        except requests.exceptions.SSLError as error:
            raise ForgeError(0, self._insecure(error)) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:  # no host or header
            pause = 0.0 if method == "GET" else None
            raise ForgeError(0, self._unreachable(type(error).__name__), pause) from error
        except OSError as error:  # requests raises it before it connects
            raise ForgeError(0, self._not_begun(url, error)) from error
        if response.status_code >= requests.codes.multiple_choices:
            raise self._refusal(method, response, self._words(body))
        return self._parsed(body), response

    def _unreachable(self, error: str) -> Message:
        return Message("forge.unreachable", forge=self.name, error=Name(error))

    def _not_begun(self, url: str, error: Exception) -> Message:
        bundle = self._session.merge_environment_settings(url, {}, None, self._ca_file, None)["verify"]
        if isinstance(bundle, str) and not Path(bundle).exists():
            return Message("forge.bad-bundle", variable=Key(_BUNDLE))
        return self._unreachable(type(error).__name__)

    def _insecure(self, error: Exception) -> Message:
        cause = tls_cause(error)
        if not isinstance(cause, ssl.SSLCertVerificationError):
            return self._unreachable((cause and cause.reason) or type(error).__name__)
        reason = Name(cause.verify_message.rstrip("."))
        return Message("forge.certificate", forge=self.name, reason=reason, variable=Key(self.ca_variable))

    def _read(self, response: requests.Response) -> bytes:
        body = bytearray()
        with response:
            while chunk := response.raw.read1(_CHUNK, decode_content=True):  # what is there, without waiting for more
                body += chunk
                if len(body) > _LARGEST_ANSWER or not self._deadline.left():
                    raise ForgeError(0, Message("forge.answer-too-large", forge=self.name))
        return bytes(body)

    def _parsed(self, body: bytes) -> Any:
        try:
            return json.loads(body) if body else None
        except (ValueError, RecursionError) as error:
            page = body.lstrip()[:1] == b"<"
            why = Message("forge.answer-html" if page else "forge.answer-not-json", forge=self.name)
            raise ForgeError(0, why) from error

    def _words(self, body: bytes) -> str:
        """Return the forge's own words about a refusal, or the empty text."""
        try:
            answer = self._parsed(body)
        except ForgeError:
            answer = None
        said = answer if isinstance(answer, dict) else {}
        message = next(filter(None, map(said.get, ("message", "error_description", "error_message", "error"))), "")
        return capped(message, 200) if isinstance(message, str) else ""

    def _refusal(self, method: str, response: requests.Response, words: str) -> ForgeError:
        status = response.status_code
        why = Message("forge.answered", forge=self.name, status=status, words=Name(words))
        return ForgeError(status, why, _pause(method, response, words))


def _goes_on(response: requests.Response, page: int) -> bool:
    """Return whether a list has more than this page; beside the Link header, some forges have headers of their own."""
    last = response.headers.get("total_page", "")
    return (
        "next" in response.links or bool(response.headers.get("X-Next-Page")) or (last.isdecimal() and page < int(last))
    )


def _pause(method: str, response: requests.Response, words: str) -> float | None:
    """Return how long to wait: for a rate limit as GitHub's "Rate limits for the REST API" says; 403 can be one.

    The other forges answer 429, some with `Retry-After`.
    """
    headers = response.headers
    spent = headers.get("x-ratelimit-remaining") == "0"
    limited = "retry-after" in headers or spent or "rate limit" in words.lower()
    if response.status_code == requests.codes.too_many_requests or (
        response.status_code == requests.codes.forbidden and limited
    ):
        return _asked_pause(headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "") if spent else "")
    return 0.0 if method == "GET" and response.status_code >= requests.codes.internal_server_error else None


def _asked_pause(seconds: str, reset: str) -> float:
    if seconds.isdecimal():
        return float(seconds)
    return max(0.0, float(reset) - time.time()) if reset.isdecimal() else _SECONDARY_WAIT
