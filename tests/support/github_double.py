"""A GitHub that remembers, over real HTTP on loopback, and keeps itself honest.

Each request and each answer is checked against GitHub's own OpenAPI descriptions, those of GitHub Enterprise Server
among them (`github-api.json`, which `describe.py` cuts to the operations an action uses); what they do not say (65,536
characters, pages, rights, rate limits) is built in.
"""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import jsonschema

from support.repository import Repository

API = json.loads((Path(__file__).parent / "github-api.json").read_text("utf-8"))
TOKEN = "ghs_token"
BOT = "github-actions[bot]"
REPOSITORY = "octo-org/octo-repo"
LONGEST_BODY = 65_536
ACTIONS_APP = 15_368
LISTED_COMMITS, LISTED_FILES = 250, 300
_ALWAYS_POSSIBLE = {401, 403, 404, 429}  # not listed for each operation that gives them
Answer = tuple[int, Any, dict[str, str]]


@dataclass
class Comment:
    id: int
    body: str
    login: str = BOT
    issue: int = 7


@dataclass
class Pull:
    number: int
    head_sha: str
    head_repository: str = REPOSITORY
    head_branch: str = "changes"
    base_sha: str = "b" * 40
    base_branch: str = "main"
    state: str = "open"


@dataclass
class Scripted:
    """An answer given `times` times instead of the usual one."""

    method: str
    path: str
    answer: Answer
    times: int = 1


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    token: str
    cookie: str
    body: Any


@dataclass
class GitHubDouble:
    """The state of the repository, to be set up and looked at by tests; `violations` must stay empty."""

    comments: list[Comment] = field(default_factory=list)
    pulls: list[Pull] = field(default_factory=list)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    dispatches: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    protected_checks: list[dict[str, Any]] | None = None
    logins: dict[str, str] = field(default_factory=lambda: {TOKEN: BOT})
    repository: Repository | None = None
    longest_tree: int | None = None
    may_write: bool = True
    tells_who_we_are: bool = True
    scripted: list[Scripted] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    before: Callable[[Request], None] = lambda _request: None
    after: Callable[[Request], None] = lambda _request: None

    def __enter__(self) -> Self:
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                double._serve(self)

            do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server's names

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v3"

    @property
    def graphql_url(self) -> str:
        return f"{self.url}/api/graphql"

    def answer(self, method: str, path: str, status: int, *, times: int = 1, **headers: str) -> None:
        """Give `status` for the next `times` requests whose path matches `path`."""
        body = {"message": headers.pop("message", "scripted")}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.scripted.append(Scripted(method, path, (status, body, named), times))

    def said(self) -> list[str]:
        """Return the requests so far, such as `POST /repos/…/comments`."""
        return [f"{request.method} {request.path}" for request in self.asked]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        request = _request(handler)
        self.before(request)
        self.asked.append(request)
        status, body, headers = self._checked(request)
        content = b"" if body is None else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        self.after(request)

    def _checked(self, request: Request) -> Answer:
        for scripted in self.scripted:
            if scripted.times and scripted.method == request.method and re.search(scripted.path, request.path):
                scripted.times -= 1
                return scripted.answer
        if request.token not in self.logins:
            return 401, {"message": "Bad credentials"}, {}
        if request.path == "/api/graphql":
            return self._graphql(request)
        operation = _operation(request)
        if operation is None:
            self.violations.append(f"no such operation: {request.method} {request.path}")
            return 404, {"message": "Not Found"}, {}
        self.violations += _wrong_with(operation, request)
        status, body, headers = self._answer(request, request.path.removeprefix("/api/v3"))
        if status >= 400:
            body |= {"documentation_url": "https://docs.github.com/rest"}
        if str(status) not in operation["responses"] and status not in _ALWAYS_POSSIBLE:
            self.violations.append(f"{request.method} {request.path} never answers {status}")
        elif body is not None:
            self.violations += _errors(operation["responses"].get(str(status), {}), body)
        return status, body, headers

    def _graphql(self, request: Request) -> Answer:
        assert "viewer" in request.body["query"]
        if not self.tells_who_we_are:
            return 200, {"data": None, "errors": [{"message": "Resource not accessible by integration"}]}, {}
        return 200, {"data": {"viewer": {"login": self.logins[request.token]}}}, {}

    def _answer(self, request: Request, path: str) -> Answer:
        if request.method != "GET" and not self.may_write:
            return 403, {"message": "Resource not accessible by integration"}, {}
        path = path.removeprefix(f"/repos/{REPOSITORY}")
        for method, pattern, answer in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return answer(self, request, *match.groups())
        return 404, {"message": "Not Found"}, {}

    def list_comments(self, request: Request, issue: str) -> Answer:
        found = [_comment(comment) for comment in self.comments if comment.issue == int(issue)]
        size, page = int(request.query.get("per_page", "30")), int(request.query.get("page", "1"))
        more = len(found) > size * page
        link = {"Link": f'<{self.api_url}/x?page={page + 1}>; rel="next"'} if more else {}
        return 200, found[size * (page - 1) : size * page], link

    def create_comment(self, request: Request, issue: str) -> Answer:
        if len(request.body["body"]) > LONGEST_BODY:
            return 422, {"message": "Validation Failed: body is too long (maximum is 65536 characters)"}, {}
        number = max((comment.id for comment in self.comments), default=100) + 1
        self.comments.append(Comment(number, request.body["body"], self.logins[request.token], int(issue)))
        return 201, _comment(self.comments[-1]), {}

    def edit_comment(self, request: Request, number: str) -> Answer:
        if len(request.body["body"]) > LONGEST_BODY:
            return 422, {"message": "Validation Failed: body is too long (maximum is 65536 characters)"}, {}
        for comment in self.comments:
            if comment.id == int(number):
                comment.body = request.body["body"]
                return 200, _comment(comment), {}
        return 404, {"message": "Not Found"}, {}

    def delete_comment(self, _request: Request, number: str) -> Answer:
        kept = [comment for comment in self.comments if comment.id != int(number)]
        gone = len(kept) < len(self.comments)
        self.comments[:] = kept
        return (204, None, {}) if gone else (404, {"message": "Not Found"}, {})

    def create_status(self, request: Request, sha: str) -> Answer:
        self.statuses.append(request.body | {"sha": sha})
        status = _minimal(API["$defs"]["status"]) | {name: request.body.get(name) for name in ("state", "context")}
        return 201, status, {}

    def create_dispatch(self, request: Request) -> Answer:
        self.dispatches.append(request.body)
        return 204, None, {}

    def get_repository(self, _request: Request) -> Answer:
        whole = _minimal(API["$defs"]["full-repository"])
        return 200, whole | {"full_name": REPOSITORY, "default_branch": "main"}, {}

    def list_rules(self, _request: Request, _branch: str) -> Answer:
        return 200, self.rules, {}

    def get_branch(self, _request: Request, branch: str) -> Answer:
        checks = self.protected_checks
        required = {"contexts": [each["context"] for each in checks or []], "checks": checks or []}
        protection = {"enabled": checks is not None, **({"required_status_checks": required} if checks else {})}
        whole = _minimal(API["$defs"]["branch-with-protection"])
        return 200, whole | {"name": branch, "protected": checks is not None, "protection": protection}, {}

    def get_app(self, _request: Request) -> Answer:
        return 200, _minimal(API["$defs"]["integration"] | {"type": "object"}) | {"id": ACTIONS_APP}, {}

    def get_pull(self, _request: Request, number: str) -> Answer:
        found = [pull for pull in self.pulls if pull.number == int(number)]
        return (200, _pull("pull-request", found[0]), {}) if found else (404, {"message": "Not Found"}, {})

    def list_pulls_of_commit(self, _request: Request, sha: str) -> Answer:
        return 200, [_pull("pull-request-simple", pull) for pull in self.pulls if pull.head_sha == sha], {}

    def list_pulls(self, request: Request) -> Answer:
        owner, _, branch = request.query.get("head", ":").partition(":")
        found = [
            _pull("pull-request-simple", pull)
            for pull in self.pulls
            if pull.head_repository.split("/")[0] == owner and pull.head_branch == branch and pull.state == "open"
        ]
        return 200, found, {}

    def get_content(self, request: Request, path: str) -> Answer:
        content = self.files.get((path, request.query.get("ref", "")))
        if content is None:
            return 404, {"message": "Not Found"}, {}
        encoded = {"encoding": "base64", "content": base64.encodebytes(content).decode(), "size": len(content)}
        return 200, _minimal(API["$defs"]["content-file"]) | {"path": path, "name": path} | encoded, {}

    def compare(self, _request: Request, base: str, head: str) -> Answer:
        """Compare as GitHub does: from the merge base, the newest 250 commits with the newest last, and 300 files."""
        if self.repository is None or not (self.repository.has(base) and self.repository.has(head)):
            return 404, {"message": "Not Found"}, {}
        parted = self.repository.merge_base(base, head)
        if not parted:
            return 404, {"message": f"No common ancestor between {base} and {head}."}, {}
        commits = self.repository.commits(base, head)
        files = [_minimal(API["$defs"]["diff-entry"]) | file for file in self.repository.changed(parted, head)]
        return (
            200,
            _minimal(API["$defs"]["commit-comparison"])
            | {"merge_base_commit": _commit(parted), "total_commits": len(commits), "files": files[:LISTED_FILES]}
            | {"commits": [_commit(commit) for commit in commits[-LISTED_COMMITS:]]},
            {},
        )

    def get_tree(self, request: Request, commit: str) -> Answer:
        if self.repository is None or not self.repository.has(commit):
            return 404, {"message": "Not Found"}, {}
        entries = self.repository.tree(commit, recursive="recursive" in request.query)
        cut = self.longest_tree is not None and len(entries) > self.longest_tree
        return 200, {"sha": commit, "tree": entries[: self.longest_tree], "truncated": cut}, {}


_ROUTES: list[tuple[str, str, Callable[..., Answer]]] = [
    ("GET", r"/issues/(\d+)/comments", GitHubDouble.list_comments),
    ("POST", r"/issues/(\d+)/comments", GitHubDouble.create_comment),
    ("PATCH", r"/issues/comments/(\d+)", GitHubDouble.edit_comment),
    ("DELETE", r"/issues/comments/(\d+)", GitHubDouble.delete_comment),
    ("POST", r"/statuses/([0-9a-f]+)", GitHubDouble.create_status),
    ("POST", r"/dispatches", GitHubDouble.create_dispatch),
    ("GET", r"", GitHubDouble.get_repository),
    ("GET", r"/rules/branches/([^/]+)", GitHubDouble.list_rules),
    ("GET", r"/branches/([^/]+)", GitHubDouble.get_branch),
    ("GET", r"/apps/github-actions", GitHubDouble.get_app),
    ("GET", r"/pulls/(\d+)", GitHubDouble.get_pull),
    ("GET", r"/pulls", GitHubDouble.list_pulls),
    ("GET", r"/commits/([0-9a-f]+)/pulls", GitHubDouble.list_pulls_of_commit),
    ("GET", r"/contents/(.+)", GitHubDouble.get_content),
    ("GET", r"/compare/([0-9a-f]+)\.\.\.([0-9a-f]+)", GitHubDouble.compare),
    ("GET", r"/git/trees/([0-9a-f]+)", GitHubDouble.get_tree),
]


def _request(handler: BaseHTTPRequestHandler) -> Request:
    parts = urlsplit(handler.path)
    content = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    return Request(
        method=str(handler.command),
        path=parts.path,
        query={name: values[-1] for name, values in parse_qs(parts.query).items()},
        token=str(handler.headers.get("Authorization")).removeprefix("Bearer "),
        cookie=handler.headers.get("Cookie", ""),
        body=json.loads(content) if content else None,
    )


def _operation(request: Request) -> dict[str, Any] | None:
    for name, operation in API["operations"].items():
        method, _, template = name.partition(" ")
        pattern = re.sub(r"\\{(path)\\}", ".+", re.escape(f"/api/v3{template}"))
        if method == request.method and re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", pattern), request.path):
            return dict(operation)
    return None


def _wrong_with(operation: dict[str, Any], request: Request) -> Iterator[str]:
    for name, value in request.query.items():
        schema = operation["query"].get(name)
        number = schema is not None and schema.get("type") == "integer"
        yield from _errors(schema, int(value) if number else value) if schema else [f"unknown query {name}"]
    if "body" in operation:
        yield from _errors(operation["body"], request.body)


def _errors(schema: dict[str, Any], value: Any) -> Iterator[str]:
    whole = {"allOf": [schema], "$defs": API["$defs"]}
    yield from (error.message[:300] for error in jsonschema.Draft202012Validator(whole).iter_errors(value))


def _minimal(schema: dict[str, Any]) -> Any:
    """Make the least value that `schema` allows."""
    if "$ref" in schema:
        return _minimal(API["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            return _minimal(schema[key][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: _minimal(schema["properties"][name]) for name in schema.get("required", ())}
    if isinstance(kind, list):
        return None
    return {"string": "x", "integer": 1, "boolean": False, "array": [], "number": 1}[kind]


def _comment(comment: Comment) -> dict[str, Any]:
    user = _minimal(API["$defs"]["simple-user"]) | {"login": comment.login}
    facts = {"id": comment.id, "body": comment.body, "user": user}
    return dict(_minimal(API["$defs"]["issue-comment"])) | facts


def _commit(sha: str) -> dict[str, Any]:
    return dict(_minimal(API["$defs"]["commit"])) | {"sha": sha}


def _pull(kind: str, pull: Pull) -> dict[str, Any]:
    whole = dict(_minimal(API["$defs"][kind])) | {"number": pull.number, "state": pull.state}
    whole["head"] |= {"sha": pull.head_sha, "ref": pull.head_branch}
    whole["head"]["repo"] |= {"full_name": pull.head_repository}
    whole["base"] |= {"sha": pull.base_sha, "ref": pull.base_branch}
    whole["base"]["repo"] |= {"full_name": REPOSITORY}
    return whole
