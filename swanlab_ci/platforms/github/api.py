"""GitHub's REST and GraphQL API, as far as a report needs it: one origin, no redirects, bounded in time and size."""

import json
import random
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, TypeVar

import requests
import urllib3

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import capped
from swanlab_ci.security.http import IsolatedSession

_LARGEST_ANSWER = 8 * 1024 * 1024
_CHUNK = 64 * 1024
_PATIENCE = 10.0
_RETRIES = 3
_MOST_PAGES = 100
_PAGE = 100
_SECONDARY_WAIT = 60.0


class GitHubError(Exception):
    """GitHub did not do what was asked: its HTTP `status` (0 if there was no answer), and why, as a message.

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
    """Call `do`; where GitHub refuses, return `otherwise`. `what` and `needs` are those of the `ApiAttempt`."""
    try:
        return do(), ApiAttempt(what, needs)
    except GitHubError as error:
        return otherwise, ApiAttempt(what, needs, error.why, error.status, limited=error.pause is not None)


class _Token(requests.auth.AuthBase):
    """Sends the token; with it, requests does not look into a .netrc, which another step may have written."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class GitHub:
    """A client of the API at `api_url`, of GitHub Enterprise Server as well.

    Every method raises `GitHubError`, and none outlives `deadline`.
    """

    def __init__(self, api_url: str, graphql_url: str, token: str, deadline: Deadline) -> None:
        self._api_url = api_url
        self._graphql_url = graphql_url
        self._deadline = deadline
        self._session = IsolatedSession()
        self._session.auth = _Token(token)
        self._session.headers["Accept"] = "application/vnd.github+json"
        self._session.headers["X-GitHub-Api-Version"] = "2022-11-28"

    def get(self, path: str, **query: str | int) -> Any:
        """Fetch the JSON at `path`."""
        return self._answer("GET", self._api_url + path, params=query)[0]

    def pages(self, path: str) -> Iterator[Any]:
        """Fetch a list item by item, through all its pages."""
        for page in range(1, _MOST_PAGES + 1):
            items, more = self._answer("GET", self._api_url + path, params={"per_page": _PAGE, "page": page})
            yield from items if isinstance(items, list) else ()
            if not more:
                return

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Create, change or delete what is at `path`; returns GitHub's JSON, `None` if it sent none."""
        return self._answer(method, self._api_url + path, json=body)[0]

    def graphql(self, query: str) -> Any:
        """Ask a GraphQL query without variables and return its `data`."""
        answer, _ = self._answer("POST", self._graphql_url, json={"query": query})
        if not isinstance(answer, dict) or answer.get("errors") or not isinstance(answer.get("data"), dict):
            raise GitHubError(200, Message("github.graphql-failed"))
        return answer["data"]

    def _answer(self, method: str, url: str, **how: Any) -> tuple[Any, bool]:
        for tried in count():
            try:
                return self._once(method, url, **how)
            except GitHubError as refusal:
                if refusal.pause is None or tried == _RETRIES:
                    raise
                pause = max(refusal.pause, 2.0**tried) * random.uniform(1, 1.25)  # noqa: S311 - jitter
                if pause >= self._deadline.left():
                    raise
            time.sleep(pause)
        raise AssertionError

    def _once(self, method: str, url: str, **how: Any) -> tuple[Any, bool]:
        patience = min(_PATIENCE, self._deadline.left())
        if not patience:
            raise GitHubError(0, Message("github.no-time-left"))
        try:
            response = self._session.request(method, url, timeout=patience, stream=True, **how)
            body = self._read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            pause = 0.0 if method == "GET" else None
            why = Message("github.unreachable", error=Name(type(error).__name__))
            raise GitHubError(0, why, pause) from error
        if response.status_code >= requests.codes.multiple_choices:
            raise _refusal(method, response, _words(body))
        return _parsed(body), "next" in response.links

    def _read(self, response: requests.Response) -> bytes:
        body = bytearray()
        with response:
            while chunk := response.raw.read1(_CHUNK, decode_content=True):  # what is there, without waiting for more
                body += chunk
                if len(body) > _LARGEST_ANSWER or not self._deadline.left():
                    raise GitHubError(0, Message("github.answer-too-large"))
        return bytes(body)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError) as error:
        raise GitHubError(0, Message("github.answer-not-json")) from error


def _words(body: bytes) -> str:
    """Return GitHub's own words about a refusal, or the empty text."""
    try:
        answer = _parsed(body)
    except GitHubError:
        answer = None
    message = answer.get("message") if isinstance(answer, dict) else None
    return capped(message, 200) if isinstance(message, str) else ""


def _refusal(method: str, response: requests.Response, words: str) -> GitHubError:
    status = response.status_code
    why = Message("github.answered", status=status, words=Name(words))
    return GitHubError(status, why, _pause(method, response, words))


def _pause(method: str, response: requests.Response, words: str) -> float | None:
    """Return how long to wait: for a rate limit as GitHub's "Rate limits for the REST API" says; 403 can be one."""
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
