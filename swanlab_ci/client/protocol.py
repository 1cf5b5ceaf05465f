"""What to ask SwanLab, and how to read its answer; works without a network.

The routes are those the SDKs use (0.5 to 0.10), relative to `https://host/api`; SwanLab publishes no description.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from swanlab_ci.errors import ApiError, ConfigurationError, UnavailableError
from swanlab_ci.messages import Message, Name
from swanlab_ci.security.untrusted import mended, time_of

TRIES = 4
TRIES_AS_ASKED = 20  # where the server says when to come back
_FIRST_PAUSE = 0.5  # seconds; doubled with each try
_LONGEST_PAUSE = 60.0
_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_QUOTED = 300
_LONGEST_SID = 4096
_SUCCESS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `about` names its subject in messages; `repeatable` says that it may safely be sent twice.

    A file has a whole `address` instead of a path: it is requested without credentials, and its answer is bytes.
    """

    about: Message
    path: str = ""
    address: str = ""
    method: str = "GET"
    params: Mapping[str, str | int] = field(default_factory=dict)
    body: Any = None
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer, read completely. `headers` matches names without regard to case."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def trace_id(self) -> str:
        """SwanLab's id of this answer, which its support asks for; may be empty."""
        return self.headers.get("traceid", "")[:_QUOTED]


@dataclass(frozen=True, slots=True)
class LoginSession:
    """What a login returns: `sid` replaces the key in requests until `ends` (None if the server gives no time)."""

    sid: str = field(repr=False)
    username: str
    ends: datetime | None


Ask = Callable[[Request], Any]
"""Sends a request and returns its answer's JSON, or the bytes of a file; raises as `read_answer` does."""

LOGIN = Request(about=Message("client.about.login"), path="/login/api_key", method="POST")


def route(*parts: str) -> str:
    """Join and percent-encode the parts of a path.

    Raises `ConfigurationError` for a part that is empty, `.` or `..`: HTTP libraries resolve an encoded `..` too.
    """
    for part in parts:
        if part.strip() in {"", ".", ".."}:
            raise ConfigurationError(Message("client.bad-name", name=Name(part)), Message("client.bad-name.advice"))
    return "".join("/" + quote(part.encode("utf-8", "surrogatepass"), safe="") for part in parts)


def read_answer(request: Request, answer: Response) -> Any:
    """Return the JSON of an answer, or the bytes of a file; the answer to a `DELETE` may be empty.

    Raises `ApiError` for a status outside 2xx, and `UnavailableError` for an answer that cannot be used.
    """
    if answer.status // 100 != _SUCCESS:
        raise refusal(request, answer)
    if request.method == "DELETE" and not answer.body:
        return None
    if answer.status not in {200, 201}:
        raise UnavailableError(Message("client.unexpected-status", answer=_status_line(answer), about=request.about))
    if request.address:
        return answer.body
    try:
        return read_json(answer.body)
    except NotJsonError as error:
        raise UnavailableError(
            Message("client.not-json", about=request.about, reason=error.reason), Message("client.check-host")
        ) from None


class NotJsonError(ValueError):
    """A body is not the JSON that `read_json` accepts: `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def read_json(body: bytes) -> Any:
    """Read JSON strictly, except that `NaN`, `Infinity` and `1e999` become floats that are not finite.

    A duplicate key is an error, because the intended value is unknown; half of a surrogate pair becomes U+FFFD.
    Raises `NotJsonError`.
    """
    if body.lstrip()[:1] == b"<":
        raise NotJsonError(Message("client.json.web-page"))
    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_unique)
        return mended(value, _unique) if b"\\ud" in body or b"\\uD" in body else value
    except NotJsonError:
        raise
    except json.JSONDecodeError as error:
        raise NotJsonError(Message("client.json.syntax", line=error.lineno, column=error.colno)) from None
    except UnicodeDecodeError:
        raise NotJsonError(Message("client.json.encoding")) from None
    except ValueError:  # Python limits the digits of an integer
        raise NotJsonError(Message("client.json.number")) from None
    except RecursionError:
        raise NotJsonError(Message("client.json.too-deep")) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJsonError(Message("client.json.duplicate-key"))
    return found


def read_login(data: Any) -> LoginSession:
    """Read the answer to a login.

    Raises `UnavailableError` if it does not contain a usable `sid` and the user's name.
    """
    answer = data if isinstance(data, dict) else {}
    sid, user, ends = answer.get("sid"), answer.get("userInfo"), answer.get("expiredAt")
    username = user.get("username") if isinstance(user, dict) else None
    plain = isinstance(sid, str) and sid.isascii() and sid.isprintable() and not set(sid) & set(' ;,"\\')
    usable = plain and len(str(sid)) <= _LONGEST_SID
    if not (sid and usable and isinstance(username, str) and username):
        raise UnavailableError(Message("client.no-session"), Message("client.check-host"))
    return LoginSession(sid, username, time_of(ends))


def pause_before_retry(attempt: int, answer: Response | None, *, now: datetime, chance: float) -> float | None:
    """Return the seconds to wait before the next attempt, or None if another attempt would not help.

    `attempt` counts from 1; `answer` is None if none arrived; `chance`, from 0 to 1, spreads clients that failed at the
    same time. A server that sends `Retry-After` (up to a minute) gets more attempts than others: where it allows few
    requests, it rejects some of our threads many times.
    """
    if answer is not None and answer.status not in _TRANSIENT:
        return None
    wished = _retry_after(answer.headers.get("retry-after", ""), now) if answer else None
    if wished is None:
        return _FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + chance / 2) if attempt < TRIES else None
    return wished + _FIRST_PAUSE * chance if attempt < TRIES_AS_ASKED and wished <= _LONGEST_PAUSE else None


def _retry_after(text: str, now: datetime) -> float | None:
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


def refusal(request: Request, answer: Response) -> ApiError:
    """Make the error for a status outside 2xx: what it means for this request, what the server says, what to do."""
    meanings = _AT_LOGIN if request is LOGIN else _MEANINGS
    meaning, advice = meanings.get(answer.status) or meanings.get(answer.status // 100) or _OTHERWISE
    said, code = _server_words(answer.body)
    if "Disabled_Resource" in {code, answer.reason.replace(" ", "_")}:
        meaning, advice = _DELETED
    what = Message(
        "client.refused",
        what=meaning(request.about),
        answer=_status_line(answer),
        said=Name(said),
        trace_id=Name(answer.trace_id),
    )
    return ApiError(what, advice, status=answer.status, trace_id=answer.trace_id)


_Meaning = tuple[Callable[[Message], Message], Message]

# By status, or by its first digit. Sources: the SDK's `auth`, `client` and `session` modules, and SwanLab's issues.
_MEANINGS: Mapping[int, _Meaning] = {
    3: (lambda _: Message("client.redirect"), Message("client.redirect.advice")),
    401: (lambda about: Message("client.session-rejected", about=about), Message("client.session-rejected.advice")),
    403: (lambda about: Message("client.forbidden", about=about), Message("client.forbidden.advice")),
    404: (lambda about: Message("client.not-found", about=about), Message("client.not-found.advice")),
    405: (lambda about: Message("client.no-route", about=about), Message("client.no-route.advice")),
    429: (lambda about: Message("client.rate-limited", about=about), Message("client.rate-limited.advice")),
    5: (lambda about: Message("client.server-failed", about=about), Message("client.server-failed.advice")),
}
_AT_LOGIN: Mapping[int, _Meaning] = {
    **_MEANINGS,
    401: (lambda _: Message("client.key-rejected"), Message("client.key-rejected.advice")),
    404: (lambda _: Message("client.no-login-route"), Message("client.no-login-route.advice")),
}
_DELETED: _Meaning = (lambda about: Message("client.deleted", about=about), Message("client.deleted.advice"))
_OTHERWISE: _Meaning = (
    lambda about: Message("client.refused-otherwise", about=about),
    Message("client.refused-otherwise.advice"),
)


def _status_line(answer: Response) -> Name:
    return Name(f"{answer.status} {answer.reason[:_QUOTED]}".rstrip())


def _server_words(body: bytes) -> tuple[str, str]:
    """Return message and code of an error's body, `{"code", "message", …}`; either may be empty."""
    try:
        answer = read_json(body)
    except NotJsonError:
        return "", ""
    if not isinstance(answer, dict):
        return "", ""
    message, code = (answer.get(key) for key in ("message", "code"))
    return str(message or code or "")[:_QUOTED], str(code or "")
