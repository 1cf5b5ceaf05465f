"""What to ask SwanLab, and how to read its answer; no network in here.

The routes are those the SDKs use (0.5 to 0.10), relative to `https://host/api`; SwanLab publishes no description.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from swanlab_ci.errors import ApiError, ConfigurationError, UnavailableError

TRIES = 4
TRIES_WHEN_TOLD = 20
_FIRST_PAUSE = 0.5  # seconds; doubled with each try
_LONGEST_PAUSE = 60.0
_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_QUOTED = 300
_LONGEST_SID = 4096
_SUCCESS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question. `about` names its subject in messages; `repeatable` means that asking twice does no harm.

    A file has a whole `address` instead of a path: it is asked for without any credentials, and answered by bytes.
    """

    about: str
    path: str = ""
    address: str = ""
    method: str = "GET"
    params: Mapping[str, str | int] = field(default_factory=dict)
    body: Any = None
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer, read whole. The names in `headers` are matched without regard to case by whoever made it."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def trace_id(self) -> str:
        """SwanLab's own mark for this answer, which its support asks for; or empty."""
        return self.headers.get("traceid", "")[:_QUOTED]


@dataclass(frozen=True, slots=True)
class Pass:
    """What a login gives: `sid` stands for the key from here on, until `ends` (None where the server does not say)."""

    sid: str = field(repr=False)
    username: str
    ends: datetime | None


LOGIN = Request(about="the login", path="/login/api_key", method="POST")


def route(*parts: str) -> str:
    """Join and percent-encode the parts of a path.

    Raises `ConfigurationError` for a part that is empty or would climb: the HTTP libraries resolve an encoded `..` too.
    """
    for part in parts:
        if part.strip() in {"", ".", ".."}:
            raise ConfigurationError(
                f"{part!r} is no name that SwanLab can have.", "Write the workspace, project and run by name or id."
            )
    return "".join("/" + quote(part.encode("utf-8", "surrogatepass"), safe="") for part in parts)


def read_answer(request: Request, answer: Response) -> Any:
    """Return the JSON of an answer, or the bytes of a file; the answer to a `DELETE` may be empty.

    Raises `ApiError` for a status outside 2xx, and `UnavailableError` for an answer that is not what was asked for.
    """
    if answer.status // 100 != _SUCCESS:
        raise refusal(request, answer)
    if request.method == "DELETE" and not answer.body:
        return None
    if answer.status not in {200, 201}:
        raise UnavailableError(f"SwanLab answered {_line(answer)} where {request.about} should have come.")
    if request.address:
        return answer.body
    try:
        return read_json(answer.body)
    except ValueError as error:
        raise UnavailableError(
            f"SwanLab's answer about {request.about} is not readable JSON: {error}.",
            "Check that `host` is the address of SwanLab's API and that no proxy answers in its place.",
        ) from None


def read_json(body: bytes) -> Any:
    """Read JSON strictly, except that `NaN`, `Infinity` and `1e999` become floats that are no number.

    A key given twice is refused, for nobody can tell which was meant; half a surrogate pair becomes U+FFFD.
    Raises `ValueError`.
    """
    if body.lstrip()[:1] == b"<":
        raise ValueError("it is a web page")
    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_unique)
        return _mended(value) if b"\\ud" in body or b"\\uD" in body else value
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("it gives a key twice in one object")
    return found


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return _unique([(_mended(key), _mended(item)) for key, item in value.items()])
    return [_mended(item) for item in value] if isinstance(value, list) else value


def read_pass(data: Any) -> Pass:
    """Read the answer to a login.

    Raises `UnavailableError` where it does not hold a usable `sid` and the user's name.
    """
    told = data if isinstance(data, dict) else {}
    sid, user = told.get("sid"), told.get("userInfo")
    username = user.get("username") if isinstance(user, dict) else None
    plain = isinstance(sid, str) and sid.isascii() and sid.isprintable() and not set(sid) & set(' ;,"\\')
    usable = plain and len(str(sid)) <= _LONGEST_SID
    if not (sid and usable and isinstance(username, str) and username):
        raise UnavailableError(
            "SwanLab's answer to the login holds no session.", "Check that `host` is the address of SwanLab's API."
        )
    return Pass(sid, username, _time(told.get("expiredAt")))


def _time(text: Any) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def pause_before_retry(attempt: int, answer: Response | None, *, now: datetime, chance: float) -> float | None:
    """Return the seconds to wait before asking again, or None where asking again would not help.

    `attempt` counts from 1; `answer` is None where none came; `chance`, from 0 to 1, spreads those that were cut off at
    the same time. A server that says when to come back (`Retry-After`, up to a minute) is asked more often than others:
    where it allows few requests, some of our threads are sent away many times.
    """
    if answer is not None and answer.status not in _TRANSIENT:
        return None
    wished = _retry_after(answer.headers.get("retry-after", ""), now) if answer else None
    if wished is None:
        return _FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + chance / 2) if attempt < TRIES else None
    return wished + _FIRST_PAUSE * chance if attempt < TRIES_WHEN_TOLD and wished <= _LONGEST_PAUSE else None


def _retry_after(text: str, now: datetime) -> float | None:
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


def refusal(request: Request, answer: Response) -> ApiError:
    """Make the error for a status outside 2xx: what it means here, what the server said, and what to do."""
    meanings = _AT_LOGIN if request is LOGIN else _MEANINGS
    what, advice = meanings.get(answer.status) or meanings.get(answer.status // 100) or _OTHERWISE
    said, code = _server_words(answer.body)
    if "Disabled_Resource" in {code, answer.reason.replace(" ", "_")}:
        what, advice = "{about} was deleted on SwanLab", "Select another run."
    details = [_line(answer), said and f"it says: {said}", answer.trace_id and f"trace id {answer.trace_id}"]
    text = f"{what.format(about=request.about)} ({'; '.join(filter(None, details))})."
    return ApiError(text, advice, status=answer.status, trace_id=answer.trace_id)


# By status, or by its first digit. Sources: the SDK's `auth`, `client` and `session` modules, and SwanLab's issues.
_MEANINGS = {
    3: (
        "SwanLab's host answered with a redirect, which is never followed",
        "Set `host` to the address that the API really has, with https.",
    ),
    401: ("SwanLab does not accept the session for {about}", "Check that the API key is still valid."),
    403: (
        "SwanLab denies access to {about}",
        "Check that the key's account is verified (self-hosted: activated) and a member of the workspace.",
    ),
    404: (
        "SwanLab does not know {about}",
        "Check the spelling, and that the key's account may see it. (An old self-hosted SwanLab may lack the route.)",
    ),
    405: (
        "SwanLab has no route for {about}",
        "Update the self-hosted SwanLab, and check that `host` is the address of its API.",
    ),
    429: ("SwanLab gets too many requests to answer about {about}", "Try again later."),
    5: ("SwanLab failed on {about}", "Try again; if it lasts, tell SwanLab the trace id."),
}
_AT_LOGIN = _MEANINGS | {
    401: ("SwanLab does not accept the API key", "Copy the key again from your SwanLab settings."),
    404: ("There is no SwanLab to log in to", "Set `host` to the address of SwanLab's API."),
}
_OTHERWISE = (
    "SwanLab refused {about}",
    "Check the names that were given; if they are right, tell SwanLab the trace id.",
)


def _line(answer: Response) -> str:
    return f"{answer.status} {answer.reason[:_QUOTED]}".rstrip()


def _server_words(body: bytes) -> tuple[str, str]:
    """Return message and code of an error's body, `{"code", "message", …}`, as far as there are any."""
    try:
        told = read_json(body)
    except ValueError:
        return "", ""
    if not isinstance(told, dict):
        return "", ""
    message, code = (told.get(key) for key in ("message", "code"))
    return str(message or code or "")[:_QUOTED], str(code or "")
