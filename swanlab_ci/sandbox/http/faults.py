"""Faults on demand: rules that say which requests go wrong, how, and how often."""

import gzip
import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from typing import Any

from swanlab_ci.sandbox.http.exchange import Answer

_BOMB = 64 * 1024 * 1024

_BODIES: dict[str, tuple[str, bytes]] = {
    "html": ("text/html; charset=utf-8", b"<!doctype html><title>Please sign in</title><h1>Please sign in</h1>"),
    "not-json": ("application/json; charset=utf-8", b'{"list": [{"cuid": "abc"'),
    "deep": ("application/json; charset=utf-8", b"[" * 200_000),
    "nan": (
        "application/json; charset=utf-8",
        b'{"list":[{"cuid":"x","step":NaN}],"total":Infinity,"size":10,"pages":1}',
    ),
    "surrogate": (
        "application/json; charset=utf-8",
        b'{"list":[{"cuid":"x","name":"\\ud800"}],"total":1,"pages":1,"size":10}',
    ),
}
WIRE_KINDS = frozenset({"drip", "drip-headers", "hang", "reset", "truncate"})
KINDS = WIRE_KINDS | _BODIES.keys() | {"latency", "status", "body", "gzip-bomb", "total", "repeat"}


class BadFault(ValueError):
    """An invalid rule; the text says what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule: requests whose method is `method` and whose path, or path and query, matches the glob `path` fail.

    The first `skip` of them are answered normally, then `times` of them (all, if None) get the fault `kind`:

    latency: answered after `seconds`. drip, drip-headers: sent byte by byte, one every `seconds`, from the body or from
    the first header on. hang: nothing for `seconds`, then the connection ends. reset: the connection is reset.
    truncate: half of the body, then the end. status: `status` with `reason`, `headers` and `text`, which also makes a
    redirect (`headers={"Location": …}`) or a 429 (`{"Retry-After": "1"}`). body: 200 with `text`. html, not-json,
    deep, nan, surrogate, gzip-bomb: 200 with such a body. total: the page's `total` is off by `number`.
    repeat: every page is answered by page `number`.
    """

    kind: str
    method: str = "*"
    path: str = "*"
    skip: int = 0
    times: int | None = None
    seconds: float = 1.0
    status: int = 503
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    number: int = 1

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadFault(f"kind is {self.kind!r}, must be one of {', '.join(sorted(KINDS))}")

    def applies_to(self, method: str, target: str) -> bool:
        """Return whether the rule applies to a request for `target` (path and query)."""
        path = target.partition("?")[0]
        return fnmatchcase(method, self.method) and any(fnmatchcase(text, self.path) for text in (path, target))

    @property
    def replaces(self) -> bool:
        """Return whether the fault replaces the answer: the request never reaches the routes."""
        return self.kind not in {"latency", "drip", "drip-headers", "truncate", "total", "repeat"}

    def changes(self, answer: Answer) -> Answer:
        """Return the answer as this fault changes it."""
        match self.kind:
            case "status":
                return replace(
                    answer, body=self.text.encode(), status=self.status, reason=self.reason, headers=self.headers
                )
            case "body":
                return replace(answer, body=self.text.encode(), status=200)
            case "gzip-bomb":
                return replace(
                    answer, body=gzip.compress(b" " * _BOMB), headers={"Content-Encoding": "gzip"}, status=200
                )
            case "total":
                return _off_by(answer, self.number)
            case kind if kind in _BODIES:
                return Answer(body=_BODIES[kind][1], content_type=_BODIES[kind][0])
            case _:
                return answer


def _off_by(answer: Answer, number: int) -> Answer:
    page = json.loads(answer.body or b"null")
    if not isinstance(page, dict) or "total" not in page:
        return answer
    return replace(answer, body=json.dumps(page | {"total": max(0, page["total"] + number)}).encode())


class Faults:
    """The active rules, in the order in which they were added; safe to change while the server runs."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._seen: Counter[int] = Counter()
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Add a rule."""
        with self._lock:
            self._rules.append(fault)

    def clear(self) -> None:
        """Drop all rules."""
        with self._lock:
            self._rules.clear()
            self._seen.clear()

    def strike(self, method: str, target: str) -> list[Fault]:
        """Count a request, and return its fault, if any."""
        with self._lock:
            return [fault for place, fault in enumerate(self._rules) if self._hit(place, fault, method, target)]

    def _hit(self, place: int, fault: Fault, method: str, target: str) -> bool:
        if not fault.applies_to(method, target):
            return False
        number = self._seen[place]
        self._seen[place] += 1
        return number >= fault.skip and (fault.times is None or number < fault.skip + fault.times)


def read_fault(text: bytes) -> Fault:
    """Read a rule from JSON with the names of `Fault`'s fields; raises `BadFault`."""
    try:
        asked: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFault(f"not JSON: {error}") from error
    names = [f.name for f in fields(Fault)]
    if not isinstance(asked, dict) or "kind" not in asked or not asked.keys() <= set(names):
        raise BadFault(f"write an object with `kind` and any of {', '.join(names)}")
    return Fault(**asked)
