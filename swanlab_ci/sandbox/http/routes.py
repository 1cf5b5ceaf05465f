"""Find the route for a method and a path: the login, the calls with a session, the web pages, the files."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, unquote

from swanlab_ci.sandbox.api import exports, metrics, runs, spaces, uploads, web, writing
from swanlab_ci.sandbox.http.exchange import Answer, Call, Refusal, answer
from swanlab_ci.sandbox.storage.store import Store, StoredUser, timestamp

Route = Callable[[Call], Answer]
_SESSION = timedelta(days=8)  # longer than the 7 days below which the SDKs log in again before every call
_SILENCE = timedelta(minutes=30)  # three of the SDKs' heartbeats
_PROJECT = "project/{space}/{project}"

_READING: list[tuple[str, str, Route]] = [
    ("GET", "group", spaces.workspaces),
    ("GET", "group/{space}", spaces.workspace),
    ("GET", "user/profile", spaces.profile),
    ("GET", "user/{user}/groups", spaces.teams),
    ("GET", "project/{space}", spaces.projects),
    ("GET", _PROJECT, spaces.project),
    ("GET", f"{_PROJECT}/runs", runs.page),
    ("POST", f"{_PROJECT}/runs/shows", runs.shows),
    ("GET", f"{_PROJECT}/runs/{{run}}", runs.run),
    ("GET", f"{_PROJECT}/runs/{{run}}/state", runs.state),
    ("GET", "experiment/{run}/column", metrics.columns),
    ("GET", "experiment/{run}/column/csv", exports.column_csv),
    ("POST", "house/metrics/summaries", metrics.summaries),
    ("POST", "house/metrics/scalar", metrics.series),
    ("POST", "house/metrics/scalar/value", metrics.values),
    ("POST", "house/metrics/scalar/keys", metrics.scalar_keys),
    ("POST", "house/metrics/media/keys", metrics.media_keys),
    ("POST", "house/metrics/scalar/availability", metrics.availability),
    ("POST", "house/metrics/scalar/export", exports.export),
    ("POST", "files/presigned/get", exports.presigned),
    ("GET", "house/metrics/log", metrics.logs),
    ("GET", "house/metrics/summaries/{id}/{run}", uploads.latest_steps),
]
_WRITING: list[tuple[str, str, Route]] = [
    ("POST", "project", writing.create_project),
    ("POST", "project/{space}", writing.create_project_in),
    ("POST", "projects/{space}", writing.ensure_project),
    ("POST", "projects/{space}/{project}/series", uploads.series),
    ("POST", f"{_PROJECT}/experiment", writing.create_run),
    ("PUT", f"{_PROJECT}/runs/{{run}}/profile", writing.set_profile),
    ("PUT", f"{_PROJECT}/runs/{{run}}/state", writing.set_state),
    ("DELETE", f"{_PROJECT}/runs/{{run}}", runs.delete),
    ("POST", f"{_PROJECT}/runs/del", runs.delete_many),
    ("DELETE", _PROJECT, spaces.delete_project),
    ("POST", "house/experiments/{run}/heartbeat", writing.heartbeat),
    ("POST", "house/metrics", uploads.metrics),
    ("POST", "experiment/{run}/columns", uploads.columns),
    ("POST", "experiment/{run}/files/prepare", uploads.prepare),
    ("POST", "experiment/{run}/files/prepare-multipart", uploads.prepare_parts),
    ("POST", "experiment/{run}/files/complete", uploads.complete),
    ("POST", "experiment/{run}/files/complete-multipart", uploads.complete),
    ("POST", "resources/presigned/put", uploads.presigned),
]
_ROUTES = [(method, pattern.split("/"), route) for method, pattern, route in _READING + _WRITING]
_WRITERS = {route for _, _, route in _WRITING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as received; `target` is the path with its query, `headers` have lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The query's names and last values."""
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Routes:
    """Answers requests from a store."""

    store: Store
    origin: str

    def __call__(self, request: Received) -> Answer:
        """Answer one request; a refusal is an answer too."""
        with self.store.lock:
            self.store.bury(silent_since=timestamp(datetime.now(UTC) - _SILENCE))
            try:
                found = self._answer(request)
            except Refusal as refusal:
                found = _refused(refusal)
            except (AttributeError, KeyError, TypeError, ValueError) as error:  # parts of the body in a wrong shape
                found = _refused(Refusal(400, "Bad_Request", f"the request cannot be read: {error!r}"))
        return replace(found, headers={"traceid": secrets.token_hex(16), **found.headers})

    def _answer(self, request: Received) -> Answer:
        parts = [unquote(part) for part in request.path.split("/") if part]
        if parts[:1] != ["api"]:
            return self._outside(request)
        if request.method == "POST" and parts[1:] == ["login", "api_key"]:
            return self._login(request.headers.get("authorization", ""))
        user = self._signed_in(request.headers.get("cookie", ""))
        route, variables = _match(request.method, parts[1:])
        found = route(
            Call(
                store=self.store,
                user=user,
                origin=self.origin,
                parts=variables,
                query=request.query,
                body=request.body,
            )
        )
        if route not in _WRITERS:
            return found
        self.store.changes += 1
        return replace(found, acknowledges=True)

    def _outside(self, request: Received) -> Answer:
        if request.method == "PUT" and request.path.startswith("/uploads/"):
            return Answer(headers={"ETag": f'"{hashlib.md5(request.body, usedforsecurity=False).hexdigest()}"'})
        if request.method == "GET" and request.target.startswith("/files/"):
            found = exports.file(self.store, request.target.removeprefix("/files/"))
        else:
            found = web.page(self.store, unquote(request.path)) if request.method == "GET" else None
        if found is None:
            raise Refusal(404, "Not_Found", f"no page at {request.path}")
        return found

    def _login(self, api_key: str) -> Answer:
        """Open a session. Source: 0.7.20 `core_python/auth/providers/api_key.py:103`, 0.10.3 `bootstrap.py:14`."""
        user = self.store.user_with(api_key)
        if user is None:
            raise Refusal(401, "Unauthorized", "Error api key")
        sid = _sid(user, secrets.token_urlsafe(24))
        person = {"username": user.username, "name": user.name, "avatar": None}
        expires = timestamp(datetime.now(UTC) + _SESSION)
        return answer({"sid": sid, "expiredAt": expires, "userInfo": person})

    def _signed_in(self, cookie: str) -> StoredUser:
        try:
            sid = SimpleCookie(cookie)["sid"].value
        except (CookieError, KeyError):
            sid = ""
        for user in self.store.users.values():
            if hmac.compare_digest(sid.encode(), _sid(user, sid.partition(".")[0]).encode()):
                return user
        raise Refusal(401, "Unauthorized", "未经授权")


def _sid(user: StoredUser, mark: str) -> str:
    """Return a session id that contains its user, so that sessions survive a restart."""
    return f"{mark}.{hmac.digest(user.api_key.encode(), f'{user.username}.{mark}'.encode(), 'sha256').hex()}"


def _match(method: str, parts: list[str]) -> tuple[Route, dict[str, str]]:
    for wanted, pattern, route in _ROUTES:
        if wanted == method and len(pattern) == len(parts) and _fits(pattern, parts):
            return route, {name[1:-1]: part for name, part in zip(pattern, parts, strict=True) if name[0] == "{"}
    raise Refusal(404, "Not_Found", f"Cannot {method} /api/{'/'.join(parts)}: the embedded SwanLab has no such route")


def _fits(pattern: list[str], parts: list[str]) -> bool:
    return all(name[0] == "{" or name == part for name, part in zip(pattern, parts, strict=True))


def _refused(refusal: Refusal) -> Answer:
    body = {"status": refusal.status, "code": refusal.code, "message": refusal.message, "detail": ""}
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Answer(body=content, status=refusal.status, reason=refusal.reason)
